import Parse

/// A column of a block: its codes and its values, each decompressed when it is first asked for and expanded
/// no further than the question needs.
///
/// For one thread.
final class PackedColumn {
    private enum Codes {
        /// Every event has its own value, in order.
        case identity
        /// Every event has this code.
        case constant(Int)
        case bytes([UInt8])
        /// Events behind the end have no value.
        case wide([UInt16])
    }

    private enum Values {
        case table(ByteTable)
        /// Two digits a byte.
        case hex([UInt8], start: Int, digits: Int)
        /// Four planes of one byte a value.
        case addresses([UInt8], start: Int)
    }

    /// What was stored, and not yet read.
    private struct Stored {
        let bytes: ByteReader
        let codesKind: UInt8
        let constant: Int
        let codes: PackedSection?
        let valuesKind: UInt8
        let digits: Int
        let values: PackedSection
    }

    private let rows: Int
    private let stored: Stored?
    private var knownCodes: Codes?
    private var knownValues: Values?
    private var knownTable: ByteTable?
    private var knownColumn: Column?
    private var valueCount = 0

    /// Reads what `ColumnCodec` wrote for a block of `rows` events.
    init(_ reader: inout ByteReader, rows: Int) throws(StoreError) {
        self.rows = rows
        let codesKind = try reader.byte()
        var constant = 0
        var codes: PackedSection?
        switch codesKind {
        case ColumnCodec.Codes.identity: break
        case ColumnCodec.Codes.constant: constant = try reader.count(limit: Int(UInt16.max))
        case ColumnCodec.Codes.bytes, ColumnCodec.Codes.planes: codes = try reader.packedSection()
        case let kind: throw .damaged("codes of an unknown kind \(kind)")
        }
        let valuesKind = try reader.byte()
        let digits = valuesKind == ColumnCodec.Values.hex ? try reader.count(limit: 1 << 20) : 0
        let values = try reader.packedSection()
        stored = Stored(
            bytes: reader, codesKind: codesKind, constant: constant, codes: codes, valuesKind: valuesKind,
            digits: digits, values: values)
    }

    /// A column that is not packed.
    init(_ column: Column, rows: Int) {
        self.rows = rows
        stored = nil
        knownCodes = .wide(column.codes)
        knownValues = .table(column.values)
        knownTable = column.values
        knownColumn = column
        valueCount = column.values.count
    }

    /// All of it.
    func expanded() throws(StoreError) -> Column {
        if let knownColumn { return knownColumn }
        let values = try table()
        let codes =
            switch try codes() {
            case .identity: (0..<rows).map { UInt16(truncatingIfNeeded: $0 + 1) }
            case .constant(let code): [UInt16](repeating: UInt16(truncatingIfNeeded: code), count: rows)
            case .bytes(let codes): codes.map { UInt16($0) }
            case .wide(let codes): codes
            }
        let column = Column(values: values, codes: codes)
        knownColumn = column
        return column
    }

    // MARK: Questions

    /// How many values there are.
    func count() throws(StoreError) -> Int {
        _ = try values()
        return valueCount
    }

    /// All values, by number.
    func table() throws(StoreError) -> ByteTable {
        if let knownTable { return knownTable }
        let table =
            switch try values() {
            case .table(let table): table
            case .hex(let packed, let start, let digits):
                ByteTable(hex: packed, start, digits: digits, count: valueCount)
            case .addresses(let packed, let start): ByteTable(addresses: packed, start, count: valueCount)
            }
        knownTable = table
        return table
    }

    /// The value of one event; nil where it has none.
    func value(at row: Int) throws(StoreError) -> [UInt8]? {
        var value: [UInt8] = []
        return try append(row, to: &value) ? value : nil
    }

    /// Appends the value of one event; false where it has none.
    func append(_ row: Int, to output: inout [UInt8]) throws(StoreError) -> Bool {
        if knownCodes == nil { _ = try codes() }
        let code =
            switch knownCodes {
            case .identity: row + 1
            case .constant(let code): code
            case .bytes(let codes): Int(codes[row])
            case .wide(let codes): row < codes.count ? Int(codes[row]) : 0
            case nil: 0
            }
        guard code > 0 else { return false }
        switch knownValues {
        case .table(let table): output.append(table.bytes.span.extracting(table.range(code - 1)))
        case .hex(let packed, let start, let digits):
            for byte in packed[start + (code - 1) * digits / 2..<start + code * digits / 2] {
                output.append(HexDigit.of(byte >> 4))
                output.append(HexDigit.of(byte & 15))
            }
        case .addresses(let packed, let start):
            for plane in 0..<4 {
                if plane > 0 { output.append(UInt8(ascii: ".")) }
                output.append(decimal: packed[start + plane * valueCount + code - 1])
            }
        case nil: return false
        }
        return true
    }

    /// The events with a value that is a hit; by code, so that the first hit stands for "no value".
    func rows(where isHit: [Bool]) throws(StoreError) -> RowSet {
        let codes = try codes()
        guard isHit.count > valueCount else { return RowSet(size: rows) }
        switch codes {
        case .identity: return RowSet(size: rows) { isHit[$0 + 1] }
        case .constant(let code): return isHit[code] ? RowSet(all: rows) : RowSet(size: rows)
        case .bytes(let codes): return RowSet(size: rows) { isHit[Int(codes[$0])] }
        case .wide(let codes): return RowSet(size: rows) { isHit[$0 < codes.count ? Int(codes[$0]) : 0] }
        }
    }

    /// How many of the events have each code: first how many have no value.
    func counts(among set: RowSet) throws(StoreError) -> [Int] {
        let codes = try codes()
        var counts = [Int](repeating: 0, count: valueCount + 1)
        let isAll = set.count == rows
        switch codes {
        case .constant(let code): counts[code] = set.count
        case .bytes(let codes) where isAll: counts.add(histogramOf: codes)
        case .bytes(let codes): set.forEach { counts[Int(codes[$0])] += 1 }
        case .identity: set.forEach { counts[$0 + 1] += 1 }
        case .wide(let codes): set.forEach { counts[$0 < codes.count ? Int(codes[$0]) : 0] += 1 }
        }
        return counts
    }

    // MARK: Opening

    /// The codes, none of them of a value that is not there.
    private func codes() throws(StoreError) -> Codes {
        if let knownCodes { return knownCodes }
        guard let stored else { throw .damaged("a column without codes") }
        let count = try count()
        var highest = 0
        let codes: Codes
        switch stored.codesKind {
        case ColumnCodec.Codes.identity:
            codes = .identity
            highest = rows
        case ColumnCodec.Codes.constant:
            codes = .constant(stored.constant)
            highest = stored.constant
        default:
            guard let section = stored.codes else { throw .damaged("a column without codes") }
            let bytes = try stored.bytes.expand(section)
            let isWide = stored.codesKind == ColumnCodec.Codes.planes
            guard bytes.count == (isWide ? rows * 2 : rows) else {
                throw .damaged("\(bytes.count) code bytes for \(rows) events")
            }
            if isWide {
                let wide = [UInt16](planes: bytes, rows)
                highest = Int(wide.reduce(0, max))
                codes = .wide(wide)
            } else {
                highest = Int(bytes.reduce(0, max))
                codes = .bytes(bytes)
            }
        }
        guard highest <= count else { throw .damaged("value \(highest) of a column with \(count)") }
        knownCodes = codes
        return codes
    }

    private func values() throws(StoreError) -> Values {
        if let knownValues { return knownValues }
        guard let stored else { throw .damaged("a column without values") }
        let packed = try stored.bytes.expand(stored.values)
        var reader = ByteReader(packed)
        let count = try reader.count(limit: Int(UInt16.max))
        let start = reader.offset
        let values: Values
        switch stored.valuesKind {
        case ColumnCodec.Values.text: values = .table(try ByteTable(&reader, count: count, of: packed))
        case ColumnCodec.Values.hex:
            let (digits, overflow) = count.multipliedReportingOverflow(by: stored.digits)
            guard !overflow, digits == reader.remaining * 2 else { throw .damaged("hex numbers cut short") }
            values = .hex(packed, start: start, digits: stored.digits)
        case ColumnCodec.Values.address:
            guard reader.remaining >= count * 4 else { throw .damaged("addresses cut short") }
            values = .addresses(packed, start: start)
        case let kind: throw .damaged("values of an unknown kind \(kind)")
        }
        valueCount = count
        knownValues = values
        return values
    }
}

/// A digit of a hex number.
private enum HexDigit {
    static func of(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble &+ 0x30 : nibble &+ 0x57 }
}

extension ByteTable {
    /// Texts as they are stored: the length of each, and then all of them to the end of `bytes`.
    fileprivate init(_ reader: inout ByteReader, count: Int, of bytes: [UInt8]) throws(StoreError) {
        // Sums of lengths that a damaged file claims must not overflow.
        var end: UInt64 = 0
        var ends = try reader.varints(count, as: UInt32.self) { length in
            end += min(length, UInt64(IndexLimits.columnBytes))
            return UInt32(truncatingIfNeeded: end)
        }
        guard end == UInt64(reader.remaining) else {
            throw .damaged("values of \(end) bytes in \(reader.remaining)")
        }
        let start = UInt32(truncatingIfNeeded: reader.offset)
        for index in ends.indices { ends[index] &+= start }
        try self.init(bytes: bytes, start: start, ends: ends)
    }

    fileprivate init(hex packed: [UInt8], _ start: Int, digits: Int, count: Int) {
        var bytes = [UInt8](repeating: 0, count: count * digits)
        var output = bytes.mutableSpan
        for index in 0..<count * digits / 2 {
            let byte = packed[start + index]
            output[index * 2] = HexDigit.of(byte >> 4)
            output[index * 2 + 1] = HexDigit.of(byte & 15)
        }
        self.init(bytes: bytes, count: count, width: digits)
    }

    fileprivate init(addresses packed: [UInt8], _ start: Int, count: Int) {
        self.init()
        reserve(count, bytes: count * 15)
        var text: [UInt8] = []
        for index in 0..<count {
            text.removeAll(keepingCapacity: true)
            for plane in 0..<4 {
                if plane > 0 { text.append(UInt8(ascii: ".")) }
                text.append(decimal: packed[start + plane * count + index])
            }
            append(text.span)
        }
    }
}

extension [UInt16] {
    /// All low bytes, then all high bytes.
    fileprivate init(planes bytes: [UInt8], _ count: Int) {
        self.init(repeating: 0, count: count)
        var output = mutableSpan
        let source = bytes.span
        for index in 0..<output.count {
            output[index] = UInt16(source[index]) | UInt16(source[count + index]) << 8
        }
    }
}

extension [Int] {
    /// Counts bytes, each by its own number; all are within bounds.
    ///
    /// In four parts, as the same byte often stands next to itself, and one count would wait for the other.
    fileprivate mutating func add(histogramOf bytes: [UInt8]) {
        var parts = [UInt32](repeating: 0, count: 1_024)
        var output = parts.mutableSpan
        let source = bytes.span
        for index in source.indices { output[(index & 3) << 8 | Int(source[index])] += 1 }
        for code in indices {
            guard code < 256 else { break }
            for part in 0..<4 { self[code] += Int(parts[part << 8 | code]) }
        }
    }
}
