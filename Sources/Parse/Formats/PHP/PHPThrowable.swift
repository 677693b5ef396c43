/// An exception as PHP writes one (Exception::__toString): `Class: message in FILE:LINE`, a line `Stack
/// trace:`, and a line a frame.
///
/// An exception that was thrown on account of this one follows behind a blank line and `Next `; the one that
/// came first is what happened, and the others stay in the trace. PHP 5 wrote
/// `exception 'Class' with message 'message' in FILE:LINE`.
struct PHPThrowable {
    let exception: Range<Int>
    /// Empty where it has none.
    var message: Range<Int>
    var location: PHPLocation?
    /// The lines behind `Stack trace:`; empty where there are none.
    var trace: Range<Int>

    /// A message may hold a trace as well: how many ends of it are looked at.
    private static let candidates = 4

    /// Nil where the text does not begin with a class.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let end = range.upperBound
        guard let name = Self.name(bytes, range) else { return nil }
        exception = name.name
        let isOld = bytes.has(" with message '", at: name.end, to: end)
        if isOld {
            message = min(name.end &+ 15, end)..<end
        } else if bytes.has(": ", at: name.end, to: end) {
            message = name.end &+ 2..<end
        } else if bytes.has(" in ", at: name.end, to: end) {
            message = name.end..<name.end
        } else {
            return nil
        }
        trace = end..<end
        var at = name.end
        for _ in 0..<Self.candidates {
            guard let found = bytes.find("\nStack trace:\n", from: at, to: end) else { break }
            location = PHPLocation(bytes, from: name.end, endingAt: found, .colon)
            if location != nil {
                trace = found &+ 14..<end
                break
            }
            at = found &+ 1
        }
        if location == nil { location = PHPLocation(bytes, from: name.end, endingAt: end, .colon) }
        if let location { endMessage(at: location.start, bytes, isQuoted: isOld) }
    }

    /// Ends the message where the location begins, without the quote that PHP 5 closes it with.
    private mutating func endMessage(at end: Int, _ bytes: Span<UInt8>, isQuoted: Bool) {
        message = min(message.lowerBound, end)..<end
        if isQuoted, !message.isEmpty, bytes[end &- 1] == UInt8(ascii: "'") {
            message = message.lowerBound..<end &- 1
        }
    }

    private static func name(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (name: Range<Int>, end: Int)? {
        var at = range.lowerBound
        let end = range.upperBound
        let isOld = bytes.has("exception '", at: at, to: end)
        if isOld { at &+= 11 }
        let start = at
        while at < end, isNameByte(bytes[at]) { at &+= 1 }
        guard at > start, !isDigit(bytes[start]) else { return nil }
        if bytes.has("@anonymous", at: at, to: end) { at &+= 10 }
        guard isOld else { return (start..<at, at) }
        guard at < end, bytes[at] == UInt8(ascii: "'") else { return nil }
        return (start..<at, at &+ 1)
    }

    /// Names of classes: letters, digits, `_`, any byte of UTF-8, and `\` between namespaces.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "\\")
            || byte >= 0x80
    }
}
