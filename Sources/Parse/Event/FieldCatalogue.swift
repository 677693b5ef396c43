/// The number of a field name in `Fields.table`.
package struct FieldID: Hashable, Sendable {
    package let rawValue: UInt16

    @inlinable package init(_ rawValue: UInt16) { self.rawValue = rawValue }
}

/// What the values of a field are, which decides how a query compares them.
package enum FieldKind: String, Sendable {
    /// Compared as a whole value, case-insensitively.
    case keyword
    /// Contains words and phrases.
    case text
    /// A decimal number, stored as the text that was received.
    ///
    /// Units are in the field's `unit`.
    case number
    /// An IPv4 or IPv6 address.
    case address
    /// Seconds since the Unix epoch, with nanoseconds.
    case time
    /// One of the eight syslog severities, ordered.
    case level
    /// A field that no catalogue names: compared as a number where both sides are numbers, else as a keyword.
    case open
}

/// One field that wplog knows: its name, its kind, and what other tools call it.
package struct FieldDefinition: Sendable {
    /// The short name, as queries and JSON output use it.
    package let name: String
    package let kind: FieldKind
    /// Unit of a number: "s", "bytes", or nil.
    package let unit: String?
    /// Other names that a query accepts: ECS first, then the habits of other tools.
    package let aliases: [String]
    /// Whether results leave the field out: it is the written form of what another field or column shows.
    package let isHidden: Bool

    package init(
        _ name: String, _ kind: FieldKind, unit: String? = nil, _ aliases: [String] = [],
        isHidden: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.aliases = aliases
        self.isHidden = isHidden
    }

    /// The field's name in the Elastic Common Schema, or its own where that has none.
    package var ecsName: String { aliases.first { $0.hasPrefix("@") || $0.contains(".") } ?? name }
}

/// All fields: the catalogue below, and whatever names log lines bring with them.
package enum Fields {
    /// Distinct field names in one process.
    ///
    /// A line with a new name beyond it keeps the value in its raw text.
    package static let limit = 4_000

    /// Names to numbers.
    ///
    /// The catalogue's fields come first, in its order.
    package static let table = NameTable(catalogue.map(\.name), limit: limit)

    /// The definition of a field by name or alias; nil for a name outside the catalogue.
    package static func definition(of name: String) -> FieldDefinition? {
        byName[name].map { catalogue[$0] }
    }

    /// The kind of a field by number.
    package static func kind(of id: FieldID) -> FieldKind {
        Int(id.rawValue) < catalogue.count ? catalogue[Int(id.rawValue)].kind : .open
    }

    private static let byName: [String: Int] = {
        var map: [String: Int] = [:]
        for (index, field) in catalogue.enumerated() {
            // An alias that two fields have is that of the first.
            for name in [field.name] + field.aliases where map[name] == nil { map[name] = index }
        }
        return map
    }()

    /// The catalogue: what most lines have, and what each subject of `Formats/` adds in its own file.
    package static let catalogue: [FieldDefinition] =
        common + nginx + apache + php + mediaWiki + system + mail + proxies + databases + applications

    /// The order of the first entries is that of the constants in `FieldID`.
    private static let common: [FieldDefinition] = [
        // Of the event itself: held as columns of their own, never as text ranges.
        FieldDefinition("time", .time, ["@timestamp", "timestamp", "_time"]),
        FieldDefinition("received", .time, ["event.ingested"]),
        FieldDefinition("level", .level, ["log.level", "severity"]),
        FieldDefinition("facility", .keyword, ["log.syslog.facility.name"]),
        FieldDefinition("parser", .keyword, ["event.dataset", "format"]),
        FieldDefinition("parse", .keyword, ["_parse"]),
        FieldDefinition("reason", .text, ["_reason"]),
        FieldDefinition("peer", .address, ["log.source.address"]),
        FieldDefinition("listener", .keyword, ["input.type"]),
        FieldDefinition("raw", .text, ["event.original", "_raw"]),
        // Of the syslog header.
        FieldDefinition("pri", .number, ["log.syslog.priority"]),
        FieldDefinition("host", .keyword, ["host.name", "host.hostname", "source", "hostname", "logsource"]),
        FieldDefinition("program", .keyword, ["process.name", "app_name", "tag", "appname"]),
        FieldDefinition("pid", .keyword, ["process.pid", "procid"]),
        FieldDefinition("msgid", .keyword, ["log.syslog.msgid"]),
        FieldDefinition("sd", .text, ["log.syslog.structured_data"]),
        FieldDefinition("message", .text, ["_msg", "msg"]),
        FieldDefinition("header_time", .keyword),
        FieldDefinition("log_time", .keyword),
        // Made of `pri` when it is asked for: the level of the header, where `level` is the event's.
        FieldDefinition("syslog_level", .level, ["log.syslog.severity.name"]),
        // Of access logs.
        FieldDefinition(
            "client_ip", .address, ["source.ip", "clientip", "client.ip", "remote_addr", "source.address"]),
        FieldDefinition("user", .keyword, ["user.name", "remote_user", "auth"]),
        FieldDefinition("ident", .keyword),
        FieldDefinition("method", .keyword, ["http.request.method", "verb"]),
        FieldDefinition("path", .text, ["url.original", "url.path", "request"]),
        FieldDefinition("http_version", .keyword, ["http.version", "httpversion"]),
        FieldDefinition("request_line", .text, ["http.request.raw", "rawrequest"]),
        FieldDefinition("status", .number, ["http.response.status_code", "response"]),
        FieldDefinition("bytes", .number, unit: "bytes", ["http.response.body.bytes", "body_bytes_sent"]),
        FieldDefinition("referrer", .text, ["http.request.referrer", "referer", "http_referer"]),
        FieldDefinition("agent", .text, ["user_agent.original", "user_agent", "http_user_agent"]),
        FieldDefinition("vhost", .keyword, ["url.domain", "virtual_host"]),
        FieldDefinition("port", .number, ["url.port", "server.port"]),
        FieldDefinition("request_time", .number, unit: "s", ["event.duration", "rt"]),
        FieldDefinition("request_id", .keyword, ["http.request.id", "rid", "trace.id"]),
        FieldDefinition(
            "forwarded_for", .text, ["http_x_forwarded_for", "http.request.headers.x_forwarded_for"]),
        // Of bodies that a format takes apart.
        FieldDefinition("escaped", .keyword, isHidden: true),
        FieldDefinition("level_text", .keyword, isHidden: true),
        FieldDefinition("source_zone", .keyword, isHidden: true),
        FieldDefinition("tail", .text),
        FieldDefinition("other", .text),
        FieldDefinition("header_pid", .keyword),
        FieldDefinition("header_msgid", .keyword),
        FieldDefinition("header_host", .keyword),
        FieldDefinition("header_program", .keyword, isHidden: true),
        // Of what stands around a line that a relay, a container runtime or the journal passed on.
        FieldDefinition("relay_host", .keyword),
        FieldDefinition("outer", .text, isHidden: true),
        FieldDefinition("stream", .keyword),
        FieldDefinition("body.host", .keyword),
        FieldDefinition("body.program", .keyword),
        FieldDefinition("body.message", .text),
        FieldDefinition("body.log_time", .keyword),
        FieldDefinition("body.syslog_level", .level),
        // Of several kinds of logs.
        FieldDefinition("client_port", .number, ["source.port", "client.port"]),
        FieldDefinition("duration", .number, unit: "s", ["event.duration.seconds", "duration.seconds"]),
        FieldDefinition("duration_ms", .number, unit: "ms", ["event.duration.ms", "duration.milliseconds"]),
        FieldDefinition("start_time", .keyword, ["event.start", "swift.start_time"]),
        FieldDefinition("end_time", .keyword, ["event.end", "swift.end_time"]),
        FieldDefinition("error_code", .keyword, ["error.code", "event.code"]),
        FieldDefinition("error_message", .text, ["error.message", "exception.message"]),
        FieldDefinition("exception", .keyword, ["error.type", "exception.class"]),
        FieldDefinition("stack_trace", .text, ["error.stack_trace", "exception.trace", "stacktrace"]),
        FieldDefinition("exit_code", .number, ["process.exit_code"]),
        FieldDefinition("file", .keyword, ["log.origin.file.name", "log.origin.file.path"]),
        FieldDefinition("file_line", .number, ["log.origin.file.line", "line_number"]),
        FieldDefinition("function", .keyword, ["log.origin.function"]),
        FieldDefinition("logger", .keyword, ["log.logger", "logger_name"]),
        FieldDefinition("query", .text, ["db.statement", "db.query.text", "sql"]),
        FieldDefinition("query_time", .number, unit: "s", ["mysql.slowlog.query_time.sec"]),
        FieldDefinition("request_length", .number, unit: "bytes", ["http.request.bytes"]),
        FieldDefinition(
            "uptime", .number, unit: "s",
            ["process.uptime", "host.uptime", "elasticsearch.gc.jvm_runtime_sec"]),
        FieldDefinition("url", .text, ["url.full"]),
        FieldDefinition("url_query", .text, ["url.query", "query_string"]),
        FieldDefinition("action", .keyword, ["event.action", "mediawiki.action"]),
        FieldDefinition("child_pid", .number, ["php_fpm.child.pid"]),
        FieldDefinition("client_host", .keyword, ["source.domain", "client.domain"]),
        FieldDefinition("command", .text, ["process.command_line", "system.auth.sudo.command"]),
        FieldDefinition("dst_ip", .address, ["destination.ip", "destination.address"]),
        FieldDefinition("dst_port", .number, ["destination.port"]),
        FieldDefinition("service", .keyword, ["service.name"]),
        FieldDefinition("session", .keyword, ["labels.session"]),
        FieldDefinition("signal", .number, ["php_fpm.child.signal", "postfix.termination_signal"]),
        FieldDefinition("tls_cipher", .keyword, ["tls.cipher", "apache.access.ssl.cipher"]),
        FieldDefinition("tls_version", .keyword, ["tls.version", "apache.access.ssl.protocol"]),
        FieldDefinition("user_id", .keyword, ["user.id", "account_id"]),
        FieldDefinition("version", .keyword, ["service.version", "postfix.version"]),
        FieldDefinition("tid", .keyword, ["process.thread.id"]),
    ]
}

extension FieldID {
    package static let time = FieldID(0), received = FieldID(1), level = FieldID(2), facility = FieldID(3)
    package static let parser = FieldID(4), parse = FieldID(5), reason = FieldID(6), peer = FieldID(7)
    package static let listener = FieldID(8), raw = FieldID(9)
    package static let pri = FieldID(10), host = FieldID(11), program = FieldID(12), pid = FieldID(13)
    package static let msgid = FieldID(14), sd = FieldID(15), message = FieldID(16)
    package static let headerTime = FieldID(17), logTime = FieldID(18), syslogLevel = FieldID(19)

    // The others are found by name, once.
    package static let requestLine = FieldID(named: "request_line"), method = FieldID(named: "method")
    package static let path = FieldID(named: "path"), httpVersion = FieldID(named: "http_version")
    package static let escaped = FieldID(named: "escaped"), levelText = FieldID(named: "level_text")
    package static let tail = FieldID(named: "tail"), other = FieldID(named: "other")
    static let clientIP = FieldID(named: "client_ip"), clientHost = FieldID(named: "client_host")
    static let clientPort = FieldID(named: "client_port"), user = FieldID(named: "user")
    static let outcome = FieldID(named: "outcome"), authMethod = FieldID(named: "auth_method")
    /// The zone that an import gave for times without one: what reading the line again needs.
    package static let sourceZone = FieldID(named: "source_zone")
    static let headerPid = FieldID(named: "header_pid"), headerMsgid = FieldID(named: "header_msgid")
    static let headerProgram = FieldID(named: "header_program"), relayHost = FieldID(named: "relay_host")
    static let outer = FieldID(named: "outer"), stream = FieldID(named: "stream")
    static let headerHost = FieldID(named: "header_host"), bodyHost = FieldID(named: "body.host")
    static let bodyProgram = FieldID(named: "body.program"), bodyMessage = FieldID(named: "body.message")
    static let bodyTime = FieldID(named: "body.log_time")
    static let bodySyslogLevel = FieldID(named: "body.syslog_level")

    /// The field of a name or alias of the catalogue, or a new one.
    ///
    /// Where the table is full, `other`. For constants: it takes a lock.
    package init(named name: String) {
        let known = Fields.definition(of: name)?.name ?? name
        self = Fields.table.id(of: known).map { FieldID($0) } ?? .other
    }
}
