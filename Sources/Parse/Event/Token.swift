/// What a word is, for the index and the query alike: a maximal run of ASCII letters, digits, `_`, and bytes from
/// 0x80 on (the parts of all other letters in UTF-8).
package enum Token {
    @inlinable @inline(__always)
    package static func isTokenByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
    }

    /// The lower-case form of an ASCII letter; any other byte as it is.
    @inlinable @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// Calls `body` with the range of each token in `range` of `text`.
    @inlinable
    package static func forEach(in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var index = range.lowerBound
        while index < range.upperBound {
            while index < range.upperBound, !isTokenByte(text[index]) { index += 1 }
            let start = index
            while index < range.upperBound, isTokenByte(text[index]) { index += 1 }
            if index > start { body(start..<index) }
        }
    }
}
