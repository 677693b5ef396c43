/// An entry of the file that `error_log` of php.ini names (main/main.c, php_log_err): `[time zone] text`,
/// the zone by its name in the zone database.
///
/// Lines behind the first stand as they are. WordPress's `debug.log` and the logs of many applications are
/// this. Old versions wrote no zone.
enum PHPErrorLog {
    private static let times: [TimeFormat] = [.dashed, TimeFormat("%d-%b-%Y %H:%M:%S%f %Z")]
    private static let timezone = FieldID(named: "timezone")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        // A date, a blank, and a name of the zone database (at most 64 bytes).
        let start = range.lowerBound &+ 1
        let close = bytes.find(UInt8(ascii: "]"), from: start, to: min(range.upperBound, start &+ 96))
        guard close < range.upperBound, bytes[close] == UInt8(ascii: "]"),
            event.setTime(bytes, start..<close, times)
        else { return false }
        // Behind `dd-Mon-yyyy hh:mm:ss`, perhaps with a fraction.
        let zone = bytes.find(UInt8(ascii: " "), from: start &+ 20, to: close) &+ 1
        if zone < close { event.addDerived(timezone, bytes, zone..<close) }
        let text = bytes.has(" ", at: close &+ 1, to: range.upperBound) ? close &+ 2 : close &+ 1
        PHPMessage.add(bytes, text..<range.upperBound, &event)
        return true
    }
}
