import Testing

@testable import Parse

@Suite struct GrokMatcherTests {
    @Test(
        arguments: [
            ("%{INT:a} %{WORD:b}", "12 x", ["a": "12", "b": "x"]),
            ("(?:%{INT:a}|%{WORD:a})", "x", ["a": "x"]),
            ("(?<a>x)?(?<b>y)?(?<c>z)?", "y", ["b": "y"]),
            ("(?<a>x)?(?<b>y)?(?<c>z)?", "", [:]),
            ("(?<a>)b", "b", ["a": ""]),
            ("%{NUMBER:n:int}", "99999999999999999999", ["n": "99999999999999999999"]),
            (#"(?<q>["']).*\k<q>"#, #""a""#, ["q": "\""]),
            (
                #"%{IP:[source][ip]}:(?<[source][port]>\d+)"#, "10.0.0.1:80",
                ["source.ip": "10.0.0.1", "source.port": "80"]
            ),
            ("(?<a>é{2})x", "ééx", ["a": "éé"]),
            ("a.*^b$", "a\nb", [:]),
        ] as [(String, String, [String: String])])
    func `fields of a match`(_ pattern: String, _ line: String, _ fields: [String: String]) throws {
        #expect(try grokFields(pattern, line) == fields)
    }

    @Test func `a match begins at the first byte, and ends at the last one if told so`() throws {
        #expect(try grokFields("b", "ab", wholeLine: false) == nil)
        #expect(try grokFields("a", "ab", wholeLine: false) == [:])
        #expect(try grokFields("a", "ab", wholeLine: true) == nil)
        #expect(try grokFields("a|ab", "ab", wholeLine: true) == [:])
        #expect(try grokFields("a", "a\n", wholeLine: true) == nil)
    }

    @Test func `only the range given is seen, and offsets count from the first byte of all`() throws {
        let program = try GrokProgram(#"^\b(?<w>\w+)$"#, library: .embedded, wholeLine: true)
        var matcher = GrokMatcher()
        let bytes = Array("xxabcyy".utf8)
        #expect(matcher.match(program, bytes.span, from: 2, to: 5) == .matched)
        #expect(matcher.range(of: 0) == ByteRange(2..<5))
        #expect(matcher.matchEnd == 5)
        for (from, to) in [(-1, 3), (3, 2), (0, 8), (8, 9), (Int.min, Int.max)] {
            #expect(matcher.match(program, bytes.span, from: from, to: to) == .noMatch)
            #expect(matcher.range(of: 0) == nil)
        }
        let none: [UInt8] = []
        #expect(matcher.match(program, none.span, from: 0, to: 0) == .noMatch)
    }

    @Test func `what a match does not set is not left over from the one before`() throws {
        let long = try GrokProgram("(?<a>.)(?<b>.)(?<c>.)", library: .embedded, wholeLine: true)
        let short = try GrokProgram("(?<a>.)(?:(?<b>.)(?<c>.))?", library: .embedded, wholeLine: true)
        var matcher = GrokMatcher()
        let bytes = Array("xyz".utf8)
        #expect(matcher.match(long, bytes.span, from: 0, to: 3) == .matched)
        #expect(
            (0..<3).map { matcher.range(of: $0) } == [ByteRange(0..<1), ByteRange(1..<2), ByteRange(2..<3)])
        #expect(matcher.match(short, bytes.span, from: 1, to: 2) == .matched)
        #expect((-1..<4).map { matcher.range(of: $0) } == [nil, ByteRange(1..<2), nil, nil, nil])
        #expect(matcher.match(long, bytes.span, from: 0, to: 2) == .noMatch)
        #expect(matcher.range(of: 0) == nil)
        #expect(matcher.matchEnd == nil)
    }

    @Test func `any bytes match: no UTF-8 is asked for, and NUL is a byte`() throws {
        let program = try GrokProgram("a%{GREEDYDATA:x}b", library: .embedded, wholeLine: true)
        var matcher = GrokMatcher()
        let bytes: [UInt8] = [97, 0xFF, 0, 0xC3, 10, 0xED, 0xA0, 98]
        #expect(matcher.match(program, bytes.span, from: 0, to: bytes.count) == .matched)
        #expect(matcher.range(of: 0) == ByteRange(1..<7))
    }

    @Test(arguments: ["^(a+)+$", "(a|aa)+$", "(?:a*)*b|(.*)*!x", "(?<x>(?:a?){30}a{30})+c|!", "((a?)+)+\\d"])
    func `a hostile pattern stops at the limit`(_ pattern: String) throws {
        let program = try GrokProgram(pattern, library: .embedded, wholeLine: true)
        var matcher = GrokMatcher()
        var line = [UInt8](repeating: UInt8(ascii: "a"), count: 2_047)
        line.append(UInt8(ascii: "!"))
        #expect(matcher.match(program, line.span, from: 0, to: line.count) != .matched)
        let whole = [UInt8](repeating: UInt8(ascii: "a"), count: 65_536) + line
        #expect(matcher.match(program, whole.span, from: 0, to: whole.count) != .matched)
        // The matcher is as good as new afterwards.
        let plain = try GrokProgram("(?<a>a+)!", library: .embedded, wholeLine: true)
        #expect(matcher.match(plain, line.span, from: 0, to: line.count) == .matched)
        #expect(matcher.range(of: 0) == ByteRange(0..<2_047))
    }

    @Test func `the limit is told from a mismatch`() throws {
        let program = try GrokProgram("^(a+)+$", library: .embedded, wholeLine: true)
        var matcher = GrokMatcher()
        let hostile = [UInt8](repeating: UInt8(ascii: "a"), count: 2_047) + [UInt8(ascii: "!")]
        #expect(matcher.match(program, hostile.span, from: 0, to: hostile.count) == .limit)
        #expect(matcher.range(of: 0) == nil)
        #expect(matcher.match(program, hostile.span, from: 2_046, to: 2_048) == .noMatch)
    }

    @Test func `deep recursion ends at the limit of the stack`() throws {
        let program = try GrokProgram(#"(?<p>\((?:[^()]|\g<p>)*\))"#, library: .embedded, wholeLine: true)
        var matcher = GrokMatcher()
        let open = [UInt8](repeating: UInt8(ascii: "("), count: 60_000) + [UInt8(ascii: ")")]
        #expect(matcher.match(program, open.span, from: 0, to: open.count) == .limit)
        let pair = Array("((a)(b))".utf8)
        #expect(matcher.match(program, pair.span, from: 0, to: pair.count) == .matched)
    }

    @Test func `without machine code the same is matched, and the limit holds`() throws {
        var matcher = GrokMatcher()
        let interpreted = { (pattern: String) in
            try GrokProgram(pattern, library: .embedded, wholeLine: true, origin: "p", machineCode: false)
        }
        let line = Array(
            #"::1 - - [22/Nov/2026:10:56:40 +0000] "GET / HTTP/1.1" 200 531 "" "a \"b\" c" rt=1"#.utf8)
        let fast = try GrokProgram("%{ACCESSLOG}", library: .embedded, wholeLine: true)
        let slow = try interpreted("%{ACCESSLOG}")
        #expect(!slow.compiled)
        #expect(matcher.match(fast, line.span, from: 0, to: line.count) == .matched)
        let expected = slow.captures.indices.map { matcher.range(of: $0) }
        #expect(matcher.match(slow, line.span, from: 0, to: line.count) == .matched)
        #expect(slow.captures.indices.map { matcher.range(of: $0) } == expected)
        #expect(expected.count { $0 != nil } == 10)
        let hostile = [UInt8](repeating: UInt8(ascii: "a"), count: 2_047) + [UInt8(ascii: "!")]
        let evil = try interpreted("^(a+)+$")
        #expect(matcher.match(evil, hostile.span, from: 0, to: hostile.count) == .limit)
    }

    @Test func `threads share a program`() async throws {
        let program = try GrokProgram("%{WORD:w} %{INT:n}", library: .embedded, wholeLine: true)
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var matcher = GrokMatcher()
                    return (0..<500).allSatisfy { round in
                        let line = Array("w\(task) \(round)".utf8)
                        return matcher.match(program, line.span, from: 0, to: line.count) == .matched
                            && matcher.range(of: 1) == ByteRange(3..<line.count)
                    }
                }
            }
            for await good in group { #expect(good) }
        }
    }
}
