import Parse
import Testing

@testable import Ingest

@Suite struct FrameDecoderTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let stream: String
        let frames: [Framed]
        var error: FrameError?
        var empty = 0

        init(
            _ name: String, _ stream: String, _ frames: [String], unterminated: String? = nil,
            error: FrameError? = nil, empty: Int = 0
        ) {
            self.name = name
            self.stream = stream
            self.frames =
                frames.map { Framed($0.utf8) } + (unterminated.map { [Framed($0.utf8, .unterminated)] } ?? [])
            self.error = error
            self.empty = empty
        }

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        // The two framings.
        Case("lines", "<13>a\n<14>b c\n", ["<13>a", "<14>b c"]),
        Case("counts", "5 <13>a6 <13>bc", ["<13>a", "<13>bc"]),
        Case(
            "N8 both, frame by frame", "5 <13>a<13>l\n6 <13>b\n<13>m\n",
            ["<13>a", "<13>l", "<13>b", "<13>m"]),
        Case("a counted frame may hold line feeds", "9 <13>a\nb\nc<13>d\n", ["<13>a\nb\nc", "<13>d"]),
        Case(
            "a counted frame, then a line feed of its own", "5 <13>a\n5 <13>b\r\n", ["<13>a", "<13>b"],
            empty: 2),
        Case("text without priority", "hello\n", ["hello"]),
        Case("nothing", "", []),

        // Counts that are none.
        Case("N1", "99999999999999999999 <13>1 - - - - - - x\n", [], error: .badOctetCount),
        Case("N2 31 bits and one", "2147483648 <13>x", [], error: .frameTooLarge),
        Case("N2 32 bits and one", "4294967296 <13>x", [], error: .frameTooLarge),
        Case("N2 63 bits and one", "9223372036854775808 <13>x", [], error: .frameTooLarge),
        Case("N2 19 nines", "9999999999999999999 <13>x", [], error: .frameTooLarge),
        Case("N3 limit and one", "1048577 <13>x", [], error: .frameTooLarge),
        Case("seven digits above the limit", "9999999 <13>x", [], error: .frameTooLarge),
        Case("N4 then a line", "0 <13>a\n", [], error: .badOctetCount),
        Case("N4 then a counted frame", "0 5 <13>a", [], error: .badOctetCount),
        Case("N4 after a good frame", "<13>a\n0 <13>b\n", ["<13>a"], error: .badOctetCount),
        Case(
            "a line that begins with 0", "0 errors\n0 25 errors\n0 0 0 <13>\n",
            ["0 errors", "0 25 errors", "0 0 0 <13>"]),
        Case("N5 leading zeros", "007 <13>1 x\n", ["007 <13>1 x"]),
        Case("N5 a sign", "+25 <13>x\n", ["+25 <13>x"]),
        Case("N5 Arabic digits", "٢٥ <13>x\n", ["٢٥ <13>x"]),
        Case("N5 a tab", "25\t<13>x\n", ["25\t<13>x"]),
        Case("two spaces", "25  <13>x\n", ["25  <13>x"]),
        Case(
            "a line that begins with a number", "404 not found\n2026-11-21 x\n12\n",
            ["404 not found", "2026-11-21 x", "12"]),
        Case(
            "33 digits are text", String(repeating: "9", count: 33) + " <13>x\n",
            [String(repeating: "9", count: 33) + " <13>x"]),
        Case(
            "32 digits are a number", String(repeating: "9", count: 32) + " <13>x\n", [],
            error: .badOctetCount),

        // A count that is too small.
        Case("N7", "5 <13>hello world<13>b\n", ["<13>h"], error: .lostFraming),
        Case("N7 the remainder begins with a blank", "5 <13>a b\n", ["<13>a"], error: .lostFraming),
        Case("text after a line is no sign of it", "5 <13>a<13>b\nhello\n", ["<13>a", "<13>b", "hello"]),

        // Empty frames.
        Case("N11 line feeds", "\n\n\n<13>a\n\n", ["<13>a"], empty: 4),
        Case("N11 CRLF only", "\r\n\r\n", [], empty: 2),
        Case("N11 NUL only", "\0\0\0", [], empty: 1),
        Case("NUL and CR in one line", "\0\r\0\n<13>a\n", ["<13>a"], empty: 1),

        // Bytes within and around.
        Case("N12", "<13>0\n<13>a\0b\n", ["<13>0", "<13>a\0b"]),
        Case("N13 CR stays", "<13>a\r\n<13>b\n<13>c\r", ["<13>a\r", "<13>b"], unterminated: "<13>c\r"),
        Case("N13 NUL", "<13>a\0<13>b\n\0<13>c\r\0", ["<13>a", "<13>b", "<13>c\r"]),
        Case("NUL and a line feed", "<13>a\0<13>b\n\0<13>c\n<13>d\n", ["<13>a", "<13>b", "<13>c", "<13>d"]),
        Case("NUL in a counted frame", "6 <13>\0a<13>b\0", ["<13>\0a", "<13>b"]),
        // What counts hold of a delimiter.
        Case(
            "a line feed inside of a count", "6 <13>a\n7 <13>b\r\n6 <13>c\0<13>d\n",
            ["<13>a", "<13>b\r", "<13>c", "<13>d"]),
        Case("a counted frame, then NUL", "5 <13>a\0\n", ["<13>a"], empty: 1),

        // The end of the stream.
        Case("N14", "<13>whole\n<13>half", ["<13>whole"], unterminated: "<13>half"),
        Case("within a counted frame", "25 <13>half", [], unterminated: "<13>half"),
        Case("within a count", "<13>a\n25", ["<13>a"], unterminated: "25"),
        Case("between count and frame", "25 ", [], unterminated: "25 "),
        Case("after a count of 0", "0 ", [], unterminated: "0 "),
    ]

    @Test(arguments: cases) func `a stream becomes frames`(_ test: Case) {
        let decoded = Decoded(test.stream)
        #expect(decoded.outcome == Decoded(frames: test.frames, error: test.error))
        #expect(decoded.tally.emptyFrames == test.empty)
        #expect(decoded.tally.discardedBytes == 0)
    }

    @Test(arguments: cases) func `single bytes give the same frames`(_ test: Case) {
        let bytes = Array(test.stream.utf8)
        let single = Decoded(bytes.indices.map { bytes[$0...$0] })
        #expect(single.outcome == Decoded(frames: test.frames, error: test.error))
        #expect(single.tally.emptyFrames == test.empty)
    }

    /// A message may have several lines, as far as it comes in one read.
    @Test func `line feeds before a NUL are part of the text`() {
        let decoded = Decoded("<13>a\n b\nc\0<13>d\0")
        #expect(decoded.frames == [Framed("<13>a\n b\nc".utf8), Framed("<13>d".utf8)])
        #expect(Decoded("<13>a\n<13>b\n<13>c\0").frames.count == 3)
    }

    // MARK: Limits

    @Test(arguments: [65_535, 65_536, 65_537, 65_600, 200_000]) func `a line is kept up to 64 KiB`(
        _ length: Int
    ) {
        let line = Array("<13>".utf8) + [UInt8](repeating: 0x61, count: length - 4)
        let decoded = Decoded([(line + Array("\n<13>next\n".utf8))[...]])
        let isCut = length > IngestLimits.frameBytes
        #expect(
            decoded.frames == [
                Framed(line.prefix(IngestLimits.frameBytes), isCut ? .truncated : []),
                Framed("<13>next".utf8),
            ])
        #expect(decoded.tally.discardedBytes == max(0, length - IngestLimits.frameBytes))
    }

    @Test(arguments: [65_535, 65_536, 65_537, 1_048_575, 1_048_576])
    func `a counted frame is kept up to 64 KiB`(
        _ length: Int
    ) {
        let frame = Array("<13>".utf8) + [UInt8](repeating: 0x0A, count: length - 5) + [0x61]
        let decoded = Decoded([(Array("\(length) ".utf8) + frame + Array("<13>next\n".utf8))[...]])
        let isCut = length > IngestLimits.frameBytes
        #expect(
            decoded.frames == [
                Framed(frame.prefix(IngestLimits.frameBytes), isCut ? .truncated : []),
                Framed("<13>next".utf8),
            ])
        #expect(decoded.error == nil)
        #expect(decoded.tally.discardedBytes == max(0, length - IngestLimits.frameBytes))
    }

    @Test func `a line without end needs no more than its limit`() {
        var decoder = FrameDecoder()
        let piece = [UInt8](repeating: 0x61, count: 10_000)
        var arena: [UInt8] = []
        var frames = 0
        var largest = 0
        for _ in 0..<10_000 {
            arena += piece
            var position = 0
            while case .frame(_, let noted) = decoder.next(in: arena.span, from: &position) {
                frames += 1
                #expect(noted == .truncated)
            }
            arena.removeFirst(position)
            largest = max(largest, arena.count)
        }
        #expect(frames == 1)
        #expect(largest <= IngestLimits.frameBytes)
        #expect(arena.isEmpty)
        #expect(decoder.tally.discardedBytes == 100_000_000 - IngestLimits.frameBytes)
    }

    @Test func `the end of a truncated frame is no frame`() {
        let long = [UInt8](repeating: 0x61, count: 70_000)
        #expect(Decoded([long[...]]).frames.map(\.noted) == [.truncated])
        #expect(Decoded([(Array("80000 <13>".utf8) + long)[...]]).frames.map(\.noted) == [.truncated])
    }

    @Test func `a counted frame is being waited for until it is complete`() {
        var decoder = FrameDecoder()
        let bytes = Array("6 <13>ab".utf8)
        var seen: [Bool] = []
        var position = 0
        for end in 1...bytes.count {
            _ = decoder.next(in: Array(bytes[..<end]).span, from: &position)
            seen.append(decoder.isInsideCounted)
        }
        #expect(seen == [false, false, true, true, true, true, true, false])
    }
}
