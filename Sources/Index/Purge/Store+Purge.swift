import Glibc

/// How far a purge is.
package struct PurgeStep: Sendable {
    /// Segments and archived parts that were looked at, and all there are.
    package let done: Int
    package let all: Int
    package let day: Day
}

extension Store {
    /// Deletes the events of a choice for good: from memory and journal, from the store and from the archive.
    ///
    /// All that holds one is written anew without it, and takes the old files' place: at every instant each other event
    /// is there once. Where a stop ends it, running it again does the rest. Events keep their numbers.
    ///
    /// - `places`: where to look; without `.archive`, days that were restored are left as well.
    /// - `isSweep`: for days that are long over: neither are open blocks of other days written, nor is the journal
    ///   emptied.
    /// - `patience`: seconds that it waits for queries that still read what is to go.
    /// - `progress`: is called before each segment and part; false ends the work behind the last one.
    package func purge(
        _ choice: EventChoice, in places: Set<PurgePlace> = [.store, .archive], isSweep: Bool = false,
        patience: Int = 60, progress: (PurgeStep) -> Bool = { _ in true }
    ) throws -> PurgeResult {
        var run = PurgeRun(self, PurgeSearch(choice: choice), places, patience: patience)
        if isSweep {
            try onWriter { try commitOpenBlocks(choice.days) }
        } else {
            run.result.isJournalEmpty = try emptyJournal()
        }
        FaultPoint.reach("purge-journal")
        return try run.run(progress)
    }

    /// How many events `purge` would delete; changes nothing.
    package func purgeable(
        _ choice: EventChoice, in places: Set<PurgePlace> = [.store, .archive],
        progress: (PurgeStep) -> Bool = { _ in true }
    ) throws -> PurgeResult {
        let snapshot = snapshot()
        var result = PurgeResult()
        var counts: [Day: Int] = [:]
        if places.contains(.store) {
            for block in snapshot.memory where choice.days(block.day) {
                counts[block.day, default: 0] += try choice.events(BlockReader(block)).count
            }
        }
        let search = PurgeSearch(choice: choice)
        let days = purgeDays(choice)
        for (number, day) in days.enumerated() {
            guard progress(PurgeStep(done: number, all: days.count, day: day)) else {
                result.isWhole = false
                break
            }
            let live = snapshot.segments.first { $0.day == day && $0.part == nil }
            if !places.contains(.archive), try live?.restoredParts().isEmpty == false { continue }
            if let live, places.contains(.store) {
                let limit = snapshot.blocks(before: live)
                counts[day, default: 0] += try search.find(in: live, before: limit).events
            }
            if let events = counts.removeValue(forKey: day), events > 0 {
                result.days.append(PurgedDay(day, .store, events: events))
            }
            guard places.contains(.archive) else { continue }
            var archived = 0
            for part in archive.readableParts(of: day, &result.unread) {
                let finding = try search.find(in: Segment(part, in: archive))
                archived += finding.events
                result.unread += finding.unread
            }
            if archived > 0 { result.days.append(PurgedDay(day, .archive, events: archived)) }
        }
        return result
    }

    /// The days that are there and that a choice can have events of, oldest first.
    func purgeDays(_ choice: EventChoice) -> [Day] {
        let memory = snapshot().memory.map(\.day)
        return Set(memory + liveSegments.map(\.day) + archivedDays()).filter(choice.days).sorted()
    }

    /// Waits until no line from before now waits for others.
    private func emptyJournal() throws -> Bool {
        let end = nextSequence
        // An event's lines come within half a second of each other.
        for _ in 0..<50 {
            if try onWriter({ try emptyJournal(before: end) }) { return true }
            usleep(100_000)
        }
        return false
    }
}

extension StoreSnapshot {
    /// The number of the first event of a day that does not count in its segment.
    fileprivate func blocks(before segment: Segment) -> UInt64 {
        memory.filter { $0.day == segment.day }.compactMap(\.sequences.first).min() ?? nextSequence
    }
}

extension ArchiveLayout {
    /// The parts of a day that count and have their index; notes those that do not.
    func readableParts(of day: Day, _ unread: inout [String]) -> [ArchivePart] {
        let parts = volumes().filter { $0.year == day.year }
            .flatMap { currentParts(of: $0, isReadOnly: true) }.filter { $0.day == day }
        for part in parts where !hasIndex(part) {
            unread.append("\(lines(part)): its index is gone: wplog archive rebuild-index \(day)")
        }
        return parts.filter { hasIndex($0) }
    }
}
