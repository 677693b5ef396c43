extension Fields {
    /// Of Redis.
    static let redis: [FieldDefinition] = [
        FieldDefinition("role", .keyword, ["redis.log.role"]),
        FieldDefinition("params", .text),
    ]
}

extension FormatDefinition {
    /// Redis: the log of all generations, and what the command MONITOR shows.
    static let redis: [FormatDefinition] = [
        FormatDefinition(
            name: "redis", programs: redisPrograms, body: .code(RedisLine.read), lines: .code(RedisLine.place)
        ),
        FormatDefinition(
            name: "redis-monitor", programs: redisPrograms, check: .shape("9999999999.999999 "),
            patterns: ["%{REDISMONITOR}"], time: TimeCapture("log_time", .epoch),
            rest: ("params", .text("params")),
            ecs: ["client_ip": ["client", "source.ip"], "client_port": ["port", "source.port"]]),
    ]

    private static let redisPrograms = ProgramRule(names: [], prefixes: ["redis", "valkey"])
}

/// A line of the server: `18474:M 22 Nov 2026 10:59:47.817 - Accepted 127.0.0.1:48418` (src/server.c,
/// serverLogRaw).
///
/// Before 3.0 `[18474] 22 Nov 10:59:47.817 - …` without a year, before 2.6 without milliseconds, before 2.0
/// without a process. A signal handler writes `18474:signal-handler (1795345104) …`.
enum RedisLine {
    private static let role = FieldID(named: "role"), client = FieldID(named: "client_ip")
    private static let port = FieldID(named: "client_port")
    private static let dated: [TimeFormat] = [
        TimeFormat("%d %b %Y %H:%M:%S%f"), TimeFormat("%d %b %H:%M:%S%f"),
    ]
    /// Bytes that a time has at most: `22 Nov 2026 10:59:47.817`.
    private static let timeBytes = 32

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let head = Head(bytes, range) else { return false }
        if !head.pid.isEmpty { event.add(.pid, bytes, head.pid) }
        if let name = head.roleName, let letter = head.role {
            event.add(.escaped, bytes, letter)
            event.addDerived(role, name.utf8)
        }
        if head.isSignal {
            guard event.setTime(bytes, head.time, [.epoch]) else { return false }
        } else {
            guard event.setTime(bytes, head.time, bytes.isISO(head.time) ? [.iso] : dated) else {
                return false
            }
            guard let level = level(bytes[head.level]) else { return false }
            event.event.severity = level.severity
            event.add(.escaped, bytes, head.level..<head.level &+ 1)
            event.addDerived(.levelText, level.name.utf8)
        }
        addMessage(bytes, head.message..<range.upperBound, &event)
        return true
    }

    /// A line with a time begins an event; the banner and reports of crashes continue it.
    @Sendable
    static func place(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        Head(bytes, range) == nil ? .unknown : .begins()
    }

    /// The parts before the message.
    private struct Head {
        var pid = 0..<0
        var role: Range<Int>?
        var roleName: String?
        var isSignal = false
        var time = 0..<0
        var level = 0
        var message = 0

        init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            let end = range.upperBound
            var at = range.lowerBound
            let isBracketed = at < end && bytes[at] == UInt8(ascii: "[")
            if isBracketed { at &+= 1 }
            var stop = at
            while stop < end, isDigit(bytes[stop]) { stop &+= 1 }
            guard stop > at, stop < end else { return nil }
            if isBracketed, bytes.has(" | signal handler] (", at: stop, to: end) {
                let close = bytes.find(UInt8(ascii: ")"), from: stop, to: end)
                guard close < end else { return nil }
                pid = at..<stop
                isSignal = true
                time = stop &+ 20..<close
                message = min(bytes.skipBlanks(from: close &+ 1, to: end), end)
                return
            }
            if isBracketed {
                guard bytes.has("] ", at: stop, to: end) else { return nil }
                pid = at..<stop
                at = stop &+ 2
            } else if bytes[stop] == UInt8(ascii: ":") {
                pid = at..<stop
                at = stop &+ 1
                if bytes.has("signal-handler (", at: at, to: end) {
                    let close = bytes.find(UInt8(ascii: ")"), from: at, to: end)
                    guard close < end else { return nil }
                    isSignal = true
                    time = at &+ 16..<close
                    message = min(bytes.skipBlanks(from: close &+ 1, to: end), end)
                    return
                }
                guard at &+ 1 < end, bytes[at &+ 1] == UInt8(ascii: " ") else { return nil }
                role = at..<at &+ 1
                roleName = RedisLine.role(bytes[at])
                guard roleName != nil else { return nil }
                at &+= 2
            }
            // The level is the one byte between two blanks behind the clock.
            let limit = min(end &- 2, at &+ RedisLine.timeBytes)
            var blank = at
            while blank < limit {
                blank = bytes.find(UInt8(ascii: " "), from: blank, to: limit)
                if blank < limit, blank > at, bytes[blank &+ 2] == UInt8(ascii: " "),
                    RedisLine.level(bytes[blank &+ 1]) != nil
                {
                    time = at..<blank
                    level = blank &+ 1
                    message = blank &+ 3
                    return
                }
                blank &+= 1
            }
            return nil
        }
    }

    private static func role(_ letter: UInt8) -> String? {
        switch letter {
        case UInt8(ascii: "M"): "master"
        case UInt8(ascii: "S"): "slave"
        case UInt8(ascii: "C"): "child"
        case UInt8(ascii: "X"): "sentinel"
        default: nil
        }
    }

    /// The level of a mark, and what the server's own syslog makes of it.
    private static func level(_ mark: UInt8) -> (name: String, severity: UInt8)? {
        switch mark {
        case UInt8(ascii: "."): ("debug", 7)
        case UInt8(ascii: "-"): ("verbose", 6)
        case UInt8(ascii: "*"): ("notice", 5)
        case UInt8(ascii: "#"): ("warning", 4)
        default: nil
        }
    }

    /// What a server says that ends; it calls all of it a warning.
    private static let crashes: [StaticString] = [
        "BUG REPORT START", " crashed by signal", "Fatal error", "FATAL ", "Out Of Memory allocating",
        "ASSERTION FAILED",
    ]

    /// Adds the message, with the client of `Accepted 127.0.0.1:48418`.
    private static func addMessage(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let end = range.upperBound
        let head = min(end, range.lowerBound &+ 80)
        if crashes.contains(where: { bytes.find($0, from: range.lowerBound, to: head) != nil }) {
            event.raise(to: 2)
        }
        guard bytes.has("Accepted ", at: range.lowerBound, to: end),
            let colon = bytes.findLast(":", from: range.lowerBound, to: end), colon &+ 1 < end
        else { return event.add(.message, bytes, range, unescaping: .octal) }
        for index in colon &+ 1..<end where !isDigit(bytes[index]) {
            return event.add(.message, bytes, range, unescaping: .octal)
        }
        event.addSpan(.message, bytes, range)
        var address = range.lowerBound &+ 9..<colon
        if address.count > 2, bytes[address.lowerBound] == UInt8(ascii: "["),
            bytes[colon &- 1] == UInt8(ascii: "]")
        {
            address = address.lowerBound &+ 1..<colon &- 1
        }
        event.add(client, bytes, address)
        event.add(port, bytes, colon &+ 1..<end)
    }
}

extension Span where Element == UInt8 {
    /// Whether a text begins like `2026-11-22T`.
    fileprivate func isISO(_ range: Range<Int>) -> Bool {
        range.count > 18 && self[range.lowerBound &+ 10] == UInt8(ascii: "T")
    }
}
