/// What plug-ins of WordPress write to syslog of those who log in, for fail2ban:
/// `Authentication failure for alice from 203.0.113.9`.
enum WordPressLogin {
    /// What stands before the name, and whether its owner was let in.
    private static let beginnings: [(text: StaticString, isAccepted: Bool)] = [
        ("Authentication failure for ", false), ("Authentication attempt for unknown user ", false),
        ("XML-RPC authentication failure for ", false),
        ("XML-RPC authentication attempt for unknown user ", false),
        ("XML-RPC multicall authentication failure for ", false),
        ("XML-RPC multicall authentication failure", false),
        ("REST authentication failure for ", false),
        ("REST authentication attempt for unknown user ", false),
        ("Blocked authentication attempt for ", false), ("Accepted password for ", true),
    ]

    /// False where it is another text.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let range = bytes.withoutLineEnds(range)
        let end = range.upperBound
        guard let item = beginnings.first(where: { bytes.has($0.text, at: range.lowerBound, to: end) }),
            // A name is the client's: the words of the plug-in are told from the right.
            let from = bytes.findLast(" from ", from: range.lowerBound, to: end)
        else { return false }
        let name = range.lowerBound &+ item.text.utf8CodeUnitCount
        let addressEnd = bytes.find(UInt8(ascii: " "), from: from &+ 6, to: end)
        guard bytes.isAddress(from &+ 6..<addressEnd), name <= from else { return false }
        event.addSpan(.message, bytes, range)
        if name < from { event.add(.user, bytes, name..<from) }
        event.add(.clientIP, bytes, from &+ 6..<addressEnd)
        event.addLogin(isAccepted: item.isAccepted, by: "password")
        return true
    }
}
