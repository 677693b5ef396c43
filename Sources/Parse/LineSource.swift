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

    package init(
        program: String, host: String = "", zone: String = "", format: String? = nil, isMessage: Bool = false
    ) {
        self.program = program
        self.host = host
        self.zone = zone
        self.format = format
        self.isMessage = isMessage
    }
}
