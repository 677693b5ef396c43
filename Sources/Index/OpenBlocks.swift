import Parse

/// The open blocks, one for each day that events come in for: today's, and those of late events.
struct OpenBlocks: Sendable {
    struct Entry {
        var builder: BlockBuilder
        /// When the last event came.
        ///
        /// Nanoseconds since the Unix epoch.
        var touched: Int64
    }

    private(set) var entries: [Entry] = []
    /// Where the last event went: mostly, the next one goes there too.
    private var last = 0

    /// Announces the events of a batch.
    mutating func beginBatch() {
        for index in entries.indices { entries[index].builder.beginBatch() }
    }

    /// Adds an event; returns the block that it filled, if it did.
    mutating func append(
        _ event: Event, of batch: EventBatch, sequence: UInt64, day: Day
    ) -> Block? {
        if last >= entries.count || entries[last].builder.day != day {
            last = entries.firstIndex { $0.builder.day == day } ?? entries.count
            if last == entries.count { entries.append(Entry(builder: BlockBuilder(day: day), touched: 0)) }
        }
        entries[last].builder.append(event, of: batch, sequence: sequence)
        entries[last].touched = batch.received
        guard entries[last].builder.isFull else { return nil }
        let block = entries[last].builder.block
        entries[last].builder = BlockBuilder(day: day)
        return block
    }

    /// Takes the blocks that `isDue` away, oldest event first.
    mutating func takeAll(where isDue: (Entry) -> Bool) -> [Block] {
        let due = entries.filter { !$0.builder.isEmpty && isDue($0) }.map(\.builder.block)
        entries.removeAll { $0.builder.isEmpty || isDue($0) }
        last = 0
        return due.sorted { ($0.sequences.first ?? 0) < ($1.sequences.first ?? 0) }
    }

    /// The blocks as they are now.
    var blocks: [Block] { entries.filter { !$0.builder.isEmpty }.map(\.builder.block) }

    /// The number of the oldest event in any of them.
    var firstSequence: UInt64? { entries.compactMap(\.builder.firstSequence).min() }

    func contains(_ day: Day) -> Bool { entries.contains { $0.builder.day == day && !$0.builder.isEmpty } }
}
