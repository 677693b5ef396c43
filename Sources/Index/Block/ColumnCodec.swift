/// The stored form of columns: codes and values apart, each as small as it goes, then compressed.
///
///     codes:u8 … values:u8 …
///     codes   0                every event has its own value, in order
///             1 code:varint    every event has this code
///             2 section        a byte an event
///             3 section        all low bytes, then all high bytes
///     values  0 section        count, lengths (varints), then the bytes of all values
///             1 digits section count; lower-case hex numbers of `digits` digits, two a byte
///             2 section        count; IPv4 addresses, four planes of one byte a value
enum ColumnCodec {
    enum Codes {
        static let identity: UInt8 = 0
        static let constant: UInt8 = 1
        static let bytes: UInt8 = 2
        static let planes: UInt8 = 3
    }

    enum Values {
        static let text: UInt8 = 0
        static let hex: UInt8 = 1
        static let address: UInt8 = 2
    }

    static func encode(
        _ column: Column, rows: Int, with compressor: inout ZstdCompressor, to output: inout [UInt8]
    ) {
        encode(codes: column.codes, rows: rows, with: &compressor, to: &output)
        encode(values: column.values, with: &compressor, to: &output)
    }

    static func decode(_ reader: inout ByteReader, rows: Int) throws(StoreError) -> Column {
        try PackedColumn(&reader, rows: rows).expanded()
    }

    // MARK: Codes

    private static func encode(
        codes: [UInt16], rows: Int, with compressor: inout ZstdCompressor, to output: inout [UInt8]
    ) {
        let padded = codes.count < rows ? codes + [UInt16](repeating: 0, count: rows - codes.count) : codes
        if let first = padded.first, padded.allSatisfy({ $0 == first }) {
            output.append(Codes.constant)
            output.append(varint: UInt64(first))
        } else if padded.indices.allSatisfy({ Int(padded[$0]) == $0 + 1 }) {
            output.append(Codes.identity)
        } else if padded.allSatisfy({ $0 < 256 }) {
            output.append(Codes.bytes)
            compressor.append(padded.map { UInt8(truncatingIfNeeded: $0) }, to: &output)
        } else {
            output.append(Codes.planes)
            compressor.append(
                padded.map { UInt8(truncatingIfNeeded: $0) }
                    + padded.map { UInt8(truncatingIfNeeded: $0 >> 8) },
                to: &output)
        }
    }

    // MARK: Values

    private static func encode(
        values: ByteTable, with compressor: inout ZstdCompressor, to output: inout [UInt8]
    ) {
        var packed: [UInt8] = []
        packed.append(varint: UInt64(values.count))
        if let digits = hexDigits(values) {
            output.append(Values.hex)
            output.append(varint: UInt64(digits))
            for index in stride(from: 0, to: values.bytes.count, by: 2) {
                packed.append(nibble(values.bytes[index]) << 4 | nibble(values.bytes[index + 1]))
            }
        } else if let addresses = addresses(values) {
            output.append(Values.address)
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                for address in addresses { packed.append(UInt8(truncatingIfNeeded: address >> shift)) }
            }
        } else {
            output.append(Values.text)
            for index in 0..<values.count { packed.append(varint: UInt64(values.range(index).count)) }
            packed.append(contentsOf: values.bytes)
        }
        compressor.append(packed, to: &output)
    }

    // MARK: Hex numbers

    /// The length that all values have, where all are lower-case hex numbers of one even length of 8 or more.
    private static func hexDigits(_ values: ByteTable) -> Int? {
        guard values.count > 0 else { return nil }
        let digits = values.range(0).count
        guard digits >= 8, digits % 2 == 0, values.bytes.count == digits * values.count else { return nil }
        for index in 0..<values.count where values.range(index).count != digits { return nil }
        for byte in values.bytes {
            switch byte {
            case 0x30...0x39, 0x61...0x66: continue
            default: return nil
            }
        }
        return digits
    }

    private static func nibble(_ digit: UInt8) -> UInt8 { digit < 0x60 ? digit &- 0x30 : digit &- 0x57 }

    // MARK: IPv4 addresses

    /// The values as numbers, where all are IPv4 addresses in their one canonical form.
    private static func addresses(_ values: ByteTable) -> [UInt32]? {
        guard values.count > 0 else { return nil }
        var result: [UInt32] = []
        result.reserveCapacity(values.count)
        for index in 0..<values.count {
            guard let address = address(values.bytes.span, values.range(index)) else { return nil }
            result.append(address)
        }
        return result
    }

    private static func address(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var address: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var points = 0
        for index in range {
            switch bytes[index] {
            case UInt8(ascii: "."):
                guard digits > 0, points < 3 else { return nil }
                address = address << 8 | octet
                points += 1
                octet = 0
                digits = 0
            case let byte where byte >= 0x30 && byte <= 0x39:
                // A leading zero would not come back.
                guard digits == 0 || octet > 0 else { return nil }
                octet = octet * 10 + UInt32(byte - 0x30)
                digits += 1
                guard octet < 256 else { return nil }
            default: return nil
            }
        }
        return points == 3 && digits > 0 ? address << 8 | octet : nil
    }
}
