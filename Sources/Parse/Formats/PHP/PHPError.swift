/// An error as PHP logs it: `PHP Warning:  message in FILE on line N`, and of an exception that nobody caught
/// `PHP Fatal error:  Uncaught Class: message in FILE:LINE`, its trace, and a line `  thrown in FILE on line
/// N` (main/main.c, php_error_cb; Zend/zend_exceptions.c, zend_exception_error).
///
/// The same text stands in many logs: PHP's own, php-fpm's, nginx's and Apache's errors, syslog. Their
/// formats call `read`, or `readOutput` for what a FastCGI server was sent.
struct PHPError {
    private let level: Range<Int>
    private let severity: UInt8
    private var exception: Range<Int>?
    private var message: Range<Int>
    private var location: PHPLocation?
    private var trace: Range<Int>
    /// What stands behind the trace, which says again where it was thrown.
    private var end: Range<Int>
    private var isCut = false

    /// Adds the fields of the error that all of `range` is.
    ///
    /// False, with nothing added, where it is none. The caller adds the message around it: a field that holds
    /// all of `range`.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let error = PHPError(bytes, range) else { return false }
        error.add(bytes, &event)
        return true
    }

    /// As `read`, for what PHP sends to a FastCGI server's error log: `PHP message: ` and an error; several
    /// are joined by `; ` or by line feeds.
    ///
    /// The fields are those of the first of the worst.
    @Sendable
    static func readOutput(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        var at = range.lowerBound
        var worst: PHPError?
        while bytes.has("PHP message: ", at: at, to: range.upperBound) {
            let start = at &+ 13
            let next = nextMessage(bytes, start..<range.upperBound)
            if let error = PHPError(bytes, start..<next.end), error.severity < worst?.severity ?? 8 {
                worst = error
            }
            at = next.start
        }
        guard let worst else { return false }
        worst.add(bytes, &event)
        return true
    }

    /// Where the message ends that `range` begins with, and where the next begins.
    private static func nextMessage(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (end: Int, start: Int) {
        var at = range.lowerBound
        while let next = bytes.find("PHP message: ", from: at, to: range.upperBound) {
            if next > range.lowerBound, bytes[next &- 1] == UInt8(ascii: "\n") { return (next &- 1, next) }
            if next &- range.lowerBound >= 2, bytes.has("; ", at: next &- 2, to: next) {
                return (next &- 2, next)
            }
            at = next &+ 1
        }
        return (range.upperBound, range.upperBound)
    }

    // MARK: Reading

    /// The words for the levels, and the severity that PHP itself gives them in syslog.
    private static let levels: [(word: StaticString, severity: UInt8)] = [
        ("Warning", 4), ("Notice", 5), ("Deprecated", 6), ("Fatal error", 3), ("Parse error", 3),
        ("Recoverable fatal error", 3), ("Catchable fatal error", 3), ("Strict Standards", 6),
        ("Unknown error", 3),
    ]

    /// Nil where the text does not begin with a level of PHP's.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let range = bytes.withoutLineEnds(range)
        let start = range.lowerBound &+ 4
        guard bytes.has("PHP ", at: range.lowerBound, to: range.upperBound),
            let index = Self.levels.indices.first(where: {
                let word = Self.levels[$0].word
                return bytes.has(word, at: start, to: range.upperBound)
                    && bytes.has(":", at: start &+ word.utf8CodeUnitCount, to: range.upperBound)
            })
        else { return nil }
        severity = Self.levels[index].severity
        level = start..<start &+ Self.levels[index].word.utf8CodeUnitCount
        var at = level.upperBound &+ 1
        for _ in 0..<2 where at < range.upperBound && bytes[at] == UInt8(ascii: " ") { at &+= 1 }
        message = at..<range.upperBound
        trace = range.upperBound..<range.upperBound
        end = trace
        if bytes.has("Uncaught ", at: at, to: range.upperBound) {
            readUncaught(bytes)
        } else {
            readPlain(bytes)
        }
    }

    private mutating func readUncaught(_ bytes: Span<UInt8>) {
        let limit = message.upperBound
        let start = message.lowerBound &+ 9
        let thrown = bytes.findLast("\n  thrown in ", from: start, to: limit)
        if let thrown { end = thrown &+ 13..<limit }
        isCut = thrown == nil
        let text = start..<(thrown ?? limit)
        if let throwable = PHPThrowable(bytes, text) {
            exception = throwable.exception
            message = throwable.message
            location = throwable.location
            trace = throwable.trace
        } else {
            message = text
        }
        guard location == nil || isCut,
            let last = PHPLocation(bytes, from: thrown ?? start, endingAt: limit, .onLine)
        else { return }
        // The text may be cut (log_errors_max_len), and the place where it was thrown follows at once.
        if !trace.isEmpty {
            guard thrown == nil, last.start >= trace.lowerBound else { return }
            trace = trace.lowerBound..<last.start
            end = last.start &+ 4..<limit
        } else {
            if message.upperBound > last.start { message = min(message.lowerBound, last.start)..<last.start }
            location = last
            end = limit..<limit
        }
    }

    /// Lines of a message that may say where: of an error that has other text behind it.
    private static let candidates = 4

    private mutating func readPlain(_ bytes: Span<UInt8>) {
        let limit = message.upperBound
        var lineEnd = limit
        location = PHPLocation(bytes, from: message.lowerBound, endingAt: limit, .onLine)
        var at = message.lowerBound
        for _ in 0..<Self.candidates where location == nil {
            guard let found = bytes.find(" on line ", from: at, to: limit) else { break }
            lineEnd = bytes.find(UInt8(ascii: "\n"), from: found, to: limit)
            location = PHPLocation(bytes, from: message.lowerBound, endingAt: lineEnd, .onLine)
            at = found &+ 9
        }
        guard let location else {
            isCut = bytes.has("...", at: max(message.lowerBound, limit &- 3), to: limit)
            return
        }
        message = message.lowerBound..<location.start
        guard lineEnd < limit else { return }
        // Since PHP 8.5 fatal errors have traces.
        if bytes.has("\nStack trace:\n", at: lineEnd, to: limit) {
            trace = lineEnd &+ 14..<limit
        } else {
            end = lineEnd..<limit
        }
    }

    // MARK: Adding

    /// Adds the fields.
    func add(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
        event.event.severity = severity
        event.add(.phpLevel, bytes, level)
        if let exception { event.add(.exception, bytes, exception) }
        event.addThrown(bytes, message, location, trace)
        if !end.isEmpty { event.add(.escaped, bytes, end) }
        if isCut { event.event.reasons.insert(.cut) }
    }
}

extension EventWriter {
    /// Adds what was thrown: its message, where, and the trace, as far as they are there.
    mutating func addThrown(
        _ bytes: Span<UInt8>, _ message: Range<Int>, _ location: PHPLocation?, _ trace: Range<Int>
    ) {
        if !message.isEmpty { add(.errorMessage, bytes, message) }
        if let location {
            add(.file, bytes, location.file)
            add(.fileLine, bytes, location.line)
        }
        if !trace.isEmpty { add(.stackTrace, bytes, trace) }
    }
}

extension Span where Element == UInt8 {
    /// `range` without line feeds and carriage returns at its end.
    func withoutLineEnds(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, self[end &- 1] == 0x0A || self[end &- 1] == 0x0D { end &-= 1 }
        return range.lowerBound..<end
    }
}
