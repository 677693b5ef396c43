import ArgumentParser
import FoundationEssentials

/// The options that say where data and server are, the same for all commands.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory.", valueName: "DIR"))
    var data: String?

    @Option(
        help: ArgumentHelp("A settings file in TOML. Default: \(Settings.standardFile).", valueName: "FILE"))
    var config: String?

    /// The settings that hold for this command.
    func settings(_ more: [String: String?] = [:]) throws -> Settings {
        try Settings(
            flags: more.merging([Setting.data.key: data]) { first, _ in first }, file: config,
            environment: ProcessInfo.processInfo.environment)
    }
}
