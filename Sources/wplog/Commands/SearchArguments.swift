/// Tells options and query apart before the command line is parsed.
///
/// A query may begin with a minus: `wplog search -host:docs`. The parser would read `-host` as `-h -o st`, or
/// take a misspelt option for a word of the query.
enum SearchArguments {
    /// Options that take a value.
    ///
    /// `-n` also takes it without a space.
    private static let valued: Set<String> = [
        "--since", "--until", "--limit", "--output", "--server", "--data", "--config", "--timeout",
        "--fields",
        "--template", "--color", "--rate", "--bell-on", "--warn", "--crit", "-n", "-o", "-A", "-B", "-C",
    ]

    /// Options of one letter without a value.
    private static let flags: Set<String> = ["-h", "-f", "-e", "-q"]

    /// Commands whose arguments are a query.
    private static let commands: Set<String> = ["search", "s", "tail", "stats", "check", "unparsed"]

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
            if valued.contains(argument) {
                options.append(argument)
                if let value = rest.popFirst() { options.append(value) }
            } else if argument.hasPrefix("--") || flags.contains(argument) {
                options.append(argument)
            } else if argument.hasPrefix("-n"), let count = Int(argument.dropFirst(2)) {
                options += ["-n", String(count)]
            } else {
                words.append(argument)
            }
        }
        return [command] + options + ["--"] + words
    }
}
