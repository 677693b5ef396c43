import Index
import Parse

/// One query on its way over a snapshot.
struct QueryRun {
    private let pipeline: Pipeline
    private let test: EventTest
    private let request: SearchRequest
    private let snapshot: StoreSnapshot
    private let budget: SearchBudget
    var work = SearchWork()

    init(_ pipeline: Pipeline, _ request: SearchRequest, _ snapshot: StoreSnapshot, _ budget: SearchBudget) {
        (self.pipeline, self.request, self.snapshot, self.budget) = (pipeline, request, snapshot, budget)
        test = EventTest(pipeline.filter, pipeline.steps)
    }

    /// Runs what stands before `Pipeline.rest`.
    mutating func collect() throws -> SearchResult.Rows {
        switch pipeline.collection {
        case .events(let edge, let limit):
            let events = try scan(isAscending: edge == .oldest) { EdgeEvents(edge, limit: limit) }
            work.isTruncated = events.isTruncated && edge == .newest && !endsInTail
            note(events.partial)
            return .events(try events.result())
        case .sorted(let keys, let limit):
            let events = try scan { SortedEvents(keys, limit: limit) }
            note(events.partial)
            work.isTruncated = events.isTruncated && !pipeline.isCounted && !pipeline.sortsAll
            if events.isTruncated, pipeline.sortsAll {
                note("more than \(limit) events to sort; the rest is left out")
            }
            return .events(try events.result())
        case .newestOfEach(let fields):
            let events = try scan { NewestOfEach(fields) }
            note(events.partial)
            return .events(try events.result())
        case .groups(let aggregation): return .table(try groups(aggregation).table)
        case .top(let count, let fields, let isRare):
            let counts = try groups(Aggregation([AggregateFunction(.count)], by: fields))
            return .table(TopRows.table(of: counts, count, isRare: isRare))
        case .patterns(let length):
            let now = try patterns(request.window)
            guard let length else { return .table(now.table()) }
            let start = request.window.earliest
            guard let latest = start.minus(1) else { return .table(now.table()) }
            let before = TimeSpan(earliest: start.minus(length) ?? .min, latest: latest)
            return .table(now.table(without: try patterns(before)))
        case .difference(let length):
            let window = TimeSpan(
                earliest: request.window.earliest, latest: min(request.window.latest, request.now))
            let now = try patterns(window)
            guard let latest = window.latest.minus(length) else {
                return .table(now.difference(from: PatternCounts()))
            }
            let before = TimeSpan(earliest: window.earliest.minus(length) ?? .min, latest: latest)
            return .table(now.difference(from: try patterns(before)))
        }
    }

    /// Hands on the events one by one, oldest first, until `body` has enough.
    ///
    /// Only where the pipeline is a stream.
    mutating func stream(_ body: @escaping @Sendable (BlockReader, Int) throws -> Bool) throws {
        note(try scan(isAscending: true) { EventStream(body) }.damage)
    }

    /// Whether the query itself says how many of the newest events it wants.
    private var endsInTail: Bool {
        request.query.stages.contains { if case .tail = $0 { true } else { false } }
    }

    private mutating func groups(_ aggregation: Aggregation) throws -> Aggregator {
        let (window, zone, now) = (request.window, request.zone, request.now)
        let groups = try scan { Aggregator(aggregation, window: window, zone: zone, now: now) }
        note(groups.partial)
        return groups
    }

    private mutating func patterns(_ window: TimeSpan) throws -> PatternCounts {
        let patterns = try scan(window: window) { PatternCounts() }
        note(patterns.partial)
        return patterns
    }

    private mutating func scan<C: Collector>(
        window: TimeSpan? = nil, isAscending: Bool = false, _ make: @escaping @Sendable () -> C
    ) throws -> C {
        try Scan(snapshot, test, window: window ?? request.window, budget, isAscending: isAscending)
            .run(&work, make)
    }

    private mutating func note(_ partial: String?) { work.partial = work.partial ?? partial }

    // MARK: Context

    /// The events, and those of the same host and program around each, every event once and in the order of time.
    mutating func context(
        of rows: SearchResult.Rows, before: Int, after: Int
    ) throws -> SearchResult.Rows {
        guard case .events(let hits) = rows else { return rows }
        var found: [UInt64: FoundEvent] = [:]
        var bytes = 0
        for hit in hits where work.partial == nil {
            for event in try neighbours(of: hit, .newest, before) + neighbours(of: hit, .oldest, after)
            where found.updateValue(event, forKey: event.sequence) == nil { bytes += event.bytes }
            if bytes > KeptLimits.bytes { note(KeptLimits.reason) }
        }
        for hit in hits { found[hit.sequence] = hit }
        work.hits = Set(hits.map(\.sequence))
        return .events(found.values.sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) })
    }

    /// The events next to one in its stream: before it (`newest`), or behind it (`oldest`).
    private mutating func neighbours(
        of hit: FoundEvent, _ edge: EdgeEvents.Edge, _ count: Int
    ) throws -> [FoundEvent] {
        guard count > 0 else { return [] }
        let stream = ["host", "program"].map { field -> Filter in
            guard let value = hit.value(field) else {
                return .negation(of: .test(Test(field: field, kind: .keyword, .exists)))
            }
            // No query can name what is not UTF-8.
            guard let text = String(validating: value, as: UTF8.self) else { return .everything }
            return .test(Test(field: field, kind: .keyword, .exactly(text)))
        }
        let window =
            edge == .newest
            ? TimeSpan(earliest: .min, latest: hit.time) : TimeSpan(earliest: hit.time, latest: .max)
        // Events of the same time may stand on the other side: they take places that have to be there.
        var room = count + 1
        while true {
            var work = SearchWork()
            let scan = Scan(
                snapshot, EventTest(.all(of: stream)), window: window, budget, isAscending: edge == .oldest)
            let events = try scan.run(&work) { [room] in EdgeEvents(edge, limit: room) }
            note(work.partial)
            let beside = try events.result().filter { event in
                let isBefore = (event.time, event.sequence) < (hit.time, hit.sequence)
                return event.sequence != hit.sequence && isBefore == (edge == .newest)
                    && ["host", "program"].allSatisfy { event.value($0) == hit.value($0) }
            }
            if beside.count >= count || !events.isTruncated {
                return edge == .newest ? beside.suffix(count) : Array(beside.prefix(count))
            }
            room *= 2
        }
    }
}

extension Pipeline {
    /// Whether events around the hits were asked for, which no limit takes away again.
    var hasContext: Bool { rest.contains { if case .context = $0 { true } else { false } } }

    /// Whether the order of the events is one of their fields, so that the first ones are those that count.
    var isSorted: Bool {
        if case .sorted = collection { return true }
        return rest.contains { if case .sort = $0 { true } else { false } }
    }
}
