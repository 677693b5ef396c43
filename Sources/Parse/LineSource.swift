/// What is known of a line that comes without a syslog header: from a file, or from standard input.
package struct LineSource: Sendable {
    /// The program that wrote it; empty for unknown.
    package var program: String
    /// The host that it comes from; empty for unknown.
    package var host: String
    /// The only format that may read it; nil for those of the program.
    package var format: String?
    /// Whether the line is a message for certain, even where it looks like a syslog header.
    package var isMessage: Bool

    package init(program: String, host: String = "", format: String? = nil, isMessage: Bool = false) {
        self.program = program
        self.host = host
        self.format = format
        self.isMessage = isMessage
    }
}
