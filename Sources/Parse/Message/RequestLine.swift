/// The parts of `GET /path HTTP/1.1` (RFC 9112 §3).
struct RequestLine {
    var method: Range<Int>
    var path: Range<Int>
    /// Empty for `GET /path`, as HTTP/0.9 has it.
    var version: Range<Int>

    /// Nil where the text is no request: a TLS hello, blanks in the target, a method that is no word.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let end = range.upperBound
        var at = range.lowerBound
        while at < end,
            isLetter(bytes[at]) || bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "_")
        {
            at &+= 1
        }
        method = range.lowerBound..<at
        guard !method.isEmpty, at < end, bytes[at] == UInt8(ascii: " ") else { return nil }
        let target = at &+ 1
        let targetEnd = bytes.find(UInt8(ascii: " "), from: target, to: end)
        path = target..<targetEnd
        guard !path.isEmpty else { return nil }
        version = end..<end
        guard targetEnd < end else { return }
        guard bytes.has("HTTP/", at: targetEnd &+ 1, to: end) else { return nil }
        at = targetEnd &+ 6
        version = at..<end
        while at < end, isDigit(bytes[at]) || bytes[at] == UInt8(ascii: ".") { at &+= 1 }
        guard at == end, !version.isEmpty else { return nil }
    }
}
