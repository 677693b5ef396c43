import Index

/// The first events in an order of their fields.
struct SortedEvents: Collector {
    private struct Entry {
        var kept: KeptEvent
        let key: SortOrder.Key
    }

    private let order: SortOrder
    private let limit: Int
    private var heap: BestHeap<Entry>
    private(set) var partial: String?

    init(_ keys: [SortKey], limit: Int) {
        order = SortOrder(keys)
        self.limit = max(0, limit)
        heap = BestHeap(room: limit == .max ? limit : self.limit + 1) { [order] left, right in
            switch order.compare(left.key, right.key) {
            case let difference where difference != 0: difference > 0
            // Of equal ones the older stands first.
            default: right.kept.isOlder(than: left.kept)
            }
        }
    }

    var isTruncated: Bool { heap.elements.count > limit }

    mutating func add(_ match: MatchedBlock) throws {
        let rows = try BlockRows(match)
        let block = try match.reader()
        let places = try rows.places()
        let sequences = try block.sequences()
        let fields = try order.keys.map { try rows.sortCodes(of: $0.field) }
        // Each value is read as a number once.
        let cells = zip(order.keys, fields).map { key, codes in
            codes.cells.map { SortOrder.cell($0, of: key.field) }
        }
        for row in rows.rows {
            let key = zip(fields, cells).map { $1[$0.code(row)] }
            heap.push(
                Entry(kept: KeptEvent(block, row, place: places[row], sequence: sequences[row]), key: key))
        }
    }

    mutating func release() throws {
        try heap.update { try $0.kept.load() }
        var bytes = heap.elements.reduce(0) { $0 + $1.kept.bytes }
        while bytes > KeptLimits.bytes, let worst = heap.worst {
            bytes -= worst.kept.bytes
            heap.dropWorst()
            partial = KeptLimits.reason
        }
    }

    mutating func merge(_ other: SortedEvents) {
        for entry in other.heap.elements { heap.push(entry) }
        partial = partial ?? other.partial
    }

    func result() throws(StoreError) -> [FoundEvent] {
        var events: [FoundEvent] = []
        for entry in heap.sorted.prefix(limit) { events.append(try entry.kept.event()) }
        return events
    }
}
