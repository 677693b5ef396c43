import Index

/// The newest or the oldest events.
struct EdgeEvents: Collector {
    enum Edge { case newest, oldest }

    private let edge: Edge
    private let limit: Int
    private var heap: BestHeap<KeptEvent>
    private(set) var partial: String?

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
        isWanted(edge == .newest ? EventOrder.end(of: times.upperBound) : times.lowerBound)
    }

    /// Whether an event of this place may be among the best.
    private func isWanted(_ place: Int64) -> Bool {
        guard heap.isFull, let worst = heap.worst else { return true }
        return edge == .newest ? place >= worst.place : place <= worst.place
    }

    mutating func add(_ match: MatchedBlock) throws {
        let block = try match.reader()
        let places = try block.eventPlaces()
        let sequences = try block.sequences()
        // Events mostly stand in the order of time: from the right end, the first ones are those that stay.
        var rows: [Int] = []
        match.rows.forEach { rows.append($0) }
        if edge == .newest { rows.reverse() }
        for row in rows where isWanted(places[row]) {
            heap.push(KeptEvent(block, row, place: places[row], sequence: sequences[row]))
        }
    }

    /// With all its events it mostly has the right ones, and only looks whether others are better.
    var canShare: Bool { !heap.isFull }

    mutating func release() throws {
        try heap.update { try $0.load() }
        var bytes = heap.elements.reduce(0) { $0 + $1.bytes }
        while bytes > KeptLimits.bytes, let worst = heap.worst {
            bytes -= worst.bytes
            heap.dropWorst()
            partial = KeptLimits.reason
        }
    }

    mutating func merge(_ other: EdgeEvents) {
        for kept in other.heap.elements { heap.push(kept) }
        partial = partial ?? other.partial
    }

    /// The events, oldest first.
    func result() throws(StoreError) -> [FoundEvent] {
        // What is sorted is where they stand, as the events are large to move about.
        let kept = heap.elements
        let places = kept.indices.sorted { kept[$0].isOlder(than: kept[$1]) }
        var events: [FoundEvent] = []
        events.reserveCapacity(min(places.count, limit))
        for place in edge == .newest ? places.suffix(limit) : places.prefix(limit) {
            events.append(try kept[place].event())
        }
        return events
    }
}
