import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import Parse

/// `/api/v1/tail`: events as they come in, as server-sent events; docs/http-api.md.
///
///     id: 4711
///     data: {"id":"2026-11-22-4711",…}
///
/// The id is the number of the event in the store; a reader that comes back says it in `Last-Event-ID`, and goes on
/// behind it. A comment a few seconds apart keeps connections alive. An event of name `skipped` says how many were
/// left out.
extension HTTPInterface {
    /// How long nothing is looked for after the last new event.
    private static let pause = Duration.milliseconds(100)
    private static let keepAlive = Duration.seconds(10)

    func tail(_ request: Request) async throws -> Response {
        let parameters = try await SearchParameters(request, request.body)
        let resume = HTTPField.Name.lastEventID.flatMap { request.headers[$0] } ?? parameters.after
        let call = try self.call(parameters)
        let last = try resume.map { text throws(APIError) in
            guard let number = UInt64(text) else {
                throw APIError.parameter("Last-Event-ID", text, "the id of an event of this stream")
            }
            return number
        }
        let session = try await threads.tails.runIfActive { [engine] in
            do {
                return try TailSession(engine, call, resume: last, rate: parameters.rate)
            } catch let error as QueryError {
                throw APIError.query(error, call.query)
            }
        }
        let threads = self.threads
        let isStopping = surroundings.isStopping
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                var session = session
                var lastWrite = ContinuousClock.now
                while !Task.isCancelled, !isStopping() {
                    if session.isDue {
                        // What is there already is a search, and takes as long as one.
                        let pool = session.hasBacklog ? threads.queries : threads.tails
                        let (next, bytes) = try await pool.runIfActive { [session] in
                            var session = session
                            let bytes = try session.next()
                            return (session, bytes)
                        }
                        session = next
                        if !bytes.isEmpty {
                            try await writer.write(ByteBuffer(bytes: bytes))
                            lastWrite = .now
                        }
                    }
                    if ContinuousClock.now - lastWrite > Self.keepAlive {
                        try await writer.write(ByteBuffer(string: ":\n\n"))
                        lastWrite = .now
                    }
                    if !session.isDue { try await Task.sleep(for: Self.pause) }
                }
                try await writer.finish(nil)
            })
    }
}

extension HTTPField.Name {
    /// WHATWG HTML, §9.2.4.
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")
}
