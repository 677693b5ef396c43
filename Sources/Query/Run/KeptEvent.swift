import Index

/// How much a result may hold.
enum KeptLimits {
    /// Bytes of the events of a result.
    ///
    /// Those that come last in its order are left out beyond it.
    static let bytes = 64 << 20
    static let reason = "more than \(bytes >> 20) MiB of events; ask for fewer, or for all as a stream"
}

/// An event that a result may hold: its place in a block, and all of it only when the block is let go of.
struct KeptEvent {
    /// Where it stands; see `EventOrder`.
    let place: Int64
    let sequence: UInt64
    private var source: Source

    private enum Source {
        case row(BlockReader, Int)
        case event(FoundEvent)
    }

    init(_ block: BlockReader, _ row: Int, place: Int64, sequence: UInt64) {
        source = .row(block, row)
        self.place = place
        self.sequence = sequence
    }

    /// Whether the event comes before another: among events of one place by the order of their arrival.
    func isOlder(than other: KeptEvent) -> Bool {
        (place, sequence) < (other.place, other.sequence)
    }

    /// Reads the event from its block, which must be open.
    mutating func load() throws(StoreError) {
        if case .row = source { source = .event(try event()) }
    }

    /// Bytes that the event takes, if it has been read.
    var bytes: Int {
        guard case .event(let event) = source else { return 0 }
        return event.bytes
    }

    func event() throws(StoreError) -> FoundEvent {
        switch source {
        case .row(let block, let row): try block.event(row)
        case .event(let event): event
        }
    }
}

extension FoundEvent {
    /// Bytes of its line and its values.
    var bytes: Int { fields.reduce(raw.count) { $0 + $1.value.count } }
}
