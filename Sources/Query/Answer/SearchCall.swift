/// One search as somebody asks for it, on the command line or over HTTP.
package struct SearchCall: Sendable {
    package var query: String
    /// The window that was asked for beside the query; nil leaves it to the query.
    package var asked: TimeSpan?
    /// The clock of who asks.
    package var times: TimeExpression
    /// Events at most.
    package var limit: Int
    /// Nanoseconds since the Unix epoch.
    package var now: Int64
    package var form: OutputForm
    package var timeout: Duration
    /// Whether a last line of JSON says how the search went.
    package var wantsMeta: Bool
    /// Newest first.
    package var isReversed: Bool
    /// Whether matches are underlined.
    package var highlights: Bool

    /// Bytes of an answer that is made whole.
    ///
    /// What is larger has to be streamed.
    package static let answerBytes = 64 << 20
    /// Events of a stream that cannot be one, because they have to be sorted or counted first.
    private static let wholeLimit = 10_000
    /// Bytes that a stream hands on at a time.
    private static let partBytes = 1 << 16

    package init(
        _ query: String, asked: TimeSpan?, times: TimeExpression, limit: Int, now: Int64, form: OutputForm,
        timeout: Duration = .seconds(30), wantsMeta: Bool = false, isReversed: Bool = false,
        highlights: Bool = false
    ) {
        self.query = query
        self.asked = asked
        self.times = times
        self.limit = limit
        self.now = now
        self.form = form
        self.timeout = timeout
        self.wantsMeta = wantsMeta
        self.isReversed = isReversed
        self.highlights = highlights
    }

    /// An answer that was made whole.
    package struct Answer: Sendable {
        package var bytes: [UInt8]
        package var work: SearchWork
    }

    /// Runs the search.
    ///
    /// Blocks the thread. Throws `QueryError`, and what the store throws.
    package func answer(
        _ engine: QueryEngine, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> Answer {
        let start = ContinuousClock.now
        let prepared = try engine.prepare(query, asked: asked, times: times)
        var result = try engine.run(request(prepared), SearchBudget(timeout, isCancelled: isCancelled))
        if isReversed { result.rows = result.rows.map(events: { $0.reversed() }, rows: { $0.reversed() }) }
        var writer = ResultWriter(form(for: prepared))
        var bytes: [UInt8] = []
        switch result.rows {
        case .events(let events):
            var last: FoundEvent?
            for event in events {
                if let marks = result.work.context {
                    if let last, !marks.areNeighbours(last, event) { writer.groupBreak() }
                    writer.append(event, marks.mark(of: event), to: &bytes)
                } else {
                    writer.append(event, to: &bytes)
                }
                last = event
                if bytes.count > Self.answerBytes {
                    result.work.partial =
                        "more than \(Self.answerBytes >> 20) MiB; ask for fewer events, or for all as a stream"
                    break
                }
            }
            writer.finish(to: &bytes)
        case .table(let table): writer.append(table, to: &bytes)
        }
        if wantsMeta {
            bytes += meta(prepared, result.work, took: ContinuousClock.now - start, engine)
        }
        return Answer(bytes: bytes, work: result.work)
    }

    /// Whether the query gives events one by one, so that `stream` can hand them on.
    package func canStream(_ engine: QueryEngine) throws(QueryError) -> Bool {
        Pipeline(try engine.prepare(query, asked: asked, times: times).query, limit: .max).isStream
    }

    /// Runs the search and hands on every event, oldest first, however many there are.
    ///
    /// - `emit`: takes some bytes; false ends the search.
    ///
    /// Blocks the thread. A query that does not give events one by one is answered whole.
    package func stream(
        _ engine: QueryEngine, isCancelled: @escaping @Sendable () -> Bool = { false },
        _ emit: @escaping @Sendable ([UInt8]) -> Bool
    ) throws -> SearchWork {
        let start = ContinuousClock.now
        let prepared = try engine.prepare(query, asked: asked, times: times)
        let pipeline = Pipeline(prepared.query, limit: .max)
        guard pipeline.isStream else {
            var whole = self
            whole.limit = max(limit, Self.wholeLimit)
            let answer = try whole.answer(engine, isCancelled: isCancelled)
            _ = emit(answer.bytes)
            return answer.work
        }
        let output = StreamOutput(form(for: prepared), pipeline.rest, partBytes: Self.partBytes, emit)
        var run = QueryRun(
            pipeline, request(prepared), engine.snapshot(), SearchBudget(timeout, isCancelled: isCancelled))
        try run.stream { block, row in try output.append(block, row) }
        output.finish()
        // What was handed on cannot be taken back, whatever lies ahead.
        try? run.lookAhead()
        if output.isAbandoned { run.work.partial = run.work.partial ?? "cancelled" }
        if wantsMeta {
            _ = emit(meta(prepared, run.work, took: ContinuousClock.now - start, engine))
        }
        return run.work
    }

    /// The line that says how the search went; where it found nothing, with the reasons.
    private func meta(
        _ prepared: PreparedQuery, _ work: SearchWork, took: Duration, _ engine: QueryEngine
    ) -> [UInt8] {
        var meta = AnswerMeta(prepared, work, took: took, now: now)
        if work.matched == 0, work.partial == nil {
            let zeroHits = ZeroHits(engine, window: prepared.window, now: now, zone: form.zone)
            meta.reasons = (try? zeroHits.reasons(Pipeline(prepared.query, limit: 1).filter)) ?? []
        }
        return meta.line
    }

    private func request(_ prepared: PreparedQuery) -> SearchRequest {
        var request = SearchRequest(
            query: prepared.query, window: prepared.window, limit: limit, zone: form.zone, now: now)
        request.looksAhead = prepared.endsNow && wantsMeta
        return request
    }

    /// The form of the answer, with the query's matches underlined where that was asked for.
    func form(for prepared: PreparedQuery) -> OutputForm {
        var form = form
        if highlights { form.highlights = Highlight.all(of: Pipeline(prepared.query, limit: 1).filter) }
        return form
    }
}
