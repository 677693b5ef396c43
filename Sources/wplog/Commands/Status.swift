import ArgumentParser

/// The command wplog status.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How the server is doing, as JSON.")

    @Option(help: ArgumentHelp("Ask this server, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        try Output.write(try await Source(server: server, place: place).status())
    }
}
