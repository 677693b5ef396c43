/// `message repeated 3 times: [ … ]`, which stands for a message that came again.
struct RepeatedMessage {
    /// The digits of how often.
    var count: Range<Int>
    /// The message that was repeated.
    var message: Range<Int>

    static let field = FieldID(named: "repeated")

    /// Nil where the text is a message of its own.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let end = range.upperBound
        var start = range.lowerBound
        if start < end, bytes[start] == UInt8(ascii: " ") { start &+= 1 }
        guard bytes.has("message repeated ", at: start, to: end) else { return nil }
        var at = start &+ 17
        while at < end, isDigit(bytes[at]) { at &+= 1 }
        count = start &+ 17..<at
        guard !count.isEmpty, count.count <= 10, bytes.has(" times: [", at: at, to: end) else { return nil }
        at &+= 9
        if at < end, bytes[at] == UInt8(ascii: " ") { at &+= 1 }
        // A message that was cut has lost its bracket.
        let close = at < end && bytes[end &- 1] == UInt8(ascii: "]") ? end &- 1 : end
        guard close > at else { return nil }
        message = at..<close
    }
}
