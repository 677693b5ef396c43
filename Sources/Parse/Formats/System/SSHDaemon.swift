/// Messages of OpenSSH's sshd (auth.c, sshd.c, packet.c).
///
/// The user's name is in the client's hand and may hold anything: it ends where the last ` from ADDRESS port N`
/// begins.
enum SSHDaemon {
    private static let event = FieldID(named: "ssh_event"), method = FieldID(named: "auth_method")
    private static let user = FieldID(named: "user")
    private static let signature = FieldID(named: "signature"), dropped = FieldID(named: "dropped_ip")

    /// What stands behind a beginning.
    private enum Kind {
        /// `METHOD for [invalid user ]USER from ADDRESS port N ssh2[: KEY]`
        case attempt
        /// `USER from ADDRESS[ port N]`
        case refusedUser
        /// `[invalid user ]USER from ADDRESS[ port N][ ssh2]`
        case userFrom
        /// `[authenticating user USER ]ADDRESS[ port N][rest]`
        case peer
        /// `ADDRESS[ port N]` of a client that never said what it is.
        case dropped
        /// Text with ` from ADDRESS[ port N]` at its end.
        case anyFrom
        /// Text with ` for [invalid user ]USER from ADDRESS[ port N]` at its end.
        case forFrom
        /// `NAME (ADDRESS)`, of TCP wrappers.
        case refused
        /// `USER` and nothing else.
        case user
        /// `[invalid user ]USER[ from ADDRESS port N]`
        case userOrFrom
        /// Text with ` for ADDRESS, ` in it.
        case forAddress
        /// `USER[ from ADDRESS] not allowed because …`
        case notAllowed
    }

    private static let beginnings: [(text: StaticString, kind: Kind)] = [
        ("Accepted ", .attempt), ("Failed ", .attempt), ("Postponed ", .attempt), ("Partial ", .attempt),
        ("Invalid user ", .refusedUser), ("Illegal user ", .refusedUser), ("User ", .notAllowed),
        ("Connection closed by ", .peer), ("Connection reset by ", .peer), ("Connection from ", .peer),
        ("Disconnected from ", .peer), ("Received disconnect from ", .peer), ("Disconnecting ", .peer),
        ("Disconnecting: Too many authentication failures for ", .userOrFrom), ("Disconnecting: ", .forFrom),
        ("Did not receive identification string from ", .dropped),
        ("Unable to negotiate with ", .peer), ("Timeout before authentication for connection from ", .peer),
        ("Timeout before authentication for ", .peer), ("banner exchange: Connection from ", .peer),
        ("ssh_dispatch_run_fatal: Connection from ", .peer), ("Protocol major versions differ for ", .peer),
        ("ROOT LOGIN REFUSED FROM ", .peer), ("Address ", .peer), ("Nasty PTR record ", .forAddress),
        ("maximum authentication attempts exceeded for ", .userFrom),
        ("PAM: Authentication failure for ", .userFrom), ("PAM: User not known to the underlying ", .forFrom),
        ("PAM: ", .anyFrom), ("Bad protocol version identification ", .anyFrom),
        ("Close session: user ", .userFrom), ("Starting session: ", .forFrom),
        ("input_userauth_request: invalid user ", .user), ("refused connect from ", .refused),
        ("Bad packet length ", .anyFrom), ("Corrupted MAC on input", .anyFrom),
    ]

    private static let levels: [(text: StaticString, severity: UInt8)] = [
        ("error: ", 3), ("fatal: ", 2), ("info: ", 6),
    ]
    private static let names: [StaticString] = ["authenticating user ", "invalid user ", "user "]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        var at = bytes.skipBlanks(from: range.lowerBound, to: range.upperBound)
        var end = range.upperBound
        if SystemPAM.begins(bytes, at..<end) { return false }
        if end &- at > 10, bytes.has(" [preauth]", at: end &- 10, to: end) { end &-= 10 }
        for item in levels where bytes.has(item.text, at: at, to: end) {
            at &+= item.text.utf8CodeUnitCount
            event.event.severity = item.severity
        }
        for index in beginnings.indices where bytes.has(beginnings[index].text, at: at, to: end) {
            let text = at &+ beginnings[index].text.utf8CodeUnitCount
            let mark = event.mark
            let isRead =
                switch beginnings[index].kind {
                case .attempt: readAttempt(bytes, at..<text &- 1, text..<end, &event)
                case .refusedUser: readRefused(bytes, at..<at &+ 7, text..<end, &event)
                case .userFrom: readUserFrom(bytes, text..<end, &event)
                case .peer: readPeer(bytes, text..<end, &event)
                case .dropped: readDropped(bytes, text..<end, &event)
                case .anyFrom: readFrom(bytes, text..<end, &event)
                case .forFrom: readForFrom(bytes, text..<end, &event)
                case .refused: readRefusedHost(bytes, text..<end, &event)
                case .user: readUser(bytes, text..<end, &event)
                case .userOrFrom:
                    readUserFrom(bytes, text..<end, &event)
                        || readUser(bytes, skipInvalid(bytes, text, end)..<end, &event)
                case .forAddress: readForAddress(bytes, text..<end, &event)
                case .notAllowed: readNotAllowed(bytes, text..<end, &event)
                }
            if isRead {
                switch beginnings[index].kind {
                case .userFrom, .userOrFrom, .user, .notAllowed, .forFrom, .peer:
                    addRefusal(bytes, at..<text, &event)
                default: break
                }
                return true
            }
            event.takeBack(mark)
            break
        }
        if bytes.has("Access denied for user ", at: at, to: end) { event.addLogin(isAccepted: false) }
        if bytes.has("PAM ", at: at, to: end), SystemPAM.addFailure(bytes, at..<end, &event) { return true }
        if SystemUsers.add(bytes, at..<end, &event) { return true }
        if SSHAddress.addBracketed(bytes, at..<end, &event) { return true }
        return event.addPlain(bytes, range)
    }

    /// What begins a message that says, in words of its own, that somebody was not let in.
    private static let refusals: [StaticString] = [
        "User ", "maximum authentication attempts exceeded for ", "PAM: Authentication failure for ",
        "PAM: User not known ", "Disconnecting: Too many authentication failures for ",
        "input_userauth_request: invalid user ",
    ]

    private static func addRefusal(
        _ bytes: Span<UInt8>, _ beginning: Range<Int>, _ event: inout EventWriter
    ) {
        let start = beginning.lowerBound
        let end = beginning.upperBound
        if bytes.has("PAM: ", at: start, to: end) {
            event.addLogin(isAccepted: false, by: "keyboard-interactive/pam")
        } else if bytes.has("ROOT LOGIN REFUSED ", at: start, to: end) {
            event.addDerived(user, bytes: "root")
            event.addLogin(isAccepted: false)
        } else if refusals.contains(where: { bytes.has($0, at: start, to: end) }) {
            event.addLogin(isAccepted: false)
        }
    }

    // MARK: Kinds

    private static func readAttempt(
        _ bytes: Span<UInt8>, _ word: Range<Int>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        let methodEnd = bytes.find(UInt8(ascii: " "), from: text.lowerBound, to: end)
        guard methodEnd > text.lowerBound, bytes.has(" for ", at: methodEnd, to: end) else { return false }
        let name = skipInvalid(bytes, methodEnd &+ 5, end)
        guard let from = SSHAddress(lastIn: bytes, name..<end, needsPort: true) else { return false }
        event.add(Self.event, bytes, word)
        event.add(method, bytes, text.lowerBound..<methodEnd)
        event.add(user, bytes, name..<from.start)
        from.add(bytes, &event)
        var rest = from.end
        if bytes.has(" ssh2: ", at: rest, to: end) {
            event.add(signature, bytes, rest &+ 7..<end)
        } else {
            if bytes.has(" ssh2", at: rest, to: end) { rest &+= 5 }
            event.addUnnamed(bytes, rest..<end)
        }
        switch bytes[word.lowerBound] {
        case UInt8(ascii: "A"): event.addLogin(isAccepted: true)
        case UInt8(ascii: "F"): event.addLogin(isAccepted: false)
        default: break
        }
        return true
    }

    private static func readRefused(
        _ bytes: Span<UInt8>, _ word: Range<Int>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let from = SSHAddress(lastIn: bytes, text, needsPort: false) else { return false }
        event.add(Self.event, bytes, word)
        event.add(user, bytes, text.lowerBound..<from.start)
        from.add(bytes, &event)
        event.addUnnamed(bytes, from.end..<text.upperBound)
        event.addLogin(isAccepted: false)
        return true
    }

    private static func readUserFrom(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let name = skipInvalid(bytes, text.lowerBound, text.upperBound)
        guard let from = SSHAddress(lastIn: bytes, name..<text.upperBound, needsPort: false) else {
            return false
        }
        event.add(user, bytes, name..<from.start)
        from.add(bytes, &event)
        event.addUnnamed(bytes, from.end..<text.upperBound)
        return true
    }

    private static func readFrom(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let from = SSHAddress(lastIn: bytes, text, needsPort: false) else { return false }
        event.addUnnamed(bytes, text.lowerBound..<from.start)
        from.add(bytes, &event)
        event.addUnnamed(bytes, from.end..<text.upperBound)
        return true
    }

    private static func readForFrom(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let key = bytes.find(" for ", from: text.lowerBound, to: text.upperBound),
            SSHAddress(lastIn: bytes, key &+ 5..<text.upperBound, needsPort: false) != nil
        else { return false }
        event.addUnnamed(bytes, text.lowerBound..<key)
        return readUserFrom(bytes, key &+ 5..<text.upperBound, &event)
    }

    private static func readRefusedHost(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let open = bytes.find(" (", from: text.lowerBound, to: end),
            bytes[end &- 1] == UInt8(ascii: ")"),
            open &+ 2 < end,
            let address = SSHAddress(bytes, at: open &+ 2, to: end &- 1), address.end == end &- 1
        else { return readPeer(bytes, text, &event) }
        event.addUnnamed(bytes, text.lowerBound..<open)
        address.add(bytes, &event)
        return true
    }

    private static func readUser(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        event.add(user, bytes, text)
        return true
    }

    private static func readForAddress(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let key = bytes.findLast(" for ", from: text.lowerBound, to: text.upperBound),
            let address = SSHAddress(bytes, at: key &+ 5, to: text.upperBound)
        else { return false }
        event.addUnnamed(bytes, text.lowerBound..<key)
        address.add(bytes, &event)
        event.addUnnamed(bytes, address.end..<text.upperBound)
        return true
    }

    private static func readPeer(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        var at = text.lowerBound
        var isNamed = false
        if let key = names.first(where: { bytes.has($0, at: at, to: end) }) {
            at &+= key.utf8CodeUnitCount
            isNamed = true
        }
        let address: SSHAddress?
        if isNamed {
            // The name is followed by the address; only sshd's own words stand behind it.
            address = SSHAddress(lastPortIn: bytes, at..<end)
            guard let address, address.start > at else { return false }
            // Who goes before being let in was not let in.
            let hasEntered = bytes.has("user ", at: text.lowerBound, to: end)
            event.add(user, bytes, at..<address.start &- 1)
            if !hasEntered { event.addLogin(isAccepted: false) }
        } else {
            address = SSHAddress(bytes, at: at, to: end)
        }
        guard let address else { return false }
        address.add(bytes, &event)
        SSHAddress.addLocal(bytes, address.end..<end, &event)
        return true
    }

    private static func readDropped(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let address = SSHAddress(bytes, at: text.lowerBound, to: text.upperBound) else { return false }
        address.add(bytes, &event)
        event.addUnnamed(bytes, address.end..<text.upperBound)
        event.addDerived(dropped, bytes, address.address)
        return true
    }

    private static func readNotAllowed(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let why = bytes.findLast(" not allowed because ", from: text.lowerBound, to: text.upperBound)
        else { return false }
        if let from = SSHAddress(lastIn: bytes, text.lowerBound..<why, needsPort: false), from.end == why {
            event.add(user, bytes, text.lowerBound..<from.start)
            from.add(bytes, &event)
        } else {
            event.add(user, bytes, text.lowerBound..<why)
        }
        event.addUnnamed(bytes, why &+ 21..<text.upperBound)
        return true
    }

    private static func skipInvalid(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
        bytes.has("invalid user ", at: at, to: end) || bytes.has("illegal user ", at: at, to: end)
            ? at &+ 13 : at
    }
}
