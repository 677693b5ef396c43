/// The time in a header that has one, however it is written.
///
///     Nov 22 10:56:29 …            RFC 3164 §4.1.2, and what senders make of it
///     2026-11-22T10:56:29.003Z …   RFC 3339
///     2026 Nov 22 10:56:29 GMT: …  and the other layouts of `layouts`, each perhaps with a zone
///
/// A zone that the line names beats that of the source.
struct HeaderTime {
    /// The text, without the zone behind a blank.
    var range: Range<Int>
    /// Where the next word begins.
    var next: Int
    /// Nil where the text looks like a time and is none: 29 February of a year that has none.
    var reading: TimeReading?

    /// Reads the time at `start`; nil where none stands there.
    ///
    /// A blank must follow it (§4.1.2), or nothing at all; a colon may stand before the blank (Cisco).
    init?(_ bytes: Span<UInt8>, at start: Int, to end: Int, times: inout TimeReader) {
        guard start < end, let (stop, found) = Self.find(bytes, start, end, times: &times),
            let next = Self.afterBlanks(bytes, stop, end)
        else { return nil }
        reading = found
        range = start..<stop
        self.next = next
        readZoneWord(bytes, end, times: &times)
    }

    /// The end of the time, and what it says.
    private static func find(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, times: inout TimeReader
    ) -> (Int, TimeReading?)? {
        let limit = min(end, start &+ ParseLimits.timeBytes)
        let isNumber = isDigit(bytes[start])
        guard isNumber || isLetter(bytes[start]) else { return nil }
        let usual =
            isNumber
            ? times.iso(bytes, at: start, to: limit, maximumDigits: ParseLimits.timeBytes)
            : times.bsd(bytes, at: start, to: limit)
        if let usual, afterBlanks(bytes, usual.end, end) != nil { return (usual.end, usual) }
        let layouts = isNumber ? digits : letters
        for index in layouts.indices {
            if let found = times.readBeginning(layouts[index], bytes, start..<limit),
                afterBlanks(bytes, found.end, end) != nil
            {
                return (found.end, found)
            }
        }
        return impossible(bytes, start, limit).map { ($0, nil) }
    }

    /// Whether it is seconds since the epoch, which any text may begin with.
    func isNumber(_ bytes: Span<UInt8>) -> Bool {
        for index in range where !isDigit(bytes[index]) && bytes[index] != UInt8(ascii: ".") { return false }
        return true
    }

    /// Whether it is in one of the layouts that syslog daemons write to their files.
    func isUsual(_ bytes: Span<UInt8>) -> Bool {
        let start = range.lowerBound
        return LiteralCheck.shape("9999-99-99T").passes(bytes, from: start, to: range.upperBound)
            || LiteralCheck.shape("aaa ").passes(bytes, from: start, to: range.upperBound)
                && MonthName.month(bytes, at: start).month > 0
    }

    /// Takes `UTC` or `CET` after a time as its zone, where a zone of that name is known and something follows it.
    private mutating func readZoneWord(_ bytes: Span<UInt8>, _ end: Int, times: inout TimeReader) {
        guard next < end, bytes[next] &- 65 < 26, bytes[range.upperBound] == UInt8(ascii: " "),
            let found = reading, isLetter(bytes[range.lowerBound]) || found.layout.style != .iso
        else { return }
        var stop = next
        while stop < end, stop &- next < ZoneNames.letters, bytes[stop] &- 65 < 26 { stop &+= 1 }
        guard let behind = Self.afterBlanks(bytes, stop, end), behind < end,
            let minutes = ZoneNames.minutes(bytes, next..<stop)
        else { return }
        reading = times.moved(found, toMinutes: minutes)
        next = behind
    }

    /// The offset after the blanks at `at`, perhaps with a colon before them; nil where neither blanks nor the end
    /// are there.
    static func afterBlanks(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int? {
        guard at < end else { return at == end ? end : nil }
        let start = bytes[at] == UInt8(ascii: ":") ? at &+ 1 : at
        let behind = bytes.skipBlanks(from: start, to: end)
        return behind > start || behind == end ? behind : nil
    }

    /// The end of `Feb 29 00:00:01` or `Feb 30 10:00:00` where no year has that day.
    private static func impossible(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        guard LiteralCheck.shape("aaa 99 99:99:99").passes(bytes, from: start, to: end),
            MonthName.month(bytes, at: start).month > 0,
            bytes.twoDigits(at: start &+ 4) <= 31,
            ClockReading(bytes, at: start &+ 7, to: end, maximumDigits: 9) != nil
        else { return nil }
        return start &+ 15
    }

    private static let letters = [
        // Huawei VRP
        TimeFormat("%b %d %Y %H:%M:%S%f%z"), TimeFormat("%b %d %H:%M:%S%f%z"),
        // MikroTik
        TimeFormat("%b/%d/%Y %H:%M:%S%f"), TimeFormat("%b/%d %H:%M:%S%f"),
        TimeFormat("%b-%d-%Y %H:%M:%S%f%z"),
        // asctime(3), date(1), journalctl -o short-full, e-mail
        TimeFormat("%a %b %d %H:%M:%S%f %Y"), TimeFormat("%a %b %d %H:%M:%S%f %Z %Y"),
        TimeFormat("%a %Y-%m-%d %H:%M:%S%f"), TimeFormat("%a, %d %b %Y %H:%M:%S%f%z"),
        TimeFormat("%a %b %d %H:%M:%S%f"),
        TimeFormat("%b %d, %Y %H:%M:%S%f"),
    ]
    private static let digits = [
        TimeFormat.sql, TimeFormat("%Y/%m/%d %H:%M:%S%f%z"), TimeFormat("%Y.%m.%d %H:%M:%S%f%z"),
        // ZTE, Raisecom, NX-OS
        TimeFormat("%Y %b %d %H:%M:%S%f%z"),
        // Sophos UTM
        TimeFormat("%Y:%m:%d-%H:%M:%S%f%z"),
        TimeFormat("%Y-%m-%d-%H:%M:%S%f%z"), TimeFormat("%Y%m%dT%H%M%S%f%z"),
        TimeFormat("%d %b %Y %H:%M:%S%f%z"), TimeFormat("%d-%b-%Y %H:%M:%S%f%z"),
        TimeFormat("%d/%b/%Y:%H:%M:%S%f%z"), TimeFormat("%d/%b/%Y %H:%M:%S%f%z"),
        TimeFormat("%d.%m.%Y %H:%M:%S%f%z"), TimeFormat("%d %b %H:%M:%S%f"),
        // journalctl -o short-unix
        TimeFormat.epoch,
    ]
}
