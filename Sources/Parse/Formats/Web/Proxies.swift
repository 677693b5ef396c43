extension Fields {
    /// Of proxies: Varnish, Fastly, HAProxy, OpenStack's object storage.
    static let proxies: [FieldDefinition] =
        [
            FieldDefinition("ttfb", .number, unit: "s", ["varnish.time_firstbyte", "time_firstbyte"]),
            FieldDefinition("cache_status", .keyword, ["varnish.handling", "labels.cache_status"]),
            FieldDefinition("cache_server", .keyword, ["fastly.server", "fastly_server"]),
            FieldDefinition("status_text", .keyword, ["http.response.reason"]),
        ] + haProxy + openStack
}

extension FormatDefinition {
    /// Of proxies: Varnish, Fastly, HAProxy, OpenStack's object storage.
    static let proxies: [FormatDefinition] =
        [
            FormatDefinition(
                name: "varnish-access", programs: varnish, check: .bracketedDate, patterns: ["%{ACCESSLOG}"],
                time: TimeCapture("log_time", .http), rest: ("tail", .pairs(.accessTail)), ecs: accessECS,
                escapes: .backslash),
            FormatDefinition(
                name: "varnish-access", programs: varnish, check: .bracketedDate,
                body: .code(AccessLine.read), ecs: accessECS),
            FormatDefinition(
                name: "varnish-tabs", programs: varnish, check: .shape("9999-99-99T99:99:99"),
                patterns: ["%{VARNISHTABS}"], time: TimeCapture("log_time", .iso),
                rest: ("tail", .text("tail")), escapes: .backslash),
            FormatDefinition(
                name: "varnish-tabs", programs: varnish, check: .shape("9999-99-99T99:99:99"),
                body: .code(TabColumns.readVarnish)),
            FormatDefinition(
                name: "varnish-pairs", programs: varnish, check: .prefix("side "),
                body: .code(TabbedPairs.read)),
            FormatDefinition(
                name: "webrequest",
                programs: ProgramRule(names: ["webrequest", "varnishkafka"], prefixes: ["varnishkafka"]),
                check: .json, body: .json(webrequestKeys)),
            FormatDefinition(
                name: "fastly-json", programs: fastly, patterns: ["%{FASTLYJSON}"],
                rest: ("rest", .json(fastlyKeys))),
            FormatDefinition(
                name: "fastly-access", programs: fastly, check: .bracketedDate, patterns: ["%{ACCESSLOG}"],
                time: TimeCapture("log_time", .http), rest: ("tail", .pairs(.accessTail)), ecs: accessECS,
                escapes: .backslash),
            FormatDefinition(
                name: "fastly-access", programs: fastly, check: .bracketedDate,
                body: .code(AccessLine.read), ecs: accessECS),
            FormatDefinition(
                name: "fastly-access", programs: fastly, patterns: ["%{FASTLYCLASSIC}"],
                time: TimeCapture("log_time", .httpDate), ecs: accessECS, escapes: .backslash),
        ] + haProxy + openStack

    private static let varnish = ProgramRule(
        names: ["varnishncsa", "varnish", "varnishmtail", "varnish-access"], prefixes: ["varnishncsa"])
    private static let fastly = ProgramRule(names: [], prefixes: ["fastly"])

    /// Wikimedia's access objects (varnishkafka).
    private static let webrequestKeys = KeyRules(
        [
            "dt": .time([.iso]), "ip": .field("client_ip"), "http_status": .field("status"),
            "http_method": .field("method"), "response_size": .field("bytes"), "uri_host": .field("vhost"),
            "uri_path": .field("path"), "uri_query": .field("url_query"), "hostname": .field("host"),
        ],
        nulls: .dashOrEmpty)

    /// The members of the objects that Fastly's documentation gives as examples, now and of old.
    private static let fastlyKeys = KeyRules(
        WebKeys.common.merging([
            "time_start": .time([.iso, .epoch]), "host": .field("vhost"),
            "response_state": .field("cache_status"), "response_reason": .field("status_text"),
            "resp_body_size": .field("bytes"),
        ]) { $1 },
        nulls: .dashEmptyOrNull)
}

/// `key value` between tabs, as Wikimedia feeds its counters with `varnishncsa -F`.
///
///     side d⇥url /⇥cache_status hit-local⇥http_status 200⇥http_method HEAD⇥cache_control -⇥…
enum TabbedPairs {
    private static let known: [(key: StaticString, field: FieldID)] = [
        ("side", FieldID(named: "side")), ("url", .path), ("cache_status", FieldID(named: "cache_status")),
        ("http_status", FieldID(named: "status")), ("http_method", .method),
        ("cache_control", FieldID(named: "cache_control")), ("inm", FieldID(named: "inm")),
        ("ttfb", FieldID(named: "ttfb")), ("cache_int", FieldID(named: "cache_int")),
    ]

    /// False where a part has no key, or less than two parts are there.
    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        var at = range.lowerBound
        var count = 0
        while at < range.upperBound {
            let end = bytes.find(0x09, from: at, to: range.upperBound)
            let blank = bytes.find(UInt8(ascii: " "), from: at, to: end)
            guard blank > at, blank < end else { return false }
            let value = blank &+ 1..<end
            let isNull = value.isEmpty || value.count == 1 && bytes[value.lowerBound] == UInt8(ascii: "-")
            if !isNull { event.add(field(bytes, at..<blank), bytes, value, readable: .backslash) }
            count &+= 1
            at = end &+ 1
        }
        return count >= 2
    }

    private static func field(_ bytes: Span<UInt8>, _ key: Range<Int>) -> FieldID {
        for (name, field) in known
        where name.utf8CodeUnitCount == key.count && bytes.has(name, at: key.lowerBound, to: key.upperBound) {
            return field
        }
        return .other
    }
}

extension TimeFormat {
    /// As in `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    fileprivate static let httpDate = TimeFormat("%a, %d %b %Y %H:%M:%S %Z")
}
