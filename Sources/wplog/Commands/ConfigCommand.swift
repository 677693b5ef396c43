import ArgumentParser
import FoundationEssentials
import Parse
import Query

/// The command wplog config.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings and where they come from, or check them.",
        discussion: """
            wplog config show
            wplog config check --config ./wplog.toml && systemctl reload wplog
            """,
        subcommands: [ConfigShow.self, ConfigCheck.self])
}

/// The command wplog config show.
struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Each setting, its value, and who says so.",
        discussion: """
            wplog config show
            WPLOG_HTTP=:80 wplog config show
            """)

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        let values = try place.values()
        let rows = Setting.all.map { setting in (setting.key, values[setting]) }
        let width = rows.map { max(1, $0.1.text.count) }.max() ?? 1
        var text = ""
        for (key, value) in rows {
            let shown = value.text.isEmpty ? "-" : value.text
            text += "\(Words.padded(key, 14))\(Words.padded(shown, width))  \(value.origin)\n"
        }
        for format in values.file.formats {
            text += "\(Words.padded("format", 14))\(format.name)  file \(format.place)\n"
        }
        for host in values.file.hosts {
            let names = host.rule.names + host.rule.networks.map { "\($0)" } + host.rule.listeners.map(\.name)
            text += "\(Words.padded("host", 14))\(names.joined(separator: ", "))  file \(host.place)\n"
        }
        for rule in values.file.retention {
            text += "\(Words.padded("retention", 14))\(rule.keep)  file \(rule.place)\n"
        }
        if !values.file.exists { text += "there is no settings file \(values.file.path)\n" }
        try Output.write(Array(text.utf8))
    }
}

/// The command wplog config check.
struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read settings, formats, patterns and saved searches; exit with 2 where one is wrong.",
        discussion: """
            wplog config check
            wplog config check --config ./wplog.toml
            """)

    @OptionGroup var place: PlaceOptions

    mutating func run() async throws {
        let values = try place.values()
        let settings = try Settings(values)
        _ = try settings.formats()
        try settings.retention.check(values.file)
        // As the server asks for it: what is missing by name is a mistake, the default may be missing.
        let isNamed = values[.searches].origin != .standard
        let searches = try SavedSearches(settings.searches, mustExist: isNamed)
        for search in searches.all.values.sorted(by: { $0.name < $1.name }) {
            let context = QueryContext(fields: { _ in .open }, saved: searches.queries)
            do throws(QueryError) { _ = try Query.parse(search.query, context) } catch {
                throw ExitCode.usage(
                    "\(settings.searches)/\(search.name).toml: \(error.rendered(query: search.query))")
            }
        }
        let file = values.file
        let formats = Words.count(UInt64(settings.userFormats.count), "format")
        let saved = searches.all.count == 1 ? "1 saved search" : "\(searches.all.count) saved searches"
        try Output.write(
            Array("OK: \(file.exists ? file.path : "no settings file"), \(formats), \(saved)\n".utf8))
    }
}
