import TestSupport
import Testing

@testable import Index

/// Columns as bytes and back, and whatever a disk makes of the bytes.
struct ColumnCodecTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var values: [String]
        var codes: [UInt16]
        var rows: Int
        var testDescription: String { name }

        init(_ name: String, _ values: [String], _ codes: [UInt16]? = nil, rows: Int? = nil) {
            self.name = name
            self.values = values
            self.codes = codes ?? (0..<values.count).map { UInt16($0 + 1) }
            self.rows = rows ?? self.codes.count
        }

        var column: Column {
            var table = ByteTable()
            for value in values { table.append(Array(value.utf8).span) }
            return Column(values: table, codes: codes)
        }
    }

    static let cases = [
        Case("no events", []),
        Case("no values", [], [0, 0, 0]),
        Case("one code", ["docs"], [1, 1, 1, 1]),
        Case("one code, and events behind without a value", ["docs"], [1, 1], rows: 5),
        Case("a value an event", ["a", "b", "", "c"]),
        Case("small codes", ["a", "b"], [2, 1, 0, 2]),
        Case("codes beyond a byte", (0..<300).map { "v\($0)" }, (0..<600).map { UInt16($0 % 301) }),
        Case("hex", ["00ff00ff", "deadbeef", "01234567"]),
        Case("long hex", [String(repeating: "0a", count: 32), String(repeating: "f9", count: 32)]),
        Case("hex of two lengths", ["00ff00ff", "deadbeef01"]),
        Case("hex of an odd length", ["00ff00ff0", "deadbeef0"]),
        Case("hex with capitals", ["00FF00FF", "DEADBEEF"]),
        Case("hex too short", ["00ff", "beef"]),
        Case("addresses", ["0.0.0.0", "255.255.255.255", "10.1.2.3", "9.99.100.200"]),
        Case("addresses that are none", ["10.1.2.3", "256.1.1.1"]),
        Case("addresses with a leading zero", ["10.1.2.3", "01.2.3.4"]),
        Case("addresses with zeros", ["00.0.0.0"]),
        Case("addresses of three numbers", ["1.2.3"]), Case("addresses of five", ["1.2.3.4.5"]),
        Case("addresses with an empty number", ["1..2.3", ".1.2.3", "1.2.3."]),
        Case("numbers that would wrap", ["4294967296.1.2.3"]),
        Case("not ASCII", ["naïve", "\u{0}\u{1}", "\u{202E}"]),
    ]

    @Test(arguments: cases)
    func `a column comes back`(_ test: Case) throws {
        let bytes = Self.encode(test.column, rows: test.rows)
        let values = Self.values(test.column, rows: test.rows)
        #expect(Self.values(try Self.decode(bytes, rows: test.rows), rows: test.rows) == values)
        // One value at a time, as a search for few events reads them.
        var reader = ByteReader(bytes)
        let packed = try PackedColumn(&reader, rows: test.rows)
        for (row, value) in values.enumerated() { #expect(try packed.value(at: row) == value) }
    }

    @Test(arguments: cases)
    func `a packed column answers as an expanded one`(_ test: Case) throws {
        let bytes = Self.encode(test.column, rows: test.rows)
        let values = Self.values(test.column, rows: test.rows)
        var random = SeededRandom()
        for _ in 0..<4 {
            var reader = ByteReader(bytes)
            var rows = RowSet(all: test.rows)
            for row in 0..<test.rows where random.once(in: 3) { rows.remove(row) }
            for packed in [
                try PackedColumn(&reader, rows: test.rows), PackedColumn(test.column, rows: test.rows),
            ] {
                let table = try packed.table()
                let counts = try packed.counts(among: rows)
                #expect(counts.count == table.count + 1)
                #expect(counts.reduce(0, +) == rows.count, "seed \(random.seed)")
                // Values may stand in the table more than once: the counts of equal ones belong together.
                var byValue: [[UInt8]?: Int] = [nil: counts[0]]
                for value in 0..<table.count { byValue[Array(table[value]), default: 0] += counts[value + 1] }
                for value in Set(values) {
                    let expected = values.indices.filter { rows.contains($0) && values[$0] == value }
                    #expect(byValue[value, default: 0] == expected.count, "seed \(random.seed)")
                    let isHit = [value == nil] + (0..<table.count).map { Array(table[$0]) == value }
                    let found = try packed.rows(where: isHit)
                    #expect(
                        values.indices.filter(found.contains) == values.indices.filter { values[$0] == value }
                    )
                }
            }
        }
    }

    @Test(arguments: cases)
    func `a damaged column is an error or a sound column`(_ test: Case) throws {
        let bytes = Self.encode(test.column, rows: test.rows)
        var damaged = (0..<bytes.count).map { Array(bytes[..<$0]) }
        var random = SeededRandom()
        for _ in 0..<300 {
            var copy = bytes
            for _ in 0...random.below(3) where !copy.isEmpty {
                copy[random.below(copy.count)] = UInt8(random.below(256))
            }
            damaged.append(copy)
        }
        for copy in damaged {
            var reader = ByteReader(copy)
            if let packed = try? PackedColumn(&reader, rows: test.rows) {
                for row in 0..<test.rows { _ = try? packed.value(at: row) }
            }
            guard let column = try? Self.decode(copy, rows: test.rows) else { continue }
            #expect(Self.values(column, rows: test.rows).count == test.rows, "seed \(random.seed)")
        }
    }

    /// Counts and lengths that no encoder writes, each where the decoder multiplies or adds.
    @Test(arguments: [
        [0, 1] as [UInt64], [0, 65_535], [0, 65_536], [0, 1, 1 << 26], [0, 2, 1 << 26, 1 << 26],
        [0, 3, 1, .max],
        [1, 1], [1, 65_535], [2, 65_535], [2, 1], [3, 1],
    ])
    func `a claim beyond the bytes is refused`(_ claim: [UInt64]) {
        for digits in [UInt64(0), 1, 7, 8, 1 << 20, 1 << 21, .max] {
            var packed: [UInt8] = []
            for number in claim.dropFirst() { packed.append(varint: number) }
            var bytes: [UInt8] = [1, 1, UInt8(claim[0])]
            if claim[0] == 1 { bytes.append(varint: digits) }
            var compressor = ZstdCompressor()
            compressor.append(packed, to: &bytes)
            let column = try? Self.decode(bytes, rows: 3)
            // Only values of no length need no bytes.
            #expect(column == nil || digits == 0)
        }
    }

    @Test func `a section that claims more than a column may hold is refused`() {
        for claim in [UInt64(1 << 26) + 1, 1 << 40, .max] {
            var bytes: [UInt8] = []
            bytes.append(varint: claim)
            bytes.append(varint: claim)
            var reader = ByteReader(bytes)
            #expect(throws: StoreError.self) { try reader.section() }
        }
    }

    @Test func `numbers of all sizes come back`() throws {
        let numbers: [UInt64] = [0, 1, 127, 128, 16_383, 16_384, 1 << 32, .max - 1, .max]
        var bytes: [UInt8] = []
        for number in numbers {
            bytes.append(varint: number)
            bytes.append(zigzag: Int64(bitPattern: number))
        }
        var reader = ByteReader(bytes)
        for number in numbers {
            #expect(try reader.varint() == number)
            #expect(try reader.zigzag() == Int64(bitPattern: number))
        }
        var endless = ByteReader([UInt8](repeating: 0xFF, count: 20))
        #expect(throws: StoreError.self) { try endless.varint() }
    }

    static func encode(_ column: Column, rows: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var compressor = ZstdCompressor()
        ColumnCodec.encode(column, rows: rows, with: &compressor, to: &bytes)
        return bytes
    }

    static func decode(_ bytes: [UInt8], rows: Int) throws -> Column {
        var reader = ByteReader(bytes)
        return try ColumnCodec.decode(&reader, rows: rows)
    }

    static func values(_ column: Column, rows: Int) -> [[UInt8]?] {
        (0..<rows).map { row in column.value(at: row).map { Array(column.values[$0]) } }
    }
}
