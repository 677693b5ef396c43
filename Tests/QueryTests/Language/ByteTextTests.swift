import Parse
import Query
import Testing

/// The byte functions against the naive ones, and what the language promises of them.
struct ByteTextTests {
    // A span cannot pass through #expect.
    private func containsOnEdges(_ needle: [UInt8], in value: [UInt8], _ range: Range<Int>) -> Bool {
        ByteText.containsOnEdges(needle, in: value.span, range)
    }
    private func equalsIgnoringCase(_ needle: [UInt8], in value: [UInt8], _ range: Range<Int>) -> Bool {
        ByteText.equalsIgnoringCase(needle, in: value.span, range)
    }
    private func equalsHost(_ needle: [UInt8], in value: [UInt8], _ range: Range<Int>) -> Bool {
        ByteText.equalsHost(needle, in: value.span, range)
    }
    private func equals(_ needle: [UInt8], in value: [UInt8], _ range: Range<Int>) -> Bool {
        ByteText.equals(needle, in: value.span, range)
    }
    private func matchesWhole(_ matcher: GlobMatcher, _ value: [UInt8], _ range: Range<Int>) -> Bool {
        matcher.matchesWhole(value.span, range)
    }
    private func matchesOnEdges(_ matcher: GlobMatcher, _ value: [UInt8], _ range: Range<Int>) -> Bool {
        matcher.matchesOnEdges(value.span, range)
    }

    private func contains(_ needle: String, _ value: String) -> Bool {
        let bytes = Array(value.utf8)
        return containsOnEdges(ByteText.lowercased(needle), in: bytes, 0..<bytes.count)
    }

    @Test(arguments: [
        ("timeout", "a TimeOut, b", true), ("timeout", "timeouts", false), ("timeout", "my_timeout", false),
        ("foo-bar", "x foo-bar.", true),
        ("foo-bar", "foo bar", false), ("10.1.2.3", "from 10.1.2.3:80", true),
        ("10.1.2.3", "110.1.2.3", false),
        ("10.1.2.3", "10.1.2.30", false), ("error:", "error:x", true), ("aa", "aaa aa", true),
        ("b", "", false), ("", "x", true),
        ("[x", "a[x]", true), ("größe", "größe", true), ("gr", "größe", false), ("@", "[", false),
        ("`", "@", false), ("k\u{212A}", "kK", false),
    ])
    func `text is found on token edges`(_ needle: String, _ value: String, _ expected: Bool) {
        #expect(contains(needle, value) == expected)
    }

    @Test func `edges are those of the value, not of the bytes around it`() {
        let bytes = Array("xdocsx".utf8)
        let needle = ByteText.lowercased("docs")
        #expect(containsOnEdges(needle, in: bytes, 1..<5))
        #expect(equalsIgnoringCase(needle, in: bytes, 1..<5))
        #expect(!containsOnEdges(needle, in: bytes, 0..<6))
        #expect(!containsOnEdges(needle, in: bytes, 2..<900))
        #expect(!equals(needle, in: bytes, 9..<13))
    }

    @Test(arguments: [
        ("docs", "docs", true), ("docs", "DOCS.example.org", true), ("docs", "docs2", false),
        ("docs", "a.docs", false),
        ("docs.example", "docs.example.org", false), ("docs.example", "docs.example", true),
        ("", ".x", false), ("", "", true),
    ])
    func `a host is found by its first label`(_ needle: String, _ value: String, _ expected: Bool) {
        let bytes = Array(value.utf8)
        #expect(equalsHost(ByteText.lowercased(needle), in: bytes, 0..<bytes.count) == expected)
    }

    @Test(
        arguments: [
            ("0", 0), ("-1", -1), ("500", 500), ("0.25", 0.25), ("1e3", 1_000), ("12.5E-1", 1.25),
            ("-0.0", -0.0),
            ("9007199254740993", 9_007_199_254_740_992),
            ("123456789012345678901234567890", 1.2345678901234568e29),
            ("1e22", 1e22), ("1e23", 1e23), ("1e400", .infinity), ("1e-400", 0),
            ("1e99999999999999999999", .infinity),
            ("0e99999999999999999999", 0), ("0.30000000000000004", 0.30000000000000004),
        ] as [(String, Double)])
    func `a decimal number is read exactly`(_ text: String, _ value: Double) {
        #expect(Decimal.value(text) == value)
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "5.", "1e", "1e+", "nan", "inf", "-inf", "0x10", " 1", "1 ", "1_000", "1,5",
        "--1", "1.2.3", "1e5.0", "٣", "1\0",
    ])
    func `anything else is no number`(_ text: String) {
        #expect(Decimal.value(text) == nil)
    }

    @Test func `the byte functions agree with the naive ones on random bytes`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let alphabet = Array("aAbB_1. -[@`{\u{E4}".utf8)
        func some(_ count: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: count, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0
            }
        }
        for _ in 0..<30_000 {
            let (value, needle) = (some(0...12), some(0...3))
            let low = Naive.lower(needle)
            let all = 0..<value.count
            let comment = Comment(rawValue: "seed \(seed): \(needle) in \(value)")
            #expect(
                containsOnEdges(low, in: value, all) == Naive.contains(low, in: value), comment)
            #expect(
                equalsIgnoringCase(low, in: value, all) == (Naive.lower(value) == low), comment)
            #expect(equals(needle, in: value, all) == (value == needle), comment)
        }
    }

    @Test func `numbers agree with the standard library on random texts`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let alphabet = Array("0123456789.e-+5".utf8)
        for _ in 0..<30_000 {
            let bytes = (0..<Int.random(in: 0...22, using: &random)).map { index in
                index > 0 && Bool.random(using: &random)
                    ? UInt8.random(in: 48...57, using: &random) : alphabet.randomElement(using: &random) ?? 0
            }
            let mine = Decimal.value(bytes.span, 0..<bytes.count)
            #expect(mine == Naive.decimal(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test func `patterns agree with the naive ones on random bytes`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let alphabet = Array("aAb_. ".utf8)
        func some(_ count: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: count, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0
            }
        }
        for _ in 0..<30_000 {
            let pieces = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                switch Int.random(in: 0..<4, using: &random) {
                case 0: Glob.Piece.any
                case 1: Glob.Piece.one
                default: Glob.Piece.literal(String(decoding: some(0...2), as: UTF8.self))
                }
            }
            let (glob, value) = (Glob(pieces), some(0...10))
            let matcher = GlobMatcher(glob)
            let comment = Comment(rawValue: "seed \(seed): \(pieces) in \(value)")
            let like = Naive.holds(Test(field: "f", kind: .keyword, .like(glob)), value)
            #expect(matchesWhole(matcher, value, 0..<value.count) == like, comment)
            let found = Naive.holds(Test(.matches(glob)), value)
            #expect(matchesOnEdges(matcher, value, 0..<value.count) == found, comment)
            let padded = [0x61] + value + [0x61]
            #expect(matchesOnEdges(matcher, padded, 1..<value.count + 1) == found, comment)
        }
    }
}
