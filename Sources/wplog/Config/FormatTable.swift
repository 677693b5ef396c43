import Parse
import TOMLKit

/// One `[[format]]` of the settings file.
///
/// docs/formats.md describes its keys.
struct FormatTable {
    private let table: TOMLTable
    /// `FILE:LINE` of its head.
    private let place: String

    private static let keys = [
        "name", "programs", "hosts", "listeners", "patterns", "definitions", "body", "fields", "types",
        "time",
        "time_format", "zone", "level", "begins", "continues",
    ]

    init(_ table: TOMLTable, place: String) {
        self.table = table
        self.place = place
    }

    /// The format, or an error that names the key.
    func format() throws -> UserFormat {
        for key in table.keys.sorted() where !Self.keys.contains(key) {
            throw error(
                "there is no key \"\(key)\" in a format; there are \(Self.keys.joined(separator: ", "))")
        }
        guard let name = try text("name"), !name.isEmpty else { throw error("a format needs a name") }
        var format = UserFormat(name: name, place: place)
        format.programs = try list("programs")
        guard !format.programs.isEmpty else {
            throw error("format \(name) needs programs, for example programs = [\"myapp\"]; \"*\" is any")
        }
        format.hosts = try list("hosts")
        format.listeners = try list("listeners").map { word in
            guard let listener = Peer.Listener.allCases.first(where: { $0.name == word && $0 != .own }) else {
                throw error("\"\(word)\" is no listener; there are udp, tcp, file")
            }
            return listener
        }
        format.patterns = try list("patterns")
        format.definitions = try map("definitions").sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        format.fields = try map("fields")
        format.types = try map("types")
        for (field, type) in format.types where !UserFormat.typeNames.contains(type) {
            throw error(
                "\"\(type)\" (of \(field)) is no type; there are \(UserFormat.typeNames.joined(separator: ", "))"
            )
        }
        if let word = try text("body") {
            guard let body = UserFormat.Body(rawValue: word) else {
                throw error("body is \"\(word)\", and must be json or pairs")
            }
            format.body = body
        }
        guard !format.patterns.isEmpty || format.body != nil else {
            throw error("format \(name) needs patterns, or body = \"json\" or \"pairs\"")
        }
        format.time = try text("time")
        format.timeFormats = try list("time_format")
        if let zone = try text("zone") {
            guard Zones.find(zone) != nil else { throw error("zone \"\(zone)\" is no time zone") }
            format.zone = zone
        }
        format.level = try text("level")
        format.begins = try text("begins")
        format.continues = try text("continues")
        return format
    }

    private func text(_ key: String) throws -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw error("\(key) must be a text in quotes") }
        return text
    }

    /// A list of texts; one text stands for a list of one.
    private func list(_ key: String) throws -> [String] {
        guard let value = table[key] else { return [] }
        if let text = value.string { return [text] }
        guard let array = value.array else { throw error("\(key) must be a list of texts") }
        return try array.map { element in
            guard let text = element.string else { throw error("\(key) must be a list of texts") }
            return text
        }
    }

    private func map(_ key: String) throws -> [String: String] {
        guard let value = table[key] else { return [:] }
        guard let inner = value.table else { throw error("\(key) must be a table of texts") }
        var map: [String: String] = [:]
        for name in inner.keys {
            guard let text = inner[name]?.string else { throw error("\(key).\(name) must be a text") }
            map[name] = text
        }
        return map
    }

    private func error(_ message: String) -> ExitCode { .usage("\(place): \(message)") }
}
