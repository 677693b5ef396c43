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
    mutating func load() throws(StoreError) { source = .event(try event()) }

    func event() throws(StoreError) -> FoundEvent {
        switch source {
        case .row(let block, let row): try block.event(row)
        case .event(let event): event
        }
    }
}

/// Takes the blocks of a scan and makes a result of them.
protocol Collector {
    /// Whether a block with events of these times can still change the result.
    func wants(_ times: ClosedRange<Int64>) -> Bool
    mutating func add(_ match: MatchedBlock) throws
    /// A day's blocks are let go of now.
    mutating func endDay() throws
}

extension Collector {
    func wants(_ times: ClosedRange<Int64>) -> Bool { true }
    mutating func endDay() throws {}
}

/// The newest or the oldest events.
struct EdgeEvents: Collector {
    enum Edge { case newest, oldest }

    private let edge: Edge
    private let limit: Int
    private var heap: BestHeap<KeptEvent>

    init(_ edge: Edge, limit: Int) {
        self.edge = edge
        self.limit = max(0, limit)
        // One more than the limit, which says whether there are more.
        let room = limit == .max ? limit : self.limit + 1
        switch edge {
        case .newest: heap = BestHeap(room: room) { $0.isOlder(than: $1) }
        case .oldest: heap = BestHeap(room: room) { $1.isOlder(than: $0) }
        }
    }

    /// Whether more events match than the limit lets through.
    var isTruncated: Bool { heap.elements.count > limit }

    func wants(_ times: ClosedRange<Int64>) -> Bool {
        guard heap.isFull, let worst = heap.worst else { return true }
        switch edge {
        case .newest: return times.upperBound >= worst.time
        case .oldest: return times.lowerBound <= worst.time
        }
    }

    mutating func add(_ match: MatchedBlock) throws {
        let block = try match.reader()
        let times = try block.times()
        let sequences = try block.sequences()
        match.rows.forEach { row in
            heap.push(KeptEvent(block, row, time: times[row], sequence: sequences[row]))
        }
    }

    mutating func endDay() throws { try heap.update { try $0.load() } }

    /// The events, oldest first.
    func result() throws(StoreError) -> [FoundEvent] {
        var events: [FoundEvent] = []
        for kept in heap.sorted.prefix(limit) { events.append(try kept.event()) }
        return edge == .newest ? events.reversed() : events
    }
}

/// The first events in an order of their fields.
struct SortedEvents: Collector {
    private struct Entry {
        var kept: KeptEvent
        let key: SortOrder.Key
    }

    private let order: SortOrder
    private let limit: Int
    private var heap: BestHeap<Entry>

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
        let times = try block.times()
        let sequences = try block.sequences()
        let fields = try order.keys.map { try rows.codes(of: $0.field) }
        // Each value is read as a number once.
        let cells = zip(order.keys, fields).map { key, codes in
            codes.cells.map { SortOrder.cell($0, of: key.field) }
        }
        for row in rows.rows {
            let key = zip(fields, cells).map { $1[$0.code(row)] }
            heap.push(
                Entry(kept: KeptEvent(block, row, time: times[row], sequence: sequences[row]), key: key))
        }
    }

    mutating func endDay() throws { try heap.update { try $0.kept.load() } }

    func result() throws(StoreError) -> [FoundEvent] {
        var events: [FoundEvent] = []
        for entry in heap.sorted.prefix(limit) { events.append(try entry.kept.event()) }
        return events
    }
}

/// The newest event of each group.
struct NewestOfEach: Collector {
    private let fields: [String]
    private var newest: [[ResultTable.Cell]: KeptEvent] = [:]
    private(set) var partial: String?

    init(_ fields: [String]) { self.fields = fields }

    mutating func add(_ match: MatchedBlock) throws {
        let rows = try BlockRows(match)
        let block = try match.reader()
        let times = try block.times()
        let sequences = try block.sequences()
        let local = try LocalGroups(rows, by: fields, nil)
        // The newest of the block first: one look-up a group, and not one an event.
        var best = [Int](repeating: -1, count: local.count)
        for (place, row) in rows.rows.enumerated() {
            let group = Int(local.numbers[place])
            let old = best[group]
            if old < 0 || (times[old], sequences[old]) < (times[row], sequences[row]) { best[group] = row }
        }
        for (group, row) in best.enumerated() {
            let kept = KeptEvent(block, row, time: times[row], sequence: sequences[row])
            let key = local.key(of: group)
            if let old = newest[key] {
                if old.isOlder(than: kept) { newest[key] = kept }
            } else if newest.count < Aggregator.groupLimit {
                newest[key] = kept
            } else {
                partial = "more than \(Aggregator.groupLimit) groups; the rest is left out"
            }
        }
    }

    mutating func endDay() throws {
        for key in newest.keys { try newest[key]?.load() }
    }

    /// The events, oldest first.
    func result() throws(StoreError) -> [FoundEvent] {
        var events: [FoundEvent] = []
        for kept in newest.values.sorted(by: { $0.isOlder(than: $1) }) { events.append(try kept.event()) }
        return events
    }
}
