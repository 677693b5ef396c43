package import Index
import Parse

/// One purge, as somebody asks for it.
package struct PurgeOrder: Sendable {
    private let filter: Filter
    private let window: TimeSpan
    private let isDry: Bool
    private let text: String
    private let asked: (since: String?, until: String?)
    private let requester: Requester

    /// - `text`: a query without stages; `*` is everything, and an empty one is refused.
    /// - `since`, `until`: the window as it was asked for; without both, all of time.
    /// - `times`: the clock of its times.
    ///
    /// Throws where the query or its window is none.
    package init(
        _ text: String, since: String?, until: String?, times: TimeExpression, isDry: Bool,
        by requester: Requester, engine: QueryEngine
    ) throws(QueryError) {
        guard text.utf8.contains(where: { $0 > 0x20 }) else {
            throw QueryError(
                .badValue, "a purge needs a query", at: 0..<text.utf8.count, hint: "* is every event")
        }
        let isAll = since == nil && until == nil
        window = isAll ? .everything : try times.window(since: since ?? "1970-01-01", until: until)
        let query = try engine.read(text, window: window, times: times).query
        try query.refuseStages(text)
        filter = query.filter
        self.text = text
        self.isDry = isDry
        self.requester = requester
        asked = (since, until)
    }

    /// Runs it; gives lines of JSON: `{"done":3,"all":96,"day":"…"}`, and at the end `{"result":{…}}` or
    /// `{"error":"…"}`.
    ///
    /// - `now`: nanoseconds since the Unix epoch.
    /// - `note`: takes what the program's own event says, which is never the query.
    package func run(
        _ engine: QueryEngine, now: () -> Int64, isWanted: () -> Bool, note: (String) -> Void,
        _ line: ([UInt8]) -> Void
    ) {
        do {
            let choice = QueryEngine.choice(filter, window: window)
            func progress(_ step: PurgeStep) -> Bool {
                line(PurgeJSON.progress(step.done, of: step.all, "\(step.day)"))
                return isWanted()
            }
            guard !isDry else {
                let result = try engine.store.purgeable(choice, progress: progress)
                return line(PurgeJSON.result(result, isDry: true))
            }
            let record = AuditRecord(
                "purge", query: text, since: asked.since, until: asked.until, by: requester, now: now())
            try engine.store.audit(record)
            let result: PurgeResult
            do { result = try engine.store.purge(choice, progress: progress) } catch {
                try engine.store.audit(record.failed(error, now: now()))
                note("purge: stopped by an error")
                throw error
            }
            try engine.store.audit(record.done(result, now: now()))
            note(
                "purge: \(result.events) events deleted for good, \(result.parts.count) archived parts replaced or deleted"
            )
            line(PurgeJSON.result(result, isDry: false))
        } catch {
            line(PurgeJSON.error(error))
        }
    }
}

extension Query {
    /// Refuses a query that does more than to choose events.
    func refuseStages(_ text: String) throws(QueryError) {
        guard stages.isEmpty else { throw .stages(text) }
    }
}

extension QueryError {
    /// What is wrong with a query that does more than to choose events.
    package static func stages(_ text: String) -> QueryError {
        QueryError(
            .badValue, "a selection of events has no stages", at: 0..<text.utf8.count,
            hint: "leave out what stands behind |")
    }
}
