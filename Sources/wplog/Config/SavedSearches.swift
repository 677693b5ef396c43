import FoundationEssentials
import Query
import TOMLKit

/// The saved searches of a folder: one file of TOML each, which `@name` in a query stands for.
///
///     /etc/wplog/searches.d/slow.toml
///
///     query = "request_time:>2s program:nginx"
///     description = "Requests that took long."
struct SavedSearches: Sendable {
    /// One of them.
    struct Search: Sendable {
        /// The name of its file, without `.toml`.
        let name: String
        let query: String
        let description: String
    }

    /// By their names.
    private(set) var all: [String: Search] = [:]

    private static let ending = ".toml"
    private static let keys = ["query", "description"]

    /// Reads every `*.toml` of a folder; other files are left alone.
    ///
    /// Errors name the file and, as far as it is known, the line. A folder that is missing holds none, unless
    /// `mustExist`.
    init(_ folder: String, mustExist: Bool = false) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            if mustExist || FileManager.default.fileExists(atPath: folder) {
                throw ExitCode.usage("cannot read the folder of saved searches \(folder)")
            }
            return
        }
        for file in names.sorted() where file.hasSuffix(Self.ending) && !file.hasPrefix(".") {
            let search = try Self.search(String(file.dropLast(Self.ending.count)), folder + "/" + file)
            all[search.name] = search
        }
    }

    /// What a query asks for by `@name`.
    var queries: SavedQueries { SavedQueries(all.mapValues(\.query)) }

    private static func search(_ name: String, _ path: String) throws -> Search {
        guard SavedQueries.isName(name) else {
            throw ExitCode.usage(
                "\(path): the name of a saved search has letters, digits, - and _, and no others")
        }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw ExitCode.usage("cannot read the saved search \(path)")
        }
        let table: TOMLTable
        do { table = try TOMLTable(string: String(decoding: data, as: UTF8.self)) } catch let error
            as TOMLParseError
        {
            throw ExitCode.usage("\(path):\(error.source.begin.line): \(error.description)")
        }
        for key in table.keys.sorted() where !keys.contains(key) {
            throw ExitCode.usage(
                "\(path): there is no key \"\(key)\" in a saved search; there are \(keys.joined(separator: ", "))"
            )
        }
        guard let query = try text("query", of: table, path) else {
            throw ExitCode.usage("\(path): a saved search needs a query, for example query = \"level:>=err\"")
        }
        return Search(name: name, query: query, description: try text("description", of: table, path) ?? "")
    }

    private static func text(_ key: String, of table: TOMLTable, _ path: String) throws -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else {
            throw ExitCode.usage("\(path): \(key) must be a text in quotes")
        }
        return text
    }
}
