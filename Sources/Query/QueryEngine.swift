package import Index
package import Parse

/// Answers queries over a store.
///
/// What the command line and HTTP both call.
package struct QueryEngine: Sendable {
    let store: Store
    private let saved: SavedQueries
    /// What is said of hosts now.
    let hosts: @Sendable () -> HostRules

    package init(
        _ store: Store, saved: SavedQueries = .none, hosts: @escaping @Sendable () -> HostRules = { .none }
    ) {
        self.store = store
        self.saved = saved
        self.hosts = hosts
    }

    /// Everything that the store has taken so far.
    func snapshot() -> StoreSnapshot { store.snapshot() }

    /// Reads a query.
    ///
    /// A field is known when the catalogue has it, a format of this process, or an event of the window.
    ///
    /// - `times`: the clock of who asks.
    package func read(
        _ text: String, window: TimeSpan, times: TimeExpression = .epoch
    ) throws(QueryError) -> Query.Reading {
        let snapshot = store.snapshot()
        var reading = try Query.reading(
            of: text,
            QueryContext(
                fields: { name in
                    if Fields.table.existing(name) != nil { return .open }
                    let isKnown = (try? snapshot.hasField(name) { Scan.overlaps($0, window) }) ?? false
                    return isKnown ? .open : nil
                },
                spares: { name in
                    let names = (try? snapshot.fieldNames { Scan.overlaps($0, window) }) ?? []
                    return names.filter { $0.hasSuffix("." + name) }.sorted()
                }, times: times, saved: saved))
        reading.query = hosts().widened(reading.query)
        return reading
    }

    /// Reads a query and chooses the window that it looks at.
    ///
    /// - `asked`: the window that was asked for beside the query; nil leaves it to the query.
    package func prepare(
        _ text: String, asked: TimeSpan?, times: TimeExpression
    ) throws(QueryError) -> PreparedQuery {
        // Which fields are known depends on the window, and the window on the times in the query.
        let context = QueryContext(fields: { _ in .open }, times: times, saved: saved)
        let filter = (try? Query.parse(text, context).filter) ?? .everything
        let window = times.window(asked: asked, filter)
        let reading = try read(text, window: window.span, times: times)
        return PreparedQuery(
            query: reading.query, window: window.span, endsNow: window.endsNow, notes: reading.notes)
    }

    /// Runs a query.
    ///
    /// What a damaged archive cannot give is left out, and the result says so. Blocks the thread: call it where that is
    /// allowed.
    package func run(_ request: SearchRequest, _ budget: SearchBudget = SearchBudget()) throws -> SearchResult
    {
        var snapshot = store.snapshot()
        var damage: String?
        while true {
            do {
                var result = try run(request, snapshot, budget)
                result.work.partial = damage ?? result.work.partial
                return result
            } catch let error as StoreError {
                guard case .unreadableBlock(let path, let block, _) = error else { throw error }
                snapshot.leaveOut(path, block: block)
                damage = damage ?? "\(error)"
            }
        }
    }

    private func run(
        _ request: SearchRequest, _ snapshot: StoreSnapshot, _ budget: SearchBudget
    ) throws -> SearchResult {
        let pipeline = Pipeline(request.query, limit: request.limit)
        var run = QueryRun(pipeline, request, snapshot, budget)
        var rows = try run.collect()
        var stages = ResultStages(window: request.window, zone: request.zone, now: request.now)
        for stage in pipeline.rest {
            if stage.isProjection { rows = Self.limited(rows, pipeline, request.limit, &run.work) }
            if case .context(let before, let after, let scope) = stage {
                rows = try run.context(of: rows, before: before, after: after, scope)
            } else {
                rows = try stages.apply(stage, to: rows)
            }
        }
        run.work.partial = run.work.partial ?? stages.partial
        try run.lookAhead()
        rows = Self.limited(rows, pipeline, request.limit, &run.work)
        return SearchResult(rows: rows, work: run.work)
    }

    /// At most so many events: a sort or dedup may have left more than were asked for.
    private static func limited(
        _ rows: SearchResult.Rows, _ pipeline: Pipeline, _ limit: Int, _ work: inout SearchWork
    ) -> SearchResult.Rows {
        guard case .events(let events) = rows, events.count > limit, !pipeline.hasContext, !pipeline.isCounted
        else { return rows }
        work.isTruncated = true
        return .events(pipeline.isSorted ? Array(events.prefix(limit)) : events.suffix(limit))
    }

    /// Reads the lines of the events again that `filter` and `window` let through: see `Store.reparse`.
    ///
    /// Blocks the thread for as long as it takes: minutes for millions of events.
    package func reparse(
        where filter: Filter, window: TimeSpan, with parser: consuming LineParser, dryRun: Bool = false,
        progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> ReparseCount {
        try store.reparse(
            Self.choice(filter, window: window), with: parser, dryRun: dryRun, progress: progress)
    }

    /// The events that `filter` and `window` let through, for work on what is stored.
    static func choice(_ filter: Filter, window: TimeSpan) -> EventChoice {
        let predicate = Predicate(filter)
        let plan = BlockPlan(filter)
        let window = window.intersection(filter.timeHull)
        return EventChoice(
            days: { Scan.overlaps($0, window) },
            blocks: { blocks, view in
                var chosen = try plan.candidates(among: blocks, in: view)
                for (index, block) in blocks.enumerated()
                where block.firstTime > window.latest || block.lastTime < window.earliest {
                    chosen.remove(index)
                }
                return chosen
            },
            events: { try predicate.rows(of: $0, among: try $0.rows(in: window)) })
    }

    /// Reads the query of a rule that holds for good: any field may come, and its times are not those of today.
    package func filter(ofRule text: String) throws(QueryError) -> Filter {
        let query = try Query.parse(text, QueryContext(fields: { _ in .open }, saved: saved))
        try query.refuseStages(text)
        return query.filter
    }
}
