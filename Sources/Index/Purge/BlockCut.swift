import Parse

/// Makes blocks anew without some of their events.
enum BlockCut {
    /// A block without `rows`; nil where no event is left.
    static func cut(_ rows: RowSet, from block: BlockReader, day: Day) throws(StoreError) -> Block? {
        guard rows.count < block.count else { return nil }
        let events = try BlockEvents(block)
        let sequences = try block.sequences()
        var builder = BlockBuilder(day: day, strangers: events.strangers)
        var batch = EventBatch()
        for row in 0..<block.count where !rows.contains(row) {
            batch.recycle(consumed: batch.bytes.count)
            try events.append(row, to: &batch)
            builder.beginBatch()
            builder.append(batch.events[0], of: batch, sequence: sequences[row])
        }
        return builder.block
    }
}

extension SegmentReader {
    /// A block with all its parts as they are stored; its words and its Bloom filter are made anew.
    func encoded(_ info: BlockInfo) throws -> EncodedBlock {
        let block = try block(info.id)
        var terms = TermExtractor()
        try terms.add(block)
        var encoded = EncodedBlock(
            head: try head(of: info.id), parts: [], words: terms.words, bloom: terms.bloom,
            timeTerms: info.timeTerms, fieldNames: Set(block.names.map(\.name)))
        for column in block.names.indices {
            if let bytes = try storedPart(column + 1, of: info.id) { encoded.parts.append((column, bytes)) }
        }
        return encoded
    }
}
