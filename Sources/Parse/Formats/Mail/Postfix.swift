/// Messages of Postfix's daemons.
///
///     [QUEUE-ID: ][warning: ]text
///
/// The text is told by its first words, whichever daemon writes it.
/// One delivery is several lines with one queue id.
enum Postfix {
    private static let queueID = FieldID(named: "queue_id")
    private static let saslMethod = FieldID(named: "sasl_method"), saslUser = FieldID(named: "sasl_user")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        // Control characters as rsyslog writes them: the text is read as it was meant.
        if Escapes.octal.occur(bytes, range) {
            return event.read(bytes, range, unescaping: .octal) { bytes, range, event in
                readText(bytes, range, &event)
            }
        }
        return readText(bytes, range, &event)
    }

    private static func readText(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        var at = bytes.skipBlanks(from: range.lowerBound, to: end)
        let start = at
        at = addQueueID(bytes, at, end, &event)
        let hasLevel = addLevel(bytes, &at, end, &event)
        if hasLevel { at = addQueueID(bytes, at, end, &event) }
        if hasLevel, let peer = PostfixPeer(bytes, at: at, to: end), bytes.has(": ", at: peer.end, to: end) {
            peer.addClient(bytes, &event)
            at = peer.end &+ 2
        }
        guard at < end else { return at > start }
        let text = at..<end
        if hasLevel {
            if !readComplaint(bytes, text, &event) { event.add(.message, bytes, text) }
            return true
        }
        // Without anything before it the text is the whole message anyway.
        let isWhole = at == range.lowerBound
        if !isWhole { event.addSpan(.message, bytes, text) }
        let mark = event.mark
        if readEvent(bytes, text, &event) { return true }
        event.takeBack(mark)
        if isWhole { event.add(.message, bytes, text) } else { event.addUnnamed(bytes, text) }
        return true
    }

    /// Adds `E048FFD297E: ` (hexadecimal), `4Wq2vD0Zcmz1y: ` (no vowels) or `NOQUEUE: `, and returns the offset
    /// behind it.
    private static func addQueueID(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ event: inout EventWriter
    ) -> Int {
        guard let id = idEnd(bytes, start, end), bytes.has(": ", at: id, to: end) else { return start }
        event.add(queueID, bytes, start..<id)
        return id &+ 2
    }

    /// The offset behind the queue id at `start`; nil where none is there.
    static func idEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        if bytes.has("NOQUEUE", at: start, to: end) { return start &+ 7 }
        var at = start
        var isShort = true
        var isLong = true
        while at < end, isDigit(bytes[at]) || isLetter(bytes[at]), at &- start <= 32 {
            let byte = bytes[at]
            if !isDigit(byte) {
                if byte &- 65 > 5 { isShort = false }
                switch byte | 0x20 {
                case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
                    UInt8(ascii: "u"):
                    isLong = false
                default: break
                }
            }
            at &+= 1
        }
        let count = at &- start
        return isShort && count >= 6 || isLong && count >= 10 ? at : nil
    }

    private static let levels: [StaticString] = ["warning: ", "fatal: ", "error: ", "panic: ", "info: "]

    private static func addLevel(
        _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int, _ event: inout EventWriter
    ) -> Bool {
        for index in levels.indices where bytes.has(levels[index], at: at, to: end) {
            let length = levels[index].utf8CodeUnitCount
            event.setLevel(bytes, at..<at &+ length &- 2)
            at &+= length
            return true
        }
        return false
    }

    /// Reads what follows a level: mostly free text.
    ///
    /// False, with nothing added, where it has no parts.
    private static func readComplaint(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        // `hostname NAME does not resolve to address ADDRESS: …`
        if bytes.has("hostname ", at: text.lowerBound, to: text.upperBound),
            let key = bytes.find(" does not resolve to address ", from: text.lowerBound, to: text.upperBound),
            key > text.lowerBound &+ 9
        {
            let address = key &+ 29
            let addressEnd = bytes.find(": ", from: address, to: text.upperBound) ?? text.upperBound
            event.addSpan(.message, bytes, text)
            event.add(PostfixPeer.clientHost, bytes, text.lowerBound &+ 9..<key)
            event.add(PostfixPeer.clientIP, bytes, address..<addressEnd)
            event.addUnnamed(bytes, addressEnd..<text.upperBound)
            return true
        }
        if addSASL(bytes, text, &event) || addSubject(bytes, text, &event) { return true }
        guard let pairs = PostfixPairs.beginning(bytes, text), pairs > text.lowerBound else { return false }
        event.addSpan(.message, bytes, text)
        event.addUnnamed(bytes, text.lowerBound..<pairs &- 2)
        return PostfixPairs.add(bytes, pairs..<text.upperBound, &event)
    }

    /// Adds the parts of `SASL PLAIN authentication failed: reason[, sasl_username=alice]`.
    private static func addSASL(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        let method = text.lowerBound &+ 5
        guard bytes.has("SASL ", at: text.lowerBound, to: end),
            let failed = bytes.find(" authentication failed", from: method, to: end), failed > method
        else { return false }
        event.addSpan(.message, bytes, text)
        event.add(saslMethod, bytes, method..<failed)
        event.addDerived(.authMethod, bytes, method..<failed)
        event.addLogin(isAccepted: false)
        if let key = bytes.findLast(", sasl_username=", from: failed, to: end), key &+ 16 < end {
            event.addUnnamed(bytes, failed..<key)
            event.add(saslUser, bytes, key &+ 16..<end)
            event.addDerived(.user, bytes, key &+ 16..<end)
        } else {
            event.addUnnamed(bytes, failed..<end)
        }
        return true
    }

    /// Adds whom a complaint is about: `… from NAME[ADDRESS] …`, `ADDRESS: hostname NAME verification failed`,
    /// `ADDRESS: address not listed for hostname NAME`.
    private static func addSubject(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        if let from = bytes.find(" from ", from: text.lowerBound, to: end),
            let peer = PostfixPeer(bytes, at: from &+ 6, to: end), !peer.host.isEmpty
        {
            event.addSpan(.message, bytes, text)
            event.addUnnamed(bytes, text.lowerBound..<from)
            peer.addClient(bytes, &event)
            event.addUnnamed(bytes, peer.end..<end)
            return true
        }
        var stop = text.lowerBound
        while stop < end, isLetter(bytes[stop]) || isDigit(bytes[stop]) || bytes[stop] &- 46 < 13 {
            stop &+= 1
        }
        guard stop > text.lowerBound, bytes[stop &- 1] == UInt8(ascii: ":") else { return false }
        let name: Range<Int>
        if bytes.has(" hostname ", at: stop, to: end),
            let key = bytes.find(" verification failed", from: stop &+ 10, to: end)
        {
            name = stop &+ 10..<key
        } else if bytes.has(" address not listed for hostname ", at: stop, to: end) {
            name = stop &+ 33..<end
        } else {
            return false
        }
        guard !name.isEmpty, stop &- 1 > text.lowerBound else { return false }
        event.addSpan(.message, bytes, text)
        event.add(PostfixPeer.clientIP, bytes, text.lowerBound..<stop &- 1)
        event.add(PostfixPeer.clientHost, bytes, name)
        event.addUnnamed(bytes, name.upperBound..<end)
        return true
    }

    /// Reads what is no complaint by its first word.
    private static func readEvent(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        if PostfixPairs.isPair(bytes, at: text.lowerBound, to: text.upperBound) {
            return PostfixPairs.add(bytes, text, &event)
        }
        if PostfixVerdict.read(bytes, text, &event) { return true }
        let first = bytes[text.lowerBound]
        if first &- 65 < 26 {
            if PostfixScreen.read(bytes, text, &event) { return true }
            if PostfixStatistics.readSummary(bytes, text, &event) { return true }
        } else if PostfixStatistics.read(bytes, text, &event) {
            return true
        }
        return PostfixConnection.read(bytes, text, &event)
    }
}
