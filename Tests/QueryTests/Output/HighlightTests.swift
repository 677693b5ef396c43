import Parse
import Testing

@testable import Query

/// What of a text is underlined.
struct HighlightTests {
    /// The text with brackets around the matches.
    private static func marked(_ text: String, _ highlight: Highlight) -> String {
        var bytes = Array(text.utf8)
        for range in highlight.ranges(bytes).reversed() {
            bytes.insert(UInt8(ascii: "]"), at: range.upperBound)
            bytes.insert(UInt8(ascii: "["), at: range.lowerBound)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("error", "Error, errors, ERROR", "[Error], errors, [ERROR]"), ("a b", "a b a  b", "[a b] a  b"),
        ("x", "", ""), ("", "x", "x"), ("aa", "aa aaaa aa", "[aa] aaaa [aa]"), ("日本", "日本 日本語", "[日本] 日本語"),
        ("/wiki", "GET /wiki/x", "GET [/wiki]/x"),
    ])
    func `a text on token edges`(_ needle: String, _ text: String, _ expected: String) {
        #expect(Self.marked(text, .text(needle)) == expected)
    }

    @Test(arguments: [
        ([Glob.Piece.literal("err"), .any], "errors terror", "[err]ors terror"),
        ([.any, .literal("ror")], "error rory", "er[ror] rory"),
        ([.literal("time"), .any, .literal("out")], "a timed x out b", "a [timed x out] b"),
        ([.literal("time"), .any, .literal("out")], "a timed", "a timed"), ([.any], "a", "a"),
    ])
    func `a pattern from its first to its last literal`(
        _ pieces: [Glob.Piece], _ text: String, _ expected: String
    ) {
        #expect(Self.marked(text, .glob(Glob(pieces))) == expected)
    }

    @Test func `a query gives what it asks for in texts`() throws {
        let filter = Filter.and([
            .test(Test(.contains("a"))), .not(.test(Test(.contains("b")))),
            .or([
                .test(Test(.matches(Glob([.literal("c"), .any])))),
                .test(Test(field: "host", kind: .keyword, .equals("d"))),
            ]),
        ])
        let highlights = Highlight.all(of: filter)
        #expect(highlights.map { Self.marked("a b cx d", $0) } == ["[a] b cx d", "a b [c]x d"])
    }

    @Test func `a text with a million matches is not searched to its end`() {
        #expect(
            Highlight.text("a").ranges(Array(String(repeating: "a ", count: 1_000_000).utf8)).count == 100)
    }
}
