import Hummingbird
import Index
import NIOPosix

/// `/api/v1/archive`: what is archived, and what is to be done with it; docs/http-api.md.
extension HTTPInterface {
    func archives() async throws -> Response {
        let list = try await threads.queries.runIfActive { [engine] in ArchiveOrder.list(engine.store) }
        return json(list)
    }

    func archive(_ request: Request, _ context: ReaderContext) async throws -> Response {
        try refuseForeign(request)
        let parameters = request.uri.queryParameters
        func text(_ name: String) -> String { parameters[Substring(name)].map { String($0) } ?? "" }
        guard let action = ArchiveOrder.Action(rawValue: text("action")) else {
            throw APIError.parameter(
                "action", text("action"), ArchiveOrder.Action.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        guard let before = text("before").isEmpty ? Day(number: .max) : Day(text("before")) else {
            throw APIError.parameter("before", text("before"), "a day like 2012-05-12")
        }
        let (engine, now) = (engine, surroundings.now())
        let rules = try surroundings.retention()
        let all: (@Sendable () throws -> [Day])? = { try rules.daysToArchive(of: engine.store, now: now) }
        let planned = text("before").isEmpty ? all : nil
        let order: ArchiveOrder
        do throws(StoreError) {
            order = try ArchiveOrder(
                action, which: text("which"), before: before, isDry: text("dry_run") == "1",
                takesRestored: text("restored") == "1", now: now, planned: planned)
        } catch {
            throw APIError(status: .badRequest, code: "bad_parameter", message: "\(error)")
        }
        return try job(
            threads.isArchiving, context, "another job is at work on the archive; wait for its end"
        ) {
            lines in order.run(engine.store, lines)
        }
    }

    /// Answers with the lines of a job of which only one may run at a time.
    ///
    /// The answer begins at once; where nobody listens any more, what is done stays done, and the rest is left.
    private func job(
        _ flag: WorkThreads.Flag, _ context: ReaderContext, _ busy: String,
        _ body: @escaping @Sendable (JobLines) -> Void
    ) throws -> Response {
        guard flag.take() else { throw APIError(status: .conflict, code: "busy", message: busy) }
        let channel = AnswerChannel()
        threads.jobs.submit { _ in
            body(JobLines(isWanted: { channel.isWanted }) { _ = channel.send($0) })
            flag.give()
            channel.finish()
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: self.body(of: channel, context))
    }
}
