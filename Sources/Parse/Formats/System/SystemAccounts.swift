/// Messages of useradd and its like (shadow): `new user: name=alice, UID=1000, GID=1000, home=/home/a, …`.
enum SystemAccounts {
    private static let user = FieldID(named: "user"), group = FieldID(named: "group")
    private static let outcome = FieldID(named: "outcome")

    private static let keys: [(text: StaticString, field: FieldID)] = [
        ("UID=", FieldID(named: "user_id")), ("GID=", FieldID(named: "group_id")),
        ("home=", FieldID(named: "home")), ("shell=", FieldID(named: "shell")),
        ("from=", FieldID(named: "tty")),
    ]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = range.lowerBound
        if SystemPAM.begins(bytes, start..<end) { return false }
        if let key = bytes.find("name=", from: start, to: end),
            key > start, bytes[key &- 1] == UInt8(ascii: " ")
        {
            let isGroup = bytes.find("group", from: start, to: key) != nil
            addList(bytes, key..<end, isGroup ? group : user, &event)
        } else if !addQuoted(bytes, range, &event) {
            // A text without names is of no change that was made.
            return event.addPlain(bytes, range)
        }
        let hasFailed = bytes.find("fail", from: start, to: end) != nil
        event.addDerived(outcome, hasFailed ? "failure".utf8 : "success".utf8)
        return true
    }

    /// Adds `name=…, UID=…, GID=…`.
    private static func addList(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ name: FieldID, _ event: inout EventWriter
    ) {
        var at = range.lowerBound
        while at < range.upperBound {
            let item = bytes.find(", ", from: at, to: range.upperBound) ?? range.upperBound
            if bytes.has("name=", at: at, to: item) {
                event.add(name, bytes, at &+ 5..<item)
            } else if let key = keys.first(where: { bytes.has($0.text, at: at, to: item) }) {
                event.add(key.field, bytes, at &+ key.text.utf8CodeUnitCount..<item)
            } else {
                event.addUnnamed(bytes, at..<item)
            }
            at = item &+ 2
        }
    }

    /// Adds the names of `add 'alice' to group 'sudo'` and `delete user 'alice'`.
    private static func addQuoted(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        var at = range.lowerBound
        var isFound = false
        var hasUser = false
        while at < range.upperBound {
            var open = at
            while open < range.upperBound, bytes[open] != UInt8(ascii: "'"), bytes[open] != UInt8(ascii: "`")
            {
                open &+= 1
            }
            let close = bytes.find(UInt8(ascii: "'"), from: open &+ 1, to: range.upperBound)
            guard open < range.upperBound, close < range.upperBound else { break }
            let isGroup =
                bytes.find("group ", from: at, to: open) != nil
                || bytes.find("gshadow", from: at, to: open) != nil
            if isGroup || !hasUser {
                event.add(isGroup ? group : user, bytes, open &+ 1..<close)
            } else {
                // `change user 'alice' shell from '/bin/sh' to '/bin/bash'`
                event.addUnnamed(bytes, open &+ 1..<close)
            }
            if !isGroup { hasUser = true }
            isFound = true
            at = close &+ 1
        }
        if isFound { event.addUnnamed(bytes, at..<range.upperBound) }
        return isFound
    }
}
