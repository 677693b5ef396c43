/// Messages of Dovecot, as far as somebody logs in or is refused.
///
///     imap-login: Login: user=<alice>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, mpid=1, TLS, session=<x>
///     imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<alice>, method=PLAIN, rip=203.0.113.9, …
///     auth: passwd-file(alice,203.0.113.9): Password mismatch
///
/// The daemon's name stands first, unless it is the program's (`dovecot: `), or with a level behind it, as in files:
/// `imap-login: Info: Login: …`.
enum Dovecot {
    private static let service = FieldID(named: "service"), session = FieldID(named: "session")
    private static let server = FieldID(named: "dst_ip"), serverPort = FieldID(named: "dst_port")

    private static let keys: [(text: StaticString, field: FieldID)] = [
        ("user=", .user), ("method=", .authMethod), ("rip=", .clientIP), ("rport=", .clientPort),
        ("lip=", server),
        ("lport=", serverPort), ("session=", session),
    ]
    private static let levels: [StaticString] = [
        "Info: ", "Warning: ", "Error: ", "Fatal: ", "Panic: ", "Debug: ",
    ]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let range = bytes.withoutLineEnds(range)
        let end = range.upperBound
        if SystemPAM.begins(bytes, range) { return false }
        var at = range.lowerBound
        if let name = name(bytes, range) {
            event.add(service, bytes, name)
            at = bytes.find(":", from: name.upperBound, to: end).map { $0 &+ 2 } ?? end
        }
        if let level = levels.first(where: { bytes.has($0, at: at, to: end) }) {
            event.setLevel(bytes, at..<at &+ level.utf8CodeUnitCount &- 2)
            at &+= level.utf8CodeUnitCount
        }
        event.addSpan(.message, bytes, at..<end)
        let text = at..<end
        if !readLogin(bytes, text, &event), !readCheck(bytes, text, &event) { event.addUnnamed(bytes, text) }
        return true
    }

    /// The daemon of `imap-login: `, `auth-worker(12): ` or `imap(alice)<12><x>: `.
    private static func name(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        let end = min(range.upperBound, range.lowerBound &+ 128)
        var at = range.lowerBound
        while at < end, isLetter(bytes[at]) || bytes[at] == UInt8(ascii: "-") || isDigit(bytes[at]) {
            at &+= 1
        }
        let name = range.lowerBound..<at
        guard !name.isEmpty, at < end, !bytes.has("Login: ", at: range.lowerBound, to: end),
            bytes.find(": ", from: at, to: end) != nil,
            bytes[at] == UInt8(ascii: ":") || bytes[at] == UInt8(ascii: "(") || bytes[at] == UInt8(ascii: "<")
        else { return nil }
        return name
    }

    /// Reads `Login: user=<alice>, …` and `Disconnected (auth failed, …): user=<alice>, …`.
    private static func readLogin(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        let isAccepted = bytes.has("Login: ", at: text.lowerBound, to: end)
        guard
            let pairs = isAccepted
                ? text.lowerBound &+ 7
                : bytes.find("): ", from: text.lowerBound, to: end).map({ $0 &+ 3 })
        else { return false }
        let head = text.lowerBound..<min(pairs, end)
        let isRefused =
            bytes.find("auth failed", from: head.lowerBound, to: head.upperBound) != nil
            || bytes.find("tried to use disabled", from: head.lowerBound, to: head.upperBound) != nil
        guard
            bytes.has("user=", at: pairs, to: end) || bytes.has("method=", at: pairs, to: end)
                || bytes.has("rip=", at: pairs, to: end)
        else { return false }
        if !isAccepted { event.addUnnamed(bytes, head) }
        addPairs(bytes, pairs..<end, &event)
        if isAccepted || isRefused { event.addLogin(isAccepted: isAccepted) }
        return true
    }

    /// Adds `user=<alice>, method=PLAIN, rip=203.0.113.9, …`.
    ///
    /// A name may hold anything but the `>, ` that ends it.
    private static func addPairs(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        var at = range.lowerBound
        while at < range.upperBound {
            let key = keys.first { bytes.has($0.text, at: at, to: range.upperBound) }
            var start = at &+ (key?.text.utf8CodeUnitCount ?? 0)
            var end = bytes.find(", ", from: start, to: range.upperBound) ?? range.upperBound
            var next = end &+ 2
            if key != nil, bytes.has("<", at: start, to: range.upperBound) {
                start &+= 1
                let close = bytes.find(">, ", from: start, to: range.upperBound)
                end = close ?? max(start, range.upperBound &- 1)
                next = end &+ 3
            }
            if start < end {
                if let key {
                    event.add(key.field, bytes, start..<end)
                } else {
                    event.addUnnamed(bytes, start..<end)
                }
            }
            at = next
        }
    }

    private static let refusals: [StaticString] = [
        "Password mismatch", "password mismatch", "unknown user", "Authentication failure",
        "Invalid credentials",
        "(given password", "Login failed", "no such user", "Credentials",
    ]

    /// Reads what a database of users says: `passwd-file(alice,203.0.113.9,<session>): Password mismatch`.
    private static func readCheck(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        let open = bytes.find(UInt8(ascii: "("), from: text.lowerBound, to: min(end, text.lowerBound &+ 32))
        guard let close = bytes.find("): ", from: open, to: end),
            let comma = bytes.find(",", from: open, to: close), comma > open &+ 1,
            refusals.contains(where: { bytes.find($0, from: close, to: end) != nil })
        else { return false }
        let address = comma &+ 1..<bytes.find(UInt8(ascii: ","), from: comma &+ 1, to: close)
        event.add(.user, bytes, open &+ 1..<comma)
        if bytes.isAddress(address) { event.add(.clientIP, bytes, address) }
        event.addUnnamed(bytes, close &+ 3..<end)
        event.addLogin(isAccepted: false)
        return true
    }
}
