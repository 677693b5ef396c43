/// An exception that nobody caught, as the runtime of its language writes it, whatever program that is: an error, or
/// where the process ends with it, a critical one.
///
/// Told by its first words, or by what a line behind the first looks like.
enum ThrownTrace {
    /// Bytes that are looked at for the end of the first line, and lines behind it for one of a trace.
    private static let seenBytes = 4_096
    private static let seenLines = 8

    private typealias Beginning = (text: StaticString, severity: UInt8)

    /// First words that little else begins with, by their first letters.
    private static let ofE: [Beginning] = [("Exception in thread \"", 3)]
    private static let ofF: [Beginning] = [("Fatal error: Uncaught ", 3)]
    private static let ofP: [Beginning] = [
        ("PHP Fatal error: ", 3), ("PHP Parse error: ", 3), ("PHP Warning: ", 4), ("PHP Notice: ", 5),
        ("PHP Deprecated: ", 6), ("PHP Recoverable fatal error: ", 3),
    ]
    private static let ofT: [Beginning] = [("Traceback (most recent call last):", 3)]
    private static let ofU: [Beginning] = [
        ("Unhandled exception. ", 2), ("Unhandled Exception: ", 2), ("Uncaught ", 3),
        ("UnhandledPromiseRejection", 3),
    ]
    private static let ofGo: [Beginning] = [("panic: ", 2), ("fatal error: ", 2)]
    private static let ofRust: [Beginning] = [("thread '", 2)]

    /// How lines of a trace begin that stand behind the first line.
    private static let frames: [StaticString] = [
        "\tat ", "    at ", "   at ", "Stack trace:", "\tfrom ", "Caused by: ", "#0 ", "  File \"",
        "goroutine ",
    ]

    /// Whether a message may be one.
    static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if beginning(bytes, range) != nil { return true }
        let end = min(range.upperBound, range.lowerBound &+ seenBytes)
        guard bytes.holds(0x0A, from: range.lowerBound, to: end) else { return false }
        return hasFrame(bytes, range, bytes.find(0x0A, from: range.lowerBound, to: end))
    }

    private static func beginning(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Beginning? {
        guard range.lowerBound < range.upperBound else { return nil }
        let words: [Beginning]
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "E"): words = ofE
        case UInt8(ascii: "F"): words = ofF
        case UInt8(ascii: "P"): words = ofP
        case UInt8(ascii: "T"): words = ofT
        case UInt8(ascii: "U"): words = ofU
        case UInt8(ascii: "f"), UInt8(ascii: "p"): words = ofGo
        case UInt8(ascii: "t"): words = ofRust
        default: return nil
        }
        let end = range.upperBound
        guard let item = words.first(where: { bytes.has($0.text, at: range.lowerBound, to: end) }) else {
            return nil
        }
        // Words that others use as well: these have more behind them.
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "f"):
            return bytes.find("goroutine ", from: range.lowerBound, to: end) == nil ? nil : item
        case UInt8(ascii: "t"):
            return bytes.find("' panicked at ", from: range.lowerBound, to: end) == nil ? nil : item
        default: return item
        }
    }

    /// Whether one of the first lines behind a line feed is one of a trace.
    private static func hasFrame(_ bytes: Span<UInt8>, _ range: Range<Int>, _ feed: Int) -> Bool {
        var at = feed &+ 1
        for _ in 0..<seenLines where at < range.upperBound {
            if frames.contains(where: { bytes.has($0, at: at, to: range.upperBound) }) { return true }
            at = bytes.find(0x0A, from: at, to: range.upperBound) &+ 1
        }
        return false
    }

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            let text = bytes.withoutLineEnds(range)
            if bytes.has("PHP ", at: text.lowerBound, to: text.upperBound) {
                return PHPMessage.read(bytes, text, &event)
            }
            let feed = bytes.find(0x0A, from: text.lowerBound, to: text.upperBound)
            let item = beginning(bytes, text)
            guard item != nil || hasFrame(bytes, text, feed) else { return false }
            event.raise(to: item?.severity ?? 3)
            event.addSpan(.message, bytes, text)
            addFields(bytes, text, feed, item?.text, &event)
            return true
        }
    }

    private static func addFields(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ feed: Int, _ beginning: StaticString?,
        _ event: inout EventWriter
    ) {
        let start = text.lowerBound
        let end = text.upperBound
        if bytes.has("Traceback ", at: start, to: end) {
            return ApplicationTrace.addPython(bytes, text, &event)
        }
        if bytes.has("panic: ", at: start, to: end) || bytes.has("fatal error: ", at: start, to: end) {
            let colon = bytes.find(UInt8(ascii: ":"), from: start, to: end)
            event.add(.errorMessage, bytes, min(colon &+ 2, feed)..<feed)
            if let stack = bytes.find("goroutine ", from: feed, to: end) {
                event.add(.stackTrace, bytes, stack..<end)
            }
            return
        }
        var name = start
        if bytes.has("Exception in thread \"", at: start, to: end) {
            name = bytes.find("\" ", from: start &+ 21, to: feed).map { $0 &+ 2 } ?? start
        } else if let beginning {
            name = bytes.skipBlanks(from: start &+ beginning.utf8CodeUnitCount, to: feed)
        }
        if let throwable = PHPThrowable(bytes, name..<end), !throwable.trace.isEmpty {
            event.add(.exception, bytes, throwable.exception)
            return event.addThrown(bytes, throwable.message, throwable.location, throwable.trace)
        }
        ApplicationTrace.addFirstLine(bytes, name..<feed, &event)
        if feed &+ 1 < end { event.add(.stackTrace, bytes, feed &+ 1..<end) }
    }
}
