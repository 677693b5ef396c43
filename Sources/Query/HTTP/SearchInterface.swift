import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import Parse

/// `/api/v1/search`, and what is asked about queries; docs/http-api.md.
extension HTTPInterface {
    /// Answers a search: whole, with what came of it in the head, or with `all=1` as a stream.
    ///
    /// A reader that hangs up ends the search, wherever it is.
    func search(_ request: Request, _ context: ReaderContext) async throws -> Response {
        let parameters = try await SearchParameters(request, request.body)
        let call = try self.call(parameters)
        let channel = AnswerChannel()
        context.abandonAtClose(channel)
        return parameters.isAll ? try await stream(call, channel, context) : try await whole(call, channel)
    }

    private func whole(_ call: SearchCall, _ channel: AnswerChannel) async throws -> Response {
        let answer = try await threads.queries.runIfActive { [engine] in
            do {
                return try call.answer(engine) { !channel.isWanted }
            } catch let error as QueryError {
                throw APIError.query(error, call.query)
            }
        }
        var headers: HTTPFields = [.contentType: call.form.style.contentType]
        headers[WorkField.matched] = String(answer.work.matched)
        headers[WorkField.truncated] = answer.work.isTruncated ? "true" : "false"
        headers[WorkField.partial] = answer.work.partial ?? "false"
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.bytes)))
    }

    private func stream(
        _ call: SearchCall, _ channel: AnswerChannel, _ context: ReaderContext
    ) async throws -> Response {
        // What is wrong with the query is said in the head.
        try await threads.queries.runIfActive { [engine] in
            do throws(QueryError) {
                _ = try call.canStream(engine)
            } catch {
                throw APIError.query(error, call.query)
            }
        }
        threads.streams.submit { [engine] _ in
            defer { channel.finish() }
            do {
                _ = try call.stream(engine, isCancelled: { !channel.isWanted }) { channel.send($0) }
            } catch {
                _ = channel.send(StreamError.line(error))
            }
        }
        return Response(
            status: .ok, headers: [.contentType: call.form.style.contentType],
            body: body(of: channel, context))
    }

    /// What a channel brings, as the body of an answer.
    ///
    /// A program that is to end waits for no reader: neither for one that goes on, nor for one that has paused.
    func body(of channel: AnswerChannel, _ context: ReaderContext) -> ResponseBody {
        let isStopping = surroundings.isStopping
        return ResponseBody { writer in
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while !isStopping() { try await Task.sleep(for: .milliseconds(200)) }
                        channel.abandon()
                        try await Task.sleep(for: .seconds(2))
                        context.close()
                    }
                    for await part in channel.parts {
                        try await writer.write(part)
                        channel.taken()
                    }
                    group.cancelAll()
                }
                try await writer.finish(nil)
            } catch {
                channel.abandon()
                throw error
            }
        }
    }

    /// The search that the parameters ask for.
    func call(_ parameters: SearchParameters) throws(APIError) -> SearchCall {
        let now = surroundings.now()
        let (zone, times) = try clock(parameters.zone, now)
        return SearchCall(
            parameters.query, asked: try window(parameters.since, parameters.until, times), times: times,
            limit: parameters.limit, now: now, form: parameters.form(zone: zone, now: now),
            timeout: parameters.timeout, wantsMeta: parameters.wantsMeta, isReversed: parameters.isReversed,
            highlights: parameters.colors)
    }

    /// The clock of who asks, by the name of its zone.
    func clock(_ name: String?, _ now: Int64) throws(APIError) -> (ZoneRule, TimeExpression) {
        guard let zone = surroundings.zone(name) else {
            throw APIError.parameter("zone", name ?? "", "an IANA zone name or an offset like +01:00")
        }
        let times = TimeExpression(now: now) { zone.offset(atLocal: $0, received: now / 1_000_000_000) }
        return (zone, times)
    }

    /// The window that two parameters name; nil where neither does.
    func window(
        _ since: String?, _ until: String?, _ times: TimeExpression
    ) throws(APIError) -> TimeSpan? {
        guard since != nil || until != nil else { return nil }
        do {
            return try times.window(since: since, until: until)
        } catch {
            throw APIError(
                status: .badRequest, code: error.code.rawValue,
                message: error.message + (error.hint.map { ": \($0)" } ?? ""), hint: error.hint)
        }
    }
}

/// An error behind the head of an answer, where no status can say it any more.
enum StreamError {
    /// `{"error":…}` and a line end.
    static func line(_ error: any Error) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("error")
            json.string("\(error)")
        }
        json.endLine()
        return json.bytes
    }
}

/// How a search went, in the head of its answer.
private enum WorkField: String {
    /// How many events passed the filter, as far as they were counted.
    case matched = "Wplog-Matched"
    /// `true` where more events match than the limit let through.
    case truncated = "Wplog-Truncated"
    /// Why the answer is not whole; `false` where it is.
    case partial = "Wplog-Partial"
}

extension HTTPFields {
    fileprivate subscript(field: WorkField) -> String? {
        get { HTTPField.Name(field.rawValue).flatMap { self[$0] } }
        set { if let name = HTTPField.Name(field.rawValue) { self[name] = newValue } }
    }
}
