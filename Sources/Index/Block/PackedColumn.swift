import Parse

/// A stored column, decompressed and not yet expanded: enough to read some values without making all of them.
struct PackedColumn {
    private let rows: Int
    private let codesKind: UInt8
    /// The code of every event, where all have one.
    private let constant: UInt16
    private let codes: [UInt8]
    private let valuesKind: UInt8
    /// Digits of each number, for hex numbers.
    private let digits: Int
    private let packed: [UInt8]
    /// Where the values begin in `packed`, behind their count.
    private let start: Int
    private let count: Int

    /// Reads what `ColumnCodec` wrote for a block of `rows` events.
    init(_ reader: inout ByteReader, rows: Int) throws(StoreError) {
        self.rows = rows
        codesKind = try reader.byte()
        switch codesKind {
        case ColumnCodec.Codes.identity:
            constant = 0
            codes = []
        case ColumnCodec.Codes.constant:
            constant = UInt16(try reader.count(limit: Int(UInt16.max)))
            codes = []
        case ColumnCodec.Codes.bytes, ColumnCodec.Codes.planes:
            constant = 0
            codes = try reader.section()
            let expected = codesKind == ColumnCodec.Codes.bytes ? rows : rows * 2
            guard codes.count == expected else {
                throw .damaged("\(codes.count) code bytes for \(rows) events")
            }
        case let kind: throw .damaged("codes of an unknown kind \(kind)")
        }
        valuesKind = try reader.byte()
        digits = valuesKind == ColumnCodec.Values.hex ? try reader.count(limit: 1 << 20) : 0
        packed = try reader.section()
        var values = ByteReader(packed)
        count = try values.count(limit: Int(UInt16.max))
        start = values.offset
        let (digitCount, overflow) = count.multipliedReportingOverflow(by: digits)
        switch valuesKind {
        case ColumnCodec.Values.text: break
        case ColumnCodec.Values.hex:
            guard !overflow, digitCount == (packed.count - start) * 2 else {
                throw .damaged("hex numbers cut short")
            }
        case ColumnCodec.Values.address:
            guard packed.count - start >= count * 4 else { throw .damaged("addresses cut short") }
        case let kind: throw .damaged("values of an unknown kind \(kind)")
        }
    }

    /// All of it.
    func expanded() throws(StoreError) -> Column {
        let codes = expandedCodes()
        var highest: UInt16 = 0
        for code in codes { highest = max(highest, code) }
        guard Int(highest) <= count else {
            throw .damaged("value \(highest) of a column with \(count)")
        }
        return Column(values: try expandedValues(), codes: codes)
    }

    /// The value of one event; nil where it has none.
    func value(at row: Int) throws(StoreError) -> [UInt8]? {
        let code =
            switch codesKind {
            case ColumnCodec.Codes.identity: row + 1
            case ColumnCodec.Codes.constant: Int(constant)
            case ColumnCodec.Codes.bytes: Int(codes[row])
            default: Int(codes[row]) | Int(codes[rows + row]) << 8
            }
        guard code > 0 else { return nil }
        let index = code - 1
        guard index < count else { throw .damaged("value \(code) of a column with \(count)") }
        var bytes: [UInt8] = []
        switch valuesKind {
        case ColumnCodec.Values.hex:
            for byte in packed[start + index * digits / 2..<start + (index + 1) * digits / 2] {
                bytes.append(Self.digit(byte >> 4))
                bytes.append(Self.digit(byte & 15))
            }
        case ColumnCodec.Values.address: appendAddress(index, to: &bytes)
        default:
            var reader = ByteReader(packed, start..<packed.count)
            let lengths = try reader.varints(count)
            // Sums of lengths that a damaged file claims must not overflow.
            let before = lengths[..<index].reduce(0) { $0 &+ min($1, UInt64(IndexLimits.columnBytes)) }
            guard before <= UInt64(reader.remaining), lengths[index] <= UInt64(reader.remaining) - before
            else {
                throw .damaged("values longer than their column")
            }
            let first = reader.offset + Int(before)
            bytes = reader.slice(first..<first + Int(lengths[index]))
        }
        return bytes
    }

    private func expandedCodes() -> [UInt16] {
        switch codesKind {
        case ColumnCodec.Codes.identity: return (0..<rows).map { UInt16(truncatingIfNeeded: $0 + 1) }
        case ColumnCodec.Codes.constant: return [UInt16](repeating: constant, count: rows)
        case ColumnCodec.Codes.bytes:
            var expanded = [UInt16](repeating: 0, count: rows)
            var output = expanded.mutableSpan
            let source = codes.span
            for row in 0..<rows { output[row] = UInt16(source[row]) }
            return expanded
        default:
            var expanded = [UInt16](repeating: 0, count: rows)
            var output = expanded.mutableSpan
            let low = codes.span.extracting(0..<rows)
            let high = codes.span.extracting(rows..<rows * 2)
            for row in 0..<rows { output[row] = UInt16(low[row]) | UInt16(high[row]) << 8 }
            return expanded
        }
    }

    private func expandedValues() throws(StoreError) -> ByteTable {
        switch valuesKind {
        case ColumnCodec.Values.hex:
            var bytes = [UInt8](repeating: 0, count: count * digits)
            var output = bytes.mutableSpan
            for index in 0..<packed.count - start {
                let byte = packed[start + index]
                output[index * 2] = Self.digit(byte >> 4)
                output[index * 2 + 1] = Self.digit(byte & 15)
            }
            return try ByteTable(
                bytes: bytes, ends: (0..<count).map { UInt32(truncatingIfNeeded: ($0 + 1) * digits) })
        case ColumnCodec.Values.address:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count * 15)
            var ends: [UInt32] = []
            ends.reserveCapacity(count)
            for index in 0..<count {
                appendAddress(index, to: &bytes)
                ends.append(UInt32(truncatingIfNeeded: bytes.count))
            }
            return try ByteTable(bytes: bytes, ends: ends)
        default:
            var reader = ByteReader(packed, start..<packed.count)
            var end: UInt64 = 0
            let ends = try reader.varints(count).map { length -> UInt32 in
                end += min(length, UInt64(IndexLimits.columnBytes))
                return UInt32(truncatingIfNeeded: min(end, UInt64(UInt32.max)))
            }
            guard end == UInt64(reader.remaining) else {
                throw .damaged("values of \(end) bytes in \(reader.remaining)")
            }
            return try ByteTable(bytes: reader.slice(try reader.range(reader.remaining)), ends: ends)
        }
    }

    private func appendAddress(_ index: Int, to bytes: inout [UInt8]) {
        for plane in 0..<4 {
            if plane > 0 { bytes.append(UInt8(ascii: ".")) }
            let value = packed[start + plane * count + index]
            if value >= 100 { bytes.append(0x30 + value / 100) }
            if value >= 10 { bytes.append(0x30 + value / 10 % 10) }
            bytes.append(0x30 + value % 10)
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble &+ 0x30 : nibble &+ 0x57 }
}
