/// Messages of the kernel, with or without `[uptime] ` (printk).
enum Kernel {
    private static let uptime = FieldID(named: "uptime"), process = FieldID(named: "process")
    private static let childPid = FieldID(named: "child_pid"), object = FieldID(named: "object")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = addUptime(bytes, range, &event)
        if let fault = bytes.find("]: segfault at ", from: start, to: min(end, start &+ 80)),
            let open = bytes.findLast("[", from: start, to: fault), open > start,
            SystemUsers.isNumber(bytes, open &+ 1..<fault)
        {
            event.addSpan(.message, bytes, start..<end)
            event.add(process, bytes, start..<open)
            event.add(childPid, bytes, open &+ 1..<fault)
            addObject(bytes, fault &+ 15..<end, &event)
        } else if !addKilled(bytes, start..<end, &event) {
            event.add(.message, bytes, start..<end, unescaping: .octal)
        }
        return true
    }

    /// Adds the seconds of `[    0.000000] `, and returns the offset behind.
    static func addUptime(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Int {
        let end = range.upperBound
        let start = bytes.skipBlanks(from: range.lowerBound, to: end)
        guard start < end, bytes[start] == UInt8(ascii: "[") else { return start }
        let number = bytes.skipBlanks(from: start &+ 1, to: end)
        var at = number
        while at < end, isDigit(bytes[at]) || bytes[at] == UInt8(ascii: ".") { at &+= 1 }
        guard at > number, at &- number <= 24, bytes.has("]", at: at, to: end) else { return start }
        event.add(uptime, bytes, number..<at)
        return bytes.skipBlanks(from: at &+ 1, to: end)
    }

    /// Adds the library of `… error 4 in libc.so.6[7f2a570b3000+110000]`.
    private static func addObject(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        guard let key = bytes.findLast(" in ", from: range.lowerBound, to: range.upperBound) else {
            return event.addUnnamed(bytes, range)
        }
        let open = bytes.find(UInt8(ascii: "["), from: key &+ 4, to: range.upperBound)
        event.addUnnamed(bytes, range.lowerBound..<key)
        event.add(object, bytes, key &+ 4..<open)
        event.addUnnamed(bytes, open..<range.upperBound)
    }

    /// Adds the victim of `Out of memory: Killed process 1234 (php-fpm8.2) total-vm:…` (mm/oom_kill.c).
    private static func addKilled(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        guard let key = bytes.find("ill", from: range.lowerBound, to: min(end, range.lowerBound &+ 80)),
            let word = bytes.find(" process ", from: key, to: min(end, key &+ 20))
        else { return false }
        let number = word &+ 9
        var at = number
        while at < end, isDigit(bytes[at]) { at &+= 1 }
        guard at > number, bytes.has(" (", at: at, to: end) || bytes.has(", UID ", at: at, to: end),
            let open = bytes.find("(", from: at, to: end), let close = bytes.find(")", from: open, to: end)
        else { return false }
        event.addSpan(.message, bytes, range)
        event.addUnnamed(bytes, range.lowerBound..<word)
        event.add(childPid, bytes, number..<at)
        if open > at &+ 1 { event.addUnnamed(bytes, at..<open) }
        event.add(process, bytes, open &+ 1..<close)
        event.addUnnamed(bytes, close &+ 1..<end)
        return true
    }
}
