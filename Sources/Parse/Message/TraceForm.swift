/// The lines of stack traces, by their form alone, whatever program writes them: PHP, Java, Python, Go, Node, Ruby,
/// Rust, .NET.
///
///     java.lang.IllegalStateException: closed     begins
///     <tab>at org.example.Pool.take(Pool.java:31) continues, as any indented line does
///     Caused by: java.io.IOException: reset       continues
///
/// What comes next depends on what came before: only in a trace of Go is `main.run(0x1)` one of its lines.
enum TraceForm {
    /// Which kind of trace the lines so far are.
    enum State: UInt8, Sendable {
        /// No trace, or one whose lines all have a form of their own.
        case any
        /// Python's, before the line that names the error, and after it.
        case python
        case pythonNamed
        case go
        /// Rust's message stands in the line after the place.
        case rustMessage
        /// Whatever comes is another event.
        case over
    }

    /// Letters of a name of a class that are looked at.
    private static let nameBytes = 160

    /// The trace that a line begins; nil where it begins none.
    static func beginning(_ bytes: Span<UInt8>, _ range: Range<Int>) -> State? {
        let start = range.lowerBound
        let end = range.upperBound
        guard start < end else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "T") where bytes.has("Traceback (most recent call last)", at: start, to: end):
            return .python
        case UInt8(ascii: "p") where bytes.has("panic: ", at: start, to: end): return .go
        case UInt8(ascii: "f") where bytes.has("fatal error: ", at: start, to: end): return .go
        case UInt8(ascii: "g") where isGoroutine(bytes, start, end): return .go
        case UInt8(ascii: "t") where bytes.has("thread '", at: start, to: end):
            return bytes.find("' panicked at ", from: start, to: end) == nil ? nil : .rustMessage
        case UInt8(ascii: "E") where bytes.has("Exception in thread ", at: start, to: end): return .any
        case UInt8(ascii: "U")
        where bytes.has("Uncaught ", at: start, to: end) || bytes.has("Unhandled ", at: start, to: end):
            return .any
        case UInt8(ascii: "P") where bytes.has("PHP Fatal error:", at: start, to: end): return .any
        case UInt8(ascii: "/"):
            // `/srv/app/job.rb:10:in 'run': no such table (RuntimeError)`
            return bytes.find(".rb:", from: start, to: end) != nil
                && bytes.find(":in ", from: start, to: end) != nil
                ? .any : nil
        default: break
        }
        return errorName(bytes, range) ? .any : nil
    }

    /// What the trace is after a line that goes on with it; nil where the line is no part of one.
    static func next(_ bytes: Span<UInt8>, _ range: Range<Int>, after state: State) -> State? {
        let start = range.lowerBound
        let end = range.upperBound
        if state == .over { return nil }
        // A blank line parts what is said from the trace.
        guard start < end else { return state }
        let first = bytes.skipBlanks(from: start, to: end)
        // PHP's last line.
        if first > start, bytes.has("thrown in ", at: first, to: end) { return .over }
        if isIndented(bytes, range) || state != .rustMessage && first < end && hasForm(bytes, first, end) {
            return state
        }
        if state == .rustMessage { return .any }
        switch state {
        case .python where namesError(bytes, range): return .pythonNamed
        case .pythonNamed where bytes.has("Traceback (most recent call last)", at: start, to: end):
            return .python
        case .go where isGoroutine(bytes, start, end) || isCall(bytes, range): return .go
        default: return nil
        }
    }

    /// A tab, or two blanks: one alone is what some writers put before each message.
    static func isIndented(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        if bytes[first] == 0x09 { return true }
        return bytes[first] == UInt8(ascii: " ") && range.count > 1
            && (bytes[first &+ 1] == UInt8(ascii: " ") || bytes[first &+ 1] == 0x09)
    }

    /// Forms that no other line has.
    private static func hasForm(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        switch bytes[start] {
        case UInt8(ascii: "#"):
            var at = start &+ 1
            while at < end, isDigit(bytes[at]) { at &+= 1 }
            return at > start &+ 1 && at &- start < 7 && (at == end || bytes[at] == UInt8(ascii: " "))
        case UInt8(ascii: "S"):
            return bytes.has("Stack trace:", at: start, to: end)
                || bytes.has("Suppressed: ", at: start, to: end)
        case UInt8(ascii: "P"):
            return bytes.has("PHP Stack trace:", at: start, to: end)
                || bytes.has("PHP   ", at: start, to: end)
        case UInt8(ascii: "N"):
            // PHP: `Next Exception: …`
            return bytes.has("Next ", at: start, to: end) && errorName(bytes, min(start &+ 5, end)..<end)
        case UInt8(ascii: "C"): return bytes.has("Caused by: ", at: start, to: end)
        case UInt8(ascii: "."):
            return bytes.has("... ", at: start, to: end) && bytes.has(" more", at: end &- 5, to: end)
        case UInt8(ascii: "F"): return bytes.has("File \"", at: start, to: end)
        case UInt8(ascii: "D"): return bytes.has("During handling of the above exception", at: start, to: end)
        case UInt8(ascii: "T"):
            return bytes.has("The above exception was the direct cause", at: start, to: end)
        case UInt8(ascii: "a"):
            return bytes.has("at ", at: start, to: end) && bytes[end &- 1] == UInt8(ascii: ")")
        case UInt8(ascii: "f"):
            return bytes.has("from ", at: start, to: end) && bytes.find(":in ", from: start, to: end) != nil
        case UInt8(ascii: "c"): return bytes.has("created by ", at: start, to: end)
        case UInt8(ascii: "n"): return bytes.has("note: run with `RUST_BACKTRACE", at: start, to: end)
        case UInt8(ascii: "s"): return bytes.has("stack backtrace:", at: start, to: end)
        // MediaWiki, Monolog
        case UInt8(ascii: "["):
            return bytes.has("[Exception ", at: start, to: end)
                || bytes.has("[stacktrace]", at: start, to: end)
                || bytes.has("[previous exception] ", at: start, to: end)
        case UInt8(ascii: "-"): return bytes.has("--- End of ", at: start, to: end)
        default: return false
        }
    }

    private static func isGoroutine(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        bytes.has("goroutine ", at: start, to: end) && start &+ 10 < end && isDigit(bytes[start &+ 10])
    }

    /// `main.(*Pool).take(0xc000, 0x1)`: no blank before the bracket, which closes the line.
    private static func isCall(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let open = bytes.find(UInt8(ascii: "("), from: range.lowerBound, to: range.upperBound)
        guard let last = range.last, open > range.lowerBound, open < last, bytes[last] == UInt8(ascii: ")")
        else {
            return false
        }
        let blank = bytes.find(UInt8(ascii: " "), from: range.lowerBound, to: open)
        return blank == open && bytes.find(UInt8(ascii: "."), from: range.lowerBound, to: open) < open
    }

    /// Whether a line begins with the name of an error: `TypeError: …`, `org.example.PoolException`.
    private static func errorName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let name = className(bytes, range) else { return false }
        for ending: StaticString in ["Exception", "Error", "Throwable"]
        where bytes.has(ending, at: name &- ending.utf8CodeUnitCount, to: name)
            && name &- ending.utf8CodeUnitCount >= range.lowerBound
        {
            return true
        }
        return false
    }

    /// Whether a line names an error of any name, as the last line of Python's traces does.
    private static func namesError(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        className(bytes, range) != nil
    }

    /// The end of the class name that begins a line and ends it, or has a colon after it.
    private static func className(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let limit = min(range.upperBound, range.lowerBound &+ nameBytes)
        guard range.lowerBound < limit,
            isLetter(bytes[range.lowerBound]) || bytes[range.lowerBound] == UInt8(ascii: "_")
        else { return nil }
        var at = range.lowerBound
        while at < limit, isNameByte(bytes[at]) { at &+= 1 }
        return at == range.upperBound || at < limit && bytes[at] == UInt8(ascii: ":") ? at : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\")
    }
}
