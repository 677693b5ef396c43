import TestSupport
import Testing

@testable import Parse

/// Searches that look at eight places at once find what a search byte by byte finds.
@Suite struct TextSearchTests {
    private static let texts: [StaticString] = [
        "a", ": ", "aa", "ab", "abab", ", client: ", "aaaaaaaaab", "\n\n",
    ]

    @Test func `a text is found where it stands first and last`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<3_000 {
            // Few letters, so that beginnings and ends of the texts stand everywhere.
            let letters = Array(
                ["ab", "ab: ", ", client:", "\na"].randomElement(using: &random)?.utf8 ?? "a".utf8)
            var bytes = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            for text in Self.texts {
                if Bool.random(using: &random) {
                    bytes.insert(
                        contentsOf: Array(text.description.utf8),
                        at: Int.random(in: 0...bytes.count, using: &random))
                }
                let from = Int.random(in: 0...bytes.count, using: &random)
                let to = Int.random(in: 0...bytes.count, using: &random)
                let word = Array(text.description.utf8)
                let places = from + word.count <= to ? Array(from...to - word.count) : []
                let found = places.filter { Array(bytes[$0..<$0 + word.count]) == word }
                #expect(bytes.span.find(text, from: from, to: to) == found.first, "seed \(seed)")
                #expect(bytes.span.findLast(text, from: from, to: to) == found.last, "seed \(seed)")
            }
        }
    }

    @Test func `text is UTF-8 where a String can be made of it as it stands`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let parts: [[UInt8]] =
            ["a", "plain text ", "é", "€", "😀", "\u{0}", "ж"].map { Array($0.utf8) }
            + [
                [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF],
            ]
        for round in 0..<3_000 {
            let known = round % 2 == 0 ? parts[..<7] : parts[...]
            let bytes = (0..<Int.random(in: 0...20, using: &random)).flatMap { _ in
                known.randomElement(using: &random) ?? []
            }
            let isText = String(validating: bytes, as: UTF8.self) != nil
            #expect(bytes.span.isUTF8(0..<bytes.count) == isText, "seed \(seed): \(bytes)")
        }
    }
}
