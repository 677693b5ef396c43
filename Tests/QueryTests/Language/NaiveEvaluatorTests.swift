import Parse
import Query
import Testing

/// The examples of the language with events behind them; so that the oracle itself is known to be right.
struct NaiveEvaluatorTests {
    private static let event = NaiveEvent(
        raw: Array(
            #"docs.example.org nginx: 10.1.2.3 "GET /wiki/Main_Page" 502 upstream Timed out foo-bar say "hi""#
                .utf8),
        fields: [
            "host": [Array("docs.example.org".utf8)], "status": [Array("502".utf8)], "user": [[]],
            "path": [Array("/wiki/Main_Page".utf8)], "request_time": [Array("2.25".utf8)],
            "client_ip": [Array("10.1.2.3".utf8)],
            "load": [Array("abc".utf8), Array("7.0".utf8)],
        ],
        time: 0, severity: 4)

    @Test(arguments: [
        "status:502 host:docs", "timed", "time*", "*stream", "up*am", "upstream timed out",
        "\"upstream timed out\"", "foo-bar",
        #""say \"hi\"""#, "10.1.2.3", "status:5xx", "status:[502 TO 504]", "status:500,502",
        "request_time:>2s", "level:>=warning",
        "level:warning", "client_ip:10.1.*", "path:/wiki/Main_Page", "path:main_page", "user:*", "user:\"\"",
        "host:=docs.example.org",
        "missing:agent", "NOT crit", "load:7", "load:ABC", "load:>6.5", "status >= 500 -status:503",
        "host:docs*",
        "*", "wiki/",
    ])
    func `a filter lets the event through`(_ text: String) throws {
        #expect(matches(try Query.parse(text, fields: { _ in .open }).filter, Self.event))
        #expect(!matches(.not(try Query.parse(text, fields: { _ in .open }).filter), Self.event))
    }

    @Test(arguments: [
        "status:500", "timeouts", "tim", "\"timed  out\"", "10.1.2.30", "0.1.2.3", "status:4xx",
        "status:{502 TO 504]", "request_time:>2250ms",
        "level:>=err", "level:info", "client_ip:0.1.*", "missing:user", "agent:x", "host:=docs",
        "host:example", "load:8", "load:<7", "path:wik",
        "*wik", "host:docs?", "up*a",
    ])
    func `a filter keeps the event out`(_ text: String) throws {
        #expect(!matches(try Query.parse(text, fields: { _ in .open }).filter, Self.event))
    }
}
