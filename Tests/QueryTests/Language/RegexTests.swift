import Parse
import Query
import Testing

@testable import Query

/// Regular expressions, from their text to their matches.
struct RegexTests {
    @Test(arguments: [
        ("/OOM.*kill/i", "(?i)OOM.*kill"), ("/a.b/", "a.b"), ("/a.b/mi", "(?im)a.b"),
        ("/a.b/iixsm", "(?imsx)a.b"),
        (#"/a\/b+/"#, "a/b+"), (#"/a\\\/+/"#, #"a\\/+"#), ("~/ab/", "ab"), ("~/ab/i", "(?i)ab"),
        ("~\"a|b c\"", "a|b c"),
        (#"~"say \"hi\" \d\\.""#, #"say "hi" \d\."#), (#"~'\\"'"#, #"\\""#), ("~“a+”", "a+"),
        ("/a (b|c) [)]/", "a (b|c) [)]"),
        ("/größe|ü+/", "größe|ü+"), ("raw:~\"a\"", "a"), ("raw:/a+/", "a+"),
    ])
    func `a regular expression is read`(_ text: String, _ pattern: String) throws {
        #expect(try Query.parse(text) == Query(filter: .test(Test(.regex(pattern)))))
    }

    @Test(arguments: [
        "/var/log/", "/~user/", "~", "~user", "~/bin", "~/bin/y", "/a.b", "/a.b/c", "a/b.*/", "//", "/a.b/ig",
    ])
    func `a text is no regular expression`(_ text: String) throws {
        let query = try Query.parse(text)
        guard case .test(let test) = query.filter else { return #expect(Bool(false)) }
        if case .regex = test.condition { #expect(Bool(false), "\(query)") }
    }

    @Test(arguments: [
        ("host:/^web-\\d+$/i", "host", FieldKind.keyword), ("client_ip:~\"^10\\.\"", "client_ip", .address),
        ("status:~\"^5\"", "status", .number), ("level:~\"err|crit\"", "level", .level),
        ("message:/a.b/", "message", .text),
        ("path:~/a.b/", "path", .text), ("host:(~\"a\")", "host", .keyword),
    ])
    func `a field of any kind but time can be matched`(_ text: String, _ field: String, _ kind: FieldKind)
        throws
    {
        guard case .test(let test) = try Query.parse(text).filter else { return #expect(Bool(false)) }
        #expect(test.field == field && test.kind == kind)
        guard case .regex = test.condition else { return #expect(Bool(false)) }
    }

    private static func outcome(_ pattern: String, _ text: [UInt8]) throws -> GrokOutcome {
        var matcher = ByteRegexMatcher(try ByteRegex(pattern))
        return matcher.match(text.span, 0..<text.count)
    }

    @Test(arguments: [
        ("a.c", "xabcx", true), ("a.c", "xABCx", false), ("(?i)a.c", "xABCx", true), ("^b", "ab", false),
        ("b$", "ab", true),
        ("", "", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("(?m)^b", "a\nb", true),
        ("^$", "", true),
        ("gr[äö]ße", "die größe", true), ("^.{5}$", "größe", false), ("^.ö+.$", "gööß", true),
        ("(?i)GRÖSS", "größs", false),
        (#"\bfoo\b"#, "a foo b", true), (#"(?<=a)b"#, "ab", true), (#"(a)\1"#, "aa", true),
        ("(?x)a b # c", "ab", true),
    ])
    func `a value matches`(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try Self.outcome(pattern, Array(text.utf8)) == (expected ? .matched : .noMatch))
    }

    @Test func `bytes that are no UTF-8 are harmless`() throws {
        let line: [UInt8] = Array("caf".utf8) + [0xE9] + Array(" timeout \u{FC}ber".utf8) + [0xC3, 0, 0xFF]
        // A pattern of ASCII sees bytes.
        #expect(try Self.outcome("caf.*timeout", line) == .matched)
        #expect(try Self.outcome("caf. t", line) == .matched)
        #expect(try Self.outcome("\\x00.$", line) == .matched)
        // One with other characters sees characters.
        #expect(try Self.outcome("über", line) == .matched)
        #expect(try Self.outcome("t.{9,}ü", line) == .noMatch)
        var random = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            for pattern in ["ü|.{3}$", "[ä-ö]+x", "(?i)é", "a.*b"] {
                #expect(try Self.outcome(pattern, bytes) != .limit)
            }
        }
    }

    @Test func `a long value is looked at up to its end`() throws {
        let line = Array(String(repeating: "xä", count: 30_000).utf8) + Array("needle".utf8)
        #expect(try Self.outcome("ne+dle$", line) == .matched)
        #expect(try Self.outcome("äne+dle$", line) == .matched)
        #expect(try Self.outcome("ne+dlex", line) == .noMatch)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["(a+)+$", "(a|aa)+$", "(.*)*b", "(a*)*(b)\\2", "a.*a.*a.*a.*a.*ab"])
    func `a pattern that would take ages gives up`(_ pattern: String) throws {
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: 65_000) + Array("!".utf8)
        let begin = ContinuousClock.now
        #expect(try Self.outcome(pattern, line) != .matched)
        let time = ContinuousClock.now - begin
        #expect(time < .seconds(21))
    }

    @Test func `when its time is used up every value is given up`() throws {
        var matcher = ByteRegexMatcher(try ByteRegex("a"), time: .zero)
        #expect(matcher.match(Array("a".utf8).span, 0..<1) == .limit)
    }

    @Test func `patterns are taken up to their limits`() {
        let limit = RegexLimits.patternBytes
        func text(_ count: Int) -> String { "~\"" + String(repeating: "x", count: count) + "\"" }
        #expect(throws: Never.self) { try Query.parse(text(limit)) }
        #expect(Query.failure(of: text(limit + 1)).contains("has 4097 bytes, the limit is 4096"))
        let many = Array(repeating: "/a.b/", count: QueryLimits.regexes)
        #expect(throws: Never.self) { try Query.parse(many.joined(separator: " ")) }
        #expect(Query.failure(of: (many + ["/a.b/"]).joined(separator: " ")).contains("more than 32 regular"))
        for hostile in [
            "((((a{1,1000}){1,1000}){1,1000}){1,1000})", String(repeating: "(", count: 2_000), "\\C",
            "(*UTF)ü",
        ] {
            _ = try? Query.parse("~\"\(hostile)\"")
        }
    }
}

/// What the index can be asked for a pattern.
struct RegexLiteralsTests {
    private static func text(_ runs: [LiteralRun]) -> String {
        runs.map { run in
            (run.startsOnEdge ? "^" : "") + String(decoding: run.bytes, as: UTF8.self)
                + (run.endsOnEdge ? "$" : "")
        }.joined(separator: "|")
    }

    @Test(arguments: [
        ("OOM.*kill", "OOM|kill"), ("^foo bar$", "^foo bar$"), ("ab*c", "a|c"), ("ab+c", "ab|c"),
        ("ab?c", "a|c"),
        ("ab{2}c", "ab|c"), ("ab{0,2}c", "a|c"), ("a|b", ""), ("x(a|b)y", "x|y"), ("x(ab)y", "x|ab|y"),
        ("x(ab)?y", "x|y"),
        ("x(?:ab)+y", "x|ab|y"), (#"a\.b\d+c"#, "a.b|c"), ("a[b]c", "a|c"), ("a[]b]c", "a|c"),
        ("a[^]]c", "a|c"),
        ("a[[:alpha:]]c", "a|c"), (#"a[\]x]c"#, "a|c"), (#"\bab\b"#, "ab"), ("(?i)ab", "ab"),
        ("(?i:ab)c", "ab|c"),
        ("(?x)a b", ""), ("(?=ab)c", "c"), ("(?!ab)c", "c"), ("(?<=ab)c", "c"), ("(?<n>ab)c", "ab|c"),
        ("(?|a|b)c", ""),
        (#"\Qa*b\E"#, ""), (#"(a)\1"#, ""), ("(*ACCEPT)ab", ""), ("ab(?R)?", ""), ("grün.*ß+", "grün|ß"),
        ("(?i)grün", ""),
        ("aü?b", "a|b"), ("^^ab", "^ab"), ("(^ab|c)d", "d"), ("ab$|c", ""), ("a{,3}b", ""),
        ("a{x}b", "a{x}b"), ("", ""),
        ("^*a", ""), (#"\p{L}ab"#, ""), ("(?#x)ab", ""), ("ab{1}?c", "ab|c"), ("a++b", "a|b"),
        (#"a\/b"#, "a/b"),
    ])
    func `the texts that every match holds are found`(_ pattern: String, _ expected: String) {
        #expect(Self.text(RegexLiterals(pattern).runs) == expected)
    }

    @Test(arguments: [
        ("foo bar baz", false, false, " bar ", "baz"), ("foo bar", true, false, "foo ", "bar"),
        ("foo bar", true, true, "foo bar", nil), ("foo", false, false, nil, nil),
        ("foo", true, false, nil, "foo"),
        (" foo", false, false, nil, "foo"), ("foo.", false, false, nil, nil), ("-", true, true, nil, nil),
    ])
    func `whole terms of a run are those with an edge on both sides`(
        _ text: String, _ startsOnEdge: Bool, _ endsOnEdge: Bool, _ whole: String?, _ open: String?
    ) {
        let run = LiteralRun(bytes: Array(text.utf8), startsOnEdge: startsOnEdge, endsOnEdge: endsOnEdge)
        #expect(run.wholeTerms.map { String(decoding: $0, as: UTF8.self) } == whole)
        #expect(run.openTerm.map { String(decoding: $0, as: UTF8.self) } == open)
    }
}
