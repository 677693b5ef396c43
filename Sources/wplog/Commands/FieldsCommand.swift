import ArgumentParser
import Query

/// The command wplog fields.
struct FieldsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: "The fields that a query can name: what they hold, their unit, and their other names.",
        discussion: """
            wplog fields
            wplog fields --since 2h -o tsv | cut -f 1
            """)

    @OptionGroup var window: WideWindowOptions

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        let question = SearchQuestion("", window, try output.form())
        try output.show(try await source.source().inventory(.fields, question))
    }
}
