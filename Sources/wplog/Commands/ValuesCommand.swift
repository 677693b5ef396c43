import ArgumentParser
import Query

/// The command wplog values.
struct ValuesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "values",
        abstract: "The commonest values of a field.",
        discussion: """
            wplog values status
            wplog values host do                  that begin with do
            wplog values path -n 100 --since 2h
            """)

    @Argument(help: ArgumentHelp("The field.", valueName: "field"), completion: QueryCompletion.fields)
    var field: String

    @Argument(help: ArgumentHelp("What the values begin with.", valueName: "prefix"))
    var prefix = ""

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Values at most.", valueName: "N"))
    var limit = 20

    @OptionGroup var window: WideWindowOptions

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        try SearchQuestion.check(limit: limit)
        let list = InventoryList.values(of: field, prefix: prefix, limit: limit)
        let question = SearchQuestion("", window, try output.form())
        try output.show(try await source.source().inventory(list, question))
    }
}
