package import Index
package import Parse

/// Answers queries over a store.
///
/// What the command line and HTTP both call.
package struct QueryEngine: Sendable {
    let store: Store

    package init(_ store: Store) { self.store = store }

    /// Everything that the store has taken so far.
    func snapshot() -> StoreSnapshot { store.snapshot() }

    /// Reads a query.
    ///
    /// A field is known when the catalogue has it, a format of this process, or an event of the window.
    package func read(_ text: String, window: TimeSpan) throws(QueryError) -> Query.Reading {
        let snapshot = store.snapshot()
        return try Query.reading(of: text) { name in
            if Fields.table.existing(name) != nil { return .open }
            let isKnown = (try? snapshot.hasField(name) { Scan.overlaps($0, window) }) ?? false
            return isKnown ? .open : nil
        }
    }

    /// Runs a query.
    ///
    /// Blocks the thread: call it where that is allowed.
    package func run(_ request: SearchRequest, _ budget: SearchBudget = SearchBudget()) throws -> SearchResult
    {
        let pipeline = Pipeline(request.query, limit: request.limit)
        var run = QueryRun(pipeline, request, store.snapshot(), budget)
        var rows = try run.collect()
        var stages = ResultStages(window: request.window, zone: request.zone, now: request.now)
        for stage in pipeline.rest {
            if case .context(let before, let after) = stage {
                rows = try run.context(of: rows, before: before, after: after)
            } else {
                rows = try stages.apply(stage, to: rows)
            }
        }
        run.work.partial = run.work.partial ?? stages.partial
        // A sort or dedup may have left more than were asked for.
        if case .events(let events) = rows, events.count > request.limit, !pipeline.hasContext {
            run.work.isTruncated = true
            rows = .events(
                pipeline.isSorted ? Array(events.prefix(request.limit)) : events.suffix(request.limit))
        }
        return SearchResult(rows: rows, work: run.work)
    }

    /// Reads the lines of the events again that `filter` and `window` let through: see `Store.reparse`.
    ///
    /// Blocks the thread for as long as it takes: minutes for millions of events.
    package func reparse(
        where filter: Filter, window: TimeSpan, with parser: consuming LineParser, dryRun: Bool = false,
        progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> ReparseCount {
        let predicate = Predicate(filter)
        let plan = BlockPlan(filter)
        let choice = EventChoice(
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
        return try store.reparse(choice, with: parser, dryRun: dryRun, progress: progress)
    }
}
