import Parse
import Query
import Testing

/// parse → print → parse.
struct QueryPrinterTests {
    @Test(arguments: [
        ("", "*"), ("status:500 host:docs", "status:500 AND host:docs"), ("a OR b c", "a OR b AND c"),
        ("(a OR b) c", "(a OR b) AND c"), ("-(a b)", "NOT (a AND b)"), ("not user:*", "missing:user"),
        ("user:*", "has:user"),
        ("'a \"b\\'", #""a \"b\\""#), ("NOT \"and\"", "NOT \"and\""),
        ("status:5xx bytes:>1kb", "status:5xx AND bytes:>1000"),
        ("level:>=warn", "level:>=warning"), ("status:{1 TO 2.5]", "status:{1 TO 2.5]"),
        ("host:=Docs", "host:=Docs"),
        ("/OOM.*kill/i", #"~"(?i)OOM.*kill""#), (#"path:~"^/w\d\"""#, #"path:~"^/w\\d\"""#),
        (#"/a\/b+/sm"#, #"~"(?ms)a/b+""#), ("client_ip:10.1.2.3/8", "client_ip:10.0.0.0/8"),
        ("client_ip:2001:DB8:0::1", "client_ip:2001:db8::1"),
        ("client_ip:2001:db8:ffff::/33", "client_ip:2001:db8:8000::/33"),
        ("client_ip:::ffff:10.1.2.3", "client_ip:10.1.2.3/32"),
        ("time:>=2014-05-12", "time:[2014-05-12T00:00:00Z TO *]"),
        ("time:2014-05-12", "time:[2014-05-12T00:00:00Z TO 2014-05-12T23:59:59.999999999Z]"),
        ("@timestamp:<1969", "time:[* TO 1968-12-31T23:59:59.999999999Z]"), ("time:*", "has:time"),
        ("/a*", "raw:/a*"), ("10.1.2.3", "10.1.2.3"), ("path:/wiki/Main", "path:/wiki/Main"),
        ("path:/x/", "path:/x/"), ("path:x/", "path:\"x/\""),
        ("| histogram 3600s", "* | histogram 1h"), ("a|count by source,status", "a | count by host, status"),
    ])
    func `the canonical text is fixed`(_ text: String, _ expected: String) throws {
        #expect(try Query.parse(text).description == expected)
    }

    private static let vocabulary = RandomQuery.Vocabulary(
        texts: [
            "timeout", "and", "NOT", "a b", "x\"y\\z", "-v", "*", "10.1.2.3", "status:500", "größe", "/x/",
            "(", "a..b", "~",
        ],
        fields: [
            ("host", .keyword, ["docs", "a b", "5xx", "", "or", "x,y"]),
            ("status", .number, ["500", "404.5", "-1"]),
            ("bytes", .number, ["0", "123456789012345678", "1e300", "0.000001"]), ("level", .level, ["0"]),
            ("path", .text, ["/wiki/Main_Page", "", "/~user/", "a:b", "/x/"]),
            ("client_ip", .address, ["10.0.0.1", "::1", "2001:DB8::7", "10.0.0.0/8"]),
            ("time", .time, ["0", "1399888931500000001", "-86400000000000"]), ("received", .time, ["1"]),
            ("load", .open, ["5", "abc", "5xx", "1..2", "", "=x", "10.0.0.0/8", "10.0.0.0/99"]),
            ("message", .text, ["and", "PHP Fatal error:", "/a.b/"]),
        ])

    private static func fields(_ name: String) -> FieldKind? { name == "load" ? .open : nil }

    @Test func `random trees survive printing and parsing`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = RandomQuery(Self.vocabulary, seed: seed)
        for round in 0..<10_000 {
            let stages: [[Stage]] = [
                [], [.count(by: ["host", "load"])], [.histogram(step: Int64(round + 1) * 1_000_000)],
            ]
            let made = Query(filter: random.filter(), stages: stages[round % 3])
            let printed = made.description
            let parsed = try? Query.parse(printed, fields: Self.fields)
            #expect(parsed == made, "seed \(seed): \(printed)")
        }
    }

    @Test func `random texts survive parsing, printing and parsing`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let pieces = [
            "a", "b*", "?c", "\"x y\"", "'q'", " ", " ", " ", "(", ")", " AND ", " OR ", " NOT ", "-", "!",
            "not ", " or ", "&&",
            "||", "status:", "host:", "path:", "level:", "load:", "raw:", "has:", "missing:user", "500",
            "5xx",
            "err", ">=", "<",
            "[1 TO 2]", "{1 TO *}", "1..2", ",", "=", "/wiki/x", "/", "+", "10.1.2.3", ":", "~", "“z”",
            "don't", "| count", "\\", "*", "time:", "received:", "2014-05-12", "10:00", "15m", "[2h TO 1h]",
            "client_ip:", "10.1.2.3/8", "::1", "2001:DB8::/33", "~\"a.b\\\\d\"", "/a.b/i", "/x+y/", "@",
            "\u{FC}.",
        ]
        var parsed = 0
        for _ in 0..<25_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            guard let first = try? Query.parse(text, fields: Self.fields) else { continue }
            parsed += 1
            let printed = first.description
            let second = try? Query.parse(printed, fields: Self.fields)
            #expect(second == first, "seed \(seed): \(text) → \(printed)")
            #expect(second?.description == printed, "seed \(seed): \(text)")
        }
        #expect(parsed > 6_000, "seed \(seed)")
    }

    @Test func `lists and groups at the depth limit can be printed and parsed again`() throws {
        for inner in ["status:500,502 x", "status:(5xx 4xx -503)", "NOT status:(500 502)"] {
            let deep = (0...QueryLimits.depth).compactMap { depth in
                try? Query.parse(
                    String(repeating: "(a OR b ", count: depth) + inner + String(repeating: ")", count: depth)
                )
            }
            #expect(deep.count > QueryLimits.depth - 4)
            for query in deep { #expect(try Query.parse(query.description) == query) }
        }
    }
}
