/// Searches over bytes that step eight at a time.
///
/// The one file of this target's text code that loads words.
extension Span where Element == UInt8 {
    /// The eight bytes from `offset`, the first in the lowest bits.
    ///
    /// `offset + 8` must not pass the end (checked).
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The first offset in `from ..< to` that holds `byte`, or `to`.
    ///
    /// `to` must not pass the end.
    @inline(__always)
    func find(_ byte: UInt8, from: Int, to: Int) -> Int {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var at = from
        while at &+ 8 <= to {
            let difference = word(at: at) ^ pattern
            let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if zeros != 0 { return at &+ zeros.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < to {
            if self[at] == byte { return at }
            at &+= 1
        }
        return to
    }

    /// Whether `byte` stands anywhere in `from ..< to`: for a look at a text that mostly has none.
    ///
    /// `to` must not pass the end.
    @inline(__always)
    func holds(_ byte: UInt8, from: Int, to: Int) -> Bool {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var at = from
        while at &+ 32 <= to {
            let a = word(at: at) ^ pattern
            let b = word(at: at &+ 8) ^ pattern
            let c = word(at: at &+ 16) ^ pattern
            let d = word(at: at &+ 24) ^ pattern
            let ones: UInt64 = 0x0101_0101_0101_0101
            let zeros = (a &- ones) & ~a | (b &- ones) & ~b | (c &- ones) & ~c | (d &- ones) & ~d
            if zeros & 0x8080_8080_8080_8080 != 0 { return true }
            at &+= 32
        }
        return find(byte, from: at, to: to) < to
    }

    /// The first offset in `from ..< to` that holds `"` or a backslash, or `to`, which must not pass the end.
    @inline(__always)
    func findQuoteOrBackslash(from: Int, to: Int) -> Int {
        var at = from
        while at &+ 8 <= to {
            let word = word(at: at)
            let quote = word ^ 0x2222_2222_2222_2222
            let slash = word ^ 0x5C5C_5C5C_5C5C_5C5C
            // A byte above the first hit may be marked wrongly, the first never is.
            let hits =
                ((quote &- 0x0101_0101_0101_0101) & ~quote | (slash &- 0x0101_0101_0101_0101) & ~slash)
                & 0x8080_8080_8080_8080
            if hits != 0 { return at &+ hits.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < to {
            if self[at] == UInt8(ascii: "\"") || self[at] == UInt8(ascii: "\\") { return at }
            at &+= 1
        }
        return to
    }

    /// The first offset in `from ..< to` that holds no blank, or `to`.
    @inline(__always)
    func skipBlanks(from: Int, to: Int) -> Int {
        var at = from
        while at < to, self[at] == UInt8(ascii: " ") { at &+= 1 }
        return at
    }

    /// Whether the bytes from `offset` on are `text`, all of it before `end`.
    @inline(__always)
    func has(_ text: StaticString, at offset: Int, to end: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset <= end, end - offset >= length else { return false }
        for index in 0..<length where unsafe self[offset &+ index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether `other` holds the same bytes as `range` of this span.
    @inline(__always)
    func equals(_ range: Range<Int>, _ other: [UInt8], at offset: Int) -> Bool {
        let count = range.count
        guard offset >= 0, count <= other.count - offset else { return false }
        let text = other.span
        var at = 0
        while at &+ 8 <= count {
            if word(at: range.lowerBound &+ at) != text.word(at: offset &+ at) { return false }
            at &+= 8
        }
        while at < count {
            if self[range.lowerBound &+ at] != text[offset &+ at] { return false }
            at &+= 1
        }
        return true
    }

    /// The number that the two digits at `offset` make; negative where they are no digits.
    @inline(__always)
    func twoDigits(at offset: Int) -> Int {
        let high = self[offset] &- 48
        let low = self[offset &+ 1] &- 48
        return high > 9 || low > 9 ? -1 : Int(high) &* 10 &+ Int(low)
    }
}

extension [UInt8] {
    /// Appends the bytes `range` of `bytes` at once.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends what stands from `from` on, up to the first `byte` or to `to`, as far as there is room;
    /// returns the offset behind what was appended.
    ///
    /// `to` must not pass the end of `bytes`.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, from: Int, before byte: UInt8, to: Int) -> Int {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        return unsafe withUnsafeMutableBufferPointer { buffer, count in
            var at = from
            while at &+ 8 <= to, count &+ 8 <= buffer.count, let base = buffer.baseAddress {
                let word = bytes.word(at: at)
                // What is written behind the byte is written over later.
                unsafe UnsafeMutableRawPointer(base + count).storeBytes(
                    of: word.littleEndian, as: UInt64.self)
                let difference = word ^ pattern
                let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
                if zeros != 0 {
                    count &+= zeros.trailingZeroBitCount >> 3
                    return at &+ zeros.trailingZeroBitCount >> 3
                }
                at &+= 8
                count &+= 8
            }
            while at < to, count < buffer.count, bytes[at] != byte {
                unsafe buffer[count] = bytes[at]
                at &+= 1
                count &+= 1
            }
            return at
        }
    }
}

/// Whether a byte is an ASCII digit.
@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

/// Whether a byte is an ASCII letter.
@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
