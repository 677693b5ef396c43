/// The tag of RFC 3164 §4.1.3: the name of a program, perhaps with its process number.
extension SyslogHeader {
    enum Tag {
        case none, bare, colon
    }

    /// Reads `program:`, `program[pid]:` or `program[pid]` and sets the message behind it.
    ///
    /// Where a host stands before it, so that a tag is due, also a bare word, and text right behind the
    /// colon.
    mutating func readTag(_ bytes: Span<UInt8>, at start: Int, to end: Int, isDue: Bool) -> Tag {
        let limit = min(end, start &+ ParseLimits.programBytes &+ 1)
        var at = start
        while at < limit, Self.isProgramByte(bytes[at]) { at &+= 1 }
        if let whole = imageTag(bytes, start, at, limit, end) { at = whole }
        let length = at &- start
        guard length > 0, length <= ParseLimits.programBytes else { return .none }
        var next = at
        var pid = self.pid
        var tag = Tag.bare
        if at == end {
            guard isDue else { return .none }
        } else {
            switch bytes[at] {
            case UInt8(ascii: ":"):
                next = at &+ 1
                tag = .colon
                if next < end, bytes[next] != UInt8(ascii: " ") {
                    guard isDue, bytes[next] != UInt8(ascii: ":") else { return .none }
                }
            case UInt8(ascii: "["):
                let close = bytes.find(
                    UInt8(ascii: "]"), from: at, to: min(end, at &+ ParseLimits.pidBytes &+ 2))
                guard close < end, bytes[close] == UInt8(ascii: "]"), close &- at > 1,
                    bytes.find(UInt8(ascii: " "), from: at, to: close) == close
                else { return .none }
                let isNil = close &- at == 2 && bytes[at &+ 1] == UInt8(ascii: "-")
                pid = ByteRange(isNil ? close..<close : at &+ 1..<close)
                next = close &+ 1
                if next < end, bytes[next] == UInt8(ascii: ":") {
                    next &+= 1
                    tag = .colon
                } else if next < end, bytes[next] != UInt8(ascii: " ") {
                    return .none
                }
            case UInt8(ascii: " "):
                guard isDue, length <= ParseLimits.bareTagBytes else { return .none }
            default:
                return .none
            }
        }
        program = ByteRange(start..<at)
        self.pid = pid
        if next < end, bytes[next] == UInt8(ascii: " ") { next &+= 1 }
        setMessage(bytes, next, end)
        return tag
    }

    /// The end of a tag that names an image with its version, as Docker's `tag` option writes it:
    /// `docker.io/library/nginx:1.29/web.1[1234]: `; nil where there is none.
    private func imageTag(_ bytes: Span<UInt8>, _ start: Int, _ colon: Int, _ limit: Int, _ end: Int) -> Int?
    {
        guard colon > start, colon &+ 1 < limit, bytes[colon] == UInt8(ascii: ":"),
            Self.isProgramByte(bytes[colon &+ 1])
        else { return nil }
        var at = start
        var hasPath = false
        while at < limit, Self.isProgramByte(bytes[at]) || bytes[at] == UInt8(ascii: ":") {
            if bytes[at] == UInt8(ascii: "/") { hasPath = true }
            at &+= 1
        }
        guard hasPath, at < limit, bytes[at] == UInt8(ascii: "["), bytes[at &- 1] != UInt8(ascii: ":") else {
            return nil
        }
        let close = bytes.find(UInt8(ascii: "]"), from: at, to: min(end, at &+ ParseLimits.pidBytes &+ 2))
        return bytes.has("]:", at: close, to: end) ? at : nil
    }

    /// What the names of programs are made of: `postfix/smtpd`, `sshd(pam_unix)`, `%PIX-7-710005`, `CRON`.
    private static func isProgramByte(_ byte: UInt8) -> Bool {
        if byte >= 0x80 || isDigit(byte) || isLetter(byte) { return true }
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "#"),
            UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "$"), UInt8(ascii: "\\"), UInt8(ascii: "&"),
            UInt8(ascii: "="):
            return true
        default:
            return false
        }
    }
}
