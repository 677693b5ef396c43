import Parse
import TestSupport
import Testing

@testable import Index
@testable import Query

/// Lines that cannot hold a text are passed over; none that holds it ever is.
struct LineTextTests {
    @Test func `no line with the text is passed over`() throws {
        var random = SeededRandom()
        print("seed \(random.seed)")
        for _ in 0..<12 {
            var maker = LineBatch()
            var source = RandomLines(seed: random.next())
            let lines = source.lines(150)
            let batch = maker.batch(lines)
            var builder = BlockBuilder(day: Day(containing: LineBatch.received))
            for (index, event) in batch.events.enumerated() {
                builder.append(event, of: batch, sequence: UInt64(index))
            }
            let block = builder.block
            var compressor = ZstdCompressor()
            let encoded = try BlockCodec.encode(block, with: &compressor)
            let stored = try BlockCodec.decode(encoded.head) { (column) throws(StoreError) in
                guard let part = encoded.parts.first(where: { $0.column == column }) else {
                    throw .damaged("no such part")
                }
                return part.bytes
            }
            for _ in 0..<60 {
                // A piece of a line, wherever it begins and ends: across values as well.
                let line = random.pick(lines)
                let start = random.below(max(1, line.count))
                let piece = line[start..<min(line.count, start + 2 + random.below(14))]
                guard let needle = String(validating: piece, as: UTF8.self), !needle.isEmpty,
                    let text = LineText(.contains(needle))
                else { continue }
                let lower = needle.utf8.map(Token.lowercased)
                for reader in [BlockReader(block), stored] {
                    let found = try text.rows(of: reader, among: RowSet(all: reader.count))
                    for row in 0..<reader.count {
                        var raw: [UInt8] = []
                        try reader.appendRaw(row, to: &raw)
                        let holds = TextFinder(lower, ignoresCase: true)?.isHeld(
                            by: raw.span, 0..<raw.count, onEdges: false)
                        if holds == true { #expect(found.contains(row), "\(needle) in row \(row)") }
                    }
                }
            }
        }
    }

    /// Shapes as they are stored: 1 is literal text, 2 a value, 3 a time.
    @Test(arguments: [
        ("abc", [1, 1, 0, 0x20, 2, 0, 0, 1, 1, 0, 0x20] as [UInt8], true),
        ("abc", [2, 0, 0, 2, 0, 0], false),
        ("abc", [1, 1, 0, 0x61, 2, 0, 0], false), ("abc", [2, 0, 0, 1, 1, 0, 0x63], false),
        ("abc", [2, 0, 0, 1, 1, 0, 0x42, 2, 0, 0], false),
        ("abc", [1, 2, 0, 0x78, 0x61, 1, 2, 0, 0x62, 0x63], false),
        ("abc", [2, 0, 0, 1, 3, 0, 0x61, 0x62, 0x63, 2, 0, 0], true),
        ("12:30", [1, 1, 0, 0x20, 3, 1, 1, 0, 0, 0], false), ("nov", [3, 2, 0, 0, 0, 0], false),
        ("november", [3, 2, 0, 0, 0, 0], true), ("a_b", [3, 2, 0, 0, 0, 0], true),
    ])
    func `a shape says whether a text can cross its parts`(
        _ text: String, _ bytes: [UInt8], _ isConfined: Bool
    ) throws {
        let shape = try Shape(bytes[...], columns: 1)
        #expect(try #require(LineText(.contains(text))).isConfined(in: shape) == isConfined)
    }
}
