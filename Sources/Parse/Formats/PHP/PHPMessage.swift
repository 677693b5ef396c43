/// What PHP and what runs on it write with `error_log()`: the text of an entry, whatever log it stands in.
enum PHPMessage {
    /// Adds `range` as the message, with the fields of what it is: an error of PHP's, one of WordPress's
    /// database, an exception, or any text.
    static func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let range = bytes.withoutLineEnds(range)
        if bytes.hasEscapedLines(range) {
            _ = event.read(bytes, range, unescaping: .octal, addText)
        } else {
            _ = addText(bytes, range, &event)
        }
    }

    @Sendable
    private static func addText(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        if addKnown(bytes, range, &event) { return true }
        if let throwable = throwable(bytes, range) {
            event.raise(to: 3)
            event.addSpan(.message, bytes, range)
            event.add(.exception, bytes, throwable.exception)
            event.addThrown(bytes, throwable.message, throwable.location, throwable.trace)
        } else {
            event.add(.message, bytes, range)
        }
        return true
    }

    /// Reads a message that has no time of its own, as syslog and terminals get it.
    ///
    /// False where nothing tells that PHP wrote it.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let range = bytes.withoutLineEnds(range)
        guard bytes.hasEscapedLines(range) else { return addKnown(bytes, range, &event) }
        return event.read(bytes, range, unescaping: .octal, addKnown)
    }

    @Sendable
    private static func addKnown(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        if bytes.has("PHP ", at: range.lowerBound, to: range.upperBound), let error = PHPError(bytes, range) {
            event.addSpan(.message, bytes, range)
            error.add(bytes, &event)
            return true
        }
        guard let error = WordPressDatabaseError(bytes, range) else { return false }
        event.addSpan(.message, bytes, range)
        error.add(bytes, &event)
        return true
    }

    /// An exception that a program logged itself.
    ///
    /// Only with its trace: without one, many texts look like it.
    private static func throwable(_ bytes: Span<UInt8>, _ range: Range<Int>) -> PHPThrowable? {
        guard bytes.find("\nStack trace:\n#0 ", from: range.lowerBound, to: range.upperBound) != nil,
            let throwable = PHPThrowable(bytes, range), !throwable.trace.isEmpty
        else { return nil }
        return throwable
    }
}

extension Span where Element == UInt8 {
    /// Whether a text of one line was several, before rsyslog wrote their ends as `#012`.
    ///
    /// A colour of CSS looks like another of its escapes, so these say nothing.
    func hasEscapedLines(_ range: Range<Int>) -> Bool {
        find("#012", from: range.lowerBound, to: range.upperBound) != nil
            && find(0x0A, from: range.lowerBound, to: range.upperBound) == range.upperBound
    }
}

/// `WordPress database error MESSAGE for query SQL made by CALLERS`, where the callers may be missing
/// (wp-includes/class-wpdb.php, print_error).
///
/// The query stands as it was, line feeds and all.
struct WordPressDatabaseError {
    private let message: Range<Int>
    private let query: Range<Int>
    private let caller: Range<Int>

    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let start = range.lowerBound &+ 25
        let end = range.upperBound
        guard bytes.has("WordPress database error ", at: range.lowerBound, to: end),
            let at = bytes.find(" for query ", from: start, to: end)
        else { return nil }
        message = start..<at
        let made = bytes.findLast(" made by ", from: at &+ 11, to: end)
        query = at &+ 11..<(made ?? end)
        caller = made.map { $0 &+ 9..<end } ?? end..<end
    }

    func add(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
        event.event.severity = 3
        event.add(.errorMessage, bytes, message)
        event.add(.query, bytes, query)
        if !caller.isEmpty { event.add(.caller, bytes, caller) }
    }
}
