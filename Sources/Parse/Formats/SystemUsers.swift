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
            let name = unquoted(bytes, key &+ 8..<end)
            guard !name.isEmpty else { return false }
            event.add(user, bytes, name)
            return true
        }
        if let key = bytes.find(" user ", from: range.lowerBound, to: end),
            key &+ 6 < end, isQuote(bytes[key &+ 6])
        {
            let close = bytes.find(bytes[key &+ 6], from: key &+ 7, to: end)
            guard close < end else { return false }
            event.add(user, bytes, key &+ 7..<close)
            event.addUnnamed(bytes, close &+ 1..<end)
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

    private static func addFor(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let by = bytes.findLast(" by ", from: text.lowerBound, to: end) else {
            let name = Named(bytes, text)
            guard !name.name.isEmpty else { return false }
            event.add(user, bytes, name.name)
            if !name.id.isEmpty { event.add(userID, bytes, name.id) }
            return true
        }
        let whom = Named(bytes, text.lowerBound..<by)
        let actor = Named(bytes, by &+ 4..<end)
        event.add(actor.name.isEmpty ? user : effective, bytes, whom.name)
        if !whom.id.isEmpty { event.add(effectiveID, bytes, whom.id) }
        if !actor.name.isEmpty { event.add(user, bytes, actor.name) }
        if !actor.id.isEmpty { event.add(userID, bytes, actor.id) }
        return true
    }

    /// `alice(uid=1000)`, with or without its parts.
    private struct Named {
        var name: Range<Int>
        var id: Range<Int>

        init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
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
            name = unquoted(bytes, name)
        }
    }

    private static func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard range.count >= 2, isQuote(bytes[range.lowerBound]),
            bytes[range.upperBound &- 1] == bytes[range.lowerBound]
        else { return range }
        return range.lowerBound &+ 1..<range.upperBound &- 1
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    static func isNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where !isDigit(bytes[index]) { return false }
        return !range.isEmpty
    }
}
