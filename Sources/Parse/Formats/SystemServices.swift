/// Messages of cron, systemd and systemd-logind.
enum SystemServices {
    private static let user = FieldID(named: "user"), action = FieldID(named: "action")
    private static let command = FieldID(named: "command"), unit = FieldID(named: "unit")
    private static let session = FieldID(named: "session")

    /// Reads `(root) CMD (run-parts /etc/cron.hourly)`.
    @Sendable
    static func readCron(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = range.lowerBound
        if bytes.has("pam_", at: start, to: end) { return false }
        guard start < end, bytes[start] == UInt8(ascii: "("),
            let close = bytes.find(") ", from: start, to: min(end, start &+ 64)), close > start &+ 1
        else { return event.addPlain(bytes, range) }
        let word = close &+ 2
        guard let open = bytes.find(" (", from: word, to: min(end, word &+ 32)), open > word else {
            return event.addPlain(bytes, range)
        }
        for index in word..<open where bytes[index] != UInt8(ascii: " ") && !isLetter(bytes[index]) {
            return event.addPlain(bytes, range)
        }
        let isClosed = bytes[end &- 1] == UInt8(ascii: ")") && end &- 1 >= open &+ 2
        event.add(user, bytes, start &+ 1..<close)
        event.add(action, bytes, word..<open)
        event.add(command, bytes, open &+ 2..<(isClosed ? end &- 1 : end), unescaping: .octal)
        if !isClosed { event.event.reasons.insert(.cut) }
        return true
    }

    /// Reads `name.service: text`, `Started name.service - Description.`,
    /// `New session 5 of user alice.`.
    @Sendable
    static func readSystemd(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        if bytes.has("pam_", at: range.lowerBound, to: end) { return false }
        if let key = sessions.first(where: { bytes.has($0, at: range.lowerBound, to: end) }) {
            return readSession(bytes, range, range.lowerBound &+ key.utf8CodeUnitCount, &event)
        }
        var at = range.lowerBound
        // The unit is the first word or the second.
        for _ in 0..<2 where at < end {
            let wordEnd = bytes.find(UInt8(ascii: " "), from: at, to: end)
            var nameEnd = wordEnd
            if nameEnd > at,
                bytes[nameEnd &- 1] == UInt8(ascii: ":") || bytes[nameEnd &- 1] == UInt8(ascii: ".")
            {
                nameEnd &-= 1
            }
            if isUnit(bytes, at..<nameEnd) {
                event.addUnnamed(bytes, range.lowerBound..<max(range.lowerBound, at &- 1))
                event.add(unit, bytes, at..<nameEnd)
                event.addUnnamed(bytes, wordEnd..<end)
                return true
            }
            at = wordEnd &+ 1
        }
        return event.addPlain(bytes, range)
    }

    private static func readSession(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ number: Int, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        var at = number
        while at < end, isDigit(bytes[at]) || isLetter(bytes[at]) { at &+= 1 }
        guard at > number else { return event.addPlain(bytes, range) }
        event.add(session, bytes, number..<at)
        if bytes.has(" of user ", at: at, to: end) {
            let nameEnd = bytes[end &- 1] == UInt8(ascii: ".") ? end &- 1 : end
            event.add(user, bytes, min(at &+ 9, nameEnd)..<nameEnd)
        } else {
            event.addUnnamed(bytes, at..<end)
        }
        return true
    }

    private static let sessions: [StaticString] = ["New session ", "Session ", "Removed session "]
    private static let suffixes: [StaticString] = [
        ".service", ".socket", ".timer", ".mount", ".scope", ".slice", ".target", ".path", ".device", ".swap",
        ".automount",
    ]

    private static func isUnit(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        suffixes.contains { suffix in
            let length = suffix.utf8CodeUnitCount
            return range.count > length
                && bytes.has(suffix, at: range.upperBound &- length, to: range.upperBound)
        }
    }
}
