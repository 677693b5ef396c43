/// Who a message of an authentication service is about.
enum SystemUsers {
    private static let user = FieldID(named: "user"), userID = FieldID(named: "user_id")
    private static let effective = FieldID(named: "effective_user")
    private static let effectiveID = FieldID(named: "effective_user_id")

    /// Adds the users of a text like `session opened for user root(uid=0) by alice(uid=1000)`.
    ///
    /// The one who acts is `user`; the one who is acted for is `effective_user`, or `user` where nobody else is
    /// named. False, with nothing added, where no user is named.
    static func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        if let key = bytes.find("for user ", from: range.lowerBound, to: end) {
            return addFor(bytes, key &+ 9..<end, &event)
        }
        if let key = bytes.find("by user ", from: range.lowerBound, to: end) {
            let name = word(bytes, key &+ 8..<end)
            guard !name.isEmpty else { return false }
            event.add(user, bytes, name)
            let isClosed = name.upperBound < end && isQuote(bytes[name.upperBound])
            event.addUnnamed(bytes, (isClosed ? name.upperBound &+ 1 : name.upperBound)..<end)
            return true
        }
        if let key = bytes.find("user ", from: range.lowerBound, to: end), key &+ 5 < end,
            key == range.lowerBound || bytes[key &- 1] == UInt8(ascii: " "), isQuote(bytes[key &+ 5])
        {
            let name = word(bytes, key &+ 5..<end)
            guard name.upperBound < end, !name.isEmpty else { return false }
            event.add(user, bytes, name)
            event.addUnnamed(bytes, name.upperBound &+ 1..<end)
            return true
        }
        // What modules write of a user without quotes.
        for item in phrases where bytes.has(item.before, at: range.lowerBound, to: end) {
            let start = range.lowerBound &+ item.before.utf8CodeUnitCount
            guard let close = bytes.find(item.behind, from: start, to: end), close > start else { continue }
            event.add(user, bytes, start..<close)
            event.addUnnamed(bytes, close..<end)
            return true
        }
        // pam_tally2: `user alice (1000) tally 6, deny 5`
        guard bytes.has("user ", at: range.lowerBound, to: end),
            let open = bytes.find(" (", from: range.lowerBound &+ 5, to: end)
        else { return false }
        let close = bytes.find(UInt8(ascii: ")"), from: open, to: end)
        guard close < end, isNumber(bytes, open &+ 2..<close) else { return false }
        event.add(user, bytes, range.lowerBound &+ 5..<open)
        event.add(userID, bytes, open &+ 2..<close)
        event.addUnnamed(bytes, close &+ 1..<end)
        return true
    }

    private static let phrases: [(before: StaticString, behind: StaticString)] = [
        ("Refused user ", " for service "), ("account ", " has expired "), ("user ", " authenticated as "),
        ("user ", " denied access"), ("user ", " has expired "),
    ]

    private static func addFor(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let by = bytes.findLast(" by ", from: text.lowerBound, to: end), isActor(bytes, by &+ 4..<end)
        else {
            let name = Named(bytes, text)
            guard !name.name.isEmpty else { return false }
            event.add(user, bytes, name.name)
            if name.id.isEmpty {
                event.addUnnamed(bytes, name.name.upperBound..<end)
            } else {
                event.add(userID, bytes, name.id)
            }
            return true
        }
        let whom = Named(bytes, text.lowerBound..<by, isWhole: true)
        let actor = Named(bytes, by &+ 4..<end, isWhole: true)
        event.add(actor.name.isEmpty ? user : effective, bytes, whom.name)
        if !whom.id.isEmpty { event.add(effectiveID, bytes, whom.id) }
        if !actor.name.isEmpty { event.add(user, bytes, actor.name) }
        if !actor.id.isEmpty { event.add(userID, bytes, actor.id) }
        return true
    }

    /// Whether ` by ` stands before a user: a number is behind the name, or nothing is.
    private static func isActor(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if range.upperBound > range.lowerBound, bytes[range.upperBound &- 1] == UInt8(ascii: ")") {
            return true
        }
        return bytes.find(UInt8(ascii: " "), from: range.lowerBound, to: range.upperBound) == range.upperBound
    }

    /// `alice(uid=1000)`, with or without its parts.
    private struct Named {
        var name: Range<Int>
        var id: Range<Int>

        /// `isWhole`: whether a name without a number may hold blanks, as nothing stands behind it.
        init(_ bytes: Span<UInt8>, _ range: Range<Int>, isWhole: Bool = false) {
            let end = range.upperBound
            name = range
            id = end..<end
            if end > range.lowerBound, bytes[end &- 1] == UInt8(ascii: ")"),
                let key = bytes.findLast("(uid=", from: range.lowerBound, to: end),
                isNumber(bytes, key &+ 5..<end &- 1)
            {
                name = range.lowerBound..<key
                id = key &+ 5..<end &- 1
            }
            name = isWhole || !id.isEmpty ? unquoted(bytes, name) : word(bytes, name)
        }
    }

    private static func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard range.count >= 2, isQuote(bytes[range.lowerBound]),
            bytes[range.upperBound &- 1] == bytes[range.lowerBound]
        else { return range }
        return range.lowerBound &+ 1..<range.upperBound &- 1
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }

    /// The name at the beginning of a text: what is in its quotes, or up to a blank, perhaps with a colon.
    static func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        let start = range.lowerBound
        guard start < range.upperBound else { return range }
        if isQuote(bytes[start]) {
            let mark = bytes[start] == UInt8(ascii: "`") ? UInt8(ascii: "'") : bytes[start]
            return start &+ 1..<bytes.find(mark, from: start &+ 1, to: range.upperBound)
        }
        var end = bytes.find(UInt8(ascii: " "), from: start, to: range.upperBound)
        if end < range.upperBound, end &- 1 > start, bytes[end &- 1] == UInt8(ascii: ":") { end &-= 1 }
        return start..<end
    }

    static func isNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where !isDigit(bytes[index]) { return false }
        return !range.isEmpty
    }
}
