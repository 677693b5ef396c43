extension Fields {
    /// Of Rails.
    static let rails: [FieldDefinition] = [
        FieldDefinition("controller", .keyword),
        FieldDefinition("reply_format", .keyword),
    ]
}

extension FormatDefinition {
    /// Rails (Discourse and others): `production.log`, lograge, and what Ruby's Logger writes for unicorn and
    /// sidekiq.
    static let rails: [FormatDefinition] = [
        FormatDefinition(
            name: "rails-lograge", programs: railsPrograms, patterns: ["%{RAILSLOGRAGE}"],
            time: TimeCapture("log_time", .iso), rest: ("rest", .pairs(lograge)),
            lines: .code(RailsMessage.place)),
        FormatDefinition(
            name: "rails-error", programs: railsPrograms, patterns: ["%{RAILSERROR}"],
            time: TimeCapture("log_time", .iso), rest: ("stack_trace", .code(RailsMessage.readTrace)),
            lines: .code(RailsMessage.place)),
        FormatDefinition(
            name: "rails", programs: railsPrograms,
            patterns: [
                "%{RAILSSTARTED}", "%{RAILSPROCESSING}", "%{RAILSCOMPLETED}", "%{SIDEKIQ}", "%{RAILS}",
            ],
            time: TimeCapture("log_time", .iso, .sql), rest: ("rest", .code(PlainMessage.read)),
            lines: .code(RailsMessage.place)),
    ]

    private static let railsPrograms = ProgramRule(
        names: ["ruby"], prefixes: ["rails", "discourse", "unicorn", "puma", "sidekiq", "production"])

    /// Lograge counts in milliseconds.
    private static let lograge = KeyRules(
        [
            "duration": .field("duration_ms"), "format": .field("reply_format"), "ip": .field("client_ip"),
            "remote_ip": .field("client_ip"), "time": .timeIfReadable([.iso, .sql]), "host": .field("vhost"),
            "error": .field("error_message"),
        ], unescapes: false)
}

enum RailsMessage {
    /// The lines behind the one that names an error.
    @Sendable
    static func readTrace(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.raise(to: 3)
        if !range.isEmpty { event.add(trace, bytes, range, unescaping: .octal) }
        return true
    }

    private static let trace = FieldID(named: "stack_trace")

    /// What Rails itself writes begins an event; queries, dumps and backtraces continue it.
    @Sendable
    static func place(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let end = range.upperBound
        let start = range.lowerBound
        for word: StaticString in ["Started ", "Processing by ", "Completed ", "Rendered ", "method="]
        where bytes.has(word, at: start, to: end) { return .begins() }
        if LiteralCheck.shape("a, [9999-99-99T").passes(bytes, from: start, to: end) { return .begins() }
        if LiteralCheck.shape("9999-99-99T99:99:99.").passes(bytes, from: start, to: end) { return .begins() }
        // `ActionController::RoutingError (…):`
        guard end &- start > 4, bytes.has("):", at: end &- 2, to: end), isLetter(bytes[start]),
            let colons = bytes.find("::", from: start, to: end),
            let open = bytes.find(" (", from: start, to: end),
            colons < open
        else { return .unknown }
        return .begins()
    }
}
