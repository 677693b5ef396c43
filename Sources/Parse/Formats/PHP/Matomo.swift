/// Lines of Matomo's (Piwik's) log: `LEVEL Tag[time] [request] message`, the time in UTC.
///
/// `string_message_format` of its configuration may say otherwise; this is its default
/// (`%level% %tag%[%datetime%] %message%`). Lines behind the first are indented or stand as they are.
enum Matomo {
    /// As in `2020-03-05 10:15:00 UTC`.
    static let time = TimeFormat("%Y-%m-%d %H:%M:%S %Z")

    /// Adds the message: where it begins with `FILE(LINE): `, as its errors do, with these.
    @Sendable
    static func readRest(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let range = bytes.withoutLineEnds(range)
        let start = range.lowerBound
        let open = bytes.find(UInt8(ascii: "("), from: start, to: min(range.upperBound, start &+ 4_096))
        let line = bytes.digits(from: min(open &+ 1, range.upperBound), to: range.upperBound)
        guard bytes.has("/", at: start, to: open), !line.isEmpty,
            bytes.has("): ", at: line.upperBound, to: range.upperBound)
        else {
            event.add(.message, bytes, range)
            return true
        }
        event.addSpan(.message, bytes, range)
        event.add(.file, bytes, start..<open)
        event.add(.fileLine, bytes, line)
        event.add(.errorMessage, bytes, line.upperBound &+ 3..<range.upperBound)
        return true
    }

    @Sendable
    static func place(_ bytes: Span<UInt8>, _ line: Range<Int>, _ state: UInt8) -> LineRule.Place {
        var at = line.lowerBound
        while at < line.upperBound, isLetter(bytes[at]) { at &+= 1 }
        guard LevelScale.any.severity(bytes, line.lowerBound..<at) != nil,
            bytes.has(" ", at: at, to: line.upperBound)
        else { return .unknown }
        let open = bytes.find(UInt8(ascii: "["), from: at, to: min(line.upperBound, at &+ 256))
        return LiteralCheck.shape("[9999-99-99 99:99:99").passes(bytes, from: open, to: line.upperBound)
            ? .begins() : .unknown
    }
}
