extension Fields {
    /// Of Apache httpd.
    static let apache: [FieldDefinition] = [
        FieldDefinition("module", .keyword, ["apache.error.module"]),
        FieldDefinition("os_error", .keyword, ["apache.error.os_error"]),
        FieldDefinition("os_message", .text, ["apache.error.os_message"]),
        // Of Wikimedia's access lines.
        FieldDefinition("duration_us", .number, ["event.duration.us"]),
        FieldDefinition("handler", .keyword, ["apache.connection_status", "labels.handler"]),
        FieldDefinition(
            "content_type", .keyword, ["http.response.headers.content_type", "http.response.mime_type"]),
        FieldDefinition("accept_language", .keyword, ["http.request.headers.accept_language"]),
        FieldDefinition("x_analytics", .text, ["http.request.headers.x_analytics"]),
        FieldDefinition("x_client_ip", .address, ["http.request.headers.x_client_ip"]),
    ]
}

extension FormatDefinition {
    /// Apache httpd, and Python's Gunicorn, which writes access lines as Apache does.
    static let apache: [FormatDefinition] = [
        FormatDefinition(
            name: "apache-access", programs: apacheAccess,
            check: .bracketedDate, patterns: ["%{ACCESSLOG}", "%{SSLREQUESTLOG}"],
            time: TimeCapture("log_time", .http, .iso, .httpFraction), rest: ("tail", .pairs(.accessTail)),
            ecs: accessECS, escapes: .backslash),
        FormatDefinition(
            name: "apache-tabs", programs: apacheTabs, check: .shape("9999-99-99T99:99:99"),
            patterns: ["%{HTTPDTABS}"], time: TimeCapture("log_time", .iso), rest: ("tail", .text("tail")),
            ecs: ["bytes": ["http.response.bytes"]], escapes: .backslash),
        FormatDefinition(
            name: "apache-json", programs: apacheAccess, check: .json, body: .json(apacheKeys),
            ecs: ["bytes": ["http.response.bytes"], "duration_us": ["event.duration"]]),
        FormatDefinition(
            name: "apache-error",
            programs: ProgramRule(
                names: apacheNames + ["error_log", "ssl_error_log"], prefixes: ["apache", "httpd"],
                word: "err"),
            patterns: ["%{HTTPD24ERROR}", "%{HTTPD22ERROR}", "%{HTTPDSTARTUPERROR}"],
            time: TimeCapture("log_time", .weekday, .http, .sql, .iso),
            rest: ("rest", .code(ApacheErrorTail.read))),
        FormatDefinition(
            name: "apache-access", programs: apacheAccess, check: .bracketedDate,
            body: .code(AccessLine.read), ecs: accessECS),
        FormatDefinition(
            name: "apache-tabs", programs: apacheTabs, check: .shape("9999-99-99T99:99:99"),
            body: .code(TabColumns.readApache), ecs: ["bytes": ["http.response.bytes"]]),
    ]

    private static let apacheNames = ["apache2", "apache", "httpd"]
    private static let apacheTabs = ProgramRule(
        names: apacheNames + ["apache-access", "apache2-access", "httpd-access"], prefixes: [""],
        word: "mw-access")
    private static let apacheAccess = ProgramRule(
        names: apacheNames + ["access_log", "ssl_access_log", "ssl_request_log", "other_vhosts_access"],
        prefixes: ["apache", "httpd"], word: "access")

    /// What stands as bytes is with `%O` that of the whole response, with `%b` that of its body: the line does not
    /// say.
    static let accessECS = [
        "bytes": ["http.response.body.bytes", "http.response.bytes"],
        "vhost": ["url.domain", "destination.domain"], "ident": ["apache.access.ident"],
    ]

    /// Wikimedia's access objects (`LogFormat` with the names of the Elastic Common Schema).
    private static let apacheKeys = KeyRules(
        WebKeys.common.merging([
            // In microseconds (%D), though the schema wants nanoseconds.
            "event.duration": .field("duration_us"), "url.path": .field("path"),
            "http.response.bytes": .field("bytes"),
            "ecs.version": .ignored, "event.category": .ignored, "event.dataset": .ignored,
            "event.kind": .ignored, "event.type": .ignored,
        ]) { $1 },
        nulls: .dashOrEmpty)
}

extension KeyRules {
    /// What sites add behind the known fields of an access line.
    ///
    /// Escapes are undone where the format says so (`FormatDefinition.escapes`), and all values of a repeated key are
    /// kept. A quoted `-` is what a list of upstreams says
    /// where there was none.
    static let accessTail = KeyRules(
        nulls: .none, prefix: "tail", unescapes: false, keepsLast: false, keepsQuotedDash: true)
}
