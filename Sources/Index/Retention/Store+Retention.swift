import Glibc

extension Store {
    /// What retention has to decide on.
    package func retentionFacts() throws -> RetentionFacts {
        let snapshot = snapshot()
        let memory = Dictionary(grouping: snapshot.memory, by: \.day)
        let segments = Dictionary(
            snapshot.segments.filter { $0.part == nil }.map { ($0.day, $0) },
            uniquingKeysWith: { first, _ in first })
        var restored: Set<String> = []
        var days: [RetentionFacts.StoredDay] = []
        for day in Set(memory.keys).union(segments.keys) {
            let segment = segments[day]
            let blocks = try segment.map { try snapshot.blocks(of: $0) } ?? []
            let open = memory[day] ?? []
            let names = try segment?.restoredParts() ?? []
            restored.formUnion(names)
            days.append(
                RetentionFacts.StoredDay(
                    day, events: blocks.reduce(0) { $0 + $1.events } + open.reduce(0) { $0 + $1.count },
                    bytes: segment?.bytes ?? 0,
                    lastSequence: max(
                        blocks.map(\.lastSequence).max() ?? 0, open.compactMap(\.sequences.last).max() ?? 0),
                    isRestored: !names.isEmpty))
        }
        var unread: [String] = []
        let parts = try archivedDays().flatMap { archive.readableParts(of: $0, &unread) }.map { part in
            RetentionFacts.StoredPart(
                part, events: try Segment(part, in: archive).blocks().reduce(0) { $0 + $1.events },
                bytes: FileBytes.size(archive.lines(part)) + FileBytes.size(archive.index(part)),
                isRestored: restored.contains("\(part)"))
        }
        return RetentionFacts(days: days, parts: parts, applied: try RetentionRecord.all(layout))
    }

    /// Notes that the classes of a day have been deleted; forgets days that are not there any more.
    package func note(_ record: RetentionRecord, of day: Day) throws {
        try onWriter {
            let days = Set(liveSegments.map(\.day))
            var records = try RetentionRecord.all(layout).filter { days.contains($0.key) }
            // What goes may have been the newest; then nothing newer has come.
            records[day] = record
            try RetentionRecord.write(records, layout)
        }
    }

    /// Deletes archived parts for good, with their places in sums and seals; a volume without parts goes as well.
    ///
    /// - `patience`: seconds that it waits for queries that still read them.
    /// - `progress`: is called with the parts done and all there are; false ends the work.
    package func delete(
        _ parts: [ArchivePart], patience: Int = 60,
        progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> PurgeResult {
        var run = PurgeRun(self, patience: patience)
        return try run.delete(parts, progress)
    }
}

extension Segment {
    /// Bytes of its files.
    var bytes: Int {
        FileBytes.size(path) + FileBytes.size(path + "-wal") + (linesPath.map(FileBytes.size) ?? 0)
    }
}
