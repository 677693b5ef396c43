import Glibc

// Copying, comparing and hashing of bytes at machine speed. The pointers of the block code are all here.

extension [UInt8] {
    /// Appends the bytes of a span.
    @inlinable mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer, least significant byte first.
    mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
        for shift in stride(from: 0, to: Integer.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> Integer(truncatingIfNeeded: shift)))
        }
    }

    /// Appends an unsigned number in groups of 7 bits, lowest first; the high bit says that more follow (LEB128).
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends the decimal digits of a number.
    mutating func append(decimal value: UInt8) {
        if value >= 100 { append(0x30 + value / 100) }
        if value >= 10 { append(0x30 + value / 10 % 10) }
        append(0x30 + value % 10)
    }

    /// Appends a signed number as a varint, small values of either sign short.
    mutating func append(zigzag value: Int64) {
        append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }
}

/// Whether two spans hold the same bytes.
func equalBytes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    if left.count == 0 { return true }
    return unsafe left.withUnsafeBufferPointer { left in
        unsafe right.withUnsafeBufferPointer { right in
            guard let first = left.baseAddress, let second = right.baseAddress else { return false }
            return unsafe memcmp(first, second, left.count) == 0
        }
    }
}

/// A 64-bit hash of bytes: eight bytes a step, each folded by one full multiplication.
///
/// Stored in Bloom filters and journal records, so a change of it is a change of the store's format.
///
/// Unkeyed by default. A table whose collisions a sender must not be able to craft passes a random `seed`.
func hashBytes(_ span: Span<UInt8>, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) -> UInt64 {
    @inline(__always) func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
    let bytes = unsafe span.bytes
    let count = bytes.byteCount
    var hash: UInt64 = seed ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while count - offset >= 8 {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
        hash = fold(hash ^ word, 0xD6E8_FEB8_6659_FD93)
        offset += 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while offset < count {
        tail |= UInt64(span[offset]) << shift
        shift += 8
        offset += 1
    }
    return fold(hash ^ tail, 0xA076_1D64_78BD_642F)
}

/// Reads numbers from bytes of a file; every read is checked, as files can be damaged.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
        self.bytes = bytes
        offset = range?.lowerBound ?? 0
        end = min(range?.upperBound ?? bytes.count, bytes.count)
    }

    var remaining: Int { end - offset }

    mutating func byte() throws(StoreError) -> UInt8 {
        guard offset < end else { throw .damaged("a record ends early, at byte \(offset)") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func varint() throws(StoreError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw .damaged("a number of more than 10 bytes, at byte \(offset)")
    }

    /// Many varints, each as what `transform` makes of it.
    @inline(__always)
    mutating func varints<Number: FixedWidthInteger>(
        _ count: Int, as _: Number.Type, _ transform: (UInt64) -> Number
    ) throws(StoreError) -> [Number] {
        // Each takes a byte at least, so that a wrong count cannot ask for much memory.
        guard count <= remaining else { throw .damaged("\(count) numbers in \(remaining) bytes") }
        var values = [Number](repeating: 0, count: count)
        var place = offset
        let bytes = self.bytes
        let source = bytes.span
        var output = values.mutableSpan
        for index in 0..<count {
            guard place < end else { throw .damaged("a list of numbers ends early") }
            let first = source[place]
            place += 1
            if first < 0x80 {
                output[index] = transform(UInt64(first))
                continue
            }
            var value = UInt64(first & 0x7F)
            var shift: UInt64 = 7
            while true {
                guard place < end, shift < 64 else {
                    throw .damaged("a list of numbers with a number too long")
                }
                let next = source[place]
                place += 1
                value |= UInt64(next & 0x7F) << shift
                if next < 0x80 { break }
                shift += 7
            }
            output[index] = transform(value)
        }
        offset = place
        return values
    }

    /// Passes over a section.
    mutating func skipSection() throws(StoreError) {
        _ = try varint()
        _ = try range(try count(limit: IndexLimits.columnBytes))
    }

    /// A varint that must be at most `limit`.
    mutating func count(limit: Int) throws(StoreError) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else {
            throw .damaged("a count of \(value), at most \(limit) is possible")
        }
        return Int(truncatingIfNeeded: value)
    }

    mutating func zigzag() throws(StoreError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws(StoreError) -> Integer {
        var value: Integer = 0
        for index in 0..<Integer.bitWidth / 8 {
            value |= Integer(truncatingIfNeeded: try byte()) << Integer(truncatingIfNeeded: index * 8)
        }
        return value
    }

    /// The next `count` bytes, as a range of the bytes given.
    mutating func range(_ count: Int) throws(StoreError) -> Range<Int> {
        guard count >= 0, count <= remaining else {
            throw .damaged("\(count) bytes claimed where \(remaining) are left, at byte \(offset)")
        }
        defer { offset += count }
        return offset..<offset + count
    }

    /// Some of the bytes given.
    func slice(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

    func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
