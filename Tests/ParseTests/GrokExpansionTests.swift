import Testing

@testable import Parse

@Suite struct GrokExpansionTests {
    struct Case: CustomTestStringConvertible {
        let pattern: String
        let regex: String

        init(_ pattern: String, _ regex: String) {
            self.pattern = pattern
            self.regex = regex
        }

        var testDescription: String { pattern }
    }

    static let library: PatternLibrary = {
        var library = PatternLibrary()
        try? library.add(fileName: "t", bytes: Array("A a|b\nB %{A}+\nC %{A:x}\n".utf8))
        return library
    }()

    @Test(arguments: [
        // References.
        Case("%{A}", "(?:a|b)"), Case("%{A:f}", "(?<g1>a|b)"), Case("%{B:f}!", "(?<g1>(?:a|b)+)!"),
        Case("%{C}%{A:x}", "(?:(?<g1>a|b))(?<g2>a|b)"), Case("100%", "100%"), Case("%%{A}", "%(?:a|b)"),
        Case(#"\%{2}"#, #"\%{2}"#), Case("[%{A}]", #"[\%A\{\}]"#),
        // Groups.
        Case("(?<n>x)", "(?<g1>x)"), Case("(?<[a][b]>x)", "(?<g1>x)"), Case("(?'n'x)", "(?<g1>x)"),
        Case(#"(?<n>x)\k<n>"#, #"(?<g1>x)\k<g1>"#),
        Case("(?<=x)(?<!y)(?=z)(?!w)(?>v)", "(?<=x)(?<!y)(?=z)(?!w)(?>v)"),
        Case("a(?#note ( )b", "ab"), Case("(?m:.)", "(?s:.)"), Case("(?i-m:x)", "(?i-s:x)"),
        Case("a(?i)b|c", "a(?i:b|c)"), Case("(a(?i)b)c", "(a(?i:b))c"), Case("(?x) a b # c (\n d", "(?:abd)"),
        // Nested classes and intersections.
        Case("[[[:alnum:]]_]", #"[0-9A-Z\_a-z]"#), Case("[a[c-e]g]", "[ac-eg]"),
        Case("[a-z&&[^aeiou]]", "[b-df-hj-np-tv-z]"),
        Case("[^[a-c]]", "[^a-c]"), Case("[[^b]&&[a-c]]", "[ac]"), Case("[]a]", #"[\]a]"#),
        Case("[^]a]", #"[^\]a]"#),
        Case("[a-]", #"[\-a]"#), Case(#"[\w-.]"#, #"[\-\.0-9A-Z\_a-z]"#), Case("[[:^digit:]&&[0-9a]]", "[a]"),
        Case("[a&&b]", "(?!)"), Case("[^a&&b]", #"[\x00-\xff]"#), Case(#"[\x41\t\101]"#, #"[\x09A]"#),
        Case(#"[\]\[]"#, #"[\[\]]"#), Case("[*(+?]", #"[\(\*-\+\?]"#.replacing("-", with: "")),
        // \h is a hex digit.
        Case(#"\h"#, "[0-9A-Fa-f]"), Case(#"\H+"#, "[^0-9A-Fa-f]+"), Case(#"[\h-]"#, #"[\-0-9A-Fa-f]"#),
        Case(#"\\h"#, #"\\h"#),
        // A quantifier behind a quantifier.
        Case("a?*", "(?:a?)*"), Case("a+*", "(?:a+)*"), Case("(?:ab)?*c", "(?:(?:ab)?)*c"),
        Case("[ab]**", "(?:[ab]*)*"),
        Case("a*?", "a*?"), Case("a*+", "a*+"), Case("a?+b", "a?+b"), Case("a*+*", "(?:a*+)*"),
        // {n,m}+ is not possessive, {n}? not lazy, {,n} begins at 0.
        Case("a{1,2}+", "(?:a{1,2})+"), Case("a{2}+", "(?:a{2})+"), Case("a{2}?", "(?:a{2})?"),
        Case("a{1,2}?", "a{1,2}?"),
        Case("%{A}{2,}+", "(?:(?:a|b){2,})+"), Case("a{,3}", "a{0,3}"), Case("a{", #"a\{"#),
        Case("a{x}", #"a\{x}"#),
        Case("{1}x".replacing("1", with: "y"), #"\{y}x"#), Case(#"\d{2}+"#, #"(?:\d{2})+"#),
        // Characters of several bytes, escapes, quoting.
        Case("é+", "(?:é)+"), Case(#"\v"#, #"\x0b"#), Case(#"\[\(\)\]"#, #"\[\(\)\]"#),
        Case(#"\Qa.b\E+"#, #"a\.b+"#),
        Case(#"\p{Alnum}"#, "[0-9A-Za-z]"), Case(#"\p{^digit}"#, #"[\x00-\/\:-\xff]"#),
        Case(#"\w+\b$"#, #"\w+\b$"#),
    ])
    func `grok text becomes this regular expression`(_ test: Case) throws {
        let program = try GrokProgram(test.pattern, library: Self.library, wholeLine: false)
        #expect(program.regex == test.regex)
    }

    @Test func `fields, types and order`() throws {
        let program = try GrokProgram(
            "%{INT:[http][status]:int} %{NUMBER:t:float} (?<w>x)(?:%{WORD:a}|%{INT:a:long}) %{INT:b:boolean}",
            library: .embedded, wholeLine: true)
        #expect(
            program.captures == [
                GrokCapture(field: "http.status", type: .integer), GrokCapture(field: "t", type: .number),
                GrokCapture(field: "w", type: nil), GrokCapture(field: "a", type: .integer),
                GrokCapture(field: "b", type: .boolean),
            ])
    }

    /// A class built at random, as text and as the set that it must mean.
    private func randomClass(
        _ random: inout some RandomNumberGenerator, depth: Int
    ) -> (text: String, set: Set<UInt8>) {
        var text = ""
        var set: Set<UInt8> = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            switch Int.random(in: 0..<(depth < 3 ? 6 : 4), using: &random) {
            case 0:
                let byte = UInt8.random(in: 97...122, using: &random)
                text += String(UnicodeScalar(byte))
                set.insert(byte)
            case 1:
                let low = UInt8.random(in: 48...52, using: &random)
                let high = UInt8.random(in: 53...57, using: &random)
                text += "\(UnicodeScalar(low))-\(UnicodeScalar(high))"
                set.formUnion(low...high)
            case 2:
                text += #"\h"#
                set.formUnion(Array("0123456789abcdefABCDEF".utf8))
            case 3:
                text += "[:punct:]"
                set.formUnion((33...126).filter { !isNameByte($0) || $0 == 95 })
            default:
                let inner = randomClass(&random, depth: depth + 1)
                text += inner.text
                set.formUnion(inner.set)
            }
        }
        if depth < 3, Bool.random(using: &random) {
            let inner = randomClass(&random, depth: depth + 1)
            text += "&&" + inner.text
            set.formIntersection(inner.set)
        }
        let negated = Bool.random(using: &random)
        return (
            negated ? "[^\(text)]" : "[\(text)]", negated ? Set(UInt8.min...UInt8.max).subtracting(set) : set
        )
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a random nested class matches its bytes and no other`(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var matcher = GrokMatcher()
        for _ in 0..<200 {
            let (text, set) = randomClass(&random, depth: 0)
            let program = try GrokProgram(text, library: PatternLibrary(), wholeLine: true)
            let all = Array(UInt8.min...UInt8.max)
            let matched = all.filter {
                matcher.match(program, all.span, from: Int($0), to: Int($0) + 1) == .matched
            }
            #expect(Set(matched) == set, "seed \(seed), class \(text) as \(program.regex)")
        }
    }

    @Test(arguments: [11, 12] as [UInt64])
    func `random text is compiled or refused with a place inside it`(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let pieces = Array(
            #"( ) [ ] { } ? * + | \ ^ $ . - , : ( ? < > = ! & # % %{A} (?<x> (?: [[ && \h {2} {1,2} \k<x> a é"#
                .split(separator: " "))
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                pieces.randomElement(using: &random).map(String.init) ?? ""
            }.joined()
            do throws(GrokError) {
                _ = try GrokProgram(text, library: Self.library, wholeLine: false)
            } catch {
                let inside =
                    error.line >= 1 && error.column >= 1 && error.column <= max(1, text.utf8.count + 1)
                #expect(inside, "seed \(seed), pattern \(text): \(error)")
            }
        }
    }
}

/// A generator whose whole state is its seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
