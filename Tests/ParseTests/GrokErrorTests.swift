import Testing

@testable import Parse

@Suite struct GrokErrorTests {
    struct Case: CustomTestStringConvertible {
        let pattern: String
        let rendered: String

        init(_ pattern: String, _ rendered: String) {
            self.pattern = pattern
            self.rendered = rendered
        }

        var testDescription: String { pattern }
    }

    @Test(arguments: [
        Case("(", "p:1:1: this ( has no closing )\n    (\n    ^"),
        Case("a)", "p:1:2: this ) has no opening (\n    a)\n     ^"),
        Case("x[a-", "p:1:2: this [ has no closing ]\n    x[a-\n     ^"),
        Case("[z-a]", "p:1:2: this range runs backwards\n    [z-a]\n     ^"),
        Case("(?<n", "p:1:1: this group's name has no end\n    (?<n\n    ^"),
        Case("(?<n>", "p:1:1: this ( has no closing )\n    (?<n>\n    ^"),
        Case("(?~x)", "p:1:1: Oniguruma has no group that begins like this\n    (?~x)\n    ^"),
        Case("a\\", "p:1:2: the pattern ends in a backslash\n    a\\\n     ^"),
        Case("a|*b", "p:1:3: nothing to repeat\n    a|*b\n      ^"),
        Case("(*UTF)a", "p:1:2: nothing to repeat\n    (*UTF)a\n     ^"),
        Case("%{", "p:1:1: %{ has no closing }\n    %{\n    ^"),
        Case("é %{NOPE}", "p:1:6: no file defines %{NOPE}.\n    é %{NOPE}\n        ^"),
        Case("%{IPP:a}", "p:1:3: no file defines %{IPP}. Did you mean %{IP}?\n    %{IPP:a}\n      ^"),
        Case("%{IP:}", "p:1:6: \"\" cannot be a field name: it is empty\n    %{IP:}\n         ^"),
        Case(
            "%{IP:a b}",
            "p:1:6: \"a b\" cannot be a field name: it may have letters, digits and _ . - @ only\n"
                + "    %{IP:a b}\n         ^"
        ),
        Case(
            "%{IP:[a]b}",
            "p:1:6: \"[a]b\" cannot be a field name: [ ] must go around each part\n    %{IP:[a]b}\n         ^"
        ),
        Case(
            "%{IP:_raw}",
            "p:1:6: \"_raw\" cannot be a field name: wplog keeps it for the event itself; choose another name\n"
                + "    %{IP:_raw}\n         ^"
        ),
        Case("%{}", "p:1:3: %{…} needs a pattern's name\n    %{}\n      ^"),
        Case("%{A B}", "p:1:4: a pattern name has letters, digits and _ only\n    %{A B}\n       ^"),
        Case("%{INT:n:itn}", "p:1:9: \"itn\" is no type. Did you mean int?\n    %{INT:n:itn}\n            ^"),
        Case(
            "(?<a>x)\\k<b>",
            "p:1:11: no group named \"b\" stands before this\n    (?<a>x)\\k<b>\n              ^"),
        Case("a\n(b", "p:2:1: this ( has no closing )\n    (b\n    ^"),
        Case("ab(?<=c*)d", "p:1:3: lookbehind assertion is not fixed length\n    ab(?<=c*)d\n      ^"),
        Case("a{1,1000000}", "p:1:2: number too big in {} quantifier\n    a{1,1000000}\n     ^"),
    ])
    func `an error shows the place and the way out`(_ test: Case) {
        let error = #expect(throws: GrokError.self) {
            try GrokProgram(test.pattern, library: .embedded, wholeLine: true, origin: "p")
        }
        #expect(error?.description == test.rendered)
    }

    @Test(arguments: [
        Case("# c\nA a\n B", "f:3:3: B has no regular expression behind it\n     B\n      ^"),
        Case(
            "A-B x",
            "f:1:2: a pattern name has letters, digits and _ only, and a blank behind it\n    A-B x\n     ^"),
    ])
    func `a bad line of a file is shown`(_ test: Case) {
        let error = #expect(throws: GrokError.self) {
            try PatternLibrary().adding([("f", Array(test.pattern.utf8))])
        }
        #expect(error?.description == test.rendered)
    }

    @Test func `a fault inside a definition is shown in its file`() throws {
        let library = try PatternLibrary().adding([
            ("mine", Array("# own\nONE 1\nTWO %{ONE} [x-\nTHREE %{TOW}".utf8))
        ])
        let unclosed = #expect(throws: GrokError.self) {
            try GrokProgram("%{TWO}", library: library, wholeLine: true)
        }
        #expect(
            unclosed?.description
                == "mine:3:12: this [ has no closing ]\n    TWO %{ONE} [x-\n               ^")
        let typo = #expect(throws: GrokError.self) {
            try GrokProgram("%{THREE}", library: library, wholeLine: true)
        }
        #expect(
            typo?.description
                == "mine:4:9: no file defines %{TOW}. Did you mean %{TWO}?\n    THREE %{TOW}\n            ^")
    }

    @Test func `a cycle is named`() throws {
        let library = try PatternLibrary().adding([("f", Array("A x%{B}\nB %{C}\nC y%{A}\nD %{D}".utf8))])
        let error = #expect(throws: GrokError.self) {
            try GrokProgram("%{A}", library: library, wholeLine: true)
        }
        #expect(
            error?.description == "f:3:6: pattern cycle: %{A} → %{B} → %{C} → %{A}\n    C y%{A}\n         ^")
        let own = #expect(throws: GrokError.self) {
            try GrokProgram("%{D}", library: library, wholeLine: true)
        }
        #expect(own?.reason == .cycle(["D", "D"]))
    }

    @Test func `nesting is refused beyond its limit and not at it`() throws {
        let chain = (0..<1_000).map { "P\($0) %{P\($0 + 1)}" } + ["P1000 x"]
        let library = try PatternLibrary().adding([("f", Array(chain.joined(separator: "\n").utf8))])
        let first = 1_001 - GrokLimits.depth
        #expect(try grokFields("%{P\(first)}", "x", library: library) == [:])
        let error = #expect(throws: GrokError.self) {
            try GrokProgram("%{P\(first - 1)}", library: library, wholeLine: true)
        }
        #expect(error?.reason == .tooLarge("%{P1000} is nested too deep", limit: GrokLimits.depth))
    }

    @Test func `captures are refused beyond their limit and not at it`() throws {
        let group = { (count: Int) in (0..<count).map { "(?<f\($0)>a)" }.joined() }
        let most = try GrokProgram(group(GrokLimits.groups), library: PatternLibrary(), wholeLine: true)
        #expect(most.captures.count == GrokLimits.groups)
        var matcher = GrokMatcher()
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: GrokLimits.groups)
        #expect(matcher.match(most, line.span, from: 0, to: line.count) == .matched)
        #expect(matcher.range(of: GrokLimits.groups - 1) == ByteRange(254..<255))
        let error = #expect(throws: GrokError.self) {
            try GrokProgram(group(GrokLimits.groups + 1), library: PatternLibrary(), wholeLine: true)
        }
        #expect(error?.reason == .tooLarge("too many captures", limit: GrokLimits.groups))
    }

    @Test func `definitions that double do not fill the memory`() throws {
        let doubling = (0..<60).map { "P\($0) %{P\($0 + 1)}%{P\($0 + 1)}" } + ["P60 x"]
        let library = try PatternLibrary().adding([("f", Array(doubling.joined(separator: "\n").utf8))])
        let error = #expect(throws: GrokError.self) {
            try GrokProgram("%{P0}", library: library, wholeLine: true)
        }
        #expect(error?.message.hasSuffix("the limit is \(GrokLimits.expandedBytes)") == true)
    }

    @Test func `a long line is cut around the fault`() {
        let error = #expect(throws: GrokError.self) {
            try GrokProgram(
                String(repeating: "x", count: 300) + ")" + String(repeating: "y", count: 300),
                library: PatternLibrary(), wholeLine: true)
        }
        #expect(error?.column == 301)
        #expect(
            error?.excerpt == "…" + String(repeating: "x", count: 60) + ")"
                + String(repeating: "y", count: 39) + "…")
        #expect(error?.caret.count == 62)
    }
}
