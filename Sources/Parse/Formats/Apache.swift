extension Fields {
    /// Of Apache httpd.
    static let apache: [FieldDefinition] = []
}

extension FormatDefinition {
    /// Apache httpd.
    static let apache: [FormatDefinition] = [
        FormatDefinition(
            name: "apache-access",
            programs: ProgramRule(
                names: ["apache2", "apache", "httpd"], prefixes: ["apache", "httpd"], word: "access"),
            check: .bracketedDate, patterns: ["%{ACCESSLOG}"], time: TimeCapture("log_time", .http),
            rest: ("tail", .pairs(.accessTail)))
    ]
}

extension KeyRules {
    /// What sites add behind the known fields of an access line.
    ///
    /// Values are kept as written, and so are all of a repeated key.
    static let accessTail = KeyRules(nulls: .none, prefix: "tail", unescapes: false, keepsLast: false)
}
