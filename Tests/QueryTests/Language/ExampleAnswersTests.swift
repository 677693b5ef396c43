import Index
import Parse
import Query
import TestSupport
import Testing

/// The examples of the language without stages, over lines that are taken in, stored and read: what each finds.
@Suite(.temporaryDirectory) struct ExampleAnswersTests {
    /// Two hours east of UTC, on 2014-05-13 at noon.
    private static let times = TimeExpression(now: 1_399_975_200_000_000_000) { _ in 7_200 }

    private static func access(
        _ time: String, _ host: String, _ client: String, _ user: String, _ request: String, _ status: Int,
        _ bytes: Int, _ referrer: String = "-", more: String = ""
    ) -> String {
        "<190>1 - \(host) nginx - - - \(client) - \(user) [\(time)] \"\(request) HTTP/1.1\" \(status) \(bytes) "
            + "\"\(referrer)\" \"curl/7.88.1\"\(more)"
    }

    private static func plain(_ pri: Int, _ host: String, _ program: String, _ message: String) -> String {
        "<\(pri)>1 2014-05-13T08:00:00Z \(host) \(program) - - - \(message)"
    }

    private static let morning = "13/May/2014:10:02:11 +0200"

    /// The lines, by the names that the table of answers calls them by.
    private static let lines: KeyValuePairs<String, String> = [
        "ok": access(morning, "docs", "10.1.2.3", "alice", "GET /wiki/Main_Page", 200, 512),
        "error": access(morning, "docs.webplatform.org", "10.1.2.30", "-", "POST /upload", 500, 2_000_000),
        "gateway": access(
            morning, "wiki", "110.1.2.3", "-", "GET /wiki/Special:Search", 502, 10,
            "http://evil.example/?q=a:b", more: " request_time=2.5"),
        "slow": access(morning, "wiki", "2001:db8::7", "-", "GET /slow", 504, 10, more: " request_time=0.7"),
        "missing": access(morning, "Docs", "192.0.2.9", "-", "GET /gone", 404, 300),
        "old": access("12/May/2014:00:30:00 +0200", "wiki", "192.0.2.8", "-", "GET /old", 404, 300),
        "timeout": plain(14, "a", "app", "connect timeout reached"),
        "timeouts": plain(14, "a", "app", "two timeouts"),
        "upstream": plain(14, "a", "app", "upstream timed out"),
        "shuffled": plain(14, "a", "app", "timed and out upstream"),
        "fatal": plain(11, "b", "php-fpm", "PHP Fatal error:  boom"),
        "warned": plain(12, "b", "php-fpm", "slow pool"),
        "calm": plain(14, "b", "php-fpm", "pool ready"),
        "said": plain(14, "a", "app", "he did say \"hi\" twice"),
        "cron": plain(14, "a", "app", "error in a cron job"),
        "plainerror": plain(14, "a", "app", "error of the disk"),
        "crit": plain(14, "a", "app", "crit and more"),
        "foobar": plain(14, "a", "app", "the foo-bar of it"),
        "file": plain(14, "a", "app", "file was not found"),
        "b": plain(14, "a", "letters", "b c"),
        "one": plain(14, "a", "letters", "a"),
        "oom": plain(14, "a", "app", "oom-killer will KILL it"),
        "night": "<11>1 2014-05-13T01:00:00Z n app - - - at night",
        "nobody": plain(14, "a", "app", "{\"user\":\"\",\"n\":1}"),
    ]

    private static let answers: [(Int, String, [String])] = [
        (1, "status:500 host:docs", ["error"]),
        (2, "timeout", ["timeout"]),
        (3, "timeout*", ["timeout", "timeouts"]),
        (4, "*out program:app", ["timeout", "upstream", "shuffled"]),
        (5, "upstream timed out", ["upstream", "shuffled"]),
        (6, "\"upstream timed out\"", ["upstream"]),
        (7, "'PHP Fatal error:'", ["fatal"]),
        (8, "\"say \\\"hi\\\"\"", ["said"]),
        (9, "(error OR crit) program:app", ["cron", "plainerror", "crit"]),
        (10, "error NOT (php OR \"cron job\")", ["plainerror"]),
        (11, "error -disk program:app", ["cron"]),
        (12, "foo-bar", ["foobar"]),
        (13, "file not found", ["file"]),
        (14, "not status:200 has:status", ["error", "gateway", "slow", "missing", "old"]),
        (15, "program:letters (a OR b c)", ["b", "one"]),
        (16, "status:5xx", ["error", "gateway", "slow"]),
        (17, "status:>=400 status:<500", ["missing", "old"]),
        (18, "status:[500 TO 504]", ["error", "gateway", "slow"]),
        (18, "status:{499 TO 505}", ["error", "gateway", "slow"]),
        (18, "status:500..504", ["error", "gateway", "slow"]),
        (19, "status:500,502,504", ["error", "gateway", "slow"]),
        (19, "status:(500 OR 502 OR 504)", ["error", "gateway", "slow"]),
        (20, "status >= 500", ["error", "gateway", "slow"]),
        (21, "request_time:>2s", ["gateway"]),
        (21, "request_time:>2000ms", ["gateway"]),
        (21, "request_time:>2", ["gateway"]),
        (22, "bytes:>1MiB method:POST", ["error"]),
        (23, "level:>=warning program:php-fpm", ["fatal", "warned"]),
        (24, "client_ip:10.0.0.0/8", ["ok", "error"]),
        (25, "client_ip:2001:db8::/32", ["slow"]),
        (26, "10.1.2.3", ["ok"]),
        (27, "client_ip:10.1.*", ["ok", "error"]),
        (28, "path:/wiki/Main_Page", ["ok"]),
        (29, "path:~\"^/wiki/Special:(Search|Export)\"", ["gateway"]),
        (30, "/OOM.*kill/i", ["oom"]),
        (31, "referrer:\"http://evil.example/?q=a:b\"", ["gateway"]),
        (32, "user:alice", ["ok"]),
        (32, "user:* program:nginx", ["ok"]),
        (32, "missing:user program:nginx", ["error", "gateway", "slow", "missing", "old"]),
        (32, "NOT user:* program:nginx", ["error", "gateway", "slow", "missing", "old"]),
        (33, "user:\"\"", ["nobody"]),
        (34, "host:=Docs", ["missing"]),
        (35, "message:\"and\" program:app", ["shuffled", "crit"]),
        (36, "time:2014-05-12 status:404", ["old"]),
        (37, "time:[2014-05-12T22:00Z TO 2014-05-13T02:00Z] level:err", ["night"]),
    ]

    /// One store for all, half of it in segments.
    private func engine() throws -> (Store, QueryEngine) {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            1_399_975_200_000_000_000
        }
        var maker = LineBatch()
        let lines = Self.lines.map { Array($0.value.utf8) }
        let received: Int64 = 1_399_975_200_000_000_000
        try store.append(maker.batch(Array(lines.prefix(lines.count / 2)), received: received))
        store.closePastDays(at: received + 40 * Day.nanoseconds)
        try store.append(maker.batch(Array(lines.dropFirst(lines.count / 2)), received: received))
        return (store, QueryEngine(store))
    }

    @Test func `each example finds the events that it is said to find`() throws {
        let (store, engine) = try engine()
        defer { store.close() }
        for (number, text, expected) in Self.answers {
            // Times in the query choose the window; else two days are looked at.
            var prepared = try engine.prepare(text, asked: nil, times: Self.times)
            if number != 36, number != 37 { prepared.window.earliest = 0 }
            let result = try engine.run(prepared.request(limit: 100))
            guard case .events(let events) = result.rows else { throw Unexpected() }
            let found = events.compactMap { event in
                Self.lines.first { Array($0.value.utf8) == event.raw }?.key
            }
            #expect(
                Set(found) == Set(expected) && found.count == expected.count, "\(number): \(text) \(found)")
        }
        #expect(Set(Self.answers.map(\.0)) == Set(1...37))
    }
}
