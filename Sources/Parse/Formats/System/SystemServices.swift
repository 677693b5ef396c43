/// Messages of cron, systemd and systemd-logind.
enum SystemServices {
    private static let user = FieldID(named: "user"), action = FieldID(named: "action")
    private static let command = FieldID(named: "command"), unit = FieldID(named: "unit")
    private static let session = FieldID(named: "session"), child = FieldID(named: "child_pid")

    /// Reads `(root) CMD (run-parts /etc/cron.hourly)`.
    @Sendable
    static func readCron(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = range.lowerBound
        if SystemPAM.begins(bytes, start..<end) { return false }
        guard start < end, bytes[start] == UInt8(ascii: "("),
            let close = bytes.find(") ", from: start, to: min(end, start &+ 64)), close > start &+ 1
        else { return readBusyBox(bytes, range, &event) }
        let word = close &+ 2
        guard let open = bytes.find(" (", from: word, to: min(end, word &+ 48)), open > word else {
            return event.addPlain(bytes, range)
        }
        for index in word..<open where bytes[index] != UInt8(ascii: " ") && !isLetter(bytes[index]) {
            return event.addPlain(bytes, range)
        }
        var stop = end
        if bytes[end &- 1] == UInt8(ascii: ")"), end &- 1 >= open &+ 2 {
            stop = end &- 1
        } else if !bytes.has("CMD", at: word, to: open), let inner = bytes.find("): ", from: open, to: end) {
            // `(CRON) ERROR chdir failed (/home/x): No such file or directory`
            stop = inner
        } else {
            event.event.reasons.insert(.cut)
        }
        if bytes.has("ERROR ", at: word, to: end) { event.raise(to: 3) }
        event.add(user, bytes, start &+ 1..<close)
        event.add(action, bytes, word..<open)
        event.add(command, bytes, open &+ 2..<stop, unescaping: .octal)
        if stop < end &- 1 { event.addUnnamed(bytes, stop &+ 1..<end) }
        return true
    }

    /// Reads `USER root pid 1234 cmd run-parts /etc/periodic/daily` (BusyBox), or any other text.
    private static func readBusyBox(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        let name = range.lowerBound &+ 5
        guard bytes.has("USER ", at: range.lowerBound, to: end),
            let pid = bytes.find(" pid ", from: name, to: end), pid > name,
            let cmd = bytes.find(" cmd ", from: pid &+ 5, to: end)
        else { return event.addPlain(bytes, range) }
        event.add(user, bytes, name..<pid)
        event.add(child, bytes, pid &+ 5..<cmd)
        event.add(command, bytes, cmd &+ 5..<end, unescaping: .octal)
        return true
    }

    /// Reads `name.service: text`, `Started name.service - Description.`,
    /// `New session 5 of user alice.`.
    @Sendable
    static func readSystemd(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        if SystemPAM.begins(bytes, range.lowerBound..<end) { return false }
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
                if bytes.has("Failed to ", at: range.lowerBound, to: end) { event.raise(to: 3) }
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
            let name = min(at &+ 9, nameEnd)
            if bytes.has("'", at: name, to: nameEnd) {
                // `'alice' with class 'user' and type 'tty'`
                let word = SystemUsers.word(bytes, name..<nameEnd)
                event.add(user, bytes, word)
                event.addUnnamed(bytes, word.upperBound..<end)
            } else {
                event.add(user, bytes, name..<nameEnd)
            }
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
