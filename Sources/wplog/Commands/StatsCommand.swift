import ArgumentParser
import FoundationEssentials
import Glibc
import Parse
import Query

/// The command wplog stats.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "A report at a glance: how much, of what level, from whom, what failed, what was slow.",
        discussion: """
            wplog stats                                    the last 24 hours
            wplog stats 'vhost:docs*' --since 1h           of some events alone
            wplog stats 'status:5xx | count by path'       with stages: as wplog search
            wplog stats -o json | jq .by_host

            Tables that have nothing to say are left out; -o json has all of them in one object.
            """,
        aliases: ["report"])

    @Argument(
        help: ArgumentHelp("Which events: a query, as for search.", valueName: "query"),
        completion: QueryCompletion.kind)
    var query: [String] = []

    @OptionGroup var window: WindowOptions

    @Option(help: ArgumentHelp("Stop each table after so long. Default: 30s.", valueName: "TIME"))
    var timeout: String?

    @Flag(name: [.customShort("e"), .long], help: "Exit with 1 where nothing matches.")
    var exitStatus = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        let text = query.joined(separator: " ")
        let source = try source.source()
        var question = SearchQuestion(text, window, try output.form())
        question.timeout = timeout
        let matched: UInt64
        let reason: String?
        if try self.source.place.settings().hasStages(text) {
            let shown = Pager(isWanted: output.wantsPager)
            let meta = try await source.search(question) { try shown.write($0) }
            shown.close()
            output.report(meta, question)
            (matched, reason) = (meta.matched, meta.reason)
        } else {
            let report = try await StatsReport(source, question)
            try output.show(report.bytes)
            (matched, reason) = (report.matched, report.reason)
        }
        if exitStatus, matched == 0 { throw ExitCode(number: 1, message: nil) }
        if let reason { throw ExitCode.partial("the result is not whole: \(reason)") }
    }
}

extension Settings {
    /// Reads a query without knowing which fields there are; nil for a text that is none.
    func reading(_ text: String) -> Query? {
        try? Query.parse(text, QueryContext(fields: { _ in .open }, saved: savedQueries))
    }

    /// Whether a query makes tables itself.
    func hasStages(_ text: String) -> Bool { reading(text).map { !$0.stages.isEmpty } ?? false }
}
