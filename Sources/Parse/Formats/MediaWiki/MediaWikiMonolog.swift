/// The text of a line of Monolog's LineFormatter: `message {context} {extra}`, and with MediaWiki's own
/// formatter behind it the exceptions of the context, `[Exception Class] (file:line) message` with their
/// frames.
enum MediaWikiMonolog {
    private static let type = FieldID(named: "exception"), message = FieldID(named: "error_message")
    private static let file = FieldID(named: "file"), line = FieldID(named: "file_line")
    private static let trace = FieldID(named: "stack_trace")

    /// Places that may begin the context.
    private static let candidates = 16

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal, readPlain)
    }

    @Sendable
    private static func readPlain(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        let end = MediaWikiText.trimmed(bytes, range)
        let start = range.lowerBound
        let exception = bytes.find("\n[Exception ", from: start, to: end)
        var textEnd = trimmed(bytes, start, exception ?? end)
        // What Monolog writes for a context or for extra values that are empty.
        for _ in 0..<2 where bytes.has(" []", at: max(start, textEnd &- 3), to: textEnd) {
            textEnd = trimmed(bytes, start, textEnd &- 3)
        }
        let context = findContext(bytes, start, textEnd)
        let text = start..<trimmed(bytes, start, context?.lowerBound ?? textEnd)
        if context == nil, exception == nil {
            MediaWikiText.addMessage(bytes, text, &event)
        } else {
            // What the text holds stands in the context, and better.
            event.add(.message, bytes, text)
            if let isAccepted = MediaWikiAccounts.isAccepted(bytes, text) {
                event.addLogin(isAccepted: isAccepted)
            }
        }
        if let context {
            _ = event.readJSON(bytes, context, GenericBody.mediaWikiContext)
            let extra = bytes.skipBlanks(from: context.upperBound, to: textEnd)..<textEnd
            _ = event.readJSON(bytes, extra, GenericBody.mediaWikiContext)
        }
        if let exception { readException(bytes, exception &+ 1, end, &event) }
        return true
    }

    /// The object that ends at `end`, or before another that does; nil where there is none.
    ///
    /// The text may hold objects as well: those end earlier.
    private static func findContext(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
        guard end > start, bytes[end &- 1] == UInt8(ascii: "}") else { return nil }
        var at = start
        if bytes[start] == UInt8(ascii: "{") { at = JSONScan.skipNested(bytes, start, end).end }
        for _ in 0..<candidates {
            guard let found = bytes.find(" {\"", from: at, to: end) else { return nil }
            let close = JSONScan.skipNested(bytes, found &+ 1, end).end
            let isContext =
                close == end
                || bytes.has(" {\"", at: close, to: end)
                    && JSONScan.skipNested(bytes, close &+ 1, end).end == end
            if isContext { return found &+ 1..<close }
            at = found &+ 2
        }
        return nil
    }

    /// `[Exception Class] (file:line) message`, frames, and `Caused by: …` for each that came before it:
    /// those are part of the trace.
    private static func readException(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ event: inout EventWriter
    ) {
        let close = bytes.find(UInt8(ascii: "]"), from: start, to: end)
        event.add(type, bytes, start &+ 11..<max(start &+ 11, close))
        guard bytes.has("] (", at: close, to: end), let behind = bytes.find(") ", from: close, to: end) else {
            return
        }
        let place = close &+ 3..<max(close &+ 3, behind)
        if let colon = bytes.findLast(":", from: place.lowerBound, to: place.upperBound) {
            event.add(file, bytes, place.lowerBound..<colon)
            let number = colon &+ 1..<place.upperBound
            if !number.isEmpty { event.add(line, bytes, number) }
        } else {
            event.add(file, bytes, place)
        }
        let text = min(behind &+ 2, end)
        let frame = bytes.find("\n  #0 ", from: text, to: end)
        let cause = bytes.find("\nCaused by: ", from: text, to: frame ?? end)
        let textEnd = cause ?? frame ?? end
        event.add(message, bytes, text..<textEnd)
        if textEnd < end { addTrace(bytes, textEnd &+ 1..<end, &event) }
    }

    /// Adds the frames without the blanks before each.
    private static func addTrace(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        event.add(trace, bytes, range) { bytes, range, text in
            var at = range.lowerBound
            while at < range.upperBound {
                if bytes.has("  #", at: at, to: range.upperBound) { at &+= 2 }
                let end = min(bytes.find(0x0A, from: at, to: range.upperBound) &+ 1, range.upperBound)
                text.append(bytes, at..<end)
                at = end
            }
        }
    }

    private static func trimmed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, bytes[end &- 1] == UInt8(ascii: " ") || bytes[end &- 1] == 0x0A { end &-= 1 }
        return end
    }
}
