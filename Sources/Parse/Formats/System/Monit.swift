/// Messages of Monit: `'service' text`, and who asked its web server.
enum Monit {
    private static let service = FieldID(named: "service"), user = FieldID(named: "user")

    /// Reads the text behind time and level; over syslog that is the whole message.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = range.lowerBound
        if start < end, bytes[start] == UInt8(ascii: "'"),
            let close = bytes.find("' ", from: start &+ 1, to: end), close > start &+ 1
        {
            event.addSpan(.message, bytes, range)
            event.add(service, bytes, start &+ 1..<close)
            event.addUnnamed(bytes, close &+ 2..<end)
            return true
        }
        guard let address = address(bytes, range) else { return event.addPlain(bytes, range) }
        event.addSpan(.message, bytes, range)
        event.addUnnamed(bytes, start..<address.lowerBound)
        event.addClient(bytes, address)
        if let key = bytes.findLast(" user '", from: address.upperBound, to: end),
            let close = bytes.findLast("'", from: key &+ 7, to: end)
        {
            event.addUnnamed(bytes, address.upperBound..<key)
            event.add(user, bytes, key &+ 7..<close)
            event.addUnnamed(bytes, close &+ 1..<end)
            event.addLogin(isAccepted: false, by: "basic")
        } else {
            event.addUnnamed(bytes, address.upperBound..<end)
        }
        return true
    }

    /// The address in `Client '192.0.2.1' supplied …`, or in `access denied -- client [192.0.2.1]: …`.
    private static func address(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        let end = range.upperBound
        var start: Int?
        if let key = bytes.find("Client '", from: range.lowerBound, to: end) { start = key &+ 8 }
        if start == nil, let key = bytes.find("-- client ", from: range.lowerBound, to: end) {
            start = bytes.has("[", at: key &+ 10, to: end) ? key &+ 11 : key &+ 10
        }
        guard let start else { return nil }
        var at = start
        while at < end, !isEnd(bytes[at]) { at &+= 1 }
        // `192.0.2.1:` without brackets.
        if at > start, bytes[at &- 1] == UInt8(ascii: ":") { at &-= 1 }
        return at > start ? start..<at : nil
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "'") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: " ")
    }

    /// Continuations begin with a blank; a line of the log file begins with its time.
    @Sendable
    static func place(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        guard !range.isEmpty else { return .unknown }
        switch bytes[range.lowerBound] {
        case UInt8(ascii: " "): return state == 0 ? .unknown : .continues()
        case UInt8(ascii: "["): return .begins()
        default: return .alone
        }
    }
}
