import Parse
import Query
import Testing

/// Short ways to write trees.
extension Filter {
    static func text(_ text: String, in field: String = "raw") -> Filter {
        .test(Test(field: field, .contains(text)))
    }
    static func pattern(_ pieces: Glob.Piece...) -> Filter { .test(Test(.matches(Glob(pieces)))) }
    static func keyword(_ field: String, _ condition: Condition) -> Filter {
        .test(Test(field: field, kind: .keyword, condition))
    }
    static func within(_ field: String, _ bounds: Bounds, kind: FieldKind = .number) -> Filter {
        .test(Test(field: field, kind: kind, .within(bounds)))
    }
    static func network(_ text: String) -> Filter {
        Network(text).map { .test(Test(field: "client_ip", kind: .address, .network($0))) } ?? .everything
    }
    static func during(_ earliest: Int64, _ latest: Int64, in field: String = "time") -> Filter {
        let span = TimeSpan(earliest: earliest, latest: latest)
        return .test(Test(field: field, kind: .time, .during(span)))
    }
    static func number(_ field: String, _ value: Double) -> Filter { within(field, .from(value).to(value)) }
}

extension Bounds {
    static func from(_ value: Double, inclusive: Bool = true) -> Bounds {
        Bounds(lower: .init(value, inclusive: inclusive))
    }
    static func upTo(_ value: Double, inclusive: Bool = true) -> Bounds {
        Bounds(upper: .init(value, inclusive: inclusive))
    }
    func to(_ value: Double, inclusive: Bool = true) -> Bounds {
        Bounds(lower: lower, upper: .init(value, inclusive: inclusive))
    }
}

extension Query {
    /// The whole error text of a query that must fail.
    static func failure(of text: String, _ context: QueryContext = QueryContext()) -> String {
        do throws(QueryError) {
            return "parsed as: \(try Query.parse(text, context))"
        } catch {
            return error.rendered(query: text)
        }
    }
}

/// The 42 examples of the language's description.
struct QueryExamplesTests {
    struct Example: CustomTestStringConvertible {
        let number: Int
        let text: String
        let filter: Filter
        let stages: [Stage]
        init(_ number: Int, _ text: String, _ filter: Filter, _ stages: [Stage] = []) {
            (self.number, self.text, self.filter, self.stages) = (number, text, filter, stages)
        }
        var testDescription: String { "\(number): \(text)" }
    }

    static let serverErrors = Filter.within("status", .from(500).to(600, inclusive: false))
    static let some500s = Filter.within("status", .from(500).to(504))
    static let three500s = Filter.or([.number("status", 500), .number("status", 502), .number("status", 504)])
    static let hasUser = Filter.keyword("user", .exists)

    static let readable: [Example] = [
        Example(
            1, "status:500 host:docs", .and([.number("status", 500), .keyword("host", .equals("docs"))])),
        Example(2, "timeout", .text("timeout")),
        Example(3, "timeout*", .pattern(.literal("timeout"), .any)),
        Example(4, "*out", .pattern(.any, .literal("out"))),
        Example(5, "upstream timed out", .and([.text("upstream"), .text("timed"), .text("out")])),
        Example(6, "\"upstream timed out\"", .text("upstream timed out")),
        Example(7, "'PHP Fatal error:'", .text("PHP Fatal error:")),
        Example(8, #""say \"hi\"""#, .text("say \"hi\"")),
        Example(9, "error OR crit", .or([.text("error"), .text("crit")])),
        Example(
            10, "error NOT (nginx OR \"cron job\")",
            .and([.text("error"), .not(.or([.text("nginx"), .text("cron job")]))])),
        Example(11, "error -timeout", .and([.text("error"), .not(.text("timeout"))])),
        Example(12, "foo-bar", .text("foo-bar")),
        Example(13, "file not found", .and([.text("file"), .text("not"), .text("found")])),
        Example(14, "not status:200", .not(.number("status", 200))),
        Example(15, "a OR b c", .or([.text("a"), .and([.text("b"), .text("c")])])),
        Example(16, "status:5xx", serverErrors),
        Example(
            17, "status:>=400 status:<500",
            .and([.within("status", .from(400)), .within("status", .upTo(500, inclusive: false))])),
        Example(18, "status:[500 TO 504]", some500s),
        Example(
            18, "status:{499 TO 505}",
            .within("status", .from(499, inclusive: false).to(505, inclusive: false))
        ),
        Example(18, "status:500..504", some500s),
        Example(19, "status:500,502,504", three500s),
        Example(19, "status:(500 OR 502 OR 504)", three500s),
        Example(20, "status >= 500", .within("status", .from(500))),
        Example(21, "request_time:>2s", .within("request_time", .from(2, inclusive: false))),
        Example(21, "request_time:>2000ms", .within("request_time", .from(2, inclusive: false))),
        Example(21, "request_time:>2", .within("request_time", .from(2, inclusive: false))),
        Example(
            22, "bytes:>1MiB method:POST",
            .and([.within("bytes", .from(1_048_576, inclusive: false)), .keyword("method", .equals("POST"))])),
        Example(
            23, "level:>=warning program:php-fpm",
            .and([.within("level", .from(3), kind: .level), .keyword("program", .equals("php-fpm"))])),
        Example(24, "client_ip:10.0.0.0/8", .network("10.0.0.0/8")),
        Example(25, "client_ip:2001:db8::/32", .network("2001:db8::/32")),
        Example(26, "10.1.2.3", .text("10.1.2.3")),
        Example(
            27, "client_ip:10.1.*",
            .test(Test(field: "client_ip", kind: .address, .like(Glob([.literal("10.1."), .any]))))),
        Example(28, "path:/wiki/Main_Page", .text("/wiki/Main_Page", in: "path")),
        Example(
            29, "path:~\"^/wiki/Special:(Search|Export)\"",
            .test(Test(field: "path", .regex("^/wiki/Special:(Search|Export)")))),
        Example(30, "/OOM.*kill/i", .test(Test(.regex("(?i)OOM.*kill")))),
        Example(
            31, "referrer:\"http://evil.example/?q=a:b\"", .text("http://evil.example/?q=a:b", in: "referrer")
        ),
        Example(32, "user:*", hasUser),
        Example(32, "missing:user", .not(hasUser)),
        Example(32, "NOT user:*", .not(hasUser)),
        Example(33, "user:\"\"", .keyword("user", .equals(""))),
        Example(34, "host:=Docs", .keyword("host", .exactly("Docs"))),
        Example(35, "message:\"and\"", .text("and", in: "message")),
        // Two hours east of UTC: see the test.
        Example(
            36, "time:2014-05-12 status:404",
            .and([.during(1_399_845_600_000_000_000, 1_399_931_999_999_999_999), .number("status", 404)])),
        Example(
            37, "time:[2014-05-12T22:00Z TO 2014-05-13T02:00Z] level:err",
            .and([
                .during(1_399_932_000_000_000_000, 1_399_946_400_000_000_000),
                .within("level", .from(4).to(4), kind: .level),
            ])),
        Example(
            38, "_parse:failed | patterns | head 20", .keyword("parse", .equals("failed")),
            [.patterns(newSince: nil), .head(20)]),
        Example(
            39, "status:404 | top 10 path", .number("status", 404),
            [.top(10, fields: ["path"], isRare: false)]),
        Example(
            40, "vhost:docs* | stats count, p50(request_time), p95(request_time) by vhost | sort -p95",
            .keyword("vhost", .like(Glob([.literal("docs"), .any]))),
            [
                .aggregate(
                    Aggregation(
                        [
                            AggregateFunction(.count), AggregateFunction(.p50, "request_time"),
                            AggregateFunction(.p95, "request_time"),
                        ], by: ["vhost"])),
                .sort([SortKey("p95(request_time)", isDescending: true)]),
            ]),
        Example(
            41, "status:5xx | histogram 5m by host", serverErrors,
            [
                .aggregate(
                    Aggregation([AggregateFunction(.count)], by: ["host"], step: .fixed(300_000_000_000)))
            ]),
        Example(
            42, "level:err | diff 1d", .within("level", .from(4).to(4), kind: .level),
            [.diff(86_400_000_000_000)]),
    ]

    @Test(arguments: readable)
    func `an example is read as described`(_ example: Example) throws {
        let context = QueryContext(times: TimeExpression(now: 0, zone: { _ in 7_200 }))
        let query = try Query.parse(example.text, context)
        #expect(query == Query(filter: example.filter, stages: example.stages))
        #expect(try Query.parse(query.description) == query)
    }

    @Test func `all 42 examples stand in the table`() {
        #expect(Set(Self.readable.map(\.number)) == Set(1...42))
    }
}
