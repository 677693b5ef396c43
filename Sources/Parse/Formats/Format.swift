/// How the lines of some programs are read: for whom, what they look like, and which pattern reads them.
struct FormatDefinition: Sendable {
    /// As in `parser:nginx-access`.
    let name: String
    let programs: ProgramRule
    let check: LiteralCheck
    /// A grok pattern for the whole message.
    let pattern: String
    /// The capture that says when it happened.
    let time: (capture: String, style: TimeLayout.Style)?
    /// The capture that takes whatever stands behind the known fields, to be read as `key=value` pairs.
    let tail: String?
}

/// The programs whose messages a format may read.
struct ProgramRule: Sendable {
    /// Whole names.
    let names: [String]
    /// Beginnings of names that also hold `word` somewhere: `nginx` and `access` for `nginx_access`.
    let prefixes: [String]
    let word: String

    func admits(_ program: String) -> Bool {
        if names.contains(program) { return true }
        return prefixes.contains { program.hasPrefix($0) } && program.holds(word)
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

/// A cheap look at a message before a pattern runs on it. It may pass lines that do not match, never the
/// reverse.
enum LiteralCheck: Sendable {
    case none
    /// `[dd/` somewhere, as in `[21/Nov/2026:10:00:00 +0000]`.
    case bracketedDate

    func passes(_ bytes: Span<UInt8>, from: Int, to: Int) -> Bool {
        switch self {
        case .none: return true
        case .bracketedDate:
            var at = from
            while true {
                at = bytes.find(UInt8(ascii: "["), from: at, to: to)
                guard to &- at >= 4 else { return false }
                if isDigit(bytes[at &+ 1]), isDigit(bytes[at &+ 2]), bytes[at &+ 3] == UInt8(ascii: "/") {
                    return true
                }
                at &+= 1
            }
        }
    }
}

extension FormatDefinition {
    /// All formats that the program brings with it, in the order in which they are tried.
    static let builtIn: [FormatDefinition] = [
        FormatDefinition(
            name: "nginx-access",
            programs: ProgramRule(names: ["nginx"], prefixes: ["nginx"], word: "access"),
            check: .bracketedDate, pattern: "%{ACCESSLOG}", time: ("log_time", .http), tail: "tail"),
        FormatDefinition(
            name: "apache-access",
            programs: ProgramRule(
                names: ["apache2", "apache", "httpd"], prefixes: ["apache", "httpd"], word: "access"),
            check: .bracketedDate, pattern: "%{ACCESSLOG}", time: ("log_time", .http), tail: "tail"),
    ]
}
