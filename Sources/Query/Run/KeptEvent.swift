import Index

/// An event that a result may hold: its place in a block, and all of it only when the block is let go of.
struct KeptEvent {
    let time: Int64
    let sequence: UInt64
    private var source: Source

    private enum Source {
        case row(BlockReader, Int)
        case event(FoundEvent)
    }

    init(_ block: BlockReader, _ row: Int, time: Int64, sequence: UInt64) {
        source = .row(block, row)
        self.time = time
        self.sequence = sequence
    }

    /// Whether the event comes before another: among events of one time by the order of their arrival.
    func isOlder(than other: KeptEvent) -> Bool {
        (time, sequence) < (other.time, other.sequence)
    }

    /// Reads the event from its block, which must be open.
    mutating func load() throws(StoreError) {
        if case .row = source { source = .event(try event()) }
    }

    func event() throws(StoreError) -> FoundEvent {
        switch source {
        case .row(let block, let row): try block.event(row)
        case .event(let event): event
        }
    }
}
