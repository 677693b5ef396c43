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
        var waiting: [Waiting] = []
        var next: UInt64 = max(files.last ?? 1, 1)
        for file in files {
            let left = try JournalReplay.records(of: layout.journalFile(firstSequence: file)) {
                record, bytes in
                next = max(next, record.firstSequence &+ UInt64(record.frames.count))
                note(record)
                Self.note(record, bytes, in: &waiting)
                try JournalReplay.parse(record, bytes, with: &parser) { day, sequence in
                    if let last = committed[day] { return sequence > last }
                    let last = try lastSequence(of: day) ?? 0
                    committed[day] = last
                    return sequence > last
                } _: { event, batch, sequence, day in
                    try readd(
                        Self.filed(event, received: batch.received, under: day), of: batch,
                        sequence: sequence, day: day)
                }
            }
            if left > 0 { noteCutJournal(bytes: left) }
        }
        // A power cut can take the newest journal records, which the segments hold already. No number is used twice.
        next = max(next, lastCommittedSequence() &+ 1)
        // The name of a file that holds no event, but lines that wait, is not used twice either.
        if files.last == next { next += 1 }
        try finishRecovery(files: files, nextSequence: isReadOnly ? .max : next)
        try takeWaiting(waiting, &parser, next)
    }

    /// An event as its day holds it.
    ///
    /// Formats that changed since may read another day's time from the line. The day that it was filed under counts:
    /// what the segments hold is told by it.
    private static func filed(_ event: Event, received: Int64, under day: Day) -> Event {
        guard Day(containing: event.time) != day else { return event }
        var event = event
        event.time = Day(containing: received) == day ? received : day.start
        event.reasons.insert(.timeSuspect)
        if event.outcome == .ok { event.outcome = .partial }
        return event
    }

    /// A line that waited for others when the process ended.
    private struct Waiting {
        var bytes: [UInt8]
        var peer: Peer
        var noted: ParseReasons
        var received: Int64
        var id: UInt64
    }

    private static func note(_ record: JournalRecord, _ bytes: [UInt8], in waiting: inout [Waiting]) {
        for line in record.held where record.peers.indices.contains(line.peer) {
            waiting.append(
                Waiting(
                    bytes: Array(bytes[line.range]), peer: record.peers[line.peer], noted: line.noted,
                    received: record.received, id: line.id))
        }
        // A line may have been released by the record that brought it.
        if !record.released.isEmpty {
            let released = Set(record.released)
            waiting.removeAll { released.contains($0.id) }
        }
    }

    /// Makes events of the lines that waited: nothing more comes for them.
    private func takeWaiting(_ waiting: [Waiting], _ parser: inout LineParser, _ next: UInt64) throws {
        guard let last = waiting.last else { return }
        var lines = EventBatch()
        lines.received = last.received
        lines.peers = [last.peer]
        for line in waiting {
            let start = lines.bytes.count
            lines.bytes += line.bytes
            lines.bytes.append(0x0A)
            if lines.peers.last != line.peer { lines.peers.append(line.peer) }
            parser.take(
                start..<start + line.bytes.count, peer: lines.peers.count - 1, noted: line.noted, in: &lines)
        }
        parser.release(at: nil, into: &lines)
        lines.held = []
        lines.released = waiting.map(\.id)
        guard isReadOnly else { return try append(lines) }
        for (index, event) in lines.events.enumerated() {
            try readd(
                event, of: lines, sequence: next &+ UInt64(index), day: Day(containing: event.time))
        }
    }
}
