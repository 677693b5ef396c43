import FoundationEssentials
import Glibc
import Index
import Parse
import Query

/// What a command runs with, after the command line, the environment and the settings file have been heard.
struct Settings {
    var data: String
    var syslogUDP: Address?
    var syslogTCP: Address?
    var http: Address
    /// The zone of times in lines that have none.
    var zone: ZoneRule
    /// Folders of grok patterns that are taken besides the built-in ones, a later one before an earlier one.
    var patterns: [String]
    /// The formats of the settings file.
    var userFormats: [UserFormat]
    /// The folder of saved searches.
    var searches: String
    /// How much room of the disk is left alone.
    var disk: DiskPolicy
    /// How long events are kept.
    var retention: RetentionRules
    /// Zones and other names of hosts.
    var hosts: HostRules
}

/// A host and a port to listen on.
struct Address: CustomStringConvertible, Sendable {
    var host: String
    var port: Int

    /// Reads `127.0.0.1:5514`, `[::1]:5514`, or `:5514` for all addresses.
    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ExitCode.usage("\"\(text)\" is no HOST:PORT with a port from 0 to 65535") }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host.isEmpty ? "::" : host
        self.port = port
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// One setting: its names in the three places, and its default.
struct Setting {
    /// Key in the settings file; the flag is the same with `-`, the variable with `WPLOG_` in capitals.
    let key: String
    let standard: String

    static let data = Setting(key: "data", standard: "/var/lib/wplog")
    static let syslogUDP = Setting(key: "syslog_udp", standard: "127.0.0.1:5514")
    static let syslogTCP = Setting(key: "syslog_tcp", standard: "127.0.0.1:5514")
    static let http = Setting(key: "http", standard: "127.0.0.1:8514")
    static let zone = Setting(key: "zone", standard: "local")
    static let patterns = Setting(key: "patterns", standard: "")
    static let searches = Setting(key: "searches", standard: "/etc/wplog/searches.d")
    static let diskReserve = Setting(key: "disk_reserve", standard: "auto")
    static let diskBallast = Setting(key: "disk_ballast", standard: "64MiB")
    static let hotDays = Setting(key: "hot_days", standard: "\(RetentionRules.hotDaysDefault)")
    static let hotSize = Setting(key: "hot_size", standard: "off")
    static let archiveKeep = Setting(key: "archive_keep", standard: "off")
    static let all = [
        data, syslogUDP, syslogTCP, http, zone, patterns, searches, hotDays, hotSize, archiveKeep,
        diskReserve,
        diskBallast,
    ]

    var variable: String { "WPLOG_" + key.uppercased() }
    var flag: String { "--" + key.replacing("_", with: "-") }
}

extension Settings {
    static let standardFile = "/etc/wplog/wplog.toml"

    /// Hears the flags first, then the environment, then the file, then the defaults.
    ///
    /// - `flags`: what the command line says, by setting.
    /// - `file`: the settings file; nil is the standard one, which need not exist.
    init(flags: [String: String?], file: String?, environment: [String: String]) throws {
        try self.init(SettingValues(flags: flags, file: file, environment: environment))
    }

    init(_ values: SettingValues) throws {
        func address(_ text: String) throws -> Address? { text == "off" ? nil : try Address(text) }
        data = values[.data].text
        syslogUDP = try values.read(.syslogUDP, address)
        syslogTCP = try values.read(.syslogTCP, address)
        http = try values.read(.http) { try Address($0) }
        zone = try values.read(.zone) { try Zones.rule(named: $0) }
        patterns = values[.patterns].text.isEmpty ? [] : [values[.patterns].text]
        userFormats = values.file.formats
        searches = values[.searches].text
        disk = try DiskPolicy(values)
        retention = try RetentionRules(values)
        hosts = HostRules(values.file.hosts.map(\.rule))
    }

    /// The saved searches, read anew for each query that names one.
    var savedQueries: SavedQueries {
        let folder = searches
        return SavedQueries(
            text: { name in (try? SavedSearches(folder))?.all[name]?.query },
            names: { (try? SavedSearches(folder))?.all.keys.sorted() ?? [] })
    }

    /// What lines are read with.
    func reading() throws -> ReadingRules { ReadingRules(formats: try formats(), hosts: hosts) }

    /// All formats, compiled with the built-in patterns and those of the user's folder, which take precedence.
    func formats() throws -> FormatSet {
        do {
            var library = PatternLibrary.embedded
            for folder in patterns { library = try PatternFolder.library(folder, over: library) }
            return try FormatSet(library: library, users: userFormats)
        } catch let error as GrokError {
            throw ExitCode.usage("\(error)")
        }
    }
}
