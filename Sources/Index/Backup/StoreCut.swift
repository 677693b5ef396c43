import Parse

/// The store at one instant: every event before a number is in a segment, and beside them there is only this.
struct StoreCut {
    let nextSequence: UInt64
    /// Lines that wait for others of their event, by number.
    let held: Set<UInt64>
    /// How far files had been imported with these events.
    let imports: ImportRecord

    /// The lines that wait, as the journal holds them: a batch for each record that brought some.
    ///
    /// On the writer queue, where alone files of the journal go.
    func heldLines(_ layout: StoreLayout) throws -> [EventBatch] {
        guard !held.isEmpty else { return [] }
        var batches: [EventBatch] = []
        let files = FileBytes.names(in: layout.journal).compactMap(layout.firstSequence(ofJournalFile:))
        for file in files.sorted() {
            // Behind the last whole record somebody may be writing.
            _ = try JournalReplay.records(of: layout.journalFile(firstSequence: file)) { record, bytes in
                let lines = record.held.filter {
                    held.contains($0.id) && record.peers.indices.contains($0.peer)
                }
                guard !lines.isEmpty else { return }
                var batch = EventBatch()
                batch.received = record.received
                batch.peers = record.peers
                for line in lines {
                    let start = batch.bytes.count
                    batch.bytes += bytes[line.range]
                    batch.held.append(
                        HeldLine(
                            raw: ByteRange(start..<batch.bytes.count), peer: UInt16(line.peer),
                            noted: line.noted, id: line.id))
                }
                batches.append(batch)
            }
        }
        return batches
    }
}
