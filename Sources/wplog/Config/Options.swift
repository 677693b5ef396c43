import ArgumentParser
import FoundationEssentials
import Parse
import Query

/// The options that say where data and server are, the same for all commands.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory.", valueName: "DIR"))
    var data: String?

    @Option(
        help: ArgumentHelp("A settings file in TOML. Default: \(Settings.standardFile).", valueName: "FILE"))
    var config: String?

    /// The settings that hold for this command.
    func settings(_ more: [String: String?] = [:]) throws -> Settings {
        try Self.settings(more, data, config)
    }

    /// What the settings are, and who says so.
    func values() throws -> SettingValues {
        try SettingValues(
            flags: [Setting.data.key: data], file: config, environment: ProcessInfo.processInfo.environment)
    }

    /// The settings file that holds, whether it exists or not.
    var settingsFile: String { (try? values().file.path) ?? Settings.standardFile }

    static func settings(_ more: [String: String?], _ data: String?, _ config: String?) throws -> Settings {
        try Settings(
            flags: more.merging([Setting.data.key: data]) { first, _ in first }, file: config,
            environment: ProcessInfo.processInfo.environment)
    }
}

/// The options that say which formats hold, for commands that read lines themselves.
struct FormatOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder of pattern files; its patterns replace built-in ones of the same name.",
            valueName: "DIR"))
    var patterns: [String] = []

    @Option(
        help: ArgumentHelp(
            "A settings file with formats. Default: \(Settings.standardFile).", valueName: "FILE"))
    var config: String?

    /// The zone of a name; nil is that of the settings.
    func zone(_ name: String?) throws -> ZoneRule {
        try name.map { try Zones.rule(named: $0) } ?? PlaceOptions.settings([:], nil, config).zone
    }

    /// What the settings say of hosts.
    func hosts() throws -> HostRules { try PlaceOptions.settings([:], nil, config).hosts }

    /// The formats of the settings file and of the program, with the patterns of all folders.
    func formats() throws -> FormatSet {
        var settings = try PlaceOptions.settings([:], nil, config)
        settings.patterns += patterns
        return try settings.formats()
    }
}
