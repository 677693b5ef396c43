extension Fields {
    /// Of nginx.
    static let nginx: [FieldDefinition] = [
        FieldDefinition("server", .keyword, ["server.name", "server_name"]),
        FieldDefinition("connection_id", .keyword, ["nginx.error.connection_id"]),
        FieldDefinition("upstream", .text, ["nginx.error.upstream"]),
        FieldDefinition("subrequest", .text, ["nginx.error.subrequest"]),
        FieldDefinition("limit_excess", .number, ["nginx.error.limit_excess"]),
        FieldDefinition("limit_zone", .keyword, ["nginx.error.limit_zone"]),
    ]
}

extension FormatDefinition {
    /// nginx: access lines, access objects (`escape=json`), error lines.
    static let nginx: [FormatDefinition] = [
        FormatDefinition(
            name: "nginx-access", programs: nginxAccess, check: .bracketedDate, patterns: ["%{ACCESSLOG}"],
            time: TimeCapture("log_time", .http), rest: ("tail", .pairs(.accessTail)),
            ecs: [
                "request_time": ["nginx.access.request_time"],
                "urt": ["nginx.access.upstream_response_time.raw"], "ua": ["nginx.access.upstream_addr.raw"],
                "us": ["nginx.access.upstream_status.raw"],
            ]),
        FormatDefinition(
            name: "nginx-json", programs: nginxAccess, check: .json, body: .json(nginxKeys),
            ecs: ["request_time": ["event.duration.seconds"]]),
        FormatDefinition(
            name: "nginx-error",
            programs: ProgramRule(names: ["nginx"], prefixes: ["nginx"], word: "error"),
            check: .shape("9999/99/99 99:99:99 ["), patterns: ["%{NGINXERROR}"],
            time: TimeCapture("log_time", .slashed), rest: ("rest", .code(NginxErrorTail.read)),
            lines: .several),
    ]

    private static let nginxAccess = ProgramRule(names: ["nginx"], prefixes: ["nginx"], word: "access")

    /// The variables of nginx under their own names, as most `log_format … escape=json` have them.
    private static let nginxKeys = KeyRules(
        [
            "@timestamp": .time([.iso]), "time_iso8601": .time([.iso]), "time_local": .time([.http]),
            "msec": .time([.epoch]), "timestamp": .time([.iso, .http, .epoch]),
            "time": .time([.iso, .http, .epoch]),
            "request": .requestLine, "request_method": .field("method"), "request_uri": .field("path"),
            "uri": .field("path"), "host": .field("vhost"), "http_host": .field("vhost"),
            "server_name": .field("server"), "server_protocol": .code(NginxValues.readProtocol),
            "upstream_addr": .field("ua"), "upstream_response_time": .field("urt"),
            "upstream_connect_time": .field("uct"), "upstream_header_time": .field("uht"),
            "upstream_status": .field("us"), "upstream_cache_status": .field("cs"),
        ],
        nulls: .dashOrEmpty)
}

private enum NginxValues {
    /// Reads `HTTP/1.1`.
    @Sendable
    static func readProtocol(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard bytes.has("HTTP/", at: range.lowerBound, to: range.upperBound) else { return false }
        event.add(.httpVersion, bytes, range.lowerBound &+ 5..<range.upperBound)
        return true
    }
}
