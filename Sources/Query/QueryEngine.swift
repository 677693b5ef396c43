package import Index
package import Parse

/// Answers queries over a store.
///
/// What the command line and HTTP both call.
package struct QueryEngine: Sendable {
    private let store: Store

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
        let scan = Scan(store.snapshot(), request, budget)
        var work = SearchWork()
        switch request.query.stages.first {
        case nil:
            var newest = NewestEvents(limit: request.limit)
            try scan.run(
                &work, wants: { newest.wants($0) }, body: { try newest.add(try $0.reader(), $0.rows) },
                endDay: { try newest.endDay() })
            work.isTruncated = newest.isTruncated
            return SearchResult(rows: .events(newest.result), work: work)
        case .count(let fields):
            var counts = CountByFields(fields)
            try scan.run(&work) { block in
                try counts.add(block)
            }
            if counts.isTruncated { work.partial = "more than \(CountByFields.groupLimit) groups" }
            return SearchResult(rows: .table(counts.table), work: work)
        case .histogram(let step):
            var histogram = Histogram(step: step, window: request.window)
            try scan.run(&work) { block in
                try histogram.add(block)
            }
            return SearchResult(rows: .table(histogram.table), work: work)
        }
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
