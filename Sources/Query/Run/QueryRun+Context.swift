import Index
import Parse

/// What the events of a result with others around them are.
package struct ContextMarks: Sendable {
    /// The numbers of the events that were found.
    var hits: Set<UInt64>
    /// The numbers of other events of their requests.
    var requests: Set<UInt64> = []
    /// By the number of an event, that of the one which follows it where it was taken from.
    var following: [UInt64: UInt64] = [:]

    func mark(of event: FoundEvent) -> EventMark {
        hits.contains(event.sequence) ? .match : requests.contains(event.sequence) ? .request : .context
    }

    /// Whether nothing was left out between two events, in either order.
    func areNeighbours(_ one: FoundEvent, _ other: FoundEvent) -> Bool {
        following[one.sequence] == other.sequence || following[other.sequence] == one.sequence
    }
}

/// `context`: the events around those that were found.
extension QueryRun {
    /// The field that tells requests apart, over all programs and hosts that take part in one.
    private static let request = "request_id"

    /// The events, those around each, and all of their requests, every event once and in order.
    mutating func context(
        of rows: SearchResult.Rows, before: Int, after: Int, _ scope: ContextScope
    ) throws -> SearchResult.Rows {
        guard case .events(let hits) = rows else { return rows }
        var found: [UInt64: FoundEvent] = [:]
        var bytes = 0
        func take(_ events: [FoundEvent]) {
            for event in events where found.updateValue(event, forKey: event.sequence) == nil {
                bytes += event.bytes
            }
        }
        let window = request.window
        var marks = ContextMarks(hits: Set(hits.map(\.sequence)))
        var requests: Set<[UInt8]> = []
        for hit in hits where work.partial == nil {
            let older = try neighbours(of: hit, .newest, before, scope.fields)
            let newer = try neighbours(of: hit, .oldest, after, scope.fields)
            let run = older + [hit] + newer
            for (event, next) in zip(run, run.dropFirst()) { marks.following[event.sequence] = next.sequence }
            take(older + newer)
            if let request = hit.value(Self.request), !request.isEmpty, requests.insert(request).inserted {
                let most = QueryLimits.context
                let others =
                    try neighbours(of: hit, .newest, most, [Self.request], in: window)
                    + neighbours(of: hit, .oldest, most, [Self.request], in: window)
                take(others)
                marks.requests.formUnion(others.map(\.sequence))
            }
            if bytes > KeptLimits.bytes { note(KeptLimits.reason) }
        }
        for hit in hits { found[hit.sequence] = hit }
        work.context = marks
        return .events(found.values.sorted { $0.isOlder(than: $1) })
    }

    /// The events next to one among those that have the same values: before it (`newest`), or behind it (`oldest`).
    private mutating func neighbours(
        of hit: FoundEvent, _ edge: EdgeEvents.Edge, _ count: Int, _ fields: [String],
        in window: TimeSpan = .everything
    ) throws -> [FoundEvent] {
        guard count > 0 else { return [] }
        let stream = fields.map { field -> Filter in
            guard let value = hit.value(field) else {
                return .negation(of: .test(Test(field: field, kind: .keyword, .exists)))
            }
            // No query can name what is not UTF-8.
            guard let text = String(validating: value, as: UTF8.self) else { return .everything }
            return .test(Test(field: field, kind: .keyword, .exactly(text)))
        }
        // As far as events of its second go, any may stand on either side.
        let side =
            edge == .newest
            ? TimeSpan(earliest: .min, latest: hit.place)
            : TimeSpan(earliest: EventOrder.start(of: hit.place), latest: .max)
        // Events on the other side take places that have to be there.
        var room = count + 1
        while true {
            var work = SearchWork()
            let scan = Scan(
                snapshot, EventTest(.all(of: stream)), window: window.intersection(side), budget,
                isAscending: edge == .oldest)
            let events = try scan.run(&work) { [room] in EdgeEvents(edge, limit: room) }
            note(work.partial)
            let beside = try events.result().filter { event in
                event.sequence != hit.sequence && event.isOlder(than: hit) == (edge == .newest)
                    && fields.allSatisfy { event.value($0) == hit.value($0) }
            }
            if beside.count >= count || !events.isTruncated {
                return edge == .newest ? beside.suffix(count) : Array(beside.prefix(count))
            }
            room *= 2
        }
    }
}
