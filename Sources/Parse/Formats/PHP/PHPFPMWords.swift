/// What php-fpm's master says of its workers: that one was slow, that one ended.
enum PHPFPMWords {
    private static let child = FieldID(named: "child_pid"), script = FieldID(named: "script")
    private static let signal = FieldID(named: "signal"), signalName = FieldID(named: "signal_name")
    private static let exitCode = FieldID(named: "exit_code"), uptime = FieldID(named: "uptime")
    private static let duration = FieldID(named: "duration")

    /// What the number of a worker stands behind.
    private static let beforeChild: [StaticString] = ["child ", "about to trace ", "finished trace of "]
    /// What stands behind it and never varies.
    private static let behindChild: [StaticString] = [" started", " stopped for tracing"]

    /// Adds `text` as the message, with the fields of what it says.
    static func add(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) {
        let end = text.upperBound
        for index in beforeChild.indices where bytes.has(beforeChild[index], at: text.lowerBound, to: end) {
            let start = text.lowerBound &+ beforeChild[index].utf8CodeUnitCount
            let pid = bytes.digits(from: start, to: end)
            guard !pid.isEmpty else { break }
            let rest = pid.upperBound..<end
            if addExit(bytes, text, pid, rest, &event) || addSlow(bytes, text, pid, rest, &event) { return }
            if isFixed(bytes, rest) {
                event.addSpan(.message, bytes, text)
                event.add(child, bytes, pid)
            } else {
                event.addDerived(child, bytes, pid)
                event.add(.message, bytes, text)
            }
            return
        }
        event.add(.message, bytes, text)
    }

    private static func isNone(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        bytes.has("(null)", at: range.lowerBound, to: range.upperBound)
    }

    /// Whether `rest` is one of the texts that stand behind a worker's number without anything that varies.
    private static func isFixed(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        if rest.isEmpty { return true }
        for index in behindChild.indices where behindChild[index].utf8CodeUnitCount == rest.count {
            if bytes.has(behindChild[index], at: rest.lowerBound, to: rest.upperBound) { return true }
        }
        return false
    }

    /// `exited on signal 11 (SIGSEGV - core dumped) after 126.367381 seconds from start`, or
    /// `exited with code 0 after …` (fpm_children.c, fpm_children_bury).
    private static func addExit(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ pid: Range<Int>, _ rest: Range<Int>,
        _ event: inout EventWriter
    ) -> Bool {
        let end = rest.upperBound
        var number = rest.lowerBound..<rest.lowerBound
        var name = number
        var after = 0
        if bytes.has(" exited with code ", at: rest.lowerBound, to: end) {
            number = bytes.digits(from: rest.lowerBound &+ 18, to: end)
            after = number.upperBound
        } else if bytes.has(" exited on signal ", at: rest.lowerBound, to: end) {
            number = bytes.digits(from: rest.lowerBound &+ 18, to: end)
            guard bytes.has(" (", at: number.upperBound, to: end) else { return false }
            let close = bytes.find(UInt8(ascii: ")"), from: number.upperBound &+ 2, to: end)
            name =
                number.upperBound
                &+ 2..<bytes.find(
                    UInt8(ascii: " "), from: number.upperBound &+ 2, to: close)
            after = close &+ 1
        }
        guard !number.isEmpty, bytes.has(" after ", at: after, to: end) else { return false }
        let seconds = bytes.decimal(from: after &+ 7, to: end)
        guard !seconds.isEmpty, bytes.has(" seconds from start", at: seconds.upperBound, to: end) else {
            return false
        }
        let isSignal = name.lowerBound > number.upperBound
        event.addSpan(.message, bytes, text)
        event.add(child, bytes, pid)
        event.add(isSignal ? signal : exitCode, bytes, number)
        if !name.isEmpty { event.add(signalName, bytes, name) }
        event.add(uptime, bytes, seconds)
        return true
    }

    /// `, script 'FILE' (request: "GET /path") executing too slow (1.469164 sec), logging`, or
    /// `execution timed out (3.107265 sec), terminating` (fpm_request.c, fpm_request_check_timed_out).
    ///
    /// The request is in the client's hand, quotes and all: php-fpm's own words are told from the right. Old
    /// versions wrote no request.
    private static func addSlow(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ pid: Range<Int>, _ rest: Range<Int>,
        _ event: inout EventWriter
    ) -> Bool {
        let end = rest.upperBound
        let start = rest.lowerBound &+ 10
        guard bytes.has(", script '", at: rest.lowerBound, to: end),
            let words = bytes.findLast(" execut", from: start, to: end),
            let open = bytes.find(" (", from: words, to: end)
        else { return false }
        let seconds = bytes.decimal(from: open &+ 2, to: end)
        guard !seconds.isEmpty, bytes.has(" sec), ", at: seconds.upperBound, to: end) else { return false }
        let request = bytes.find("' (request: \"", from: start, to: words)
        guard bytes.has(request == nil ? "'" : "\")", at: words &- (request == nil ? 1 : 2), to: words),
            request.map({ $0 &+ 13 <= words &- 2 }) ?? (start < words)
        else { return false }
        event.addSpan(.message, bytes, text)
        event.add(child, bytes, pid)
        let file = start..<(request ?? words &- 1)
        // A worker that has not read its request yet: what printf makes of no text.
        if !isNone(bytes, file) { event.add(script, bytes, file) }
        if let request, !isNone(bytes, request &+ 13..<words &- 2) {
            let target = request &+ 13..<words &- 2
            let blank = bytes.find(UInt8(ascii: " "), from: target.lowerBound, to: target.upperBound)
            if target.lowerBound < blank { event.add(.method, bytes, target.lowerBound..<blank) }
            if blank &+ 1 < target.upperBound { event.add(.path, bytes, blank &+ 1..<target.upperBound) }
        }
        event.add(duration, bytes, seconds)
        return true
    }
}
