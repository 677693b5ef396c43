import FoundationEssentials
import Glibc
import Parse
import Query
import TOMLKit

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
    static let all = [data, syslogUDP, syslogTCP, http, zone, patterns, searches]

    var variable: String { "WPLOG_" + key.uppercased() }
}

extension Settings {
    static let standardFile = "/etc/wplog/wplog.toml"

    /// Hears the flags first, then the environment, then the file, then the defaults.
    ///
    /// - `flags`: what the command line says, by setting.
    /// - `file`: the settings file; nil is the standard one, which need not exist.
    init(flags: [String: String?], file: String?, environment: [String: String]) throws {
        let path = file ?? environment["WPLOG_CONFIG"]
        let table = try SettingsFile(path ?? Self.standardFile, mustExist: path != nil)
        func value(_ setting: Setting) -> String {
            if case let flag?? = flags[setting.key] { return flag }
            return environment[setting.variable] ?? table.values[setting.key] ?? setting.standard
        }
        func address(_ setting: Setting) throws -> Address? {
            let text = value(setting)
            return text == "off" ? nil : try Address(text)
        }
        data = value(.data)
        syslogUDP = try address(.syslogUDP)
        syslogTCP = try address(.syslogTCP)
        http = try Address(value(.http))
        zone = try Zones.rule(named: value(.zone))
        patterns = value(.patterns).isEmpty ? [] : [value(.patterns)]
        userFormats = table.formats
        searches = value(.searches)
    }

    /// The saved searches, read anew for each query that names one.
    var savedQueries: SavedQueries {
        let folder = searches
        return SavedQueries(
            text: { name in (try? SavedSearches(folder))?.all[name]?.query },
            names: { (try? SavedSearches(folder))?.all.keys.sorted() ?? [] })
    }

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

/// The settings file: one table of TOML, every value a text.
struct SettingsFile {
    private(set) var values: [String: String] = [:]
    private(set) var formats: [UserFormat] = []

    /// Reads the file.
    ///
    /// Errors name the file and, as far as it is known, the line.
    init(_ path: String, mustExist: Bool) throws {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            if mustExist { throw ExitCode.usage("cannot read the settings file \(path)") }
            return
        }
        let text = String(decoding: data, as: UTF8.self)
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch let error as TOMLParseError {
            throw ExitCode.usage("\(path):\(error.source.begin.line): \(error.description)")
        }
        let known = Setting.all.map(\.key)
        for key in table.keys.sorted() {
            let place = "\(path):\(Self.line(of: key, in: text))"
            if key == "format" {
                try readFormats(table, path, text)
                continue
            }
            guard known.contains(key) else {
                throw ExitCode.usage(
                    "\(place): there is no setting \"\(key)\"; there are \(known.joined(separator: ", ")), [[format]]"
                )
            }
            guard let value = table[key]?.string else {
                throw ExitCode.usage("\(place): \(key) must be a text in quotes")
            }
            values[key] = value
        }
    }

    private mutating func readFormats(_ table: TOMLTable, _ path: String, _ text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let heads = lines.indices.filter { lines[$0].drop { $0 == " " }.hasPrefix("[[format]]") }
        guard let array = table["format"]?.array else {
            throw ExitCode.usage("\(path): formats are written [[format]], each with its keys below")
        }
        for (index, element) in array.enumerated() {
            let place = "\(path):\(index < heads.count ? heads[index] + 1 : 1)"
            guard let inner = element.table else {
                throw ExitCode.usage("\(place): a format is a table of keys")
            }
            let format = try FormatTable(inner, place: place).format()
            if let first = formats.first(where: { $0.name == format.name }) {
                throw ExitCode.usage("\(place): format \(format.name) stands at \(first.place) already")
            }
            formats.append(format)
        }
    }

    private static func line(of key: String, in text: String) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.drop { $0 == " " || $0 == "\"" }.hasPrefix(key) } ?? 0) + 1
    }
}
