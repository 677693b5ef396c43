import Parse
import Query
import TOMLKit

/// One `[[host]]` of the settings file: the zone of a host, or of some, and other names of one.
struct HostTable {
    let rule: HostRule
    /// `FILE:LINE` of its head.
    let place: String

    private static let keys = ["name", "network", "listener", "zone", "aliases"]

    static func all(_ table: TOMLTable, _ path: String, _ text: String) throws -> [HostTable] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let heads = lines.indices.filter { lines[$0].drop { $0 == " " }.hasPrefix("[[host]]") }
        guard let array = table["host"]?.array else {
            throw ExitCode.usage("\(path): hosts are written [[host]], each with its keys below")
        }
        var hosts: [HostTable] = []
        for (index, element) in array.enumerated() {
            let place = "\(path):\(index < heads.count ? heads[index] + 1 : 1)"
            guard let inner = element.table else {
                throw ExitCode.usage("\(place): a [[host]] is a table of keys")
            }
            let host = try HostTable(inner, place)
            for alias in host.rule.aliases {
                if let other = hosts.first(where: { ($0.rule.names + $0.rule.aliases).contains(alias) }) {
                    throw ExitCode.usage(
                        "\(place): \(alias) is a name of the [[host]] at \(other.place) already")
                }
            }
            hosts.append(host)
        }
        return hosts
    }

    private init(_ table: TOMLTable, _ place: String) throws {
        func error(_ message: String) -> ExitCode { .usage("\(place): \(message)") }
        for key in table.keys.sorted() where !Self.keys.contains(key) {
            throw error(
                "there is no key \"\(key)\" in a [[host]]; there are \(Self.keys.joined(separator: ", "))")
        }
        /// A text, or a list of texts.
        func list(_ key: String) throws -> [String] {
            guard let value = table[key] else { return [] }
            let texts = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
            guard !texts.isEmpty, !texts.contains(""), texts.count == value.array?.count ?? 1 else {
                throw error("\(key) must be a text in quotes, or a list of such")
            }
            return texts
        }
        var rule = HostRule()
        rule.names = try list("name")
        rule.networks = try list("network").map { text in
            guard let network = Network(text) ?? IPAddress(text).map({ Network($0) }) else {
                throw error("network \"\(text)\" is no network like 10.1.0.0/16 and no address")
            }
            return network
        }
        rule.listeners = try list("listener").map { word in
            guard let listener = Peer.Listener.allCases.first(where: { $0.name == word && $0 != .own }) else {
                throw error("\"\(word)\" is no listener; there are udp, tcp, file")
            }
            return listener
        }
        guard !rule.names.isEmpty || !rule.networks.isEmpty || !rule.listeners.isEmpty else {
            throw error("a [[host]] needs a name, a network or a listener: whom it speaks of")
        }
        rule.zone = try list("zone").first
        if let zone = rule.zone, Zones.find(zone) == nil {
            throw error(
                "zone \"\(zone)\" is no time zone: write an IANA name such as Europe/Berlin, local, UTC, or +01:00"
            )
        }
        rule.aliases = try list("aliases")
        guard rule.zone != nil || !rule.aliases.isEmpty else {
            throw error("a [[host]] says a zone, or aliases, or both")
        }
        if !rule.aliases.isEmpty {
            let isOne = rule.names.count == 1 && !rule.names.contains { $0.contains("*") || $0.contains("?") }
            guard isOne else { throw error("aliases are those of one host: give one name, without * and ?") }
        }
        self.rule = rule
        self.place = place
    }
}
