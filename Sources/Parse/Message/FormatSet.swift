/// All formats, compiled.
///
/// Built once and shared by all parsers.
package struct FormatSet: Sendable {
    let formats: [Format]
    /// The key rules of all formats, by the numbers that `Format.Rest` carries.
    let rules: [KeyRules]

    /// Compiles the built-in formats with the patterns of `library`.
    ///
    /// Throws where a pattern is missing or broken.
    package init(library: PatternLibrary) throws(GrokError) {
        try self.init(FormatDefinition.builtIn, library: library)
    }

    /// No formats: headers are read, messages are not.
    package static let none = FormatSet()

    private init() {
        formats = []
        rules = [GenericBody.json, GenericBody.pairs]
    }

    init(_ definitions: [FormatDefinition], library: PatternLibrary) throws(GrokError) {
        try self.init(definitions.map { ($0, library) })
    }

    private init(_ definitions: [(FormatDefinition, PatternLibrary)]) throws(GrokError) {
        var formats: [Format] = []
        // The bodies that any program may write have the first numbers.
        var rules = [GenericBody.json, GenericBody.pairs] + GenericBody.shared
        for (definition, library) in definitions {
            formats.append(try Format(definition, library: library, rules: &rules))
        }
        self.formats = formats
        self.rules = rules
    }

    /// As `init(library:)`, with the formats of users before those that the program brings.
    package init(library: PatternLibrary, users: [UserFormat]) throws(GrokError) {
        var definitions: [(FormatDefinition, PatternLibrary)] = []
        for user in users {
            definitions.append((user.definition, try user.library(over: library)))
        }
        try self.init(definitions + FormatDefinition.builtIn.map { ($0, library) })
    }

    /// The names of all formats, in the order in which they are tried.
    package var names: [String] { formats.map(\.name) }

    /// What other tools call the fields of a format's lines, beside what the catalogue says.
    package func ecsNames(ofFormat name: String) -> [String: [String]] {
        formats.first { $0.name == name }?.ecs ?? [:]
    }

    /// The formats (as indices) that may read the messages of a program, in the order in which they are
    /// tried.
    func route(_ program: String) -> [Int] {
        formats.indices.filter { formats[$0].programs.admits(program) }
    }

    /// The names of the formats of a program, in the order in which they are tried.
    package func names(ofProgram program: String) -> [String] { route(program).map { formats[$0].name } }

    /// The patterns that a format is made of.
    package func library(ofFormat name: String) -> PatternLibrary {
        formats.first { $0.name == name }?.library ?? .embedded
    }

    /// Whether any format reads the messages of a program.
    package func knows(_ program: String) -> Bool { formats.contains { $0.programs.admits(program) } }

    /// The formats of a name.
    func named(_ name: String) -> [Int] { formats.indices.filter { formats[$0].name == name } }
}

/// One compiled format.
///
/// A class, so that handing one out moves a single reference.
final class Format: Sendable {
    /// What a capture is, apart from its field.
    enum Role: UInt8, Sendable {
        case plain, typed, time, level, ignored
    }

    /// How the rest is read; rules of keys by number.
    enum Rest: Sendable {
        case none
        case text(FieldID)
        case json(Int)
        case pairs(Int)
        case codeOrPairs(BodyReader, Int)
        case code(BodyReader)
    }

    /// What is done with a capture.
    struct Capture: Sendable {
        /// `ignored` where the field table was full, and for columns of the event.
        let role: Role
        let field: FieldID
        /// What the catalogue asks of the field's values, and where others go.
        var values = ValueType.any
        var spare = FieldID.other
    }

    /// One compiled pattern.
    ///
    /// Captures go by their index in the program.
    final class Pattern: Sendable {
        let program: GrokProgram
        let text: String
        let captures: [Capture]
        let types: [GrokType?]
        /// −1 for none.
        let rest: Int

        init(_ text: String, _ definition: FormatDefinition, library: PatternLibrary) throws(GrokError) {
            let program = try GrokProgram(text, library: library, wholeLine: true, origin: definition.origin)
            self.program = program
            self.text = text
            let words = Dictionary(GrokType.words.map { ($0.word, $0.type) }) { first, _ in first }
            types = program.captures.map { capture in
                capture.type ?? definition.types[capture.field].flatMap { words[$0] }
            }
            captures = zip(program.captures, types).map { capture, type in
                if capture.field == definition.time?.capture { return Capture(role: .time, field: .logTime) }
                if Fields.definition(of: capture.field)?.name == "level" {
                    return Capture(role: .level, field: .levelText)
                }
                let name = definition.renamed[capture.field] ?? capture.field
                guard let field = FieldNaming.field(capture: name) else {
                    return Capture(role: .ignored, field: .other)
                }
                let isTyped = type != nil && type != .text
                // The patterns that the program brings capture numbers as digits.
                let values = ValueType(of: field)
                let isKnown = values == .number && definition.origin == definition.name
                return Capture(
                    role: isTyped ? .typed : .plain, field: field, values: isKnown ? .any : values,
                    spare: FieldNaming.field(of: field, spareIn: definition.name))
            }
            rest = program.captures.firstIndex { $0.field == definition.rest?.capture } ?? -1
        }

        func accepts(_ capture: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
            types[capture]?.accepts(bytes, range) ?? true
        }
    }

    let name: String
    let number: UInt16
    let programs: ProgramRule
    let check: LiteralCheck
    let patterns: [Pattern]
    let timeFormats: [TimeFormat]
    /// The first way in which the time is written, where a reader of its own exists for it.
    let timeStyle: TimeLayout.Style
    let isUTC: Bool
    let zone: String
    let senders: SenderRule
    let hasSenders: Bool
    let levels: LevelScale
    /// See `FormatDefinition.escapes`.
    let escapes: Escapes?
    let restRule: Rest
    /// Whether a value that the first 2 KiB cut in two may begin with a quote that closes behind them.
    let isRestQuoted: Bool
    let lines: LineRule
    let hasSeveralLines: Bool
    let readsHeader: Bool
    /// Which lines that no format knows continue its events.
    let restOfLines: LineRule.Rest
    /// Of `LineRule.patterns`.
    let begins: GrokProgram?
    let continues: GrokProgram?
    let ecs: [String: [String]]
    let library: PatternLibrary

    init(_ definition: FormatDefinition, library: PatternLibrary, rules: inout [KeyRules]) throws(GrokError) {
        name = definition.name
        ecs = definition.ecs
        self.library = library
        lines = definition.lines
        var patternsOfLines: (String?, String?)
        var rest = LineRule.Rest.inFiles
        switch lines {
        case .single: hasSeveralLines = false
        case .patterns(let first, let more):
            hasSeveralLines = true
            patternsOfLines = (first, more)
            if more == nil { rest = .any }
        case .several(let lines):
            hasSeveralLines = true
            rest = lines
        case .code: hasSeveralLines = true
        }
        restOfLines = rest
        readsHeader = definition.readsHeader
        begins = try Self.search(patternsOfLines.0, definition.origin + ", begins", library)
        continues = try Self.search(patternsOfLines.1, definition.origin + ", continues", library)
        number = Formats.names.id(of: definition.name) ?? Formats.raw
        programs = definition.programs
        check = definition.check
        var patterns: [Pattern] = []
        for text in definition.patterns {
            patterns.append(try Pattern(text, definition, library: library))
        }
        self.patterns = patterns
        timeFormats = definition.time?.formats ?? []
        timeStyle = timeFormats.first.map { $0.parts.isEmpty ? $0.style : .none } ?? .none
        isUTC = definition.time?.isUTC ?? false
        zone = definition.time?.zone ?? ""
        senders = definition.senders
        hasSenders = !senders.hosts.isEmpty || !senders.listeners.isEmpty
        levels = definition.levels
        escapes = definition.escapes
        var isQuoted = false
        switch definition.rest?.rule {
        case nil: restRule = .none
        case .text(let field): restRule = .text(FieldID(named: field))
        case .code(let reader): restRule = .code(reader)
        case .json(let keys):
            restRule = .json(rules.count)
            rules.append(keys)
        case .pairs(let keys):
            restRule = .pairs(rules.count)
            rules.append(keys)
            isQuoted = true
        case .codeOrPairs(let reader, let keys):
            restRule = .codeOrPairs(reader, rules.count)
            rules.append(keys)
            isQuoted = true
        }
        isRestQuoted = isQuoted
    }

    /// A pattern that may match anywhere in a line.
    private static func search(
        _ pattern: String?, _ origin: String, _ library: PatternLibrary
    ) throws(GrokError) -> GrokProgram? {
        guard let pattern else { return nil }
        // Alone first: what is wrong is then told by its place in the pattern as it was given.
        _ = try GrokProgram(pattern, library: library, wholeLine: false, origin: origin)
        return try GrokProgram(".*?(?:\(pattern))", library: library, wholeLine: false, origin: origin)
    }
}
