/// What is known of lines that come without a syslog header: from a file, or from standard input.
package struct LineSource: Hashable, Sendable {
    /// The program that wrote them; empty for unknown.
    package var program: String
    /// The host that they come from; empty for unknown.
    package var host: String
    /// The zone of times that carry none, as `ZoneRule` names are looked up; empty for the parser's own.
    package var zone: String
    /// The only format that may read them; nil for those of the program.
    package var format: String?
    /// Whether a line is a message for certain, even where it looks like a syslog header.
    package var isMessage: Bool
    /// When lines without any date were written, up to the first line with one: the time of the line before them, or
    /// when the file was changed last.
    ///
    /// Nanoseconds since the Unix epoch; nil for the time of receipt.
    package var date: Int64?
    /// A date without a year is of the latest year that does not put it more than a week after this.
    ///
    /// Nanoseconds since the Unix epoch; nil for the time of receipt.
    package var yearReference: Int64?

    package init(
        program: String, host: String = "", zone: String = "", format: String? = nil, isMessage: Bool = false
    ) {
        self.program = program
        self.host = host
        self.zone = zone
        self.format = format
        self.isMessage = isMessage
    }

    /// The `yearReference` that puts every date into `year`, 1 to 9,999.
    ///
    /// From 24 December, the last day of the year is a week ahead, and the first of the next one more.
    package static func reference(ofYear year: Int) -> Int64 {
        let days = CivilDate.days(year: year, month: 12, day: 24)
        return Int64(clamping: days).multipliedReportingOverflow(by: 86_400_000_000_000).partialValue
    }
}
