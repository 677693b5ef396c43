/// How the lines of a format make events, where they come one by one: from a file, or a frame each.
///
/// A program's line is shown to its formats in their order. The first that takes it as a beginning, or as more of what
/// it began, decides. A line that no format knows continues the event before it where it has the form of a trace
/// (`TraceForm`), or where `Rest` says so.
enum LineRule: Sendable {
    /// A line that passes the format's check is an event of its own.
    case single
    /// A line that passes the format's check begins an event.
    case several(rest: Rest = .inFiles)
    /// A line in which the first pattern is found begins an event; one in which the second is found continues it.
    ///
    /// Where one of them is missing, each line that is not the other kind is this kind.
    case patterns(begins: String?, continues: String?)
    /// Swift code decides.
    case code(LineReader)

    /// What a line is to the event that the same sender's lines before it make.
    ///
    /// - `bytes`, `range`: the line, without header and delimiter.
    /// - `state`: what this rule returned for the line before; 0 where that was not this format's.
    typealias LineReader =
        @Sendable (_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> Place

    /// Which lines that no format knows continue an event.
    enum Rest: Sendable {
        /// Those of traces.
        case traces
        /// In a file that has no syslog headers, which one writer wrote from top to bottom, also those that look like
        /// nothing else.
        case inFiles
        /// All: a user has said how events begin.
        case any
    }

    /// Whether a line of a file looks like an event, whatever its program: it is an object, or begins with a time.
    static func beginsEvent(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        let end = range.upperBound
        guard start < end else { return false }
        switch bytes[start] {
        case UInt8(ascii: "{"): return bytes.has("{\"", at: start, to: end)
        case UInt8(ascii: "["): return start &+ 1 < end && isDate(bytes, start &+ 1, end)
        default: return isDate(bytes, start, end)
        }
    }

    private static func isDate(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        for shape: StaticString in [
            "9999-99-99T99:99:99", "9999-99-99 99:99:99", "9999/99/99 99:99:99", "99-aaa-9999 99:99:99",
            "99/aaa/9999:99:99:99", "aaa aaa 99 99:99:99",
        ] where LiteralCheck.shape(shape).passes(bytes, from: start, to: end) { return true }
        return false
    }

    enum Place: Sendable, Equatable {
        /// Not a line that this format knows.
        case unknown
        /// An event of its own.
        case alone
        /// The first line of an event.
        ///
        /// - `key`: bytes of the line that tell writers apart who share host, program and pid: a worker's number.
        /// - `state`: any number but 0, given back with the next line of this key.
        case begins(key: Range<Int>? = nil, state: UInt8 = 1)
        /// One more line of the event of this key; of an event that is not there, its first line.
        case continues(key: Range<Int>? = nil, state: UInt8 = 1)
    }
}
