import Parse

extension Store {
    /// Reads the journal back: events that no committed block holds go into open blocks again.
    ///
    /// Exactly once each: a day's blocks are committed in the order of their events' numbers, so the last
    /// number that a segment holds says which events it lacks.
    func recover(_ makeParser: () -> LineParser) throws {
        var parser = makeParser()
        var committed: [Day: UInt64] = [:]
        let files = FileBytes.names(in: layout.journal).compactMap(layout.firstSequence(ofJournalFile:))
            .sorted()
        var next: UInt64 = max(files.last ?? 1, 1)
        for file in files {
            let left = try JournalReplay.records(of: layout.journalFile(firstSequence: file)) {
                record, bytes in
                next = max(next, record.firstSequence &+ UInt64(record.frames.count))
                try JournalReplay.parse(record, bytes, with: &parser) { day, sequence in
                    if let last = committed[day] { return sequence > last }
                    let last = try lastSequence(of: day) ?? 0
                    committed[day] = last
                    return sequence > last
                } _: { event, batch, sequence, day in
                    try readd(event, of: batch, sequence: sequence, day: day)
                }
            }
            if left > 0 { noteCutJournal(bytes: left) }
        }
        // A power cut can take the newest journal records, which the segments hold already. No number is used twice.
        next = isReadOnly ? .max : max(next, lastCommittedSequence() &+ 1)
        try finishRecovery(files: files, nextSequence: next)
    }
}
