import ArgumentParser
import Query

/// The command wplog hosts.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "The hosts, when each was last seen, how much it says, and which have fallen silent.",
        discussion: """
            wplog hosts
            wplog hosts --silent                  only those that say nothing any more
            wplog hosts --silent -e || alarm      exit code 1 where there is one

            Silent is who has said nothing for 15 minutes and ten times as long as between two of its events.
            """)

    @Flag(help: "Only hosts that have fallen silent.")
    var silent = false

    @Flag(name: [.customShort("e"), .long], help: "Exit with 1 where any host is silent.")
    var exitStatus = false

    @OptionGroup var window: WideWindowOptions

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        let source = try source.source()
        var question = SearchQuestion("", window, try output.form())
        try output.show(try await source.inventory(.hosts(silentOnly: silent), question))
        guard exitStatus else { return }
        question.form = OutputForm(.json)
        if try await !source.inventory(.hosts(silentOnly: true), question).isEmpty {
            throw ExitCode(number: 1, message: nil)
        }
    }
}
