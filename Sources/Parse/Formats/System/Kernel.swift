/// Messages of the kernel, with or without `[uptime] ` (printk).
enum Kernel {
    private static let uptime = FieldID(named: "uptime"), process = FieldID(named: "process")
    private static let childPid = FieldID(named: "child_pid"), object = FieldID(named: "object")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let start = addUptime(bytes, range, &event)
        if start < end, first.contains(bytes[start]),
            let fault = faults.first(where: { bytes.has($0.text, at: start, to: end) })
        {
            event.raise(to: fault.severity)
        }
        if addTrap(bytes, start..<end, &event) || addVictim(bytes, start..<end, &event) { return true }
        if let fault = bytes.find("]: segfault at ", from: start, to: min(end, start &+ 80)),
            let open = bytes.findLast("[", from: start, to: fault), open > start,
            SystemUsers.isNumber(bytes, open &+ 1..<fault)
        {
            event.raise(to: 3)
            event.addSpan(.message, bytes, start..<end)
            event.add(process, bytes, start..<open)
            event.add(childPid, bytes, open &+ 1..<fault)
            addObject(bytes, fault &+ 15..<end, &event)
        } else if !addKilled(bytes, start..<end, &event) {
            event.add(.message, bytes, start..<end, unescaping: .octal)
        }
        return true
    }

    /// What the kernel says of its own end, and of that of a program.
    private static let faults: [(text: StaticString, severity: UInt8)] = [
        ("Kernel panic", 2), ("BUG: ", 2), ("Oops: ", 2), ("kernel BUG at ", 2),
        ("watchdog: BUG: ", 2), ("Out of memory: ", 3), ("Memory cgroup out of memory: ", 3), ("traps: ", 3),
    ]
    /// Their first letters.
    private static let first = Array("BKMOktw".utf8)

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
        at &+= 1
        // `[   12.345678][ T1234] ` with CONFIG_PRINTK_CALLER.
        if bytes.has("[", at: at, to: end) {
            let caller = bytes.skipBlanks(from: at &+ 1, to: end)
            let close = bytes.find(UInt8(ascii: "]"), from: caller, to: min(end, at &+ 16))
            if close < end, bytes[close] == UInt8(ascii: "]"), close &- caller > 1,
                bytes[caller] == UInt8(ascii: "T") || bytes[caller] == UInt8(ascii: "C"),
                SystemUsers.isNumber(bytes, caller &+ 1..<close)
            {
                event.addUnnamed(bytes, caller..<close)
                at = close &+ 1
            }
        }
        return bytes.skipBlanks(from: at, to: end)
    }

    /// Adds the process of `traps: nginx[123] general protection fault ip:7f… in libc.so.6[…]`.
    private static func addTrap(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool
    {
        let end = text.upperBound
        let name = text.lowerBound &+ 7
        guard bytes.has("traps: ", at: text.lowerBound, to: end) else { return false }
        let open = bytes.find(UInt8(ascii: "["), from: name, to: min(end, name &+ 32))
        let close = bytes.find(UInt8(ascii: "]"), from: open, to: end)
        guard close < end, open > name, SystemUsers.isNumber(bytes, open &+ 1..<close) else { return false }
        event.addSpan(.message, bytes, text)
        event.add(process, bytes, name..<open)
        event.add(childPid, bytes, open &+ 1..<close)
        addObject(bytes, close &+ 1..<end, &event)
        return true
    }

    /// Adds the victim of `oom-kill:constraint=CONSTRAINT_NONE,…,task=mysqld,pid=1234,uid=110`.
    private static func addVictim(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        let end = text.upperBound
        guard bytes.has("oom-kill:", at: text.lowerBound, to: end),
            let task = bytes.findLast(",task=", from: text.lowerBound, to: end),
            let pid = bytes.findLast(",pid=", from: task &+ 6, to: end), pid > task &+ 6
        else { return false }
        let stop = bytes.find(UInt8(ascii: ","), from: pid &+ 5, to: end)
        guard stop > pid &+ 5 else { return false }
        event.addSpan(.message, bytes, text)
        event.addUnnamed(bytes, text.lowerBound..<task)
        event.add(process, bytes, task &+ 6..<pid)
        event.add(childPid, bytes, pid &+ 5..<stop)
        event.addUnnamed(bytes, stop..<end)
        return true
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
