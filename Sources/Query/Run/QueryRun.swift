import Index
import Parse

/// One query on its way over a snapshot.
struct QueryRun {
    private let pipeline: Pipeline
    private let test: EventTest
    let request: SearchRequest
    let snapshot: StoreSnapshot
    let budget: SearchBudget
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

    /// Says what passes and lies ahead of a window that ends now.
    ///
    /// Reads only the blocks that reach behind its end.
    mutating func lookAhead() throws {
        guard request.looksAhead, work.partial == nil, let first = request.window.latest.plus(1) else {
            return
        }
        let window = TimeSpan(earliest: first, latest: .max)
        let functions = [AggregateFunction(.count), AggregateFunction(.max, "time")]
        var aside = SearchWork()
        let groups = try Scan(snapshot, test, window: window, budget).run(&aside) {
            Aggregator(Aggregation(functions, by: ["host"]), window: window, zone: .utc, now: .max)
        }
        work.ahead = EventsAhead(groups.table, now: request.now)
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

    mutating func note(_ partial: String?) { work.partial = work.partial ?? partial }
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
