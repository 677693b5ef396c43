/// The message of an error line: what stands behind clock, thread and level.
enum MySQLErrorTail {
    private static let code = FieldID(named: "error_code"), subsystem = FieldID(named: "subsystem")
    private static let user = FieldID(named: "user"), database = FieldID(named: "database")
    private static let host = FieldID(named: "client_host"), client = FieldID(named: "client_ip")
    private static let query = FieldID(named: "query")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            // The server leaves lines empty behind some messages.
            var end = range.upperBound
            while end > range.lowerBound, bytes[end &- 1] == 0x0A || bytes[end &- 1] == 0x0D { end &-= 1 }
            addMessage(bytes, range.lowerBound..<end, &event)
            return true
        }
    }

    /// The statement of a line of the general log.
    @Sendable
    static func readQuery(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        if bytes.has("Access denied for user '", at: range.lowerBound, to: range.upperBound) {
            addMessage(bytes, range, &event)
            return true
        }
        if !range.isEmpty { event.add(query, bytes, range, unescaping: .octal) }
        return true
    }

    private static func addMessage(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) {
        event.addSpan(.message, bytes, range)
        let end = range.upperBound
        var at = range.lowerBound
        // MySQL 8.0: `[MY-013169] [Server] `.
        if bytes.has("[MY-", at: at, to: end) {
            let close = bytes.find(UInt8(ascii: "]"), from: at, to: end)
            guard close < end else { return }
            event.add(code, bytes, at &+ 1..<close)
            at = close &+ 1
            if bytes.has(" [", at: at, to: end) {
                let close = bytes.find(UInt8(ascii: "]"), from: at, to: end)
                guard close < end else { return }
                event.add(subsystem, bytes, at &+ 2..<close)
                at = bytes.skipBlanks(from: close &+ 1, to: end)
            }
        }
        // `Aborted connection 362 to db: 'wpwiki' user: 'root' host: 'localhost' (KILLED)`
        if bytes.has("Aborted connection ", at: at, to: end) {
            addQuoted(" to db: '", database, bytes, &at, end, &event)
            addQuoted(" user: '", user, bytes, &at, end, &event)
            addQuoted(" host: '", host, bytes, &at, end, &event)
        } else if bytes.has("Access denied for user '", at: at, to: end) {
            // A name may hold quotes: the host begins behind the last `'@'`.
            let name = at &+ 24
            guard let host = bytes.findLast("'@'", from: name, to: end) else { return }
            if host > name { event.add(user, bytes, name..<host) }
            at = host
            addQuoted("@'", Self.host, bytes, &at, end, &event)
            let isByPassword = bytes.find("(using password: YES)", from: at, to: end) != nil
            event.addLogin(isAccepted: false, by: isByPassword ? "password" : nil)
        } else if crashes.contains(where: { bytes.find($0, from: at, to: min(end, at &+ 80)) != nil }) {
            event.raise(to: 2)
        }
    }

    /// What a server says that is about to end.
    private static let crashes: [StaticString] = [
        "got signal ", "Assertion failure", "Fatal error: ", "[FATAL] ",
    ]

    /// Adds the value that stands between `key` and the next quote, and moves behind it.
    private static func addQuoted(
        _ key: StaticString, _ field: FieldID, _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int,
        _ event: inout EventWriter
    ) {
        guard let start = bytes.find(key, from: at, to: end) else { return }
        let value = start &+ key.utf8CodeUnitCount
        let close = bytes.find(UInt8(ascii: "'"), from: value, to: end)
        guard close < end else { return }
        at = close
        guard close > value else { return }
        event.add(field == host && isAddress(bytes, value..<close) ? client : field, bytes, value..<close)
    }

    /// Whether a text is an address, not a name: four numbers, or hexadecimal groups.
    static func isAddress(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var dots = 0
        var colons = 0
        for index in range {
            switch bytes[index] {
            case UInt8(ascii: "."): dots &+= 1
            case UInt8(ascii: ":"): colons &+= 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                if colons == 0,
                    bytes.find(UInt8(ascii: ":"), from: index, to: range.upperBound) == range.upperBound
                {
                    return false
                }
            default: return false
            }
        }
        return colons >= 2 || colons == 0 && dots == 3
    }
}
