extension Fields {
    /// Of services around the wikis: Gerrit, Icinga.
    static let wikimedia: [FieldDefinition] = [
        FieldDefinition("wait_time", .keyword, ["labels.wait_time"]),
        FieldDefinition("exec_time", .keyword, ["labels.exec_time"]),
        FieldDefinition("contact", .keyword, ["labels.contact_group"]),
        FieldDefinition("target_host", .keyword, ["labels.target_host"]),
        FieldDefinition("check_name", .keyword, ["labels.check_name"]),
        FieldDefinition("check_status", .keyword, ["labels.check_status"]),
        FieldDefinition("notification_command", .keyword, ["labels.notification_command"]),
        FieldDefinition("state_type", .keyword), FieldDefinition("attempt", .number),
        FieldDefinition("alert_kind", .keyword),
    ]
}

extension FormatDefinition {
    /// Gerrit, Icinga, the bots of IRC.
    static let wikimedia: [FormatDefinition] = [
        FormatDefinition(
            name: "gerrit-json", programs: gerritPrograms, check: .json, body: .json(gerritKeys),
            ecs: [
                "program": ["process.name", "service.type"], "user_id": ["user.id"],
                "source_host": ["server.ip"],
            ]),
        FormatDefinition(
            name: "gerrit-error", programs: gerritPrograms, check: .shape("[9999-99-99"),
            patterns: ["%{GERRITERROR}"],
            time: TimeCapture("log_time", .sql, .iso), rest: ("rest", .code(JavaMessage.read)),
            lines: .several()),
        FormatDefinition(
            name: "gerrit", programs: gerritPrograms, check: .shape("[9999-99-99"),
            patterns: ["%{GERRITSSHD}"],
            time: TimeCapture("log_time", .sql, .iso), rest: ("rest", .code(GerritLogin.read))),
        FormatDefinition(
            name: "gerrit-http", programs: gerritPrograms, check: .bracketedDate, patterns: ["%{ACCESSLOG}"],
            time: TimeCapture("log_time", .http), rest: ("tail", .text("tail"))),
        FormatDefinition(
            name: "icinga-json", programs: icingaPrograms, check: .json,
            body: .json(KeyRules(["message": .code(Icinga.readText)])), ecs: icingaNames),
        FormatDefinition(
            name: "icinga2", programs: icingaPrograms, check: .shape("[9999-99-99 99:99:99 "),
            patterns: ["%{ICINGA2}"], time: TimeCapture("log_time", .sql),
            rest: ("rest", .code(PlainMessage.read)), lines: .several(), ecs: icingaNames),
        FormatDefinition(
            name: "icinga", programs: icingaPrograms, body: .code(Icinga.read), ecs: icingaNames),
        FormatDefinition(
            name: "ircbot", programs: ProgramRule(names: [], prefixes: ["tcpircbot", "logmsgbot", "ircbot"]),
            check: .json, body: .json(botKeys)),
    ]

    private static let gerritPrograms = ProgramRule(names: [], prefixes: ["gerrit", "input-file-gerrit"])
    private static let icingaPrograms = ProgramRule(names: ["icinga", "icinga2", "nagios"])
    private static let icingaNames = ["program": ["process.name", "service.type"]]

    /// Gerrit's sshd_log as objects, and its error_log in the layout of log4j's JSON (Gerrit documentation,
    /// "Logging").
    private static let gerritKeys = KeyRules(
        [
            "timestamp": .time([.iso]), "@timestamp": .time([.iso]), "level": .level(.any),
            "thread": .field("thread"), "thread_name": .field("thread"), "class": .field("logger"),
            "logger_name": .field("logger_class"), "method": .field("function"), "file": .field("file"),
            "line_number": .field("file_line"), "status": .field("exit_code"),
            "exception.stacktrace": .field("stack_trace"), "exception.exception_class": .field("exception"),
            "exception.exception_message": .field("error_message"), "source_host": .field("source_host"),
            "@version": .ignored,
        ])

    /// The layout of the Elastic Common Schema for Python's logging, whose times are UTC without saying so.
    private static let botKeys = KeyRules(
        [
            "timestamp": .time([.iso]), "@timestamp": .time([.iso]), "log.level": .level(.any),
            "log.origin.file.path": .field("file_path"), "process.name": .field("process"),
        ], isUTC: true)
}

/// What Gerrit's log of SSH commands says of logins: `LOGIN FROM 203.0.113.9`, `AUTH FAILURE FROM 203.0.113.9 …`.
enum GerritLogin {
    private static let command = FieldID(named: "command")

    /// Looks at the command, behind which nothing is left.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let text = event.fields.last(where: { $0.field == command && $0.role == .span })?.bytes.range
        else { return true }
        let isAccepted = bytes.has("LOGIN FROM ", at: text.lowerBound, to: text.upperBound)
        guard isAccepted || bytes.has("AUTH FAILURE FROM ", at: text.lowerBound, to: text.upperBound) else {
            return true
        }
        event.addLogin(isAccepted: isAccepted)
        return true
    }
}

/// A message of a Java program, with the trace behind its first line.
enum JavaMessage {
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            event.addSpan(.message, bytes, range)
            let first = bytes.find(0x0A, from: range.lowerBound, to: range.upperBound)
            if first < range.upperBound {
                ApplicationTrace.addJava(bytes, first &+ 1..<range.upperBound, &event)
            }
            return true
        }
    }
}
