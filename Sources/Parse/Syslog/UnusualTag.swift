/// Tags that are more than `program[pid]:`, as some log daemons write them behind the host.
extension SyslogHeader {
    /// Bytes of a program's name with what macOS writes behind it.
    private static let longTagBytes = 160
    /// Words of a program's name: `Google Chrome Helper (Renderer)`.
    private static let words = 4

    /// Looks at a tag without a colon again, which `readTag` has taken for a bare word.
    ///
    /// True where it turns out to be more than that.
    mutating func readUnusualTag(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        if pid.count == 0 && readPriorityWord(bytes, program.range, to: end)
            || readTitle(bytes, at: start, to: end)
            || readLaunchd(bytes, at: start, to: end) || readVersioned(bytes, at: start, to: end)
        {
            return true
        }
        // syslogd and klogd, of themselves or of the program before.
        for text: StaticString in ["last message repeated ", "exiting on signal "]
        where bytes.has(text, at: start, to: end) {
            program = ByteRange(start: 0, end: 0)
            setMessage(bytes, start, end)
            return true
        }
        // syslogd of macOS, of itself: no tag at all.
        if program.count == 3, bytes.has("--- last message repeated ", at: start, to: end) {
            program = ByteRange(start: 0, end: 0)
            setMessage(bytes, start, end)
            return true
        }
        // The sign of life of syslogd, `-- MARK --`, is its own tag and text.
        return program.count == 2 && bytes.has("-- MARK --", at: start, to: end) && end &- start == 10
    }

    /// Reads `Message forwarded from HOST: ` or `Forwarded from HOST: ` (AIX), and the tag behind it.
    mutating func readForwarded(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        let name: Int
        if bytes.has("Message forwarded from ", at: start, to: end) {
            name = start &+ 23
        } else if bytes.has("Forwarded from ", at: start, to: end) {
            name = start &+ 15
        } else {
            return false
        }
        let limit = min(end, name &+ ParseLimits.hostBytes &+ 2)
        let blank = bytes.find(UInt8(ascii: " "), from: name, to: limit)
        guard blank < limit, blank &- name > 1, bytes[blank &- 1] == UInt8(ascii: ":") else { return false }
        host = ByteRange(name..<blank &- 1)
        let next = bytes.skipBlanks(from: blank, to: end)
        if readTag(bytes, at: next, to: end, isDue: true) == .none { setMessage(bytes, next, end) }
        return true
    }

    /// Reads `facility.level` and the tag after it, as the syslogd of BusyBox writes it to its files.
    mutating func readPriorityWord(_ bytes: Span<UInt8>, _ word: Range<Int>, to end: Int) -> Bool {
        let dot = bytes.find(UInt8(ascii: "."), from: word.lowerBound, to: word.upperBound)
        guard dot < word.upperBound, let facility = SyslogName.facility(bytes, word.lowerBound..<dot),
            let severity = LevelScale.syslog.severity(bytes, dot &+ 1..<word.upperBound)
        else { return false }
        var header = self
        let next = bytes.skipBlanks(from: word.upperBound, to: end)
        guard header.readTag(bytes, at: next, to: end, isDue: true) == .colon else { return false }
        self = header
        if priority.count == 0 {
            self.facility = facility
            self.severity = severity
        }
        return true
    }

    /// Reads `Google Chrome[123]: `, the name of a macOS application: words with capitals, and a number.
    private mutating func readTitle(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        let limit = min(end, start &+ ParseLimits.programBytes &+ 1)
        var at = start
        for _ in 0..<Self.words {
            guard at < limit, bytes[at] &- 65 < 26 || bytes[at] == UInt8(ascii: "(") else { return false }
            while at < limit, Self.isTitleByte(bytes[at]) { at &+= 1 }
            guard at < limit else { return false }
            if bytes[at] == UInt8(ascii: "[") { return setTag(bytes, start..<at, to: end) }
            guard bytes[at] == UInt8(ascii: " ") else { return false }
            at &+= 1
        }
        return false
    }

    /// Reads `syslogd 1.4.1: restart.`: a name with its version.
    private mutating func readVersioned(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        guard pid.count == 0,
            bytes.has("syslogd ", at: start, to: end) || bytes.has("klogd ", at: start, to: end)
        else { return false }
        let name = Int(program.end)
        let limit = min(end, start &+ ParseLimits.programBytes)
        var at = name &+ 1
        while at < limit,
            isDigit(bytes[at]) || bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: "#")
        {
            at &+= 1
        }
        guard at > name &+ 1, bytes.has(": ", at: at, to: end) || bytes.has(", ", at: at, to: end) else {
            return false
        }
        // klogd's `1.4.1, log source = /proc/kmsg started.` is text.
        if bytes[at] == UInt8(ascii: ":") { setMessage(bytes, at &+ 2, end) }
        return true
    }

    /// Takes `[123]: ` behind a name as the end of a tag.
    private mutating func setTag(_ bytes: Span<UInt8>, _ name: Range<Int>, to end: Int) -> Bool {
        let open = name.upperBound
        var at = open &+ 1
        while at < end, isDigit(bytes[at]), at &- open <= 10 { at &+= 1 }
        guard at > open &+ 1, bytes.has("]:", at: at, to: end) else { return false }
        let next = at &+ 2
        guard next == end || bytes[next] == UInt8(ascii: " ") else { return false }
        program = ByteRange(name)
        pid = ByteRange(open &+ 1..<at)
        setMessage(bytes, min(next &+ 1, end), end)
        return true
    }

    /// Reads `com.apple.xpc.launchd[1] (com.apple.quicklook[123]): ` (macOS): the service in brackets is part of
    /// the name.
    private mutating func readLaunchd(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> Bool {
        guard pid.count > 0 else { return false }
        let open = Int(pid.end) &+ 1
        guard bytes.has(" (", at: open, to: end) else { return false }
        let limit = min(end, start &+ Self.longTagBytes)
        var at = open &+ 2
        while at < limit, bytes[at] != UInt8(ascii: " "), bytes[at] != UInt8(ascii: ")") { at &+= 1 }
        guard at > open &+ 2, bytes.has("):", at: at, to: end) else { return false }
        let next = at &+ 2
        guard next == end || bytes[next] == UInt8(ascii: " ") else { return false }
        program = ByteRange(start..<at &+ 1)
        pid = ByteRange(start: 0, end: 0)
        setMessage(bytes, min(next &+ 1, end), end)
        return true
    }

    private static func isTitleByte(_ byte: UInt8) -> Bool {
        if byte >= 0x80 || isDigit(byte) || isLetter(byte) { return true }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "("),
            UInt8(ascii: ")"):
            return true
        default: return false
        }
    }
}

/// Names of syslog facilities, as `syslog.conf` has them.
enum SyslogName {
    /// The number of a facility (RFC 5424 §6.2.1); nil where the word is none.
    static func facility(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
        for index in names.indices
        where names[index].utf8CodeUnitCount == range.count
            && bytes.has(names[index], at: range.lowerBound, to: range.upperBound)
        {
            return numbers[index]
        }
        return nil
    }

    private static let names: [StaticString] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7", "security",
    ]
    private static let numbers: [UInt8] = [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23, 4,
    ]
}
