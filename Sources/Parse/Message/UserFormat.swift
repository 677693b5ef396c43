/// A format that a user describes in the settings file: what a `FormatDefinition` says, without code.
package struct UserFormat: Sendable {
    /// As in `parser:NAME`.
    package var name: String
    /// Where it is described, for errors: `wplog.toml:12`.
    package var place: String
    /// Program names; one that ends with `*` stands for all that begin so.
    package var programs: [String] = []
    /// Host names, `*` standing for any text, and listeners; empty for all.
    package var hosts: [String] = []
    package var listeners: [Peer.Listener] = []
    /// Grok patterns for the whole message, in the order in which they are tried.
    package var patterns: [String] = []
    /// Patterns that these use: name and regular expression.
    package var definitions: [(name: String, regex: String)] = []
    /// How the message is read, or what a capture named `rest` takes, where it is no text.
    package var body: Body?
    /// Keys of a body, or captures, by the field that they are stored in.
    package var fields: [String: String] = [:]
    /// Types of captures: `int`, `float`, `bool`.
    package var types: [String: String] = [:]
    /// The capture or key that says when it happened, how it is written, and the zone where that does not say.
    package var time: String?
    package var timeFormats: [String] = []
    package var zone = ""
    /// The key of a body that holds the level.
    package var level: String?
    /// Patterns of first and of further lines of an event.
    package var begins: String?
    package var continues: String?

    package enum Body: String, Sendable, CaseIterable {
        case json, pairs
    }

    /// The words of `types`.
    package static let typeNames = GrokType.words.map(\.word)

    package init(name: String, place: String) {
        self.name = name
        self.place = place
    }

    /// The patterns of this format: its own before those of `library`.
    func library(over library: PatternLibrary) throws(GrokError) -> PatternLibrary {
        let text = definitions.map { "\($0.name) \($0.regex)\n" }.joined()
        return try library.adding([(fileName: "\(place) [definitions of \(name)]", bytes: Array(text.utf8))])
    }

    var definition: FormatDefinition {
        let formats = timeFormats.map { TimeFormat(named: $0) }
        let anyTime: [TimeFormat] = [.iso, .sql, .http, .bsd, .slashed, .dashed, .weekday, .epoch]
        let times = formats.isEmpty ? anyTime : formats
        var rest: (capture: String, rule: RestRule)?
        if let body {
            var keys: [String: KeyRule] = fields.mapValues { .field($0) }
            if let time { keys[time] = .time(times) }
            if let level { keys[level] = .level(.any) }
            let rules = KeyRules(keys)
            rest = (patterns.isEmpty ? "" : "rest", body == .json ? .json(rules) : .pairs(rules))
        }
        return FormatDefinition(
            name: name,
            programs: ProgramRule(
                names: programs.filter { !$0.hasSuffix("*") },
                prefixes: programs.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }),
            senders: SenderRule(hosts: hosts, listeners: listeners),
            check: body == .json && patterns.isEmpty ? .json : .none, patterns: patterns,
            time: time.map { TimeCapture($0, times, isUTC: false, zone: zone) }, rest: rest,
            lines: begins == nil && continues == nil
                ? .single : .patterns(begins: begins, continues: continues),
            renamed: fields, types: types, origin: "\(place), format \(name)")
    }
}
