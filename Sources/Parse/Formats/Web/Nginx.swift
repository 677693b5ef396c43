extension Fields {
    /// Of nginx.
    static let nginx: [FieldDefinition] = [
        FieldDefinition("server", .keyword, ["server.name", "server_name"]),
        FieldDefinition("connection_id", .keyword, ["nginx.error.connection_id"]),
        FieldDefinition("upstream", .text, ["nginx.error.upstream"]),
        FieldDefinition("subrequest", .text, ["nginx.error.subrequest"]),
        FieldDefinition("limit_excess", .number, ["nginx.error.limit_excess"]),
        FieldDefinition("limit_zone", .keyword, ["nginx.error.limit_zone"]),
        FieldDefinition("gzip_ratio", .number, ["nginx.access.gzip_ratio"]),
        // Of ingress controllers.
        FieldDefinition("upstream_name", .keyword, ["nginx.ingress_controller.upstream.name"]),
        FieldDefinition(
            "upstream_alternative", .keyword, ["nginx.ingress_controller.upstream.alternative_name"]),
        // Of Discourse.
        FieldDefinition("route", .keyword, ["discourse.route"]),
        FieldDefinition("track_view", .keyword, ["discourse.track_view"]),
        FieldDefinition("queue_time", .number, unit: "s", ["discourse.queue_time"]),
        FieldDefinition("redis_calls", .number, ["discourse.redis.calls"]),
        FieldDefinition("redis_time", .number, unit: "s", ["discourse.redis.time"]),
        FieldDefinition("sql_calls", .number, ["discourse.sql.calls"]),
        FieldDefinition("sql_time", .number, unit: "s", ["discourse.sql.time"]),
    ]
}

extension FormatDefinition {
    /// nginx: access lines, access objects (`escape=json`), error lines.
    static let nginx: [FormatDefinition] = [
        FormatDefinition(
            name: "nginx-access", programs: nginxAccess, check: .bracketedDate, patterns: ["%{ACCESSLOG}"],
            time: TimeCapture("log_time", .http, .iso, .httpFraction),
            rest: ("tail", .codeOrPairs(NginxTail.read, .accessTail)), ecs: nginxECS, escapes: .backslash),
        FormatDefinition(
            name: "discourse-access",
            programs: ProgramRule(
                names: ["nginx", "discourse"], prefixes: ["nginx", "discourse"], word: "access"),
            check: .prefix("["), patterns: ["%{DISCOURSELOG}"], time: TimeCapture("log_time", .http),
            escapes: .backslash),
        FormatDefinition(
            name: "nginx-json", programs: nginxAccess, check: .json, body: .json(nginxKeys),
            ecs: [
                "request_time": ["event.duration.seconds"], "vhost": ["url.domain", "destination.domain"],
                "bytes_sent": ["http.response.bytes"],
            ]),
        FormatDefinition(
            name: "nginx-error", programs: nginxError,
            check: .shape("9999/99/99 99:99:99 ["), patterns: ["%{NGINXERROR}"],
            time: TimeCapture("log_time", .slashed), rest: ("rest", .code(NginxErrorTail.read)),
            // A message of PHP has line feeds of its own.
            lines: .several()),
        FormatDefinition(
            name: "nginx-error", programs: nginxError, check: .prefix("nginx: "),
            patterns: ["%{NGINXSTARTUP}"]),
        FormatDefinition(
            name: "nginx-access", programs: nginxAccess, check: .bracketedDate,
            body: .code(AccessLine.readNginx), ecs: nginxECS),
        FormatDefinition(
            name: "nginx-access", programs: nginxAccess, check: .bracketedDate,
            patterns: ["%{NGINXSTREAM}"], time: TimeCapture("log_time", .http, .iso),
            rest: ("tail", .text("tail")), ecs: nginxECS),
    ]

    private static let nginxAccess = ProgramRule(
        names: ["nginx", "ingress-nginx", "nginx-ingress", "nginx-ingress-controller", "wdqs"],
        prefixes: ["nginx"], word: "access")

    private static let nginxError = ProgramRule(names: ["nginx"], prefixes: ["nginx"], word: "err")

    private static let nginxECS = [
        "vhost": ["url.domain", "destination.domain"],
        "request_time": ["nginx.access.request_time", "nginx.ingress_controller.http.request.time"],
        "request_length": ["nginx.ingress_controller.http.request.length"],
        "request_id": ["http.request.id", "nginx.ingress_controller.http.request.id"],
        "urt": ["nginx.access.upstream_response_time.raw"], "ua": ["nginx.access.upstream_addr.raw"],
        "us": ["nginx.access.upstream_status.raw"],
    ]

    /// The variables of nginx under their own names, as most `log_format … escape=json` have them.
    private static let nginxKeys = KeyRules(
        WebKeys.common.merging([
            "time_iso8601": .time([.iso]), "time_local": .time([.http]), "msec": .time([.epoch]),
            "host": .field("vhost"), "server_name": .field("server"),
            "upstream_addr": .field("ua"), "upstream": .field("ua"),
            "upstream_response_time": .field("urt"), "upstream_response_length": .field("ul"),
            "upstream_connect_time": .field("uct"), "upstream_header_time": .field("uht"),
            "upstream_status": .field("us"), "upstream_cache_status": .field("cs"),
        ]) { $1 },
        nulls: .dashOrEmpty)
}

extension TimeFormat {
    /// As in `21/Nov/2026:10:00:00.123`, with or without a zone.
    static let httpFraction = TimeFormat("%d/%b/%Y:%H:%M:%S%f%z")
}
