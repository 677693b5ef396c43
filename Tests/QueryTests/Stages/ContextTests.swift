import Index
import Parse
import TestSupport
import Testing

@testable import Query

/// Events around those that were found: whose they are, and what they are shown as.
@Suite(.temporaryDirectory) struct ContextTests {
    private static let now = LineBatch.received
    private static let request = "0123456789abcdef"

    /// One line a second; two of the request stand far from the third, one of them on another host.
    private static let lines = [
        "lb1 nginx - - - 192.0.2.1 - - [22/Nov/2026:11:00:00 +0000] \"GET /a HTTP/1.1\" 502 10 \"-\" \"c\" rid=\(request)",
        "web1 app - - - a0", "web1 app - - - a1", "web1 cron - - - c0", "web2 app - - - other host",
        "web1 app - - - a2", "web1 app - - - {\"request_id\":\"\(request)\",\"message\":\"hit rid\"}",
        "web2 app - - - b0", "web1 cron - - - c1",
        "web1 app - - - a3", "web1 app - - - a4", "web1 sshd - - - s0",
        "web1 app - - - {\"request_id\":\"\(request)\",\"message\":\"j\"}",
        "web1 app - - - hit again",
    ]

    private static func engine() throws -> QueryEngine {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) { now }
        var maker = LineBatch()
        for (number, line) in lines.enumerated() {
            let time = TimeText.utc(now - 3_600_000_000_000 + Int64(number) * 1_000_000_000)
            try store.append(maker.batch([Array("<13>1 \(time) \(line)".utf8)]))
            if number == 5 { store.closePastDays(at: now + 40 * Day.nanoseconds) }
        }
        return QueryEngine(store)
    }

    /// The numbers of the lines that a query shows: `*` behind those that were found, `+` behind those of a request, and
    /// `--` where something was left out between two.
    private static func shown(_ query: String, _ engine: QueryEngine, since: String = "2h") throws -> String {
        let times = TimeExpression(now: now) { _ in 0 }
        let call = SearchCall(
            query, asked: try times.asked(since: since, until: nil), times: times, limit: 10, now: now,
            form: OutputForm(.json))
        let prepared = try engine.prepare(query, asked: call.asked, times: times)
        let result = try engine.run(prepared.request(limit: 10))
        guard case .events(let events) = result.rows, let marks = result.work.context else {
            throw Unexpected()
        }
        var words: [String] = []
        for (index, event) in events.enumerated() {
            if index > 0, !marks.areNeighbours(events[index - 1], event) { words.append("--") }
            let sign =
                switch marks.mark(of: event) {
                case .match: "*"
                case .context: ""
                case .request: "+"
                }
            words.append("\(event.sequence - 1)\(sign)")
        }
        return words.joined(separator: " ")
    }

    @Test(arguments: [
        // The host's programs, and all of the request, wherever it is.
        ("hit rid | context before 2 after 1", "0+ -- 3 5 6* 8 -- 12+"),
        ("hit rid | context 0", "0+ -- 6* -- 12+"),
        // What is near and of the request.
        ("hit rid | context after 5", "0+ -- 6* 8 9 10 11 12+"),
        ("hit rid | context before 2 of program", "0+ -- 2 5 6* -- 12+"),
        ("hit rid | context 2 of all", "0+ -- 4 5 6* 7 8 -- 12+"),
        ("hit | context before 1", "0+ -- 5 6* -- 12+ 13*"),
        ("hit again | context before 1", "12 13*"),
        ("a1 OR c0 | context before 1", "1 2* 3*"),
        ("a0 OR a3 | context after 1 of program", "1* 2 -- 9* 10"),
    ])
    func `whose events are shown`(_ query: String, _ expected: String) throws {
        let engine = try Self.engine()
        defer { engine.store.close() }
        #expect(try Self.shown(query, engine) == expected)
    }

    @Test func `lines of the request come from the window alone`() throws {
        let engine = try Self.engine()
        defer { engine.store.close() }
        // From the second line on; what stands next to a match may lie outside.
        #expect(
            try Self.shown("hit rid | context before 1", engine, since: "2026-11-22T11:00:01Z")
                == "5 6* -- 12+")
        #expect(
            try Self.shown("hit rid | context before 1", engine, since: "2026-11-22T11:00:06Z")
                == "5 6* -- 12+")
    }

    @Test func `programs are told which is which`() throws {
        let engine = try Self.engine()
        defer { engine.store.close() }
        let times = TimeExpression(now: Self.now) { _ in 0 }
        func lines(_ style: OutputStyle) throws -> [String] {
            let call = SearchCall(
                "hit rid | context before 1", asked: nil, times: times, limit: 10, now: Self.now,
                form: OutputForm(style))
            return String(decoding: try call.answer(engine).bytes, as: UTF8.self).split(separator: "\n").map {
                String($0)
            }
        }
        let json = try lines(.json)
        #expect(json.map { $0.contains(#""_context":true"#) } == [true, true, false, true])
        #expect(json.map { $0.contains(#""_request":true"#) } == [true, false, false, true])
        #expect(
            try lines(.logfmt).map { $0.hasSuffix(" _context=true _request=true") } == [
                true, false, false, true,
            ])
        #expect(try lines(.raw).map { $0 == "--" } == [false, true, false, false, true, false])
    }
}
