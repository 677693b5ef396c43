import Dispatch
import Synchronization

/// What came of archiving one day.
package struct ArchivedDay: Sendable {
    package let day: Day
    /// Where it went; nil where nothing was written.
    package let part: ArchivePart?
    package var events = 0
    package var rawBytes = 0
    /// Bytes of the segment.
    package var before = 0
    /// Bytes of the lines, and of the index.
    package var lines = 0
    package var index = 0
}

extension Store {
    /// Days of the store that the archive can take: those before `end`, oldest first.
    ///
    /// What is open of them is committed, where this process may write.
    /// - `restored`: also those that were put back from the archive, to which they return; but for those whose events were
    ///   read again since, as the archive has these as they were.
    package func archivableDays(before end: Day, year: Int? = nil, restored: Bool = false) throws -> [Day] {
        if !isReadOnly { try onWriter { try commitOpenBlocks { $0 < end } } }
        return try liveSegments.filter { segment in
            guard segment.day < end, year == nil || segment.day.year == year else { return false }
            let parts = try segment.restoredParts()
            return parts.isEmpty || restored && !parts.contains(SegmentSchema.changed)
        }.map(\.day)
    }

    /// The years of which events are in the store, and not in the archive alone.
    package var liveYears: Set<Int> {
        Set(liveSegments.map(\.day.year) + snapshot().memory.map(\.day.year))
    }

    /// Moves one day into the archive.
    ///
    /// Write, fsync, read back and compare, rename, fsync the folder; and only then the segment goes. At every instant
    /// each event is in the store or in the archive, and no query sees it twice. Events of the day that come meanwhile
    /// stay in the store, or make it begin again.
    ///
    /// - `progress`: is called with the blocks done and all there are, written and read back; false ends the work, and
    ///   the day stays where it is.
    /// - Returns: nil where `progress` ended it, or where the day is not in the store.
    package func archive(
        _ day: Day, progress: @Sendable (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> ArchivedDay? {
        try onWriter { try commitOpenBlocks { $0 == day } }
        for _ in 0..<3 {
            guard let segment = liveSegments.first(where: { $0.day == day }) else { return nil }
            let returning = try returningParts(to: segment)
            let work = try ArchiveRun(
                segment, after: try returning.compactMap { try $0.lastSequence() }.max(), archive)
            guard let result = try work.run(progress) else { return nil }
            let isDone = try onWriter {
                guard try work.isCurrent else { return false }
                let fresh = try work.publish().map { Segment($0, in: archive) }
                try replace(segment, with: returning + [fresh].compactMap { $0 })
                return true
            }
            if isDone {
                FaultPoint.reach("archive-dropped")
                if let volume = result.part?.volume { try VolumeSums.update(archive, volume) }
                return result
            }
            work.abandon()
        }
        throw StoreError.refused("\(day) changes while it is archived: try again later")
    }

    /// The parts that a segment was restored from, which count again when it goes.
    private func returningParts(to segment: Segment) throws -> [Segment] {
        let names = try segment.restoredParts()
        return archivedParts(day: segment.day).filter { names.contains($0.description) }
            .map { Segment($0, in: archive) }
    }
}

/// The way of one segment into the archive.
final class ArchiveRun: Sendable {
    private let part: ArchivePart
    private let segment: Segment
    private let layout: ArchiveLayout
    private let change: (version: Int, blocks: Int)
    private let blocks: [BlockInfo]
    /// Nil where there is nothing to write.
    private let writer: Mutex<PartWriter?>

    /// Threads that encode, and blocks that they take at a time.
    private static let threads = 2
    private static let group = 8

    /// - `last`: the number of the last event that is in the archive already.
    init(_ segment: Segment, after last: UInt64?, _ layout: ArchiveLayout) throws {
        self.segment = segment
        self.layout = layout
        change = try segment.change
        blocks = try segment.blocks().filter { $0.firstSequence > last ?? 0 }
        part = layout.newPart(segment.day)
        writer = Mutex(blocks.isEmpty ? nil : try PartWriter(part, in: layout))
    }

    /// Whether the segment is still as it was when this began.
    var isCurrent: Bool {
        get throws { try segment.change == change }
    }

    func abandon() { writer.withLock { $0?.abandon() } }

    /// Writes the part and reads it back; nil where `progress` ended it.
    func run(_ progress: @Sendable (Int, Int) -> Bool) throws -> ArchivedDay? {
        do {
            var result = ArchivedDay(day: segment.day, part: blocks.isEmpty ? nil : part)
            result.before = FileBytes.size(segment.path)
            for block in blocks {
                result.events += block.events
                result.rawBytes += block.rawBytes
            }
            if blocks.isEmpty { return result }
            guard try write(progress), try check(progress) else {
                abandon()
                return nil
            }
            writer.withLock { writer in
                guard let writer else { return }
                result.lines = FileBytes.size(writer.temporaryLines)
                result.index = FileBytes.size(writer.temporaryIndex)
            }
            return result
        } catch {
            abandon()
            throw error
        }
    }

    private func write(_ progress: (Int, Int) -> Bool) throws -> Bool {
        var next = 0
        while next < blocks.count {
            let group = Array(blocks[next..<min(next + Self.group, blocks.count)])
            let encoded = try Parallel.map(group, threads: Self.threads) { [segment] infos in
                try segment.read { view in
                    var encoder = PartEncoder()
                    return try infos.map { try encoder.encode($0, of: view) }
                }
            }
            for block in encoded { try writer.withLock { try $0?.append(block) } }
            next += group.count
            guard progress(next, blocks.count * 2) else { return false }
        }
        try writer.withLock { try $0?.finish() }
        return true
    }

    /// Compares what the disk gives back with what the store holds.
    private func check(_ progress: (Int, Int) -> Bool) throws -> Bool {
        let files = writer.withLock { writer in
            writer.map { (index: $0.temporaryIndex, lines: $0.temporaryLines, sums: $0.sums) }
        }
        guard let (index, lines, sums) = files else { return true }
        let written = Segment(part, index: index, lines: lines)
        let file = try ArchiveFile(lines)
        file.forgetCache()
        var members = try written.read { try ArchiveIndex.members(in: $0.database) }[...]
        var next = 0
        while next < sums.count {
            var group: [(members: [ArchiveMember], sum: LineSum)] = []
            while next + group.count < sums.count, group.count < Self.group {
                var own = [try members.popFirst().orDamaged(file.path)]
                while let member = members.first, !member.beginsBlock {
                    own.append(member)
                    members.removeFirst()
                }
                group.append((own, sums[next + group.count]))
            }
            let same = try Parallel.map(group, threads: Self.threads) { entries in
                let expander = DeflateExpander()
                return try entries.map { try PartCheck.sum(of: $0.members, in: file, expander) == $0.sum }
            }
            guard !same.contains(false) else {
                throw StoreError.damaged("\(file.path) does not hold what was written to it")
            }
            next += group.count
            guard progress(sums.count + next, sums.count * 2) else { return false }
        }
        guard members.isEmpty, try written.blocks().map(\.events) == blocks.map(\.events) else {
            throw StoreError.damaged("\(file.path) does not hold what was written to it")
        }
        FaultPoint.reach("archive-verified")
        return true
    }

    /// Gives what was written its names; nil where nothing was.
    func publish() throws -> ArchivePart? {
        try writer.withLock { writer in
            try writer?.publish()
            return writer?.part
        }
    }
}

extension Optional {
    fileprivate func orDamaged(_ path: String) throws(StoreError) -> Wrapped {
        guard let self else { throw .damaged("\(path) holds fewer members than its index names") }
        return self
    }
}

extension ArchiveLayout {
    /// The newest volume of a year that is not sealed, or the next one.
    func openVolume(_ year: Int) -> ArchiveVolume {
        let volumes = volumes().filter { $0.year == year }
        guard let last = volumes.last else { return ArchiveVolume(year: year) }
        return isSealed(last) ? ArchiveVolume(year: year, number: last.number + 1) : last
    }

    /// The name for what is archived of a day next.
    func newPart(_ day: Day) -> ArchivePart {
        let volume = openVolume(day.year)
        return ArchivePart(volume, day, number: nextNumber(day, in: volume))
    }
}
