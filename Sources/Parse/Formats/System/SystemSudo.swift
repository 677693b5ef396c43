/// Messages of sudo (logging.c) and su.
enum SystemSudo {
    private static let user = FieldID(named: "user"), effective = FieldID(named: "effective_user")
    private static let command = FieldID(named: "command"), error = FieldID(named: "sudo_error")
    private static let tty = FieldID(named: "tty"), outcome = FieldID(named: "outcome")

    private static let keys: [(text: StaticString, field: FieldID)] = [
        ("TTY=", tty), ("PWD=", FieldID(named: "cwd")), ("USER=", effective),
        ("COMMAND=", command), ("GROUP=", FieldID(named: "group")), ("HOST=", .other), ("CHROOT=", .other),
        ("TSID=", .other), ("ENV=", .other),
    ]

    /// Reads `alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls`.
    ///
    /// The name is padded to eight, what went wrong stands before the pairs, and the command takes the rest.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = bytes.skipBlanks(from: range.lowerBound, to: end)
        if SystemPAM.begins(bytes, start..<end) { return false }
        guard let colon = bytes.find(" : ", from: start, to: end), colon > start else {
            return event.addPlain(bytes, range)
        }
        // A name may hold blanks where a directory service gives it; the pairs tell it from a text.
        if bytes.find(UInt8(ascii: " "), from: start, to: colon) < colon,
            bytes.find(" ; USER=", from: colon, to: end) == nil
        {
            return event.addPlain(bytes, range)
        }
        event.add(user, bytes, start..<colon)
        var at = colon &+ 3
        if bytes.has("(command continued) ", at: at, to: end) {
            event.add(command, bytes, at &+ 20..<end, unescaping: .octal)
            return true
        }
        var isRefused = false
        var isRun = false
        while at < end {
            var item = bytes.find(" ; ", from: at, to: end) ?? end
            if let key = keys.first(where: { bytes.has($0.text, at: at, to: end) }) {
                if key.field == command {
                    item = end
                    isRun = true
                }
                let value = at &+ key.text.utf8CodeUnitCount
                // Without a command the last pair has its separator behind it, too.
                let isOpen = item == end && key.field != command && bytes.has(" ;", at: end &- 2, to: end)
                let valueEnd = isOpen ? end &- 2 : item
                if value < valueEnd { event.add(key.field, bytes, value..<valueEnd, unescaping: .octal) }
            } else if isPair(bytes, at..<item) {
                event.add(.other, bytes, at..<item, unescaping: .octal)
            } else {
                event.add(error, bytes, at..<item)
                isRefused = true
                // `3 incorrect password attempts`, `a password is required`
                if bytes.find(" password ", from: at, to: item) != nil {
                    event.addDerived(.authMethod, bytes: "password")
                }
            }
            at = item &+ 3
        }
        // Without a command it is only a remark.
        if isRun { event.addLogin(isAccepted: !isRefused) }
        return true
    }

    /// Whether an item is a pair of a newer sudo, and not what went wrong.
    private static func isPair(_ bytes: Span<UInt8>, _ item: Range<Int>) -> Bool {
        var at = item.lowerBound
        while at < item.upperBound, bytes[at] &- 65 < 26 { at &+= 1 }
        return at > item.lowerBound && at < item.upperBound && bytes[at] == UInt8(ascii: "=")
    }

    /// Reads what su of util-linux and of shadow write: `(to root) alice on pts/0`,
    /// `Successful su for root by alice`, `+ /dev/pts/0 alice:root`.
    @Sendable
    static func readSwitch(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        var at = range.lowerBound
        if SystemPAM.begins(bytes, at..<end) { return false }
        let isFailure = bytes.has("FAILED ", at: at, to: end) || bytes.has("- ", at: at, to: end)
        if bytes.has("pam_authenticate: ", at: at, to: end) {
            event.addLogin(isAccepted: false, by: "pam")
            return event.addPlain(bytes, range)
        }
        if bytes.has("FAILED SU ", at: at, to: end) { at &+= 10 }
        if readBSD(bytes, range, &event) { return true }
        if bytes.has("(to ", at: at, to: end), let close = bytes.find(") ", from: at, to: end),
            let on = bytes.findLast(" on ", from: close &+ 1, to: end), on > close &+ 2
        {
            event.add(effective, bytes, at &+ 4..<close)
            event.add(user, bytes, close &+ 2..<on)
            event.add(tty, bytes, on &+ 4..<end)
        } else if let key = bytes.find(" su for ", from: at, to: end),
            let by = bytes.findLast(" by ", from: key &+ 8, to: end)
        {
            event.add(effective, bytes, key &+ 8..<by)
            event.add(user, bytes, by &+ 4..<end)
        } else if bytes.has("+ ", at: at, to: end) || bytes.has("- ", at: at, to: end) {
            let blank = bytes.find(UInt8(ascii: " "), from: at &+ 2, to: end)
            let colon = bytes.find(UInt8(ascii: ":"), from: blank, to: end)
            guard colon < end, blank > at &+ 2 else { return event.addPlain(bytes, range) }
            event.add(tty, bytes, at &+ 2..<blank)
            event.add(user, bytes, blank &+ 1..<colon)
            event.add(effective, bytes, colon &+ 1..<end)
        } else {
            return event.addPlain(bytes, range)
        }
        event.addDerived(outcome, isFailure ? "failure".utf8 : "success".utf8)
        return true
    }

    /// Reads `alice to root on /dev/ttyp0` or `BAD SU alice to root on …` (BSD, macOS).
    private static func readBSD(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        let isFailure = bytes.has("BAD SU ", at: range.lowerBound, to: end)
        let start = isFailure ? range.lowerBound &+ 7 : range.lowerBound
        let name = bytes.find(UInt8(ascii: " "), from: start, to: end)
        guard name > start, bytes.has(" to ", at: name, to: end),
            let on = bytes.find(" on ", from: name &+ 4, to: end), on > name &+ 4
        else { return false }
        event.add(user, bytes, start..<name)
        event.add(effective, bytes, name &+ 4..<on)
        event.add(tty, bytes, on &+ 4..<end)
        event.addDerived(outcome, isFailure ? "failure".utf8 : "success".utf8)
        return true
    }
}
