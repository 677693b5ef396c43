import Parse
import TestSupport
import Testing

@testable import Index

/// Stored blocks with some bytes changed or missing: an error or a block that can be read, and no end of the process.
struct BlockDamageTests {
    @Test func `a head cut at any byte is an error`() throws {
        let forms = try Self.forms(seed: 3, lines: 60)
        for count in 0..<forms.encoded.head.count {
            let head = Array(forms.encoded.head[..<count])
            #expect(throws: StoreError.self, "cut at \(count)") {
                try Self.readAll(try BlockForms.reader(head, forms.encoded.parts))
            }
        }
    }

    @Test func `flipped bytes in head and parts end in an error or in a block`() async {
        await #expect(processExitsWith: .success) {
            for _ in 0..<8 {
                var random = SeededRandom()
                print("seed \(random.seed)")
                let forms = try Self.forms(seed: random.seed, lines: 40)
                for _ in 0..<150 {
                    var head = forms.encoded.head
                    var parts = forms.encoded.parts
                    for _ in 0...random.below(3) {
                        if random.once(in: 3), !parts.isEmpty {
                            let part = random.below(parts.count)
                            let place = random.below(parts[part].bytes.count)
                            parts[part].bytes[place] = UInt8(random.below(256))
                            if random.once(in: 9) { parts[part].bytes.removeLast(random.below(place + 1)) }
                        } else {
                            head[random.below(head.count)] = UInt8(random.below(256))
                        }
                    }
                    try? Self.readAll(try BlockForms.reader(head, parts))
                }
            }
        }
    }

    @Test func `random bytes are no shape that can do harm`() async {
        await #expect(processExitsWith: .success) {
            var random = SeededRandom()
            print("seed \(random.seed)")
            var sound = 0
            for _ in 0..<20_000 {
                let bytes = (0..<random.below(24)).map { _ in
                    random.once(in: 2)
                        ? UInt8(random.below(8)) : random.once(in: 2) ? 0 : UInt8(random.below(256))
                }
                guard let shape = try? Shape(bytes[...], columns: 4) else { continue }
                sound += 1
                for element in shape.elements {
                    if case .time(let layout) = element { _ = TimeTerms.forms(of: layout) }
                }
            }
            try #require(sound > 100)
        }
    }

    @Test(arguments: [
        [2, 4, 0] as [UInt8], [4, 0, 0], [5], [1, 9, 0, 0x61], [3, 9, 0, 0, 0, 0], [3, 1, 9, 0, 0, 0],
        [3, 1, 0, 10, 0, 0], [7], [2, 0], [6, 0xFF, 0xFF],
    ])
    func `a shape that says what cannot be is an error`(_ bytes: [UInt8]) {
        #expect(throws: StoreError.self) { try Shape(bytes[...], columns: 4) }
    }

    static func forms(seed: UInt64, lines: Int) throws -> BlockForms {
        var maker = LineBatch()
        var random = RandomLines(seed: seed)
        // Enough different values that some columns are parts of their own.
        let ids = (0..<400).map { Array("<13>1 - docs app \($0)\($0) - - id \($0 * 7919) \($0)".utf8) }
        return try BlockForms([maker.batch(random.lines(lines) + ids)])
    }

    /// Reads everything that a query could ask for.
    static func readAll(_ block: BlockReader) throws {
        for index in block.names.indices {
            for row in 0..<min(20, block.count) { _ = try block.value(of: index, row: row) }
            _ = try block.column(index)
        }
        _ = (try block.times(), try block.received(), try block.sequences())
        for row in 0..<block.count {
            var raw: [UInt8] = []
            try block.appendRaw(row, to: &raw)
        }
    }
}
