import ArgumentParser
import Glibc

/// The command line.
///
/// `wplog help` lists the commands.
@main
struct WPLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wplog",
        abstract: "Collects the logs of many machines, and finds lines in them.",
        discussion: """
            wplog serve --data ./data                receive syslog on 127.0.0.1:5514, answer on :8514
            wplog search 'status:500 host:docs'      find lines of the last 24 hours
            wplog search 'timeout | count by host'   count them
            wplog status                             how the server is doing
            """,
        version: Version.text,
        subcommands: [
            Serve.self, Search.self, Tail.self, Status.self, ParseCommand.self, GrokCommand.self,
            TestCommand.self,
            ImportCommand.self, ExplainCommand.self, UnparsedCommand.self, ReparseCommand.self,
        ])

    /// Runs a command and turns its end into an exit code.
    static func main() async {
        // A reader that goes away must not kill the server, nor a command before it has looked at its error.
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = CommandLine.arguments.dropFirst()
            var command = try parseAsRoot(SearchArguments.normal(Array(arguments)))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let end as ExitCode {
            if let message = end.message { Output.note(message) }
            Glibc.exit(end.number)
        } catch {
            let code = exitCode(for: error)
            if code == .success { answer(fullMessage(for: error)) }
            Output.note(fullMessage(for: error).replacing("Error: ", with: "", maxReplacements: 1))
            Glibc.exit(code == .validationFailure ? 2 : 1)
        }
    }

    /// Ends with what was asked for: a help text, or the version.
    private static func answer(_ text: String) -> Never {
        do { try Output.write(Array((text + "\n").utf8)) } catch {
            Output.note("\((error as? ExitCode)?.message ?? "\(error)")")
            Glibc.exit(74)
        }
        Glibc.exit(0)
    }
}

/// The version of this build.
enum Version {
    static let text = "0.1.0"
}
