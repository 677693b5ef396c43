import Parse
import TestSupport
import Testing

@testable import Ingest

/// Any split of a stream gives the frames of the whole stream, and those are what a naive splitter finds.
@Suite struct FrameSplitTests {
    static let mixed: [UInt8] = {
        func counted(_ text: String) -> String { "\(text.utf8.count) \(text)" }
        let parts = [
            "<13>1 2026-11-21T10:00:00Z docs app 1 - - first\n", counted("<13>Nov 21 10:00:00 docs b: ok"),
            counted("<13>a"), "404 not found\n", "<14>with\0nul\r\n\n\r\n", counted("<13>line\nX"),
            "007 <13>no count\n", counted("<13>ab"), "12 monkeys\n", "hello\n", counted("<13>c"),
            "<15>unterminated",
        ]
        return Array(parts.joined().utf8)
    }()

    @Test func `every split in two`() {
        let expected = naiveFrames(Self.mixed)
        #expect(expected.frames.count >= 10)
        #expect(Decoded([Self.mixed[...]]).outcome == expected)
        for place in 0...Self.mixed.count {
            let decoded = Decoded([Self.mixed[..<place], Self.mixed[place...]])
            #expect(decoded.outcome == expected, "split at \(place)")
        }
    }

    @Test func `every prefix, closed there`() {
        for end in 0...Self.mixed.count {
            let prefix = Array(Self.mixed[..<end])
            #expect(Decoded([prefix[...]]).outcome == naiveFrames(prefix), "closed after \(end) bytes")
        }
    }

    @Test(arguments: 1...60) func `random streams in random pieces`(seed: UInt64) {
        var numbers = SeededRandom(seed: seed)
        let stream = Self.randomStream(&numbers)
        let expected = naiveFrames(stream)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        let longest = [1, 3, 70, 5_000, 300_000][Int.random(in: 0..<5, using: &numbers)]
        while start < stream.count {
            // Empty pieces take part.
            let end = min(stream.count, start + Int.random(in: 0...longest, using: &numbers))
            pieces.append(stream[start..<end])
            start = end
        }
        let decoded = Decoded(pieces)
        #expect(decoded.frames == expected.frames, "seed \(seed)")
        #expect(decoded.error == expected.error, "seed \(seed)")
    }

    /// Frames of both framings and some rubbish; long ones are rare.
    ///
    /// Lost framing is left to the table of cases.
    static func randomStream(_ numbers: inout SeededRandom) -> [UInt8] {
        // The first line decides what ends the lines of a stream: here it is the line feed.
        var stream = Array("<13>first\n".utf8)
        for _ in 0..<Int.random(in: 0...60, using: &numbers) {
            let isLong = Int.random(in: 0..<40, using: &numbers) == 0
            let length = Int.random(in: 0...(isLong ? 150_000 : 90), using: &numbers)
            let alphabet = Array("<13> a0\r\0\u{e9}".utf8)
            let text = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)] }
            switch Int.random(in: 0..<20, using: &numbers) {
            case 0..<8: stream += Array("<13>".utf8) + text + [10]
            case 8..<15: stream += Array("\(text.count + 4) <13>".utf8) + text
            case 15..<18: stream += Array("<7".utf8) + text + [10, 10, 13, 10]
            case 18: stream += Array("7 dwarfs ".utf8) + text + [10]
            default: stream += Array("00\(length) <".utf8) + text + [10]
            }
        }
        return stream
    }

    /// Counted, not timed: a decoder that searched its rest again would look at 8,000 times as many bytes.
    @Test(arguments: [10, 0]) func `single bytes cost linear work`(delimiter: UInt8) {
        let line = Array("<13>".utf8) + [UInt8](repeating: 0x61, count: 8_000) + [delimiter]
        let lines = Array((0..<5).map { _ in line }.joined())
        let stream = delimiter == 10 ? lines + Self.mixed : lines
        let whole = Decoded([stream[...]])
        let single = Decoded(stream.indices.map { stream[$0...$0] })
        #expect(single.outcome == whole.outcome)
        #expect(whole.tally.examinedBytes >= stream.count / 2)
        // Where NULs end lines, line feeds are looked for as well, and some bytes before what is new.
        #expect(single.tally.examinedBytes <= (delimiter == 10 ? 2 : 8) * stream.count)
    }
}
