import Glibc

/// One run over the days of a store and of its archive.
struct PurgeRun {
    private let store: Store
    private let search: PurgeSearch
    private let places: Set<PurgePlace>
    private let patience: Int
    var result = PurgeResult()
    private var leaving: [Leaving] = []
    private var volumes: Set<ArchiveVolume> = []

    /// A segment whose files go when the last query lets go of it.
    private struct Leaving {
        weak var segment: Segment?
    }

    init(_ store: Store, _ search: PurgeSearch, _ places: Set<PurgePlace>, patience: Int) {
        self.store = store
        self.search = search
        self.places = places
        self.patience = patience
    }

    /// For archived parts that go whole.
    init(_ store: Store, patience: Int) {
        let nothing = EventChoice(
            days: { _ in false }, blocks: { blocks, _ in RowSet(size: blocks.count) },
            events: { RowSet(size: $0.count) })
        self.init(store, PurgeSearch(choice: nothing), [.archive], patience: patience)
    }

    /// Deletes whole parts.
    mutating func delete(_ parts: [ArchivePart], _ progress: (Int, Int) -> Bool) throws -> PurgeResult {
        do {
            for (number, part) in parts.enumerated() {
                guard progress(number, parts.count) else {
                    result.isWhole = false
                    break
                }
                let old = segment(of: part)
                let events = try old.blocks().reduce(0) { $0 + $1.events }
                try begin(part.volume)
                try remove(part, old)
                result.days.append(PurgedDay(part.day, .archive, events: events))
                FaultPoint.reach("retention-part-left")
            }
        } catch {
            try? end()
            throw error
        }
        try end()
        return result
    }

    private func segment(of part: ArchivePart) -> Segment {
        store.archivedSegments.first { $0.part == part } ?? Segment(part, in: store.archive)
    }

    private mutating func begin(_ volume: ArchiveVolume) throws {
        guard volumes.insert(volume).inserted else { return }
        try store.onWriter { try store.archive.beginChange(volume) }
    }

    private mutating func remove(_ part: ArchivePart, _ old: Segment) throws {
        try store.removeParts([part])
        result.parts.append(.init(old: "\(part)", new: nil))
        old.leave()
        leaving.append(Leaving(segment: old))
    }

    mutating func run(_ progress: (PurgeStep) -> Bool) throws -> PurgeResult {
        let days = store.purgeDays(search.choice)
        do {
            for (number, day) in days.enumerated() {
                guard try purge(day, { progress(PurgeStep(done: number, all: days.count, day: day)) }) else {
                    result.isWhole = false
                    break
                }
            }
        } catch {
            // What was done is brought to its end; the first error is the one to be told.
            try? end()
            throw error
        }
        try end()
        return result
    }

    /// Waits for the queries that still read what goes, and gives the volumes their sums and seals.
    private mutating func end() throws {
        for _ in 0..<max(1, patience * 20) {
            leaving.removeAll { $0.segment == nil }
            if leaving.isEmpty { break }
            usleep(50_000)
        }
        for entry in leaving {
            // An archive must not keep it: a start would not know that it has to go. SQLite leaves its name alone.
            if entry.segment?.part != nil { entry.segment?.removeFiles() } else { result.stillRead += 1 }
        }
        leaving = []
        FaultPoint.reach("purge-removed")
        for volume in volumes.sorted() { try store.onWriter { try store.archive.endChange(volume) } }
        volumes = []
    }

    /// False where `progress` ended it.
    private mutating func purge(_ day: Day, _ progress: () -> Bool) throws -> Bool {
        guard progress() else { return false }
        var search = search
        let restored = try store.liveSegments.first { $0.day == day }?.restoredParts() ?? []
        if !restored.isEmpty {
            guard places == [.store, .archive] else { return true }
            // Each event is in both places, and may have been read otherwise in one of them.
            search.numbers = try numbers(of: day)
        }
        if places.contains(.store) {
            guard try cutSegment(of: day, search, progress) else { return false }
        }
        guard places.contains(.archive) else { return true }
        // Behind the store: a day that is archived meanwhile is found here.
        var events = 0
        for part in store.archive.readableParts(of: day, &result.unread) {
            guard let count = try cut(part, search, progress) else { return false }
            events += count
        }
        if events > 0 { result.days.append(PurgedDay(day, .archive, events: events)) }
        return true
    }

    private func numbers(of day: Day) throws -> Set<UInt64> {
        var unread: [String] = []
        var segments = store.archive.readableParts(of: day, &unread).map { Segment($0, in: store.archive) }
        segments += store.liveSegments.filter { $0.day == day }
        return try segments.reduce(into: []) { numbers, segment in
            numbers.formUnion(try PurgeSearch.numbers(of: try search.find(in: segment), in: segment))
        }
    }

    // MARK: The store

    /// False where `progress` ended it.
    private mutating func cutSegment(
        of day: Day, _ search: PurgeSearch, _ progress: () -> Bool
    ) throws -> Bool {
        for _ in 0..<5 {
            guard let old = store.liveSegments.first(where: { $0.day == day }),
                try search.find(in: old).events > 0
            else { return true }
            let version = try old.change.version
            var cut = try SegmentCut(
                old, search, at: "\(store.layout.days)/\(day).purge" + PartWriter.temporarySuffix)
            do {
                guard try cut.copy(progress) else {
                    cut.abandon()
                    return false
                }
                try cut.merge()
                let events = try store.onWriter { try exchange(old, version, &cut) }
                if let events {
                    result.days.append(PurgedDay(day, .store, events: events))
                    leaving.append(Leaving(segment: old))
                    return true
                }
            } catch {
                cut.abandon()
                throw error
            }
            cut.abandon()
        }
        throw StoreError.stopped("\(day) changes while events of it are deleted: try again later")
    }

    /// Puts what was written into the place of the old segment; nil where that has changed.
    ///
    /// On the writer queue.
    private func exchange(_ old: Segment, _ version: Int, _ cut: inout SegmentCut) throws -> Int? {
        guard store.liveSegments.contains(where: { $0 === old }), try old.change.version == version else {
            return nil
        }
        // Blocks that were committed meanwhile are few.
        guard try cut.copy({ true }) else { return nil }
        if cut.isEmpty {
            cut.abandon()
            try SegmentClaims.supersede(old)
            FaultPoint.reach("purge-superseded")
            store.exchange(old, for: nil)
            return cut.cutEvents
        }
        try cut.finish()
        let name = store.layout.newSegment(old.day)
        guard unsafe rename(cut.path, name) == 0 else { throw StoreError.system("rename", cut.path) }
        FaultPoint.reach("purge-segment-named")
        let fresh = Segment(day: old.day, path: name, isReadOnly: false)
        store.exchange(old, for: fresh)
        try FileBytes.syncFolder(of: name)
        try SegmentClaims.supersede(old)
        FaultPoint.reach("purge-superseded")
        try SegmentClaims.forget(in: fresh)
        return cut.cutEvents
    }

    // MARK: The archive

    /// The number of events that went; nil where `progress` ended it.
    private mutating func cut(
        _ part: ArchivePart, _ search: PurgeSearch, _ progress: () -> Bool
    ) throws -> Int? {
        guard progress() else { return nil }
        let old = segment(of: part)
        let finding = try search.find(in: old)
        result.unread += finding.unread
        guard finding.events > 0 else { return 0 }
        // A block that cannot be read would be lost: the part stays as it is.
        guard finding.unread.isEmpty else { return 0 }
        try begin(part.volume)
        if try finding.events == old.blocks().reduce(0, { $0 + $1.events }) {
            try remove(part, old)
            return finding.events
        }
        var cut = try PartCut(old, part, in: store.archive)
        do {
            guard try cut.run(finding, progress) else {
                cut.abandon()
                return nil
            }
            try store.onWriter { try store.publish(cut, insteadOf: old) }
            result.parts.append(.init(old: "\(part)", new: "\(cut.part)"))
        } catch StoreError.unreadableBlock(let path, let block, let reason) {
            cut.abandon()
            result.unread.append("\(StoreError.unreadableBlock(path: path, block: block, reason: reason))")
            return 0
        } catch {
            cut.abandon()
            throw error
        }
        old.leave()
        leaving.append(Leaving(segment: old))
        return finding.events
    }
}

extension Store {
    /// Lets a part that was written anew count in the place of another one.
    ///
    /// On the writer queue.
    fileprivate func publish(_ cut: borrowing PartCut, insteadOf old: Segment) throws {
        let part = cut.part
        guard let oldPart = old.part else { return }
        if let live = liveSegments.first(where: { $0.day == part.day }),
            try live.restoredParts().contains("\(oldPart)")
        {
            // The day was restored: the new part must be hidden before it is there.
            try live.hide(part)
        }
        try cut.publish()
        FaultPoint.reach("purge-part-published")
        updateArchives { archives in
            guard let index = archives[part.day]?.firstIndex(where: { $0 === old }) else { return }
            archives[part.day]?[index] = Segment(part, in: archive)
        }
    }

    /// Lets parts count no more.
    func removeParts(_ parts: [ArchivePart]) throws {
        try onWriter {
            updateArchives { archives in
                for part in parts {
                    archives[part.day]?.removeAll { $0.part == part }
                    if archives[part.day]?.isEmpty == true { archives[part.day] = nil }
                }
            }
        }
    }
}
