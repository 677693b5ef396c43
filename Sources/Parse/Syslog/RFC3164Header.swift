extension SyslogHeader {
    /// Reads [TIMESTAMP SP [HOSTNAME SP] TAG] (RFC 3164 §4.1) as it occurs: with RFC 3339 times, without a
    /// host (`syslog(3)`), without a colon behind the tag, without a time.
    mutating func readRFC3164(_ bytes: Span<UInt8>, from: Int, to end: Int, times: inout TimeReader) {
        var start = behindSequence(bytes, bytes.skipBlanks(from: from, to: end), end)
        // Cisco marks a clock that is not set or not synchronised: `*Mar  1 …`, `.Mar  1 …`.
        if start < end, bytes[start] == UInt8(ascii: ".") || bytes[start] == UInt8(ascii: "*") { start &+= 1 }
        let found =
            readTime(bytes, at: start, to: end, times: &times)
            ?? readSQL(bytes, at: start, to: end, times: &times)
        guard let reading = found else {
            reasons.insert(.badTime)
            start = bytes.skipBlanks(from: from, to: end)
            if readTag(bytes, at: start, to: end, isDue: false) == .none { setMessage(bytes, from, end) }
            return
        }
        // The blank behind the time is due (§4.1.2), but there is nothing that could be taken for another.
        if reading.end == end { reasons.insert(.badTime) }
        time = reading
        timeText = ByteRange(start..<reading.end)
        var next = behindTime(bytes, reading.end, end)
        // `Nov 22 11:00:03.123 UTC: %SYS-5-CONFIG_I: …`
        let zone = bytes.find(UInt8(ascii: ":"), from: next, to: min(end, next &+ 6))
        if zone &- next >= 2, bytes.has(": %", at: zone, to: end), bytes[next] &- 65 < 26 { next = zone &+ 2 }
        readHostAndTag(bytes, at: next, to: end)
    }

    /// Reads the same without a PRI.
    ///
    /// False, with nothing set, where the line does not look like one of a log file.
    mutating func readHeaderWithoutPriority(
        _ bytes: Span<UInt8>, _ frame: Range<Int>, times: inout TimeReader
    ) -> Bool {
        let end = frame.upperBound
        guard let reading = readTime(bytes, at: frame.lowerBound, to: end, times: &times) else {
            return false
        }
        var found = self
        found.time = reading
        found.timeText = ByteRange(frame.lowerBound..<reading.end)
        // Many programs begin their own lines with a time: only a tag with its colon makes this a syslog
        // header.
        guard found.readHostAndTag(bytes, at: behindTime(bytes, reading.end, end), to: end),
            found.hasName(bytes)
        else { return false }
        self = found
        return true
    }

    /// Whether the tag is a name, or there is none.
    ///
    /// Java's `2026-11-22T11:00:03+0000: 12.345: [GC …` has a number.
    private func hasName(_ bytes: Span<UInt8>) -> Bool {
        for index in program.range where bytes[index] &- 46 > 11 { return true }
        return program.count == 0
    }

    /// The offset behind the number that Cisco puts before a time: `45: Nov 22 …`, `45: R1: *Nov 22 …`.
    private func behindSequence(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, isDigit(bytes[at]), at &- start < 10 { at &+= 1 }
        guard at > start, bytes.has(": ", at: at, to: end) else { return start }
        at = bytes.skipBlanks(from: at &+ 1, to: end)
        if Self.mayBeTime(bytes, at, end) { return at }
        let name = bytes.find(UInt8(ascii: ":"), from: at, to: min(end, at &+ ParseLimits.hostBytes))
        let behind = bytes.skipBlanks(from: name &+ 1, to: end)
        // Only a time behind it makes the number one of a sequence.
        return behind > name &+ 1 && Self.mayBeTime(bytes, behind, end) ? behind : start
    }

    /// Whether `Nov 22 …` may begin at an offset, or `*Nov 22 …`.
    private static func mayBeTime(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end &- start > 6 else { return false }
        let isMarked = bytes[start] == UInt8(ascii: "*") || bytes[start] == UInt8(ascii: ".")
        let at = isMarked ? start &+ 1 : start
        return bytes[at] &- 65 < 26 && bytes[at &+ 3] == UInt8(ascii: " ")
    }

    /// A time in either layout with a blank behind it, which RFC 3164 §4.1.2 calls for, or nothing at all; a
    /// colon may stand before the blank (Cisco).
    private func readTime(
        _ bytes: Span<UInt8>, at start: Int, to end: Int, times: inout TimeReader
    ) -> TimeReading? {
        guard start < end else { return nil }
        let limit = min(end, start &+ ParseLimits.timeBytes)
        let reading =
            isDigit(bytes[start])
            ? times.iso(bytes, at: start, to: limit, maximumDigits: ParseLimits.timeBytes)
            : times.bsd(bytes, at: start, to: limit)
        guard let reading, reading.end == end || behindTime(bytes, reading.end, end) > reading.end else {
            return nil
        }
        return reading
    }

    private static let sql: [TimeFormat] = [.sql]

    /// `2026-11-22 11:00:03[.123]` with a blank behind it, as appliances write it behind a PRI.
    private func readSQL(
        _ bytes: Span<UInt8>, at start: Int, to end: Int, times: inout TimeReader
    ) -> TimeReading? {
        guard LiteralCheck.shape("9999-99-99 99:99:99").passes(bytes, from: start, to: end) else {
            return nil
        }
        var at = start &+ 19
        if at < end, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") { at &+= 1 }
        while at < end, isDigit(bytes[at]), at &- start < ParseLimits.timeBytes { at &+= 1 }
        guard at < end, bytes[at] == UInt8(ascii: " "), let reading = times.read(Self.sql, bytes, start..<at),
            reading.end == at
        else { return nil }
        return reading
    }

    /// The offset behind the blanks that follow a time at `at`; `at` itself where none follow.
    private func behindTime(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
        let next = at < end && bytes[at] == UInt8(ascii: ":") ? at &+ 1 : at
        let behind = bytes.skipBlanks(from: next, to: end)
        return behind > next ? behind : at
    }

    /// Reads what follows the time, and sets the message.
    ///
    /// True where a tag with its colon was found.
    @discardableResult
    private mutating func readHostAndTag(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        // `nginx: …` and `sshd[123]: …` are tags: the host is missing.
        if readTag(bytes, at: start, to: end, isDue: false) != .none { return true }
        if readForwarded(bytes, at: start, to: end) { return true }
        let hostEnd = bytes.find(
            UInt8(ascii: " "), from: start, to: min(end, start &+ ParseLimits.hostBytes &+ 1))
        guard hostEnd &- start <= ParseLimits.hostBytes else {
            reasons.insert(.limit)
            setMessage(bytes, start, end)
            return false
        }
        host = ByteRange(start..<hostEnd)
        var next = bytes.skipBlanks(from: hostEnd, to: end)
        // `fw1 : %ASA-6-302013: …`
        if bytes.has(": %", at: next, to: end) { next &+= 2 }
        let tag = readTag(bytes, at: next, to: end, isDue: true)
        if tag == .none { setMessage(bytes, next, end) }
        if tag == .bare { return readUnusualTag(bytes, at: next, to: end) }
        return tag == .colon
    }

    enum Tag {
        case none, bare, colon
    }

    /// Reads `program:`, `program[pid]:` or `program[pid]` and sets the message behind it.
    ///
    /// Where a host stands before it, so that a tag is due, also a bare word, and text right behind the
    /// colon.
    mutating func readTag(_ bytes: Span<UInt8>, at start: Int, to end: Int, isDue: Bool) -> Tag {
        let limit = min(end, start &+ ParseLimits.programBytes &+ 1)
        var at = start
        while at < limit, Self.isProgramByte(bytes[at]) { at &+= 1 }
        let length = at &- start
        guard length > 0, length <= ParseLimits.programBytes else { return .none }
        var next = at
        var pid = self.pid
        var tag = Tag.bare
        if at == end {
            guard isDue else { return .none }
        } else {
            switch bytes[at] {
            case UInt8(ascii: ":"):
                next = at &+ 1
                tag = .colon
                if next < end, bytes[next] != UInt8(ascii: " ") {
                    guard isDue, bytes[next] != UInt8(ascii: ":") else { return .none }
                }
            case UInt8(ascii: "["):
                let close = bytes.find(
                    UInt8(ascii: "]"), from: at, to: min(end, at &+ ParseLimits.pidBytes &+ 2))
                guard close < end, bytes[close] == UInt8(ascii: "]"), close &- at > 1,
                    bytes.find(UInt8(ascii: " "), from: at, to: close) == close
                else { return .none }
                pid = ByteRange(at &+ 1..<close)
                next = close &+ 1
                if next < end, bytes[next] == UInt8(ascii: ":") {
                    next &+= 1
                    tag = .colon
                } else if next < end, bytes[next] != UInt8(ascii: " ") {
                    return .none
                }
            case UInt8(ascii: " "):
                guard isDue else { return .none }
            default:
                return .none
            }
        }
        program = ByteRange(start..<at)
        self.pid = pid
        if next < end, bytes[next] == UInt8(ascii: " ") { next &+= 1 }
        setMessage(bytes, next, end)
        return tag
    }

    /// What the names of programs are made of: `postfix/smtpd`, `sshd(pam_unix)`, `%PIX-7-710005`, `CRON`.
    private static func isProgramByte(_ byte: UInt8) -> Bool {
        if byte >= 0x80 || isDigit(byte) || isLetter(byte) { return true }
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "#"),
            UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "$"):
            return true
        default:
            return false
        }
    }
}
