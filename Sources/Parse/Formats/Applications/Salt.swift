extension FormatDefinition {
    /// Salt, and what Python's logging makes of the layouts that most programs choose.
    static let salt: [FormatDefinition] = [
        FormatDefinition(
            name: "salt", programs: saltPrograms, check: .shape("9999-99-99 99:99:99,"),
            patterns: ["%{SALT}"],
            time: TimeCapture("log_time", .sql), rest: ("rest", .code(PythonMessage.read)), lines: .several()),
        FormatDefinition(
            name: "python-uvicorn", programs: pythonPrograms, patterns: ["%{UVICORNACCESS}"]),
        FormatDefinition(
            name: "python", programs: pythonPrograms,
            patterns: ["%{PYTHONLOG}", "%{PYTHONOTHERLOG}", "%{UVICORNLOG}", "%{PYTHONBASICLOG}"],
            time: TimeCapture("log_time", .sql, .iso, TimeFormat("%y%m%d %H:%M:%S")),
            rest: ("rest", .code(PythonMessage.read)),
            lines: .code(PythonMessage.place)),
        FormatDefinition(
            name: "python-access", programs: pythonPrograms, check: .bracketedDate,
            patterns: ["%{ACCESSLOG}"],
            time: TimeCapture("log_time", .http, TimeFormat("%d/%b/%Y %H:%M:%S")),
            rest: ("tail", .pairs(.accessTail)), escapes: .backslash),
    ]

    private static let saltPrograms = ProgramRule(names: [], prefixes: ["salt"])
    private static let pythonPrograms = ProgramRule(
        names: ["h", "hypothes.is"],
        prefixes: [
            "salt", "python", "gunicorn", "celery", "uwsgi", "uvicorn", "flask", "django", "hypothesis",
            "tcpircbot",
            "logmsgbot", "ircbot", "ircecho",
        ])
}

/// A message of Python's logging, with the traceback that `exc_info` puts behind it.
enum PythonMessage {
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            event.addSpan(.message, bytes, range)
            let first = bytes.find(0x0A, from: range.lowerBound, to: range.upperBound)
            if first < range.upperBound {
                ApplicationTrace.addPython(bytes, first &+ 1..<range.upperBound, &event)
            }
            return true
        }
    }

    /// A line with a time or with `LEVEL:name:` begins an event.
    @Sendable
    static func place(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let end = range.upperBound
        var at = range.lowerBound
        if at < end, bytes[at] == UInt8(ascii: "[") { at &+= 1 }
        let isDated =
            LiteralCheck.shape("9999-99-99 99:99:99").passes(bytes, from: at, to: end)
            || LiteralCheck.shape("9999-99-99T99:99:99").passes(bytes, from: at, to: end)
        if isDated { return .begins() }
        for level: StaticString in ["DEBUG:", "INFO:", "WARNING:", "ERROR:", "CRITICAL:"]
        where bytes.has(level, at: range.lowerBound, to: end) { return .begins() }
        if LiteralCheck.shape("[a 999999 99:99:99 ").passes(bytes, from: range.lowerBound, to: end) {
            return .begins()
        }
        return .unknown
    }
}
