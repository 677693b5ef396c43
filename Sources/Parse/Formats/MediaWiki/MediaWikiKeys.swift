/// The members of MediaWiki's JSON objects.
enum MediaWikiKeys {
    private static let channel = FieldID(named: "channel"), message = FieldID(named: "error_message")
    private static let file = FieldID(named: "file"), line = FieldID(named: "file_line")
    private static let successful = FieldID(named: "successful")

    /// What the processors and most channels write: WebProcessor, WikiProcessor, and contexts of the
    /// database, of jobs and of the session code.
    private static let common: [String: KeyRule] = {
        var keys: [String: KeyRule] = [
            "ip": .field("client_ip"), "http_method": .field("method"), "process_id": .field("pid"),
            "reqId": .field("request_id"), "method": .field("function"), "fname": .field("function"),
            "username": .field("user"), "sql1line": .field("query"), "sql": .field("query"),
            "db_server": .field("db_host"), "errno": .field("error_code"), "job_type": .field("job"),
            "successful": .code(readSuccess), "status": .code(readStatus), "loginType": .field("auth_method"),
            "@version": .ignored, "facility": .code(readFacility),
            "log.syslog.facility.name": .code(readFacility),
        ]
        for name in ["exception", "ctxt_exception", "context.exception"] {
            keys["\(name).class"] = .field("exception")
            keys["\(name).message"] = .field("error_message")
            keys["\(name).code"] = .field("error_code")
            keys["\(name).trace"] = .field("stack_trace")
            keys["\(name).file"] = .code(readPlace)
        }
        return keys
    }()

    /// Monolog's LogstashFormatter, V1 with all keys side by side, and V0 with `@fields`.
    static let logstash = KeyRules(
        common.merging([
            "@timestamp": .code(readTime), "timestamp": .timeIfReadable([.iso, .sql, .epoch]),
            "message": .code(readMessage), "@message": .code(readMessage), "@source": .field("host"),
            "level": .level(.any), "log.level": .level(.any), "monolog_level": .field("monolog_level"),
            // Monolog's own JsonFormatter.
            "datetime": .timeIfReadable([.iso, .sql]), "datetime.date": .timeIfReadable([.sql]),
            "@tags": .field("tags"), "@type": .field("type"),
        ]) { $1 }, transparent: ["@fields"], group: channel)

    /// The context behind the text of a Monolog line.
    ///
    /// Nothing in it is the line's own time, level or message.
    static let context = KeyRules(
        common.merging([
            "message": .field("context.message"), "level": .field("context.level"),
            "time": .field("context.time"), "timestamp": .field("context.timestamp"),
            "channel": .field("context.channel"), "wiki": .field("context.wiki"),
            "host": .field("context.host"), "program": .field("context.program"),
            "pid": .field("context.pid"), "reqId": .ignored, "private": .ignored,
        ]) { $1 }, prefix: "context", group: channel)

    /// The objects of the channels `exception-json` and `error-json`
    /// (MWExceptionHandler::jsonSerializeException).
    static let throwable = KeyRules([
        "id": .field("request_id"), "type": .field("exception"), "file": .field("file"),
        "line": .field("file_line"), "message": .code(readThrowableMessage), "code": .field("error_code"),
        "backtrace": .field("stack_trace"),
    ])

    /// The parameters in a line of the channel `api`.
    ///
    /// They are the client's words: of those that are called as fields of the event are, none takes such a
    /// field.
    static let parameters: KeyRules = {
        var keys: [String: KeyRule] = [:]
        for name in [
            "user", "ip", "client_ip", "from", "to", "query", "file", "url", "path", "status", "message",
            "msg",
            "level", "severity", "time", "timestamp", "host", "hostname", "program", "appname", "pid",
            "method",
            "agent", "server", "wiki", "channel", "bytes", "port", "node", "exception", "function",
            "error_code",
            "feature", "duration", "job", "tail", "other", "referer", "user_agent", "rt", "rid",
        ] { keys[name] = .field("param.\(name)") }
        return KeyRules(keys, prefix: "param", unescapes: false)
    }()

    /// When MediaWiki logged it: that comes before what a relay wrote into the object.
    @Sendable
    private static func readTime(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        event.dropTime()
        if event.setTime(bytes, range, [.iso, .sql]) { return true }
        event.event.reasons.insert(.badTime)
        return false
    }

    /// The text of an event: what it says of a login is said as for any other program.
    @Sendable
    private static func readMessage(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        event.add(.message, bytes, range)
        if let isAccepted = MediaWikiAccounts.isAccepted(bytes, range) {
            event.addLogin(isAccepted: isAccepted)
        }
        return true
    }

    /// Whether what was tried went well: `successful` of the channel `authevents`.
    @Sendable
    private static func readSuccess(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        event.add(successful, bytes, range)
        let isAccepted =
            bytes.has("true", at: range.lowerBound, to: range.upperBound)
            || bytes.has("1", at: range.lowerBound, to: range.upperBound)
        event.addLogin(isAccepted: isAccepted)
        return true
    }

    /// What a login came to, in words: `status` of the channel `authevents`.
    @Sendable
    private static func readStatus(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        guard !ValueType.number.admits(bytes, range), event.text(of: channel, bytes) == "authevents" else {
            return false
        }
        event.add(loginStatus, bytes, range)
        for (word, isAccepted) in logins
        where word.utf8CodeUnitCount == range.count
            && bytes.has(word, at: range.lowerBound, to: range.upperBound)
        {
            event.addLogin(isAccepted: isAccepted)
        }
        return true
    }

    private static let loginStatus = FieldID(named: "authevents.status")
    private static let logins: [(word: StaticString, isAccepted: Bool)] = [
        ("Success", true), ("Failed", false), ("Aborted", false), ("Throttled", false), ("WrongToken", false),
    ]

    /// Splits `path:line`.
    @Sendable
    private static func readPlace(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        var at = range.upperBound
        while at > range.lowerBound, isDigit(bytes[at &- 1]) { at &-= 1 }
        guard at < range.upperBound, at &- 1 > range.lowerBound, bytes[at &- 1] == UInt8(ascii: ":") else {
            event.add(file, bytes, range)
            return true
        }
        event.add(file, bytes, range.lowerBound..<at &- 1)
        event.add(line, bytes, at..<range.upperBound)
        return true
    }

    @Sendable
    private static func readThrowableMessage(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        event.add(message, bytes, range)
        event.event.severity = MediaWikiException.severity(bytes, range)
        guard !event.has(channel) else { return true }
        let isError = MediaWikiException.isError(bytes, range)
        event.addDerived(channel, (isError ? "error-json" : "exception-json").utf8)
        return true
    }

    /// rsyslog's name of the facility, in objects that it wrote from a syslog message.
    @Sendable
    private static func readFacility(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter)
        -> Bool
    {
        guard event.event.facility == Event.unknown else { return false }
        let names: [StaticString] = [
            "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
            "ftp",
            "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5",
            "local6", "local7",
        ]
        for index in names.indices
        where range.count == names[index].utf8CodeUnitCount
            && bytes.has(names[index], at: range.lowerBound, to: range.upperBound)
        {
            event.event.facility = UInt8(truncatingIfNeeded: index)
            event.add(.escaped, bytes, range)
            return true
        }
        return false
    }
}
