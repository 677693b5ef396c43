/// One `key=value` of a body, or of the text behind the known fields of an access line.
struct TailItem {
    var key: Range<Int>
    /// Without its quotes.
    var value: Range<Int>
    /// Whether the value stood in quotes, where an empty value is a value.
    var isQuoted: Bool
    /// The offset behind the item: that of a blank, or the end.
    var end: Int

    /// Whether this says that there is no value: `-`, or nothing at all.
    func isNull(_ bytes: Span<UInt8>) -> Bool {
        value.isEmpty ? !isQuoted : value.count == 1 && bytes[value.lowerBound] == UInt8(ascii: "-")
    }

    /// Reads the item behind the blanks at `from`.
    ///
    /// Nil where there is none: no key, a key that is too long, no closing quote.
    init?(_ bytes: Span<UInt8>, from: Int, to end: Int) {
        let start = bytes.skipBlanks(from: from, to: end)
        var at = start
        while at < end, Self.isKeyByte(bytes[at], isFirst: at == start) { at &+= 1 }
        key = start..<at
        guard !key.isEmpty, key.count <= ParseLimits.fieldNameBytes, at < end, bytes[at] == UInt8(ascii: "=")
        else { return nil }
        at &+= 1
        isQuoted = at < end && bytes[at] == UInt8(ascii: "\"")
        if isQuoted {
            guard let close = Self.closingQuote(bytes, from: at &+ 1, to: end) else { return nil }
            value = at &+ 1..<close
            self.end = close &+ 1
            guard self.end == end || bytes[self.end] == UInt8(ascii: " ") else { return nil }
        } else {
            let valueEnd = bytes.find(UInt8(ascii: " "), from: at, to: end)
            value = at..<valueEnd
            self.end = valueEnd
        }
    }

    /// The offset of the quote that ends a value; one behind a backslash does not (Apache writes `\"`).
    private static func closingQuote(_ bytes: Span<UInt8>, from: Int, to end: Int) -> Int? {
        var at = from
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "\""): return at
            case UInt8(ascii: "\\"): at &+= 2
            default: at &+= 1
            }
        }
        return nil
    }

    private static func isKeyByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        if isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "@") { return true }
        return !isFirst && (isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-"))
    }
}
