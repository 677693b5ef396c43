/// Writes times that mean the same to every reader.
enum TimePrinter {
    /// `[2014-05-12T22:00:00Z TO *]`.
    static func text(of span: TimeSpan) -> String {
        let lower = span.earliest == .min ? "*" : text(of: span.earliest)
        let upper = span.latest == .max ? "*" : text(of: span.latest)
        return "[\(lower) TO \(upper)]"
    }

    /// A time in UTC, to the nanosecond: `2014-05-12T22:00:00.5Z`.
    static func text(of time: Int64) -> String {
        let seconds = time.floorQuotient(1_000_000_000)
        let civil = CivilTime(seconds: seconds)
        let clock = [civil.second / 3_600, civil.second / 60 % 60, civil.second % 60]
        let date = [digits(civil.year, 4), digits(civil.month, 2), digits(civil.day, 2)]
        var fraction = digits(time &- seconds &* 1_000_000_000, 9)
        while fraction.utf8.last == 0x30 { fraction.removeLast() }
        return date.joined(separator: "-") + "T" + clock.map { digits($0, 2) }.joined(separator: ":")
            + (fraction.isEmpty ? "" : "." + fraction) + "Z"
    }

    private static func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
