import ArgumentParser
import Glibc
import Query

/// The command wplog search.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find lines, newest 200 of the last 24 hours by default, oldest first.",
        discussion: """
            wplog search 'status:500 host:docs'
            wplog search '"upstream timed out" -client_ip:10.0.0.1' --since 2h
            wplog search 'status:5xx | count by host' --since today
            wplog search 'level:>=warning | histogram 1h'
            """,
        aliases: ["s"])

    @Argument(help: ArgumentHelp("Words, \"phrases\", field:value, AND OR NOT ( ).", valueName: "query"))
    var query: [String] = []

    @Option(help: ArgumentHelp("From when: 15m, 2h, today, 2026-11-21, 2026-11-21T10:00.", valueName: "TIME"))
    var since: String?

    @Option(help: ArgumentHelp("Until when. Default: now.", valueName: "TIME"))
    var until: String?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Lines at most.", valueName: "N"))
    var limit = 200

    @Option(name: [.short, .long], help: ArgumentHelp("text, json or raw.", valueName: "FORM"))
    var output: String = ResultText.Style.text.rawValue

    @Option(help: ArgumentHelp("Ask this server, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        guard let style = ResultText.Style(rawValue: output) else {
            throw ExitCode.usage("there is no output form \"\(output)\": choose text, json or raw")
        }
        guard limit > 0, limit <= SearchCall.limitMost else {
            throw ExitCode.usage("-n takes 1 to \(SearchCall.limitMost), and not \(limit)")
        }
        let call = SearchCall(
            query: query.joined(separator: " "), since: since, until: until, limit: limit, style: style)
        let answer = try await Source(server: server, place: place).search(call)
        try Output.write(answer.bytes)
        if let reason = answer.partial { throw ExitCode.partial("the result is not whole: \(reason)") }
        if answer.isTruncated, isatty(STDERR_FILENO) == 1 {
            Output.note("these are the newest \(limit); -n N shows more")
        }
    }
}
