/// `[id] url   Class: message`, as MWExceptionHandler logs exceptions and errors of PHP
/// (`MWExceptionHandler::getLogMessage`).
///
/// Up to 1.34 `Class from line 12 of /file.php: message`; before 1.22 the class is the word `Exception`. For
/// errors of PHP newer versions write `PHP Warning: message`. The address is `[no req]` on the command line,
/// in old versions also `[no URL]`.
enum MediaWikiException {
    private static let id = FieldID(named: "request_id"), url = FieldID(named: "url")
    private static let type = FieldID(named: "exception"), message = FieldID(named: "error_message")
    private static let file = FieldID(named: "file"), line = FieldID(named: "file_line")

    /// Adds the parts of such a text, and returns the channel; nil, with nothing added, where it is none.
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> StaticString? {
        let end = range.upperBound
        let close = bytes.find(
            UInt8(ascii: "]"), from: range.lowerBound, to: min(end, range.lowerBound &+ 80))
        guard close &+ 2 < end, bytes[close] == UInt8(ascii: "]"), bytes[close &+ 1] == UInt8(ascii: " "),
            bytes.find(UInt8(ascii: " "), from: range.lowerBound, to: close) == close,
            let gap = bytes.find("   ", from: close &+ 2, to: end),
            let text = Thrown(bytes, gap &+ 3, end)
        else { return nil }
        if close > range.lowerBound &+ 1, !event.has(id) {
            event.add(id, bytes, range.lowerBound &+ 1..<close)
        }
        if gap > close &+ 2, bytes[close &+ 2] != UInt8(ascii: "[") {
            event.add(url, bytes, close &+ 2..<gap)
        }
        if !text.type.isEmpty { event.add(type, bytes, text.type) }
        if let place = text.place {
            event.add(line, bytes, place.line)
            event.add(file, bytes, place.file)
        }
        let start = meant(bytes, text.message.lowerBound, end)
        event.addSpan(message, bytes, start..<end)
        MediaWikiQueries.readError(bytes, start..<end, &event)
        event.event.severity = severity(bytes, text.message)
        return isError(bytes, text.message) ? "error" : "exception"
    }

    /// How bad it is: that of PHP's level, and an error for what ended the request.
    static func severity(_ bytes: Span<UInt8>, _ message: Range<Int>) -> UInt8 {
        guard isError(bytes, message) else { return 3 }
        let word = message.lowerBound &+ 4
        let end = message.upperBound
        if bytes.has("Warning: ", at: word, to: end) || bytes.has("User Warning: ", at: word, to: end) {
            return 4
        }
        if bytes.has("Notice: ", at: word, to: end) || bytes.has("User Notice: ", at: word, to: end) {
            return 5
        }
        if bytes.has("Deprecated: ", at: word, to: end) || bytes.has("Strict ", at: word, to: end) {
            return 6
        }
        return 3
    }

    /// Whether a message is that of an error which PHP goes on after; those that end a request are
    /// exceptions.
    static func isError(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        let end = range.upperBound
        guard bytes.has("PHP ", at: start, to: end) else { return false }
        for word: StaticString in [
            "Warning: ", "Notice: ", "Deprecated: ", "Strict Standards: ", "Unknown error: ",
            "User Warning: ", "User Notice: ", "Recoverable Error: ", "Catchable fatal error: ",
        ] where bytes.has(word, at: start &+ 4, to: end) { return true }
        return false
    }

    private struct Thrown {
        var type = 0..<0
        var place: (line: Range<Int>, file: Range<Int>)?
        var message: Range<Int>

        /// Nil where that is no class with a message, nor an error of PHP.
        init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
            message = start..<end
            if bytes.has("PHP ", at: start, to: end) { return }
            var at = start
            while at < end, isClassByte(bytes[at]) { at &+= 1 }
            guard at > start else { return nil }
            type = start..<at
            if bytes.has(" from line ", at: at, to: end) {
                let line = at &+ 11
                var lineEnd = line
                while lineEnd < end, isDigit(bytes[lineEnd]) { lineEnd &+= 1 }
                guard lineEnd > line, bytes.has(" of ", at: lineEnd, to: end),
                    let colon = bytes.find(": ", from: lineEnd &+ 4, to: end)
                else { return nil }
                place = (line..<lineEnd, lineEnd &+ 4..<colon)
                at = colon
            }
            // An exception without a text has nothing behind the colon but a blank.
            guard at < end, bytes[at] == UInt8(ascii: ":") else { return nil }
            message = bytes.skipBlanks(from: at &+ 1, to: end)..<end
        }
    }

    /// What an exception's class may be named; anonymous classes hold a NUL and a path.
    private static func isClassByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "\\")
            || byte == UInt8(ascii: "@") || byte >= 0x80
    }

    /// The offset behind the advice that versions up to 1.38 put before the error of a query: several
    /// paragraphs, the error is the last.
    private static func meant(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        guard bytes.has("A database query error has occurred.", at: start, to: end) else { return start }
        for word: StaticString in ["\n\nError ", "\n\nQuery: ", "\nQuery: "] {
            if let at = bytes.find(word, from: start, to: end) {
                var at = at
                while bytes[at] == 0x0A { at &+= 1 }
                return at
            }
        }
        return start
    }
}
