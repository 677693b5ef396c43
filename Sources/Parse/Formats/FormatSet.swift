/// All formats, compiled. Built once and shared by all parsers.
package struct FormatSet: Sendable {
    let formats: [Format]

    /// Compiles the built-in formats with the patterns of `library`. Throws where a pattern is missing or
    /// broken.
    package init(library: PatternLibrary) throws(GrokError) {
        var formats: [Format] = []
        for definition in FormatDefinition.builtIn {
            formats.append(try Format(definition, library: library))
        }
        self.formats = formats
    }

    /// The formats (as indices) that may read the messages of a program, in the order in which they are
    /// tried.
    func route(_ program: String) -> [Int] {
        formats.indices.filter { formats[$0].programs.admits(program) }
    }
}

/// One compiled format. A class, so that handing one out moves a single reference.
final class Format: Sendable {
    let number: UInt16
    let programs: ProgramRule
    let check: LiteralCheck
    let program: GrokProgram
    /// The field of each capture of `program`, at the same index; nil where the field table was full.
    let fields: [FieldID?]
    /// Indices of captures, −1 for none.
    let timeCapture: Int
    let timeStyle: TimeLayout.Style
    let tailCapture: Int

    init(_ definition: FormatDefinition, library: PatternLibrary) throws(GrokError) {
        number = Formats.names.id(of: definition.name) ?? Formats.raw
        programs = definition.programs
        check = definition.check
        program = try GrokProgram(
            definition.pattern, library: library, wholeLine: true, origin: definition.name)
        fields = program.captures.map { FieldNaming.field(capture: $0.field) }
        timeCapture = program.captures.firstIndex { $0.field == definition.time?.capture } ?? -1
        timeStyle = definition.time?.style ?? .none
        tailCapture = program.captures.firstIndex { $0.field == definition.tail } ?? -1
    }
}

/// Which field a name that a pattern or a line brings stands for.
enum FieldNaming {
    /// The field of a capture: the catalogue's where it knows the name or alias, else one of that name.
    ///
    /// Nil where the table is full, and for the columns of the event itself, which no text may overwrite.
    static func field(capture name: String) -> FieldID? {
        guard let field = intern(Fields.definition(of: name)?.name ?? name),
            field.rawValue > FieldID.raw.rawValue
        else { return nil }
        return field
    }

    /// The field of a key that a line brings. What a key may not overwrite (columns of the event, the syslog
    /// header) is kept under `tail.` and its name.
    static func field(key name: String) -> FieldID? {
        let known = Fields.definition(of: name)?.name ?? name
        guard let field = intern(known) else { return nil }
        return field.rawValue <= FieldID.logTime.rawValue ? intern("tail." + known) : field
    }

    private static func intern(_ name: String) -> FieldID? { Fields.table.id(of: name).map { FieldID($0) } }
}
