/// How the lines of some programs are read: for whom, what they look like, and what stands where.
///
/// A line goes to the formats of its program, one after the other, until one takes it. A format first looks for
/// its literal, then matches its patterns, first match wins; what its patterns leave as `rest` is read by a rule.
/// A format without patterns reads the whole message by that rule.
struct FormatDefinition: Sendable {
    /// As in `parser:nginx-access`.
    let name: String
    let programs: ProgramRule
    let senders: SenderRule
    let check: LiteralCheck
    /// Grok patterns for the whole message, in the order in which they are tried.
    ///
    /// A capture is stored in the field whose name or alias it has. A capture named `level` sets the level, and
    /// its text is kept as `level_text`. A capture named `message` takes the place of the whole message.
    let patterns: [String]
    let time: TimeCapture?
    /// What the numbers of a `level` capture mean, where they are numbers.
    let levels: LevelScale
    /// The capture that takes whatever stands behind the known fields, and how that is read.
    let rest: (capture: String, rule: RestRule)?
    /// How its lines belong together, where an event may have several.
    let lines: LineRule
    /// Fields by capture, where the pattern's name is not the field's, and types of captures without one.
    let renamed: [String: String]
    let types: [String: String]
    /// How its writers write quotes and bytes that are no text; nil where they write all as it is.
    ///
    /// In the values of captures escapes are undone.
    let escapes: Escapes?
    /// What errors call it.
    let origin: String
    /// Whether its code looks at the header, whose words a log daemon has mistaken.
    var readsHeader = false
    /// Names of the Elastic Common Schema or of Beats by field, where this format's lines have other ones than the
    /// catalogue says.
    let ecs: [String: [String]]

    init(
        name: String, programs: ProgramRule, senders: SenderRule = .any, check: LiteralCheck = .none,
        patterns: [String] = [],
        time: TimeCapture? = nil, levels: LevelScale = .any, rest: (capture: String, rule: RestRule)? = nil,
        lines: LineRule = .single, ecs: [String: [String]] = [:], renamed: [String: String] = [:],
        types: [String: String] = [:], escapes: Escapes? = nil, origin: String? = nil
    ) {
        self.escapes = escapes
        self.renamed = renamed
        self.types = types
        self.origin = origin ?? name
        self.name = name
        self.programs = programs
        self.senders = senders
        self.check = check
        self.patterns = patterns
        self.time = time
        self.levels = levels
        self.rest = rest
        self.lines = lines
        self.ecs = ecs
    }

    /// A format whose whole message is read by a rule.
    init(
        name: String, programs: ProgramRule, check: LiteralCheck = .none, body: RestRule,
        lines: LineRule = .single, ecs: [String: [String]] = [:]
    ) {
        self.init(name: name, programs: programs, check: check, rest: ("", body), lines: lines, ecs: ecs)
    }

    /// All formats that the program brings with it, in the order in which they are tried.
    ///
    /// Those of any program come last.
    static let builtIn: [FormatDefinition] =
        nginx + apache + php + mediaWiki + system + mail + proxies + databases + applications + anyProgram
}

/// The capture that says when it happened.
struct TimeCapture: Sendable {
    let capture: String
    /// The ways in which it may be written, in the order in which they are tried.
    let formats: [TimeFormat]
    /// Whether a time without a zone is UTC; else it is local time where the line comes from.
    let isUTC: Bool
    /// The zone of a time without one, by name; empty for that of the source.
    let zone: String

    init(_ capture: String, _ formats: TimeFormat..., isUTC: Bool = false) {
        self.init(capture, formats, isUTC: isUTC, zone: "")
    }

    init(_ capture: String, _ formats: [TimeFormat], isUTC: Bool, zone: String) {
        self.capture = capture
        self.formats = formats
        self.isUTC = isUTC
        self.zone = zone
    }
}

/// How the part of a message is read that no pattern takes apart.
enum RestRule: Sendable {
    /// Stored as one field.
    ///
    /// Reaches behind the 2 KiB that patterns see.
    case text(String)
    /// A JSON object.
    case json(KeyRules)
    /// `key=value` pairs.
    ///
    /// What is behind the last pair is the field `tail`.
    case pairs(KeyRules)
    /// Swift code for a shape of its own; where that says no, and has added nothing, `key=value` pairs.
    case codeOrPairs(BodyReader, KeyRules)
    /// Swift code.
    ///
    /// False says that this is no line of this format; whatever was added is taken back.
    case code(BodyReader)
}

/// Reads `range` of `bytes` and adds its fields to the event, in the order of their offsets.
typealias BodyReader =
    @Sendable (_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool

/// The programs whose messages a format may read.
struct ProgramRule: Sendable {
    /// Whole names; the empty one stands for lines without a header.
    let names: [String]
    /// Beginnings of names that also hold `word` somewhere: `nginx` and `access` for `nginx_access`.
    let prefixes: [String]
    let word: String
    /// Ends of names, which have something before them: `wiki` for `enwiki`.
    let suffixes: [String]
    /// Whether it reads what no format of the program itself takes, whatever the program, or without one.
    var isAny = false

    /// Any program.
    static let any: ProgramRule = {
        var rule = ProgramRule(names: [])
        rule.isAny = true
        return rule
    }()

    init(names: [String], prefixes: [String] = [], word: String = "", suffixes: [String] = []) {
        self.names = names
        self.prefixes = prefixes
        self.word = word
        self.suffixes = suffixes
    }

    func admits(_ program: String) -> Bool {
        if names.contains(program) { return true }
        if suffixes.contains(where: { program != $0 && program.hasSuffix($0) }) { return true }
        return prefixes.contains { program.hasPrefix($0) } && (word.isEmpty || program.holds(word))
    }
}

extension String {
    fileprivate func holds(_ word: String) -> Bool {
        let text = Array(utf8)
        let part = Array(word.utf8)
        guard !part.isEmpty, part.count <= text.count else { return false }
        return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}

/// The senders whose messages a format may read.
struct SenderRule: Sendable {
    /// Host names, a `*` standing for any text; empty for all.
    let hosts: [[UInt8]]
    /// Empty for all.
    let listeners: [Peer.Listener]

    static let any = SenderRule(hosts: [], listeners: [])

    init(hosts: [String], listeners: [Peer.Listener]) {
        self.hosts = hosts.map { Array($0.utf8) }
        self.listeners = listeners
    }

    func admits(_ host: ArraySlice<UInt8>, _ listener: Peer.Listener) -> Bool {
        if !listeners.isEmpty, !listeners.contains(listener) { return false }
        return hosts.isEmpty || hosts.contains { Self.matches($0[...], host) }
    }

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let star = pattern.firstIndex(of: UInt8(ascii: "*")) else {
            return pattern.map(Token.lowercased) == text.map(Token.lowercased)
        }
        let head = pattern[..<star]
        guard text.count >= head.count,
            text.prefix(head.count).map(Token.lowercased) == head.map(Token.lowercased)
        else { return false }
        let rest = pattern[(star + 1)...]
        let tail = text.dropFirst(head.count)
        return (0...tail.count).contains { matches(rest, tail.dropFirst($0)) }
    }
}

/// A cheap look at a message before a pattern runs on it.
///
/// It may pass lines that do not match, never the reverse.
enum LiteralCheck: Sendable {
    case none
    /// The message begins so.
    case prefix(StaticString)
    /// It begins with this shape: `9` stands for a digit, `a` for a letter, any other byte for itself.
    case shape(StaticString)
    /// `[dd/` somewhere, as in `[21/Nov/2026:10:00:00 +0000]`, or `[dddd-`, as in `[2026-11-21T10:00:00Z]`.
    case bracketedDate
    /// `{`, perhaps behind `@cee:` and blanks.
    case json
    /// What an exception that nobody caught begins with, or lines of a stack trace behind the first.
    case thrown

    /// Whether it looks at anything at all.
    var looks: Bool { if case .none = self { false } else { true } }

    func passes(_ bytes: Span<UInt8>, from: Int, to: Int) -> Bool {
        switch self {
        case .none: return true
        case .prefix(let text): return bytes.has(text, at: from, to: to)
        case .shape(let text): return Self.hasShape(text, bytes, from: from, to: to)
        case .json: return JSONScan.start(bytes, from..<to) != nil
        case .thrown: return ThrownTrace.begins(bytes, from..<to)
        case .bracketedDate:
            var at = from
            while true {
                at = bytes.find(UInt8(ascii: "["), from: at, to: to)
                guard to &- at >= 4 else { return false }
                if isDigit(bytes[at &+ 1]), isDigit(bytes[at &+ 2]) {
                    if bytes[at &+ 3] == UInt8(ascii: "/") { return true }
                    if to &- at > 5, isDigit(bytes[at &+ 4]), bytes[at &+ 5] == UInt8(ascii: "-") {
                        return true
                    }
                }
                at &+= 1
            }
        }
    }

    private static func hasShape(_ text: StaticString, _ bytes: Span<UInt8>, from: Int, to: Int) -> Bool {
        guard to &- from >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            let byte = bytes[from &+ index]
            let isAsAsked =
                switch unsafe text.utf8Start[index] {
                case UInt8(ascii: "9"): isDigit(byte)
                case UInt8(ascii: "a"): isLetter(byte)
                case let letter: byte == letter
                }
            if !isAsAsked { return false }
        }
        return true
    }
}
