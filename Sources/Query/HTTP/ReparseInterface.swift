import Hummingbird
import Index
import NIOPosix
package import Parse

/// `POST /api/v1/reparse`: stored lines are read again; docs/http-api.md.
extension HTTPInterface {
    func reparse(_ request: Request, _ context: ReaderContext) async throws -> Response {
        try refuseForeign(request)
        let parameters = request.uri.queryParameters
        func text(_ name: String) -> String? { parameters[Substring(name)].map { String($0) } }
        if text("dry_run") != "1" { try refuseWhileFull() }
        let now = surroundings.now()
        guard let zone = surroundings.zone(text("zone")) else {
            throw APIError.parameter("zone", text("zone") ?? "", "an IANA zone name or an offset like +01:00")
        }
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        let order: ReparseOrder
        do throws(QueryError) {
            order = try ReparseOrder(
                text("where") ?? "", window: try times.window(since: text("since"), until: text("until")),
                times: times, isDry: text("dry_run") == "1", engine: engine)
        } catch {
            throw APIError.query(error, text("where") ?? "")
        }
        let flag = threads.isReparsing
        guard flag.take() else {
            throw APIError(
                status: .conflict, code: "busy", message: "another reparse is at work; wait for its end")
        }
        let channel = AnswerChannel()
        let (engine, parser) = (engine, surroundings.makeParser)
        // The answer begins at once: each line says how far it is, the last one what came of it.
        threads.jobs.submit { _ in
            // Where nobody listens any more, what is done stays done, and the rest is left.
            order.run(engine, parser: parser(), isWanted: { channel.isWanted }) { _ = channel.send($0) }
            flag.give()
            channel.finish()
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: body(of: channel, context))
    }
}

/// One run of reparse, as somebody asks for it.
package struct ReparseOrder: Sendable {
    private let filter: Filter
    private let window: TimeSpan
    private let isDry: Bool

    /// - `text`: a query without stages.
    /// - `times`: the clock of its times.
    ///
    /// Throws where it is none.
    package init(
        _ text: String, window: TimeSpan, times: TimeExpression, isDry: Bool, engine: QueryEngine
    ) throws(QueryError) {
        let query = try engine.read(text, window: window, times: times).query
        try query.refuseStages(text)
        filter = query.filter
        self.window = window
        self.isDry = isDry
    }

    /// Runs it; gives lines of JSON: `{"done":3,"all":96}`, and at the end `{"result":{…}}` or `{"error":"…"}`.
    package func run(
        _ engine: QueryEngine, parser: consuming LineParser, isWanted: () -> Bool,
        _ line: ([UInt8]) -> Void
    ) {
        do {
            var isWhole = true
            let count = try engine.reparse(where: filter, window: window, with: parser, dryRun: isDry) {
                done, all in
                var json = JSONText()
                json.object { json in
                    json.key("done")
                    json.number(done)
                    json.key("all")
                    json.number(all)
                }
                json.endLine()
                line(json.bytes)
                isWhole = isWanted()
                return isWhole
            }
            line(Self.result(count, isWhole: isWhole, isDry: isDry))
        } catch {
            var json = JSONText()
            json.object { json in
                json.key("error")
                json.string("\(error)")
            }
            json.endLine()
            line(json.bytes)
        }
    }

    private static func result(_ count: ReparseCount, isWhole: Bool, isDry: Bool) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("result")
            json.object { json in
                json.key("dry_run")
                json.boolean(isDry)
                json.key("whole")
                json.boolean(isWhole)
                for (name, number) in [
                    ("looked", count.looked), ("changed", count.changed), ("unchanged", count.unchanged),
                    ("other_day", count.otherDay),
                ] {
                    json.key(name)
                    json.number(number)
                }
                for (name, outcomes) in [("before", count.before), ("after", count.after)] {
                    json.key(name)
                    json.object { json in
                        json.key("ok")
                        json.number(outcomes.ok)
                        json.key("partial")
                        json.number(outcomes.partial)
                        json.key("failed")
                        json.number(outcomes.failed)
                    }
                }
            }
        }
        json.endLine()
        return json.bytes
    }
}
