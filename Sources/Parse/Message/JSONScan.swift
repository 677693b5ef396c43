/// The parts of JSON text (RFC 8259) as ranges of bytes.
///
/// Checks no more than what tells where a value ends.
enum JSONScan {
    /// The offset of the `{` that begins `range`, behind blanks and perhaps `@cee:`, the cookie of the Common
    /// Event Expression syslog transport.
    ///
    /// Nil where there is none.
    @inline(__always)
    static func start(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var at = range.lowerBound
        let end = range.upperBound
        guard at < end else { return nil }
        // Most lines end here.
        if bytes[at] == UInt8(ascii: "{") { return at }
        guard bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "@") else { return nil }
        at = bytes.skipBlanks(from: at, to: end)
        if bytes.has("@cee:", at: at, to: end) { at = bytes.skipBlanks(from: at &+ 5, to: end) }
        return at < end && bytes[at] == UInt8(ascii: "{") ? at : nil
    }

    /// The first offset from `at` on that holds no white space, or `end`.
    @inline(__always)
    static func skipSpace(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
        var at = at
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: at &+= 1
            default: return at
            }
        }
        return at
    }

    /// The offset of the quote that ends the string whose text begins at `at`, or `end` where it is cut; and
    /// whether it holds escapes.
    @inline(__always)
    static func stringEnd(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> (end: Int, isEscaped: Bool) {
        var at = bytes.findQuoteOrBackslash(from: at, to: end)
        guard at < end, bytes[at] == UInt8(ascii: "\\") else { return (at, false) }
        while at < end, bytes[at] != UInt8(ascii: "\"") {
            at = bytes.findQuoteOrBackslash(from: min(at &+ 2, end), to: end)
        }
        return (at, true)
    }

    /// The offset behind the number or word at `at`.
    @inline(__always)
    static func scalarEnd(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
        var at = at
        while at < end {
            let byte = bytes[at]
            guard
                isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "+")
            else { return at }
            at &+= 1
        }
        return at
    }

    /// The offset behind the object or array that begins at `at`, or `end` where it is cut; and whether it holds
    /// objects or arrays.
    ///
    /// Depth does not matter.
    static func skipNested(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> (end: Int, isFlat: Bool) {
        var at = at
        var depth = 0
        var isFlat = true
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at = stringEnd(bytes, at &+ 1, end).end
                guard at < end else { return (end, isFlat) }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth &+= 1
                if depth > 1 { isFlat = false }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth &-= 1
                if depth == 0 { return (at &+ 1, isFlat) }
            default: break
            }
            at &+= 1
        }
        return (end, isFlat)
    }
}

/// How the reading of a JSON text ended.
enum JSONEnd {
    /// The offset behind the value.
    case whole(Int)
    /// The text ends inside the value.
    case cut
    /// What stands at this offset is not JSON.
    case broken(Int)
}
