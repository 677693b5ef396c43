import Parse
import Query
import Testing

/// The rules of the language beyond its examples.
struct QueryParserTests {
    private static func open(_ name: String) -> FieldKind? {
        ["load", "http", "code"].contains(name) ? .open : nil
    }

    /// Left and right must be the same query.
    @Test(arguments: [
        // Nothing asked for
        ("", "*"), ("  \t\n ", "*"), ("* AND status:500", "status:500"), ("* OR x", "*"), ("NOT *", "NOT *"),
        // Booleans, by name and by sign
        ("a && b || c", "(a AND b) OR c"), ("a||b", "a OR b"), ("a&&b", "\"a&&b\""), ("!a", "NOT a"),
        ("! a", "NOT a"),
        ("NOT NOT a", "a"), ("-!a", "a"), ("((a))", "a"), ("a (b (c d))", "a b c d"),
        ("-(a b)", "NOT (a AND b)"),
        ("a or b and c", "a OR (b AND c)"), ("and or not", "\"and\" OR \"not\""), ("a and", "a \"and\""),
        ("or a", "\"or\" a"), ("not (a b)", "NOT (a b)"), ("not a", "\"not\" a"),
        ("\"AND\"", "\"and\"".uppercased()),
        ("not has:user", "missing:user"), ("not status >= 500", "NOT status:>=500"),
        ("status:(not 500)", "NOT status:500"),
        ("a - b", "a \"-\" b"), ("-1", "NOT \"1\""), ("--since", "\"--since\""), ("!!!", "\"!!!\""),
        ("a !", "a \"!\""),
        // Words and where they end
        ("don't", "\"don't\""), ("'don't stop'", "\"don't stop\""), ("foo\"bar baz\"", "foo \"bar baz\""),
        ("load_extension(x)", "load_extension x"), ("a|count", "a | count"), ("a\u{A0}b", "a b"),
        ("{a b}:c", "\"{a\" \"b}:c\""),
        ("“curly quotes”", "\"curly quotes\""), ("‘single ones’", "\"single ones\""), ("it’s", "\"it’s\""),
        ("^", "\"^\""),
        (#""c:\dir\\x""#, #""c:\\dir\\x""#), (#"'a\"b'"#, #""a\\\"b""#), ("a'b'c", "\"a'b'c\""),
        ("=x", "\"=x\""),
        // Words with colons that name no field
        ("12:30:45", "\"12:30:45\""), ("fe80::1", "\"fe80::1\""),
        ("de:ad:be:ef:00:01", "\"de:ad:be:ef:00:01\""),
        ("http://x/y:z", "\"http://x/y:z\""), ("Error: x", "\"Error:\" x"), ("Foo::bar", "\"Foo::bar\""),
        ("(user: x)", "\"user:\" x"), ("[error]:x", "\"[error]:x\""), ("status=500", "\"status=500\""),
        ("a->b", "\"a->b\""),
        // Wildcards
        ("a**b", "a*b"), ("raw:*", "has:raw"), ("host:doc?", "host:doc?"), ("host:a*,b", "host:a* OR host:b"),
        ("\"a*b\"", "message:\"a*b\" OR \"a*b\"".split(separator: " OR ").last.map(String.init) ?? ""),
        ("/var/log*", "raw:/var/log*"),
        // Field names and aliases
        ("source:a response:200", "host:a status:200"), ("verb:GET url.path:/x", "method:GET path:/x"),
        ("tag:cron severity:err msg:x", "program:cron level:err message:x"), ("@timestamp:*", "has:time"),
        ("client.ip:::1", "client_ip:\"::1\""), ("_msg:\"\"", "message:\"\""), ("has:source", "has:host"),
        // Numbers, units, ranges
        ("status:5XX", "status:5xx"), ("status:50x", "status:[500 TO 510}"),
        ("status:(5xx -503)", "status:5xx -status:503"),
        ("status:(500 502)", "status:500 OR status:502"), ("status>500", "status:>500"),
        ("status:> 500", "status:>500"),
        ("status:{* TO 5e2]", "status:<=500"), ("status:[* TO *]", "status:*..*"),
        ("status:500..*", "status:>=500"),
        ("status:\"500\"", "status:500"), ("status:-1", "status:[-1 TO -1]"),
        ("request_time:>500ms", "request_time:>0.5"),
        ("request_time:<=1m", "request_time:<=60"),
        ("request_time:300us..2m", "request_time:[0.0003 TO 120]"),
        ("bytes:<20kB", "bytes:<20000"), ("bytes:[1KiB TO 1.5gb]", "bytes:[1024 TO 1500000000]"),
        ("bytes:5B", "bytes:5"),
        // Levels
        ("level:error", "level:err"), ("level:3", "level:err"),
        ("level:WARN,crit", "level:warning OR level:crit"),
        ("level > notice", "level:>notice"), ("level:[warning TO crit}", "level:warning OR level:err"),
        // Text, keyword, address, open fields
        ("message:(a OR \"b c\")", "message:a OR message:\"b c\""),
        ("message:(a b)", "message:a AND message:b"),
        ("path:/a,b", "path:\"/a,b\""), ("path:/~user/", "path:\"/~user/\""), ("/~user/", "\"/~user/\""),
        ("host:\"a b\",c", "host:\"a b\" OR host:c"),
        ("host:[x]", "host:\"[x]\""), ("client_ip:2001:db8::1", "client_ip:\"2001:db8::1\""),
        ("path:=/x", "path:=\"/x\""),
        ("load:>5", "load > 5"), ("load:1..5", "load:[1 TO 5]"), ("load:a..b", "load:\"a..b\""),
        ("code:5xx", "code:[500 TO 600}"),
        ("code:\"5xx\"", "code:\"5xx\""), ("http://x", "\"http://x\""), ("http:x", "http:\"x\""),
        ("status:=500", "status:500"),
        // Lucene's plus
        ("+a +\"b c\" +(d) +status:5", "a \"b c\" d status:5"), ("a + b", "a \"+\" b"), ("C++", "\"C++\""),
        // Text that other languages would run
        ("'; DROP TABLE e;--", "\"';\" DROP TABLE \"e;--\""), ("x' UNION SELECT", "\"x'\" UNION SELECT"),
        ("ATTACH", "\"ATTACH\""), ("load_extension(...)", "load_extension \"...\""),
        // Stages
        ("| count", "* | count"), ("a |count by source,response", "a | count by host, status"),
        ("a | count by load , load", "a | count by load"),
        ("a | histogram 60m", "a | histogram 1h"), ("a | histogram 1h30m", "a | histogram 90m"),
        ("a | histogram", "a|histogram"),
    ])
    func `two texts are one query`(_ left: String, _ right: String) throws {
        let (first, second) = (
            try Query.parse(left, fields: Self.open), try Query.parse(right, fields: Self.open)
        )
        // Ranges of levels meet the same events, not the same tree.
        if left.hasPrefix("level:[") {
            return #expect(
                first == Query(filter: .within("level", .from(3).to(5, inclusive: false), kind: .level)))
        }
        #expect(first == second)
    }

    @Test func `an open field keeps the value as it was written`() throws {
        let parsed = try Query.parse("load:0500", fields: Self.open)
        #expect(parsed == Query(filter: .test(Test(field: "load", kind: .open, .equals("0500")))))
    }

    @Test func `a word alone is looked for in the raw line`() throws {
        #expect(try Query.parse("-1") == Query(filter: .not(.text("1"))))
        #expect(try Query.parse("/var/log*") == Query(filter: .pattern(.literal("/var/log"), .any)))
        #expect(try Query.parse("\"a*b\"") == Query(filter: .text("a*b")))
        #expect(
            try Query.parse("| histogram 90m")
                == Query(filter: .everything, stages: [.histogram(step: 5_400_000_000_000)]))
        #expect(
            try Query.parse("a | count by host") == Query(filter: .text("a"), stages: [.count(by: ["host"])]))
    }

    @Test(arguments: [
        ("file not found", "not is searched as a word here; write NOT to exclude what follows"),
        ("status:(500 502)", "status has one value, so a blank between its values is read as OR"),
        ("'tis", "this quote has no partner, so it is searched as a character"),
        (
            "status: 500",
            "status: with nothing behind it is searched as text; status:value asks for the field"
        ),
        ("response=500", "response=… is searched as text; status:value asks for the field"),
    ])
    func `a reading that may surprise is noted`(_ text: String, _ note: String) throws {
        #expect(try Query.reading(of: text).notes.map(\.message) == [note])
    }

    @Test(arguments: [
        "status:500 host:docs", "not status:200", "message:(a b)", "status:(5xx -503)", "it's", "error",
    ])
    func `a plain reading has no notes`(_ text: String) throws {
        #expect(try Query.reading(of: text).notes.isEmpty)
    }
}

/// Limits and hostile texts.
struct QueryLimitsTests {
    private func code(_ text: String) -> QueryError.Code? {
        do throws(QueryError) {
            _ = try Query.parse(text)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `nesting is taken up to its limit`() {
        let limit = QueryLimits.depth
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(code(nested(limit)) == nil)
        #expect(code(nested(limit + 1)) == .tooComplex)
        #expect(code(String(repeating: "NOT ", count: limit) + "a") == nil)
        #expect(code(String(repeating: "NOT ", count: limit + 1) + "a") == .tooComplex)
        #expect(code(String(repeating: "(", count: 10_000)) == .tooComplex)
        #expect(code(String(repeating: "NOT", count: 10_000)) == nil)
        #expect(code(String(repeating: "NOT ", count: 10_000)) == .tooComplex)
        #expect(code(String(repeating: "-(", count: 10_000)) == .tooComplex)
        #expect(code(String(repeating: "!", count: 10_000) + "a") == .tooComplex)
    }

    @Test func `terms are taken up to their limit`() {
        let words = Array(repeating: "w", count: QueryLimits.terms)
        #expect(code(words.joined(separator: " OR ")) == nil)
        #expect(code((words + ["w"]).joined(separator: " OR ")) == .tooComplex)
        #expect(code(Array(repeating: "w", count: 5_000).joined(separator: " OR ")) == .tooComplex)
        #expect(
            code("status:" + Array(repeating: "1", count: QueryLimits.terms + 1).joined(separator: ","))
                == .tooComplex)
    }

    @Test func `text is taken up to its limit`() {
        #expect(code(String(repeating: "x", count: QueryLimits.textBytes)) == nil)
        #expect(code(String(repeating: "x", count: QueryLimits.textBytes + 1)) == .tooComplex)
    }

    @Test(arguments: ["\0", "a\0b", "…", "!?;:,.", "🪵", "e\u{301}", "\u{202E}abc", "\u{FFFD}\u{FFFD}"])
    func `odd characters are searched as text`(_ text: String) throws {
        let found = try Query.parse(text)
        #expect(try Query.parse(found.description) == found)
        #expect(found.filter != .everything)
    }

    @Test func `any bytes are a query or an error`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let spice = Array(
            "\"'()[]{}|:*?~^/\\-+!@=<>.,&  ANDORTOnot5xstatushostlevel\u{201C}\u{2019}\u{A0}".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Int.random(in: 0..<8, using: &random) == 0
                    ? UInt8.random(in: 0...255, using: &random) : spice.randomElement(using: &random) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do throws(QueryError) {
                _ = try Query.parse(text)
            } catch {
                #expect(error.range.upperBound <= text.utf8.count, "seed \(seed): \(text)")
                #expect(error.rendered(query: text).contains("^"), "seed \(seed): \(text)")
            }
        }
    }
}
