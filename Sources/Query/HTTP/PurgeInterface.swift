import Hummingbird
import Index
import NIOPosix
import Parse

/// `POST /api/v1/purge` and `POST /api/v1/retention`: events are deleted for good; docs/http-api.md.
extension HTTPInterface {
    func purge(_ request: Request, _ context: ReaderContext) async throws -> Response {
        try refuseForeign(request)
        let form = try await SearchParameters.form(request, request.body)
        try Self.check(form, ["where", "since", "until", "zone", "dry_run"])
        let now = surroundings.now()
        guard let zone = surroundings.zone(form["zone"]) else {
            throw APIError.parameter("zone", form["zone"] ?? "", "an IANA zone name or an offset like +01:00")
        }
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        let order: PurgeOrder
        do throws(QueryError) {
            order = try PurgeOrder(
                form["where"] ?? "", since: form["since"], until: form["until"], times: times,
                isDry: form["dry_run"] == "1", by: Requester(address: context.address), engine: engine)
        } catch {
            throw APIError.query(error, form["where"] ?? "")
        }
        let (engine, clock, note) = (engine, surroundings.now, surroundings.note)
        return try deletion(context) { channel in
            order.run(
                engine, now: clock, isWanted: { channel.isWanted }, note: { note("purge", $0) },
                { _ = channel.send($0) })
        }
    }

    func retention(_ request: Request, _ context: ReaderContext) async throws -> Response {
        try refuseForeign(request)
        let form = try await SearchParameters.form(request, request.body)
        try Self.check(form, ["dry_run", "force"])
        let order = RetentionOrder(
            try surroundings.retention(), isDry: form["dry_run"] == "1", isForced: form["force"] == "1",
            by: Requester(address: context.address))
        let (engine, now, note) = (engine, surroundings.now, surroundings.note)
        return try deletion(context) { channel in
            order.run(
                engine, now: now, isWanted: { channel.isWanted }, note: { note("retention", $0) },
                { _ = channel.send($0) })
        }
    }

    /// Does one deletion at a time; the answer begins at once, and each line of it says how far the work is.
    private func deletion(
        _ context: ReaderContext, _ body: @escaping @Sendable (AnswerChannel) -> Void
    ) throws(APIError) -> Response {
        let flag = threads.isArchiving
        guard flag.take() else {
            throw APIError(
                status: .conflict, code: "busy",
                message: "another purge, retention or job on the archive is at work; wait for its end")
        }
        let channel = AnswerChannel()
        context.abandonAtClose(channel)
        threads.jobs.submit { _ in
            // Where nobody listens any more, what is done stays done, and the rest is left.
            body(channel)
            flag.give()
            channel.finish()
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: self.body(of: channel, context))
    }

    /// A misspelt parameter must not widen what is deleted.
    private static func check(_ form: [String: String], _ known: [String]) throws(APIError) {
        guard let name = form.keys.sorted().first(where: { !known.contains($0) }) else { return }
        throw APIError(
            status: .badRequest, code: "bad_parameter",
            message:
                "there is no parameter \"\(name.prefix(100))\"; there are \(known.joined(separator: ", "))")
    }
}

extension SearchParameters {
    /// The values of the URL and of a form in the body, by name; an empty one is none.
    static func form(_ request: Request, _ body: RequestBody) async throws -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in try form(request.uri.query ?? "") { values[name] = value }
        if request.headers[.contentType] != nil {
            for (name, value) in try await form(of: request, body) { values[name] = value }
        }
        return values.filter { !$0.value.isEmpty }
    }
}
