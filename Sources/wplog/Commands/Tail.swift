import ArgumentParser

/// The command wplog tail.
struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow lines as they come in.",
        discussion: """
            wplog tail                                  everything
            wplog tail 'program:nginx status:5xx'       what matches
            wplog tail 'level:>=err' --bell-on disk     with a bell for some

            The newest lines that are there come first, then every new one, once, within a second. Where the
            connection breaks, tail comes back and goes on behind the last line that it has shown.
            """)

    @Argument(
        help: ArgumentHelp("As for search; behind | only where, extract and fields.", valueName: "query"),
        completion: QueryCompletion.kind)
    var query: [String] = []

    @OptionGroup var window: WindowOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Lines that are there already: the newest.", valueName: "N"))
    var limit = 20

    @Option(help: ArgumentHelp("Lines a second at most; what is more is counted.", valueName: "N"))
    var rate = 500

    @Flag(help: "Every line, however many there are.")
    var noLimit = false

    @Option(help: ArgumentHelp("Ring the terminal's bell for lines that hold this text.", valueName: "TEXT"))
    var bellOn: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        try SearchQuestion.check(limit: limit, from: 0)
        guard rate > 0 else { throw ExitCode.usage("--rate takes a number above 0; --no-limit lifts it") }
        let tail = TailFollower(
            query: query.joined(separator: " "), window: window, limit: limit, output: output, source: source,
            rate: noLimit ? nil : rate, bell: bellOn)
        try await tail.run()
    }
}
