import Index

/// The newest event of each group.
struct NewestOfEach: Collector {
    private let fields: [String]
    private var newest: [[ResultTable.Cell]: KeptEvent] = [:]
    private(set) var partial: String?

    init(_ fields: [String]) { self.fields = fields }

    mutating func add(_ match: MatchedBlock) throws {
        let rows = try BlockRows(match)
        let block = try match.reader()
        let places = try block.eventPlaces()
        let sequences = try block.sequences()
        let local = try LocalGroups(rows, by: fields, nil)
        // The newest of the block first: one look-up a group, and not one an event.
        var best = [Int](repeating: -1, count: local.count)
        for (place, row) in rows.rows.enumerated() {
            let group = Int(local.numbers[place])
            let old = best[group]
            if old < 0 || (places[old], sequences[old]) < (places[row], sequences[row]) { best[group] = row }
        }
        for (group, row) in best.enumerated() {
            let kept = KeptEvent(block, row, place: places[row], sequence: sequences[row])
            keep(kept, local.key(of: group))
        }
    }

    private mutating func keep(_ kept: KeptEvent, _ key: [ResultTable.Cell]) {
        if let old = newest[key] {
            if old.isOlder(than: kept) { newest[key] = kept }
        } else if newest.count < Aggregator.groupLimit {
            newest[key] = kept
        } else {
            partial = "more than \(Aggregator.groupLimit) groups; the rest is left out"
        }
    }

    mutating func merge(_ other: NewestOfEach) {
        for (key, kept) in other.newest { keep(kept, key) }
        partial = partial ?? other.partial
    }

    mutating func release() throws {
        var bytes = 0
        for key in newest.keys {
            try newest[key]?.load()
            bytes += newest[key]?.bytes ?? 0
            if bytes > KeptLimits.bytes {
                newest[key] = nil
                partial = KeptLimits.reason
            }
        }
    }

    /// The events, oldest first.
    func result() throws(StoreError) -> [FoundEvent] {
        var events: [FoundEvent] = []
        for kept in newest.values.sorted(by: { $0.isOlder(than: $1) }) { events.append(try kept.event()) }
        return events
    }
}
