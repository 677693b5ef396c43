import Query

/// Tells options and query apart before the command line is parsed.
///
/// A query may begin with a minus: `wplog search -host:docs`. The parser would read `-host` as `-h -o st`, or
/// take a misspelt option for a word of the query.
enum SearchArguments {
    /// Options that take a value.
    private static let valued: Set<String> = [
        "--since", "--until", "--limit", "--output", "--server", "--data", "--config", "--timeout",
        "--fields",
        "--template", "--color", "--rate", "--bell-on", "--context-of", "--warn", "--crit", "-n", "-o", "-A",
        "-B", "-C",
    ]

    /// Options of one letter without a value.
    private static let flags: Set<String> = ["-h", "-f", "-e", "-q"]

    /// Commands whose arguments are a query.
    private static let commands: Set<String> = [
        "search", "s", "tail", "stats", "report", "check", "unparsed",
    ]

    /// The arguments with the words of a query behind `--`.
    ///
    /// Arguments of other commands stay as they are.
    static func normal(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, commands.contains(command) else { return arguments }
        var options: [String] = []
        var words: [String] = []
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            if argument == "--" {
                words += rest
                break
            }
            if valued.contains(argument) || command == "check" && ["-w", "-c"].contains(argument) {
                options.append(argument)
                if let value = rest.popFirst() { options.append(value) }
            } else if argument.hasPrefix("--") || flags.contains(argument) {
                options.append(argument)
            } else if let (option, value) = attached(argument) {
                options += [option, value]
            } else {
                words.append(argument)
            }
        }
        return [command] + options + ["--"] + words
    }

    /// `-n5`, `-C3` or `-ojson` as an option and its value; other words with a minus are of the query.
    private static func attached(_ argument: String) -> (String, String)? {
        let option = String(argument.prefix(2))
        let value = String(argument.dropFirst(2))
        switch option {
        case "-n", "-A", "-B", "-C": return Int(value).map { (option, String($0)) }
        case "-o": return OutputStyle(named: value).map { (option, $0.rawValue) }
        default: return nil
        }
    }
}
