/// Stack traces behind the first line of a message: from `stack_trace` the class and text of the error are
/// taken.
enum ApplicationTrace {
    private static let trace = FieldID(named: "stack_trace"), exception = FieldID(named: "exception")
    private static let text = FieldID(named: "error_message")

    /// Adds Java's, of which the first line names the error: `org.example.Broken: why`.
    static func addJava(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let first = range.lowerBound..<bytes.find(0x0A, from: range.lowerBound, to: range.upperBound)
        guard let name = name(bytes, first, isDotted: true) else { return }
        event.addSpan(trace, bytes, range)
        addError(bytes, name, first.upperBound, &event)
    }

    /// Adds the class and text of `org.example.Broken: why`, a line of its own.
    static func addFirstLine(_ bytes: Span<UInt8>, _ line: Range<Int>, _ event: inout EventWriter) {
        guard let name = name(bytes, line, isDotted: false) else { return }
        addError(bytes, name, line.upperBound, &event)
    }

    /// Adds Python's, of which the last line names the error: `ValueError: why`.
    static func addPython(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        guard
            let start = bytes.find(
                "Traceback (most recent call last):", from: range.lowerBound, to: range.upperBound)
        else { return }
        var end = range.upperBound
        while end > start, bytes[end &- 1] == 0x0A || bytes[end &- 1] == 0x0D { end &-= 1 }
        // The text may have several lines: the error is named by the first line behind the indented ones.
        var line = start
        var error = start..<start
        while line < end {
            let stop = bytes.find(0x0A, from: line, to: end)
            let isIndented = line < stop && (bytes[line] == UInt8(ascii: " ") || bytes[line] == 0x09)
            if !isIndented, line > start, let name = name(bytes, line..<stop, isDotted: false) {
                error = name
                break
            }
            line = min(stop &+ 1, end)
        }
        event.addSpan(trace, bytes, start..<end)
        if !error.isEmpty {
            addError(bytes, error, bytes.find(0x0A, from: error.upperBound, to: end), &event)
        }
    }

    private static func addError(
        _ bytes: Span<UInt8>, _ name: Range<Int>, _ end: Int, _ event: inout EventWriter
    ) {
        event.add(exception, bytes, name)
        guard bytes.has(": ", at: name.upperBound, to: end), name.upperBound &+ 2 < end else { return }
        event.add(text, bytes, name.upperBound &+ 2..<end)
    }

    /// The class name that begins a line and ends it, or has a colon behind it.
    private static func name(_ bytes: Span<UInt8>, _ range: Range<Int>, isDotted: Bool) -> Range<Int>? {
        var at = range.lowerBound
        var hasDot = false
        while at < range.upperBound {
            let byte = bytes[at]
            if byte == UInt8(ascii: ".") { hasDot = true }
            guard isLetter(byte) || isDigit(byte) || ".$_".utf8.contains(byte) else { break }
            at &+= 1
        }
        guard at > range.lowerBound, isLetter(bytes[range.lowerBound]), hasDot || !isDotted,
            at == range.upperBound || bytes[at] == UInt8(ascii: ":")
        else { return nil }
        return range.lowerBound..<at
    }
}
