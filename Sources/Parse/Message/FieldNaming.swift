/// Which field a name that a pattern or a line brings stands for.
enum FieldNaming {
    /// The field of a capture: the catalogue's where it knows the name or alias, else one of that name.
    ///
    /// Nil where the table is full, and for the columns of the event itself, which no text may overwrite.
    static func field(capture name: String) -> FieldID? {
        guard let field = intern(Fields.definition(of: name)?.name ?? name),
            field.rawValue > FieldID.raw.rawValue, field != .syslogLevel
        else { return nil }
        return field
    }

    /// The field of a key that a line brings: as that of a capture.
    ///
    /// What a key may not overwrite (columns of the event, parts of the syslog header that only a header has)
    /// is kept under `prefix.` and its name.
    ///
    /// Keys of the text behind an access line (prefix `tail`) overwrite nothing of the header at all.
    static func field(key name: String, prefix: String) -> FieldID? {
        let known = ambiguous.contains(name) ? name : Fields.definition(of: name)?.name ?? name
        guard let field = intern(known) else { return nil }
        if prefix != "tail", ambiguous.contains(name) { return intern("\(prefix).\(name)") }
        let isOpen = prefix != "tail" && open.contains(field)
        return field.rawValue <= FieldID.syslogLevel.rawValue && !isOpen
            ? intern("\(prefix).\(known)") : field
    }

    /// The field of a captured value that is not of the type which the catalogue gives `field`: a client that is a
    /// name is `client_host`; anything else goes to `format.field`.
    static func field(of field: FieldID, spareIn format: String) -> FieldID {
        switch field {
        case .clientIP: return .clientHost
        case targetIP: return targetHost
        default:
            guard ValueType(of: field) != .any else { return field }
            return intern("\(format).\(Fields.table.name(of: field.rawValue))") ?? .other
        }
    }

    private static let targetIP = FieldID(named: "dst_ip"), targetHost = FieldID(named: "dst_host")

    /// The field of a key whose own is taken by another key.
    static func field(spare name: String, prefix: String) -> FieldID? {
        intern(Fields.definition(of: name) == nil ? name : "\(prefix).\(name)")
    }

    /// Fields of the header that a body may bring as well.
    private static let open: Set<FieldID> = [
        .host, .program, .pid, .msgid, .message, .logTime, .syslogLevel,
    ]
    /// Words that queries know as other names of fields, but that mean something else in most bodies.
    private static let ambiguous: Set<String> = [
        "source", "tag", "format", "request", "response", "auth", "verb",
    ]

    private static func intern(_ name: String) -> FieldID? { Fields.table.id(of: name).map { FieldID($0) } }
}
