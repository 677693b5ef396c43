extension Fields {
    /// Of Memcached.
    static let memcached: [FieldDefinition] = [
        FieldDefinition("direction", .keyword, ["network.direction"]),
        FieldDefinition("fd", .keyword),
        FieldDefinition("key", .keyword),
    ]
}

extension FormatDefinition {
    /// What `memcached -vv` writes to its standard error (doc/protocol.txt; memcached.c): no time, no level.
    ///
    /// `<` is what a connection received, `>` what it was sent; the number is that of its socket.
    static let memcached: [FormatDefinition] = [
        FormatDefinition(
            name: "memcached", programs: ProgramRule(names: [], prefixes: ["memcached"]),
            patterns: ["%{MEMCACHEDCOMMAND}", "%{MEMCACHED}"], rest: ("rest", .code { _, _, _ in true }))
    ]
}
