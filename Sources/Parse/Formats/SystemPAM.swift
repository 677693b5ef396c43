/// What modules of PAM write on behalf of any program: `pam_unix(sshd:auth): text` (pam_syslog(3)).
enum SystemPAM {
    private static let module = FieldID(named: "pam_module"), service = FieldID(named: "pam_service")
    private static let type = FieldID(named: "pam_type"), outcome = FieldID(named: "outcome")
    private static let user = FieldID(named: "user")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = range.lowerBound
        let open = bytes.find(UInt8(ascii: "("), from: start, to: min(end, start &+ 48))
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
        if bytes.has("password changed for ", at: text.lowerBound, to: text.upperBound) {
            event.add(user, bytes, text.lowerBound &+ 21..<text.upperBound)
        } else if !SystemUsers.add(bytes, text, &event) {
            event.addUnnamed(bytes, text)
        }
    }

    /// Adds the parts of `authentication failure; logname= uid=0 euid=0 tty=ssh … user=alice`.
    static func addFailure(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let key = bytes.find("logname=", from: text.lowerBound, to: text.upperBound) else {
            return false
        }
        addPairs(bytes, key..<text.upperBound, &event)
        event.addDerived(outcome, "failure".utf8)
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
            if valueEnd > value { event.add(field, bytes, value..<valueEnd) }
            at = next
        }
    }
}
