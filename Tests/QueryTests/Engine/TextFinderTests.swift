import Parse
import TestSupport
import Testing

@testable import Index
@testable import Query

/// The search through many values at once against a search place by place.
struct TextFinderTests {
    @Test func `every place is found, and no other`() throws {
        var random = SeededRandom()
        print("seed \(random.seed)")
        for _ in 0..<4_000 {
            // Few different bytes, so that there is much to find.
            let alphabet = Array("aAbB_- ".utf8) + [0xC3, 0xE9]
            let text = (0..<random.below(120)).map { _ in random.pick(alphabet) }
            let needle = (0...random.below(4)).map { _ in random.pick(alphabet) }
            let ignoresCase = random.once(in: 2)
            let from = random.below(text.count + 1)
            let range = from..<from + random.below(text.count - from + 1)
            let finder = try #require(TextFinder(needle, ignoresCase: ignoresCase))
            var found: [Int] = []
            finder.forEach(in: text.span, range) { place in
                found.append(place)
                return true
            }
            func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
                ignoresCase ? bytes.map(Token.lowercased) : Array(bytes)
            }
            let expected = range.filter { place in
                place + needle.count <= range.upperBound
                    && folded(text[place..<place + needle.count]) == folded(needle)
            }
            #expect(found == expected, "\(needle) in \(text) \(range)")
        }
    }

    @Test func `values are found that hold the text, and none where it runs into the next value`() throws {
        var random = SeededRandom()
        print("seed \(random.seed)")
        for _ in 0..<1_000 {
            var table = ByteTable()
            let alphabet = Array("ab.".utf8)
            let values = (0..<random.below(40)).map { _ in
                (0..<random.below(9)).map { _ in random.pick(alphabet) }
            }
            for value in values { table.append(value.span) }
            let needle = (0...random.below(3)).map { _ in random.pick(alphabet) }
            let finder = try #require(TextFinder(needle, ignoresCase: true))
            let hits = table.values(holding: finder, onEdges: true) ?? []
            let found = values.indices.filter { !hits.isEmpty && hits[$0 + 1] }
            let expected = values.indices.filter { holds(needle, values[$0]) }
            #expect(found == expected, "\(needle) in \(values)")
        }
    }

    // A span cannot leave a closure.
    private func holds(_ needle: [UInt8], _ value: [UInt8]) -> Bool {
        ByteText.containsOnEdges(needle, in: value.span, 0..<value.count)
    }

    @Test func `the first place can be enough`() throws {
        let text = [UInt8](repeating: 0x61, count: 100)
        var calls = 0
        try #require(TextFinder([0x61], ignoresCase: false)).forEach(in: text.span, 0..<100) { _ in
            calls += 1
            return calls < 3
        }
        #expect(calls == 3)
    }
}
