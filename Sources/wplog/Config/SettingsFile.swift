import FoundationEssentials
import Parse
import TOMLKit

/// The settings file: one table of TOML, every value a text.
struct SettingsFile {
    let path: String
    /// Whether there is such a file.
    private(set) var exists = false
    private(set) var values: [String: String] = [:]
    /// The line of each of them.
    private(set) var lines: [String: Int] = [:]
    private(set) var formats: [UserFormat] = []
    /// The classes of events that are kept for a shorter time.
    private(set) var retention: [RetentionTable] = []
    /// What is said of hosts.
    private(set) var hosts: [HostTable] = []

    /// Reads the file.
    ///
    /// Errors name the file and, as far as it is known, the line.
    init(_ path: String, mustExist: Bool) throws {
        self.path = path
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            if mustExist { throw ExitCode.usage("cannot read the settings file \(path)") }
            return
        }
        exists = true
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
            if key == "retention" {
                retention = try RetentionTable.all(table, path, text)
                continue
            }
            if key == "host" {
                hosts = try HostTable.all(table, path, text)
                continue
            }
            guard known.contains(key) else {
                throw ExitCode.usage(
                    "\(place): there is no setting \"\(key)\"; there are \(known.joined(separator: ", ")), [[format]], [[host]], [[retention]]"
                )
            }
            guard let value = table[key]?.string else {
                throw ExitCode.usage("\(place): \(key) must be a text in quotes")
            }
            values[key] = value
            lines[key] = Self.line(of: key, in: text)
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
