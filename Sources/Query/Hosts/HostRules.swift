package import Parse

/// What the settings say of one host, or of some (`[[host]]`).
package struct HostRule: Sendable {
    /// Names, `*` and `?` as in queries; a name also stands for those that it is the first label of.
    ///
    /// Empty for any.
    package var names: [String] = []
    /// Where its lines come from; empty for anywhere.
    package var networks: [Network] = []
    /// Empty for any.
    package var listeners: [Peer.Listener] = []
    /// The zone of its times without one, as `zone` of the settings is written; nil for that one.
    package var zone: String?
    /// Other names of the one host that `names` has.
    package var aliases: [String] = []

    package init() {}
}

/// What the settings say of hosts: the first rule that admits a host holds.
package struct HostRules: Sendable {
    private let rules: [(rule: HostRule, names: [Name])]

    private enum Name: Sendable {
        case host([UInt8])
        case glob(GlobMatcher)

        func admits(_ host: [UInt8]) -> Bool {
            switch self {
            case .host(let name): ByteText.equalsHost(name, in: host.span, 0..<host.count)
            case .glob(let glob): glob.matchesWhole(host.span, 0..<host.count)
            }
        }
    }

    package static let none = HostRules([])

    package init(_ rules: [HostRule]) {
        self.rules = rules.map { rule in
            let names = (rule.names + rule.aliases).map { name -> Name in
                QueryParser.glob(name).map { .glob(GlobMatcher($0)) } ?? .host(ByteText.lowercased(name))
            }
            return (rule, names)
        }
    }

    /// Finds the zones of hosts; nil where no rule has one.
    package var zones: HostZones? {
        guard rules.contains(where: { $0.rule.zone != nil }) else { return nil }
        return HostZones { host, sender in zone(of: host, sender) }
    }

    /// The zone of the times of a host; nil for that of the settings.
    ///
    /// - `host`: the name that its lines bear, or its address.
    package func zone(of host: [UInt8], _ sender: Peer) -> String? {
        let address = IPAddress(sender.address)
        return rules.first { rule, names in
            guard rule.zone != nil, rule.listeners.isEmpty || rule.listeners.contains(sender.listener),
                names.isEmpty || names.contains(where: { $0.admits(host) })
            else { return false }
            return rule.networks.isEmpty
                || rule.networks.contains { network in address.map { network.contains($0) } ?? false }
        }?.rule.zone
    }

    /// All names of the host that `name` is one of, the chief one first; empty where no rule has aliases for it.
    package func names(of name: String) -> [String] {
        let wanted = ByteText.lowercased(name)
        for (rule, _) in rules where !rule.aliases.isEmpty {
            let all = rule.names + rule.aliases
            if all.contains(where: { ByteText.lowercased($0) == wanted }) { return all }
        }
        return []
    }

    /// The query with each test for a host by name asking for all names of that host.
    func widened(_ query: Query) -> Query {
        guard rules.contains(where: { !$0.rule.aliases.isEmpty }) else { return query }
        var query = query
        query.filter = widened(query.filter)
        query.stages = query.stages.map { stage in
            if case .filter(let filter) = stage { .filter(widened(filter)) } else { stage }
        }
        return query
    }

    private func widened(_ filter: Filter) -> Filter {
        switch filter {
        case .everything: return filter
        case .not(let inner): return .negation(of: widened(inner))
        case .and(let parts): return .all(of: parts.map { widened($0) })
        case .or(let parts): return .any(of: parts.map { widened($0) })
        case .test(let test):
            guard test.field == "host", case .equals(let name) = test.condition else { return filter }
            let names = names(of: name)
            guard !names.isEmpty else { return filter }
            return .any(of: names.map { .test(Test(field: test.field, kind: test.kind, .equals($0))) })
        }
    }
}
