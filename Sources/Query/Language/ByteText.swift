import Parse

/// How texts are compared, byte by byte: the one definition for every place where events are looked at.
///
/// A token is a maximal run of ASCII letters, digits, `_` and bytes from 0x80. An edge is a place in a value
/// that does not lie between two bytes of one token. Letters of ASCII match in both cases.
///
/// `text` is the arena that the value stands in, `range` the value. A range beyond the arena is cut to it.
/// Needles are lower-cased (`lowercased`) by the caller, once per query.
package enum ByteText {
    /// A needle for the functions below.
    package static func lowercased(_ text: String) -> [UInt8] { text.utf8.map(Token.lowercased) }

    /// Whether `place` is an edge of the value at `range`.
    ///
    /// Both ends of the value are.
    @inline(__always)
    static func isEdge(_ place: Int, in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        place <= range.lowerBound || place >= range.upperBound
            || !(Token.isTokenByte(text[place - 1]) && Token.isTokenByte(text[place]))
    }

    /// Whether the value holds the needle with an edge before and behind it.
    ///
    /// Every value holds the empty needle.
    package static func containsOnEdges(
        _ needle: [UInt8], in text: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let range = clamped(range, to: text)
        guard let first = needle.first, let last = needle.last else { return true }
        let reach = needle.count - 1
        let upperFirst = uppercase(first)
        let upperLast = uppercase(last)
        let end = range.upperBound - reach
        var start = range.lowerBound
        while start < end {
            let byte = text[start]
            if byte == first || byte == upperFirst {
                let tail = text[start + reach]
                if tail == last || tail == upperLast, isSame(needle, in: text, at: start),
                    isEdge(start, in: text, range), isEdge(start + reach + 1, in: text, range)
                {
                    return true
                }
            }
            start += 1
        }
        return false
    }

    /// Whether the whole value is the needle.
    package static func equalsIgnoringCase(
        _ needle: [UInt8], in text: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let range = clamped(range, to: text)
        return range.count == needle.count && isSame(needle, in: text, at: range.lowerBound)
    }

    /// Whether the whole value is the needle or, for a needle without a dot, the needle is the value's first
    /// label: `docs` finds `docs` and `docs.example.org`.
    package static func equalsHost(_ needle: [UInt8], in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let range = clamped(range, to: text)
        guard range.count >= needle.count, isSame(needle, in: text, at: range.lowerBound) else {
            return false
        }
        if range.count == needle.count { return true }
        return text[range.lowerBound + needle.count] == 0x2E && !needle.isEmpty && !needle.contains(0x2E)
    }

    /// Whether the whole value is the needle, byte for byte.
    package static func equals(_ needle: [UInt8], in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let range = clamped(range, to: text)
        guard range.count == needle.count else { return false }
        for index in needle.indices where text[range.lowerBound + index] != needle[index] { return false }
        return true
    }

    static func clamped(_ range: Range<Int>, to text: Span<UInt8>) -> Range<Int> {
        range.clamped(to: 0..<text.count)
    }

    @inline(__always)
    static func uppercase(_ byte: UInt8) -> UInt8 {
        byte &- 0x61 < 26 ? byte & 0xDF : byte
    }

    /// Whether the needle stands at `start`.
    ///
    /// The caller has checked that there is room for it.
    private static func isSame(_ needle: [UInt8], in text: Span<UInt8>, at start: Int) -> Bool {
        var index = 0
        while index < needle.count {
            if Token.lowercased(text[start + index]) != needle[index] { return false }
            index += 1
        }
        return true
    }
}
