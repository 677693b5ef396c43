/// Lines of php-fpm's own log: of the master, and of its workers' output.
enum PHPFPM {
    private static let times: [TimeFormat] = [.dashed]
    private static let pool = FieldID(named: "pool"), child = FieldID(named: "child_pid")
    private static let function = FieldID(named: "function"), sourceLine = FieldID(named: "source_line")
    private static let stream = FieldID(named: "stream")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let header = PHPFPMHeader(bytes, range) else { return false }
        if header.form == .worker, !bytes.has("PHP message: ", at: header.text, to: range.upperBound) {
            return addText(bytes, range, &event)
        }
        if header.form == .file, !event.setTime(bytes, header.time, times) {
            event.event.reasons.insert(.badTime)
            event.add(.logTime, bytes, header.time)
        }
        event.setLevel(bytes, header.level)
        if let pid = header.pid { event.add(.pid, bytes, pid) }
        if let name = header.function { event.add(function, bytes, name) }
        if let line = header.sourceLine { event.add(sourceLine, bytes, line) }
        if let name = header.pool { event.add(pool, bytes, name) }
        let text = bytes.withoutLineEnds(header.text..<range.upperBound)
        let lineEnd = bytes.find(0x0A, from: text.lowerBound, to: text.upperBound)
        if let frame = PHPFPMFrame(bytes, range.lowerBound..<lineEnd, from: text.lowerBound) {
            addOutput(bytes, frame, lineEnd, text.upperBound, &event)
        } else if header.form == .worker {
            PHPMessage.add(bytes, text.lowerBound &+ 13..<text.upperBound, &event)
        } else {
            PHPFPMWords.add(bytes, text, &event)
        }
        return true
    }

    // MARK: Output of workers

    private static func addOutput(
        _ bytes: Span<UInt8>, _ frame: PHPFPMFrame, _ lineEnd: Int, _ end: Int, _ event: inout EventWriter
    ) {
        event.add(child, bytes, frame.child)
        event.add(stream, bytes, frame.stream)
        if frame.isCut { event.event.reasons.insert(.cut) }
        guard lineEnd < end else {
            _ = addText(bytes, frame.text, &event)
            return
        }
        // What the first frame leaves is read with the lines behind it: the text as the worker wrote it.
        _ = event.read(
            bytes, frame.text.lowerBound..<end, addText
        ) { bytes, range, text in
            for index in frame.text { text.append(bytes[index]) }
            appendLines(bytes, lineEnd &+ 1..<range.upperBound, isSplit: frame.isSplit, to: &text)
        }
    }

    /// Bytes of the shortest frame: `ALERT: child 1 said into stderr: "`.
    private static let leastFrame = 34

    /// Appends the text of lines of the log, each in its frame; a line without one is text as it stands.
    private static func appendLines(
        _ bytes: Span<UInt8>, _ range: Range<Int>, isSplit: Bool, to text: inout [UInt8]
    ) {
        var at = range.lowerBound
        var goesOn = isSplit
        while at < range.upperBound {
            let lineEnd = bytes.find(0x0A, from: at, to: range.upperBound)
            var frame: PHPFPMFrame?
            if lineEnd &- at >= leastFrame, let header = PHPFPMHeader(bytes, at..<lineEnd) {
                frame = PHPFPMFrame(bytes, at..<lineEnd, from: header.text)
            }
            if !goesOn { text.append(0x0A) }
            for index in frame?.text ?? at..<lineEnd { text.append(bytes[index]) }
            goesOn = frame?.isSplit ?? false
            at = lineEnd &+ 1
        }
    }

    /// Adds what a worker wrote.
    ///
    /// `LEVEL: PHP message: ` is the worker's own and says nothing of PHP's level. Another text of its log
    /// keeps its level, which says more than that of the frame.
    @Sendable
    private static func addText(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        var text = range
        if let header = PHPFPMHeader(bytes, range), header.form == .worker {
            if bytes.has("PHP message: ", at: header.text, to: range.upperBound) {
                text = header.text &+ 13..<range.upperBound
            } else if let severity = LevelScale.any.severity(bytes, header.level) {
                event.event.severity = severity
            }
        }
        PHPMessage.add(bytes, text, &event)
        return true
    }

    // MARK: Lines

    /// Lines of one worker's output belong together, however those of others stand between them: the key is
    /// its number.
    ///
    /// What PHP logs begins with the worker's `NOTICE: `, and lines without that continue it; not those of
    /// another second, though, as a worker writes a message at once. The second is the state.
    @Sendable
    static func place(_ bytes: Span<UInt8>, _ line: Range<Int>, _ state: UInt8) -> LineRule.Place {
        guard let header = PHPFPMHeader(bytes, line) else { return .unknown }
        guard let frame = PHPFPMFrame(bytes, line, from: header.text) else {
            return header.form == .worker ? .begins() : .alone
        }
        // 1 to 60, or 61 where there is no time.
        var second: UInt8 = 61
        if header.form == .file {
            let value = bytes.twoDigits(at: header.time.lowerBound &+ 18)
            if value >= 0, value < 60 { second = UInt8(value) &+ 1 }
        }
        let isNew = PHPFPMHeader(bytes, frame.text)?.form == .worker || state != 0 && state != second
        return isNew ? .begins(key: frame.child, state: second) : .continues(key: frame.child, state: second)
    }
}
