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
            wplog search 'timeout' -C 3                 with 3 lines around each, and all of its request
            wplog search -f 'program:nginx status:5xx'  the newest, and then what comes

            wplog help query explains the language. Off a terminal every line of the window is written.
            """,
        aliases: ["s"])

    @Argument(
        help: ArgumentHelp("Words, \"phrases\", field:value, AND OR NOT ( ), | stages.", valueName: "query"),
        completion: QueryCompletion.kind)
    var query: [String] = []

    @OptionGroup var window: WindowOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Lines at most: the newest. On a terminal 200, else all.", valueName: "N"))
    var limit: Int?

    @Flag(help: "Every line of the window.")
    var all = false

    @Option(
        name: .customShort("A"),
        help: ArgumentHelp("Lines after each, of its host, and all of its request.", valueName: "N"))
    var after: Int?

    @Option(name: .customShort("B"), help: ArgumentHelp("Lines before each.", valueName: "N"))
    var before: Int?

    @Option(name: .customShort("C"), help: ArgumentHelp("Lines before and after each.", valueName: "N"))
    var context: Int?

    @Option(
        help: ArgumentHelp(
            "Whose lines -A, -B and -C show: host, program or all (hosts). Default: host.", valueName: "WHOSE"
        ),
        completion: .list(ContextScope.allCases.map(\.rawValue)))
    var contextOf: String?

    @Flag(name: [.customShort("f"), .long], help: "Go on with what comes: as wplog tail.")
    var follow = false

    @Flag(help: "Newest first.")
    var reverse = false

    @Flag(name: [.customShort("e"), .long], help: "Exit with 1 where nothing matches.")
    var exitStatus = false

    @Option(help: ArgumentHelp("Stop after so long. Default: 30s, with --all 1h.", valueName: "TIME"))
    var timeout: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        if let limit { try SearchQuestion.check(limit: limit) }
        if let contextOf, ContextScope(rawValue: contextOf) == nil {
            throw ExitCode.usage("--context-of takes host, program or all, and not \"\(contextOf)\"")
        }
        if follow {
            let tail = TailFollower(
                query: text, window: window, limit: limit ?? 20, output: output, source: source, rate: 500,
                bell: nil)
            return try await tail.run()
        }
        if all, reverse {
            throw ExitCode.usage(
                "--all hands on what it reads, oldest first: leave out --reverse, or say -n N")
        }
        var question = SearchQuestion(text, window, try output.form())
        question.isReversed = reverse
        question.timeout = timeout
        // Whatever has to be turned round or looked at whole has an end.
        question.isAll = all || limit == nil && !output.isTerminal && !reverse && !hasContext
        // A stream has no limit, but what a stage like sort makes of it has.
        question.limit = limit ?? (all || !output.isTerminal ? SearchQuestion.limitMost : 200)
        let shown = Pager(isWanted: output.wantsPager)
        let meta = try await source.source().search(question) { try shown.write($0) }
        shown.close()
        output.report(meta, question)
        if exitStatus, meta.matched == 0 { throw ExitCode(number: 1, message: nil) }
        if let reason = meta.reason { throw ExitCode.partial("the result is not whole: \(reason)") }
    }

    private var hasContext: Bool { (context ?? before ?? after) != nil || contextOf != nil }

    /// The query, with the lines around each as a stage.
    private var text: String {
        let text = query.joined(separator: " ")
        guard hasContext else { return text }
        // --context-of alone is the stage alone.
        let standard = context ?? ((before ?? after) == nil ? 5 : 0)
        return "\(text) | context before \(before ?? standard) after \(after ?? standard)"
            + " of \(contextOf ?? ContextScope.host.rawValue)"
    }
}
