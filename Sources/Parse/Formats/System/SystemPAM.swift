/// What modules of PAM write on behalf of any program: `pam_unix(sshd:auth): text` (pam_syslog(3)).
enum SystemPAM {
    private static let module = FieldID(named: "pam_module"), service = FieldID(named: "pam_service")
    private static let type = FieldID(named: "pam_type")
    private static let user = FieldID(named: "user")

    /// Whether a text begins with the name of a module and its service; `pam_authenticate: …` does not.
    @inline(__always)
    static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard bytes.has("pam_", at: range.lowerBound, to: range.upperBound) else { return false }
        var at = range.lowerBound &+ 4
        let end = min(range.upperBound, at &+ 44)
        while at < end, isLetter(bytes[at]) || isDigit(bytes[at]) || bytes[at] == UInt8(ascii: "_") {
            at &+= 1
        }
        return at < end && bytes[at] == UInt8(ascii: "(")
    }

    /// Reads what the module of a tag such as `su(pam_unix)` says.
    @Sendable
    static func readTagged(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.addSpan(.message, bytes, range)
        addText(bytes, range, &event)
        return true
    }

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = range.lowerBound
        let openEnd = min(end, start &+ 48)
        let open = bytes.find(UInt8(ascii: "("), from: start, to: openEnd)
        guard open < openEnd else { return false }
        let close = bytes.find(UInt8(ascii: ")"), from: open, to: min(end, start &+ 144))
        guard close > open, bytes.has("): ", at: close, to: end) else { return false }
        for index in start..<close where bytes[index] == UInt8(ascii: " ") { return false }
        event.add(module, bytes, start..<open)
        let colon = bytes.find(UInt8(ascii: ":"), from: open, to: close)
        event.add(service, bytes, open &+ 1..<colon)
        if colon &+ 1 < close { event.add(type, bytes, colon &+ 1..<close) }
        addText(bytes, close &+ 3..<end, &event)
        return true
    }

    private static func addText(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) {
        if addFailure(bytes, text, &event) { return }
        if let isAccepted = isAccepted(bytes, text) { event.addLogin(isAccepted: isAccepted, by: "pam") }
        if let name = subject(bytes, text) {
            event.add(user, bytes, name)
            event.addUnnamed(bytes, text.lowerBound..<name.lowerBound)
        } else if !SystemUsers.add(bytes, text, &event) {
            event.addUnnamed(bytes, text)
        }
    }

    /// What modules say of somebody whom they let in, or not.
    private static let verdicts: [(text: StaticString, isAccepted: Bool)] = [
        ("check pass; user unknown", false), ("could not identify ", false), ("conversation failed", false),
        ("Invalid verification code", false), (" temporarily locked", false),
        ("(Authentication failure)", false),
        ("(User not known ", false), ("(Permission denied)", false), (" has expired ", false),
        (" denied access", false), ("access denied for user ", false), (" not met by user ", false),
        (" granted access", true), ("Refused user ", false), (" tally ", false),
        ("authentication failure", false),
        ("Accepted google_authenticator ", true), (" authenticated as ", true),
    ]

    /// Whether a text says that somebody was let in; nil where it says neither.
    private static func isAccepted(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool? {
        verdicts.first { bytes.find($0.text, from: text.lowerBound, to: text.upperBound) != nil }?.isAccepted
    }

    private static let subjects: [StaticString] = [
        "password changed for ", "Invalid verification code for ", "Accepted google_authenticator for ",
    ]

    /// The user at the end of a text: `password changed for alice`, `… identify password for [alice]`.
    private static func subject(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Range<Int>? {
        let end = text.upperBound
        if let key = subjects.first(where: { bytes.has($0, at: text.lowerBound, to: end) }) {
            return text.lowerBound &+ key.utf8CodeUnitCount..<end
        }
        guard end > text.lowerBound, bytes[end &- 1] == UInt8(ascii: "]"),
            let key = bytes.find(" password for [", from: text.lowerBound, to: end &- 1)
        else { return nil }
        return key &+ 15..<end &- 1
    }

    /// Adds the parts of `authentication failure; logname= uid=0 euid=0 tty=ssh … user=alice`.
    static func addFailure(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let hasPassed = bytes.has("authentication success; ", at: text.lowerBound, to: text.upperBound)
        if let key = bytes.find("logname=", from: text.lowerBound, to: text.upperBound) {
            addPairs(bytes, key..<text.upperBound, &event)
        } else if let key = bytes.find("ailure; user=", from: text.lowerBound, to: text.upperBound) {
            event.add(user, bytes, SystemUsers.word(bytes, key &+ 13..<text.upperBound))
        } else {
            return false
        }
        event.addLogin(isAccepted: hasPassed, by: "pam")
        return true
    }

    /// The keys of pam_unix in their order; a value ends where the next key stands.
    private static let keys: [(text: StaticString, field: FieldID)] = [
        ("logname=", FieldID(named: "logname")), (" uid=", FieldID(named: "uid")),
        (" euid=", FieldID(named: "euid")), (" tty=", FieldID(named: "tty")),
        (" ruser=", FieldID(named: "ruser")), (" rhost=", FieldID(named: "client_ip")),
        (" user=", FieldID(named: "user")),
    ]

    private static func addPairs(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) {
        let end = text.upperBound
        var index = 0
        var at = text.lowerBound
        while index < keys.count {
            let value = at &+ keys[index].text.utf8CodeUnitCount
            let field = keys[index].field
            var next = end
            index &+= 1
            while index < keys.count {
                if let found = bytes.find(keys[index].text, from: value, to: end) {
                    next = found
                    break
                }
                index &+= 1
            }
            var valueEnd = next
            while valueEnd > value, bytes[valueEnd &- 1] == UInt8(ascii: " ") { valueEnd &-= 1 }
            if valueEnd > value {
                if field == .clientIP {
                    event.addClient(bytes, value..<valueEnd)
                } else {
                    event.add(field, bytes, value..<valueEnd)
                }
            }
            at = next
        }
    }
}
