package import Parse

/// Which events are read again: by day, then by block, then by event.
package struct EventChoice {
    let days: (Day) -> Bool
    let blocks: ([BlockInfo], SegmentReader) throws -> RowSet
    let events: (BlockReader) throws -> RowSet

    /// - `days`: whether a UTC day can hold one.
    /// - `blocks`: those of a day's blocks that can, as a set of their indices.
    /// - `events`: those of a block.
    package init(
        days: @escaping (Day) -> Bool,
        blocks: @escaping ([BlockInfo], SegmentReader) throws -> RowSet,
        events: @escaping (BlockReader) throws -> RowSet
    ) {
        self.days = days
        self.blocks = blocks
        self.events = events
    }
}

extension Store {
    /// Reads the lines of stored events again, and puts what comes of them in the events' places, block by
    /// block.
    ///
    /// An event keeps its number, its line, its sender, and its time of receipt. When this returns or throws,
    /// each block is either as it was or as it became, on disk; a second run does what is left.
    /// - `dryRun`: counts, and writes nothing.
    /// - `progress`: is called after each block with the blocks done and all there are; false ends the run.
    package func reparse(
        _ choice: EventChoice, with parser: consuming LineParser, dryRun: Bool = false,
        progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> ReparseCount {
        var work = BlockReparser(parser)
        if !dryRun { try onWriter { try commitOpenBlocks() } }
        let snapshot = snapshot()
        // What is in memory now came later, but for a dry run.
        let memory = dryRun ? snapshot.memory.filter { choice.days($0.day) } : []
        let stored = try blocks(choice, of: snapshot)
        let all = memory.count + stored.count
        var done = 0
        for block in memory {
            let reader = BlockReader(block)
            try work.look(at: reader, try choice.events(reader), day: block.day)
            done += 1
            guard progress(done, all) else { return work.count }
        }
        for (segment, id) in stored {
            if dryRun {
                try segment.read { view in
                    let block = try view.block(id)
                    try work.look(at: block, try choice.events(block), day: segment.day)
                }
            } else {
                try onWriter { try reparse(id, of: segment, choice, &work) }
            }
            done += 1
            guard progress(done, all) else { break }
        }
        return work.count
    }

    /// The stored blocks that can hold an event of the choice, oldest day first; what is archived stays as it is.
    private func blocks(
        _ choice: EventChoice, of snapshot: StoreSnapshot
    ) throws -> [(segment: Segment, id: Int64)] {
        try snapshot.segments.filter { $0.part == nil && choice.days($0.day) }.flatMap { segment in
            try segment.read { view in
                let blocks = snapshot.blocks(of: view)
                let chosen = try choice.blocks(blocks, view)
                return blocks.indices.filter(chosen.contains).map { (segment, blocks[$0].id) }
            }
        }
    }

    /// Reads events of one stored block again.
    ///
    /// On the writer queue, the only place where blocks change.
    private func reparse(
        _ id: Int64, of segment: Segment, _ choice: EventChoice, _ work: inout BlockReparser
    ) throws {
        let new = try segment.read { view -> (block: Block, oldWords: [UInt8])? in
            let old = try view.block(id)
            let rows = try choice.events(old)
            guard let block = try work.reparse(old, rows, day: segment.day) else { return nil }
            var terms = TermExtractor()
            try terms.add(old)
            return (block, terms.words)
        }
        guard let new else { return }
        var compressor = ZstdCompressor()
        let encoded = try BlockCodec.encode(new.block, with: &compressor)
        try segment.replace(id, words: new.oldWords, with: new.block, encoded)
        noteChange(of: segment.day)
    }
}
