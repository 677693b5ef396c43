/// Other protocols that arrive on a syslog port by mistake.
///
/// Told by the first bytes of a connection.
enum ForeignProtocol {
    /// A TLS record of a handshake begins with these two bytes (RFC 8446 §5.1: type 22, version 3.x).
    private static let handshake: (UInt8, UInt8) = (0x16, 0x03)

    /// Whether a connection that begins with `bytes` opens TLS; nil while the bytes do not tell.
    static func isTLS(_ bytes: borrowing Span<UInt8>) -> Bool? {
        guard !bytes.isEmpty, bytes[0] == handshake.0 else { return bytes.isEmpty ? nil : false }
        return bytes.count < 2 ? nil : bytes[1] == handshake.1
    }

    /// A request line: a method in capitals, a space, a target, and ` HTTP/` before the version at the end
    /// (RFC 9112 §3).
    ///
    /// A log line never has this form: the method stands at its very start.
    static func isHTTPRequest(_ bytes: borrowing Span<UInt8>, _ line: Range<Int>) -> Bool {
        var end = line.upperBound
        if end > line.lowerBound, bytes[end - 1] == ASCII.cr { end -= 1 }
        var method = line.lowerBound
        while method < end, bytes[method] &- 0x41 < 26 { method += 1 }
        guard (3...7).contains(method - line.lowerBound), method < end, bytes[method] == ASCII.space else {
            return false
        }
        // The version is `HTTP/` and three bytes that are not looked at.
        let version = end - " HTTP/".utf8.count - 3
        return version > method && matches(bytes, at: version, " HTTP/")
    }

    private static func matches(_ bytes: borrowing Span<UInt8>, at start: Int, _ text: String) -> Bool {
        var index = start
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
