import ArgumentParser
import Glibc
import Query

/// The command line.
///
/// `wplog help` lists the commands.
@main
struct WPLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wplog",
        abstract: "Collects the logs of many machines, and finds lines in them.",
        discussion: """
            wplog serve --data ./data                receive syslog, and answer queries
            wplog search 'status:500 host:docs'      find lines of the last 24 hours
            wplog search 'timeout | count by host'   count them
            wplog tail 'level:>=warning'             follow lines as they come in

            wplog help query is the query language on one page.
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Find",
                subcommands: [
                    Search.self, Tail.self, StatsCommand.self, HostsCommand.self, FieldsCommand.self,
                    ValuesCommand.self,
                ]),
            CommandGroup(
                name: "Run",
                subcommands: [
                    Serve.self, Status.self, Top.self, Doctor.self, CheckCommand.self, ConfigCommand.self,
                    ImportCommand.self, ArchiveCommand.self, RetentionCommand.self, PurgeCommand.self,
                    BackupCommand.self, RestoreCommand.self,
                ]),
            CommandGroup(
                name: "See how lines are read",
                subcommands: [
                    ExplainCommand.self, UnparsedCommand.self, ReparseCommand.self, ParseCommand.self,
                    GrokCommand.self, TestCommand.self,
                ]),
            CommandGroup(name: "Other", subcommands: [CompletionCommand.self, VersionCommand.self]),
        ])

    /// What `wplog` alone says.
    private static let welcome = """
        wplog collects the logs of many machines, and finds lines in them.

          wplog serve --data ./data                receive syslog, and answer queries
          wplog search 'status:500 host:docs'      find lines of the last 24 hours
          wplog search 'timeout | count by host'   count them
          wplog tail 'level:>=warning'             follow lines as they come in

        Commands: search, tail, stats, hosts, status, doctor.
        wplog help lists all, wplog help search explains one, wplog help query the query language.

        """

    /// Runs a command and turns its end into an exit code.
    static func main() async {
        // A reader that goes away must not kill the server, nor a command before it has looked at its error.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try answer(arguments)
            var command = try await asyncParseAsRoot(SearchArguments.normal(arguments))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let end as ExitCode {
            if let message = end.message { Output.note(message) }
            Glibc.exit(end.number)
        } catch {
            finish(error, arguments)
        }
    }

    /// Ends the program with what the parser of arguments says.
    private static func finish(_ error: any Error, _ arguments: [String]) -> Never {
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        do {
            if code == .success {
                try Output.write(Array((message + "\n").utf8))
                Glibc.exit(0)
            }
            let text = message.replacing("Error: ", with: "", maxReplacements: 1)
            // Whatever is wrong with a check, its monitor wants to hear it in one line.
            if arguments.first == "check" { try CheckState.unknown(String(text.prefix { $0 != "\n" })) }
            Output.note(text)
        } catch {
            let end = error as? ExitCode
            if let message = end?.message { Output.note(message) }
            Glibc.exit(end?.number ?? 74)
        }
        Glibc.exit(code == .validationFailure ? 2 : 1)
    }

    /// Answers what is no command: nothing at all, the language's card, and words that nobody knows.
    private static func answer(_ arguments: [String]) throws {
        let text: String
        switch arguments.first {
        case nil: text = welcome
        case "help" where arguments.dropFirst().first == "query": text = QueryCard.text + "\n"
        case "help":
            if let name = arguments.dropFirst().first(where: { !$0.hasPrefix("-") }) { try check(name) }
            return
        case let name? where !name.hasPrefix("-"): return try check(name)
        default: return
        }
        try Output.write(Array(text.utf8))
        throw ExitCode(number: 0, message: nil)
    }

    private static func check(_ name: String) throws {
        let names =
            configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases } + ["help"]
        guard !names.contains(name) else { return }
        let meant = Suggestion.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? "."
        throw ExitCode.usage("there is no command \"\(name)\"\(meant) wplog help lists them")
    }
}

/// The version of this build.
enum Version {
    static let text = "0.1.0"
}
