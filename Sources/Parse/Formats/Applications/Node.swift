extension Fields {
    /// Of services on Node.js.
    static let node: [FieldDefinition] = [
        FieldDefinition("latency", .number, unit: "ms"),
        FieldDefinition("op", .keyword, ["event.action", "Type"]),
    ]
}

extension FormatDefinition {
    /// Services on Node.js: bunyan and pino (levels 10 to 60), and mozlog, which Firefox Accounts write in
    /// the layout of Heka.
    static let node: [FormatDefinition] = [
        FormatDefinition(
            name: "node-json",
            programs: ProgramRule(
                names: nodeServices, prefixes: ["node-", "nodejs", "fxa", "bunyan", "mozlog"]),
            check: .json,
            body: .json(nodeKeys),
            ecs: [
                "service": ["service.type"], "latency": ["event.duration"], "request_id": ["event.id"],
                "agent": ["user_agent.original", "http.request.headers.user-agent"],
            ])
    ]

    /// Wikimedia's log under their own names, or all as `node`.
    private static let nodeServices = [
        "node", "aqs", "changeprop", "citoid", "cpjobqueue", "cxserver", "eventgate", "graphoid",
        "kartotherian",
        "mathoid",
        "mobileapps", "parsoid", "proton", "restbase", "termbox", "tilerator", "wikifeeds", "zotero",
    ]

    private static let nodeKeys: KeyRules = {
        var keys: [String: KeyRule] = [
            // bunyan (its README, "Core fields"), pino, winston.
            "time": .time([.iso, .epoch]), "timestamp": .timeIfReadable([.iso, .epoch]),
            "@timestamp": .timeIfReadable([.iso]), "level": .level(.any), "msg": .field("message"),
            "name": .field("service"), "v": .ignored, "err.name": .field("exception"),
            "err.type": .field("exception"), "err.message": .field("error_message"),
            "err.stack": .field("stack_trace"), "stack": .field("stack_trace"),
            "res.statusCode": .field("status"), "responseTime": .field("duration_ms"),
            // service-runner.
            "res.status": .field("status"), "res.name": .field("exception"),
            "res.msg": .field("error_message"),
            "request.query.domain": .field("vhost"), "reqId": .field("request_id"),
            "err.request_id": .field("request_id"),
            // What rsyslog adds on the way.
            "rsyslog.hostname": .field("host"), "facility": .code(SyslogFacility.read),
            "rsyslog.facility": .code(SyslogFacility.read),
            // mozlog (lib/formatters/heka.js).
            "Timestamp": .time([.epoch]), "Severity": .level(.syslog), "Logger": .field("logger"),
            "Hostname": .field("host"), "Pid": .field("pid"), "Type": .field("op"), "EnvVersion": .ignored,
            "Fields.msg": .field("message"), "Fields.message": .field("message"),
            "Fields.error": .field("error_message"), "Fields.stack": .field("stack_trace"),
            "Fields.method": .field("method"), "Fields.path": .field("path"),
            "Fields.status": .field("status"),
            "Fields.agent": .field("agent"), "Fields.remoteAddressChain": .field("forwarded_for"),
        ]
        for object in ["req", "request", "root_req", "err.root_req"] {
            keys[object + ".method"] = .field("method")
            keys[object + ".url"] = .field("path")
            keys[object + ".uri"] = .field("path")
            keys[object + ".remoteAddress"] = .field("client_ip")
            keys[object + ".remotePort"] = .field("client_port")
            keys[object + ".headers.user-agent"] = .field("agent")
            keys[object + ".headers.x-forwarded-for"] = .field("forwarded_for")
            keys[object + ".headers.host"] = .field("vhost")
            keys[object + ".headers.referer"] = .field("referrer")
        }
        return KeyRules(keys)
    }()
}

/// A facility as a member of an object: its name in syslog.conf, or its number.
enum SyslogFacility {
    private static let names: [StaticString] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    ]

    /// Takes it for the event where no header said one.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let number = number(bytes, range) else { return false }
        if event.event.facility == Event.unknown { event.event.facility = number }
        event.add(.escaped, bytes, range)
        return true
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
        let start = range.lowerBound
        if range.count == 6, bytes.has("local", at: start, to: range.upperBound) {
            let digit = bytes[start &+ 5] &- 48
            return digit < 8 ? 16 &+ digit : nil
        }
        if range.count == 1, isDigit(bytes[start]) { return bytes[start] &- 48 }
        if range.count == 2 {
            let value = bytes.twoDigits(at: start)
            return value >= 0 && value < 24 ? UInt8(value) : nil
        }
        let index = names.firstIndex { name in
            name.utf8CodeUnitCount == range.count && bytes.has(name, at: start, to: range.upperBound)
        }
        return index.map { UInt8($0) }
    }
}
