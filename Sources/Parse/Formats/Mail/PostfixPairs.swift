/// `to=<a@b>, relay=name[address]:25, delay=1, status=sent (250 ok)`, and `from=<a> to=<b> proto=ESMTP`.
enum PostfixPairs {
    private static let pairs = FieldID(named: "pairs"), delivery = FieldID(named: "delivery")
    private static let response = FieldID(named: "smtp_response")
    private static let relay = FieldID(named: "relay")
    private static let saslMethod = FieldID(named: "sasl_method"), saslUser = FieldID(named: "sasl_user")

    private static let keys: [(text: StaticString, field: FieldID)] = [
        ("to=", FieldID(named: "to")), ("from=", FieldID(named: "from")), ("relay=", relay),
        ("delay=", FieldID(named: "delay")), ("delays=", FieldID(named: "delays")),
        ("dsn=", FieldID(named: "dsn")), ("size=", FieldID(named: "size")),
        ("nrcpt=", FieldID(named: "nrcpt")), ("client=", .other), ("proto=", FieldID(named: "proto")),
        ("helo=", FieldID(named: "helo")), ("message-id=", FieldID(named: "message_id")),
        ("resent-message-id=", FieldID(named: "message_id")), ("orig_to=", FieldID(named: "orig_to")),
        ("uid=", FieldID(named: "uid")), ("sasl_method=", saslMethod), ("sasl_username=", saslUser),
        ("tls=", FieldID(named: "tls_mode")),
    ]

    /// Whether a `key=` begins here.
    static func isPair(_ bytes: Span<UInt8>, at: Int, to end: Int) -> Bool {
        var next = at
        let limit = min(end, at &+ 32)
        while next < limit,
            isLetter(bytes[next]) || bytes[next] == UInt8(ascii: "_") || bytes[next] == UInt8(ascii: "-")
        {
            next &+= 1
        }
        return next > at && next < limit && bytes[next] == UInt8(ascii: "=")
    }

    /// The offset of the pairs behind a `; `; nil where there are none.
    ///
    /// The first from which on there is nothing else: what stands before them may be in the client's hand.
    static func beginning(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var at = range.lowerBound
        for _ in 0..<16 {
            guard let mark = bytes.find("; ", from: at, to: range.upperBound) else { return nil }
            if isPair(bytes, at: mark &+ 2, to: range.upperBound),
                end(bytes, mark &+ 2, range.upperBound).isWhole
            {
                return mark &+ 2
            }
            at = mark &+ 1
        }
        return nil
    }

    /// The offset behind the pairs from `start` on, and whether nothing follows but `: text` or ` (text)`.
    static func end(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> (end: Int, isWhole: Bool) {
        var at = start
        while isPair(bytes, at: at, to: limit) {
            let value = value(bytes, at, limit)
            guard let next = next(bytes, value.end, limit) else {
                let isEnd =
                    value.end == limit || bytes.has(": ", at: value.end, to: limit)
                    || bytes.has(" (", at: value.end, to: limit)
                return (value.end, isEnd)
            }
            at = next
        }
        return (at, false)
    }

    /// Adds all pairs of `range`, which begins with one, and what stands behind them.
    static func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let limit = range.upperBound
        // The span ends before a status, which has its own text behind it.
        let status = bytes.find(" status=", from: range.lowerBound, to: limit)
        let all = end(bytes, range.lowerBound, status ?? limit).end
        event.addSpan(pairs, bytes, range.lowerBound..<(status ?? all))
        var at = range.lowerBound
        while at < all, isPair(bytes, at: at, to: all) {
            let value = value(bytes, at, all)
            addPair(bytes, at, value.text, &event)
            at = next(bytes, value.end, all) ?? all
            guard event.hasRoom || at == all else {
                // The others would find no room either.
                event.event.reasons.insert(.tooManyFields)
                break
            }
        }
        guard let status else {
            event.addUnnamed(bytes, all..<limit)
            return true
        }
        if !(bytes.has(",", at: all, to: status) && all &+ 1 == status) {
            event.addUnnamed(bytes, min(all, status)..<status)
        }
        addStatus(bytes, status &+ 8..<limit, &event)
        return true
    }

    /// Adds `sent (250 ok)`, or `expired, returned to sender`.
    private static func addStatus(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        var at = range.lowerBound
        while at < range.upperBound, isLetter(bytes[at]) || bytes[at] == UInt8(ascii: "-") { at &+= 1 }
        event.add(delivery, bytes, range.lowerBound..<at)
        guard bytes.has(" (", at: at, to: range.upperBound) else {
            return event.addUnnamed(bytes, at..<range.upperBound)
        }
        let isClosed = bytes[range.upperBound &- 1] == UInt8(ascii: ")")
        event.add(response, bytes, at &+ 2..<(isClosed ? range.upperBound &- 1 : range.upperBound))
        if !isClosed { event.event.reasons.insert(.cut) }
    }

    private static func addPair(
        _ bytes: Span<UInt8>, _ start: Int, _ value: Range<Int>, _ event: inout EventWriter
    ) {
        guard
            let key = keys.first(where: {
                start &+ $0.text.utf8CodeUnitCount <= value.lowerBound
                    && bytes.has($0.text, at: start, to: value.lowerBound)
            })
        else { return event.addUnnamed(bytes, value) }
        if key.field == .other {
            guard let peer = PostfixPeer(bytes, at: value.lowerBound, to: value.upperBound) else {
                return event.addUnnamed(bytes, value)
            }
            peer.addClient(bytes, &event)
            event.addUnnamed(bytes, peer.end..<value.upperBound)
        } else if key.field == relay,
            let peer = PostfixPeer(bytes, at: value.lowerBound, to: value.upperBound),
            peer.end == value.upperBound
        {
            event.addSpan(relay, bytes, value)
            peer.addTarget(bytes, &event)
        } else {
            event.add(key.field, bytes, value)
            // smtpd names who is there only where that was proved.
            if key.field == saslMethod { event.addDerived(.authMethod, bytes, value) }
            if key.field == saslUser {
                event.addDerived(.user, bytes, value)
                event.addLogin(isAccepted: true)
            }
        }
    }

    /// The value of the pair at `start`, without `<` and `>`, and the offset behind it.
    private static func value(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> (
        text: Range<Int>, end: Int
    ) {
        let first = bytes.find(UInt8(ascii: "="), from: start, to: limit) &+ 1
        if first < limit, bytes[first] == UInt8(ascii: "<") {
            var at = first &+ 1
            while true {
                let close = bytes.find(UInt8(ascii: ">"), from: at, to: limit)
                guard close < limit else { return (first..<limit, limit) }
                let end = close &+ 1
                // All that may follow begins with one of these. Of a run of `>` only the last can have it.
                guard
                    end == limit || bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: ",")
                        || bytes[end] == UInt8(ascii: ":")
                else {
                    at = end
                    while at &+ 1 < limit, bytes[at] == bytes[close], bytes[at &+ 1] == bytes[close] {
                        at &+= 1
                    }
                    continue
                }
                if end == limit || next(bytes, end, limit) != nil || bytes.has(": ", at: end, to: limit)
                    || bytes.has(" (", at: end, to: limit) || bytes.has(",", at: end, to: limit)
                {
                    return (first &+ 1..<close, end)
                }
                at = end
            }
        }
        var at = min(first, limit)
        while at < limit {
            let byte = bytes[at]
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ")
                || byte == UInt8(ascii: ":")
            {
                let isEnd =
                    next(bytes, at, limit) != nil || bytes.has(" (", at: at, to: limit) || at &+ 1 == limit
                    || bytes.has(": ", at: at, to: limit)
                if isEnd { break }
            }
            at &+= 1
        }
        return (min(first, limit)..<at, at)
    }

    /// The offset of the pair behind `, ` or a blank at `at`.
    private static func next(_ bytes: Span<UInt8>, _ at: Int, _ limit: Int) -> Int? {
        var next = at
        if next < limit, bytes[next] == UInt8(ascii: ",") { next &+= 1 }
        guard next < limit, bytes[next] == UInt8(ascii: " "), isPair(bytes, at: next &+ 1, to: limit) else {
            return nil
        }
        return next &+ 1
    }
}
