import Parse

/// Which names of a list are those of one host: aliases that the settings give, and a short and a full name whose
/// lines come from one address.
///
/// `web1.a.test` and `web1.b.test` are two hosts. Where both send from the address of `web1`, as through a relay,
/// nobody can tell whose short name that is: then it stands for itself.
struct HostMerge {
    /// The name that a host is listed under, by its other names.
    private var chiefs: [[UInt8]: [UInt8]] = [:]

    /// - `names`: all names.
    /// - `addresses`: the addresses that lines of some names come from, asked for where that matters.
    init(
        _ names: [[UInt8]], _ rules: HostRules, addresses: ([[UInt8]]) throws -> [[UInt8]: Set<[UInt8]>]
    ) rethrows {
        let present = Set(names)
        for name in names {
            guard let text = String(validating: name, as: UTF8.self) else { continue }
            let all = rules.names(of: text)
            if let chief = all.first, chief != text { chiefs[name] = Array(chief.utf8) }
        }
        var full: [[UInt8]: [[UInt8]]] = [:]
        for name in names where IPAddress(name.span, 0..<name.count) == nil {
            guard let dot = name.firstIndex(of: 0x2E), dot > 0 else { continue }
            let short = Array(name[..<dot])
            if present.contains(short) { full[short, default: []].append(name) }
        }
        guard !full.isEmpty else { return }
        let known = try addresses(full.flatMap { [$0.key] + $0.value })
        for (short, candidates) in full {
            let own = known[short] ?? []
            let same = candidates.filter { !(known[$0] ?? []).isDisjoint(with: own) }
            if same.count == 1, chiefs[same[0]] == nil { chiefs[same[0]] = chiefs[short] ?? short }
        }
    }

    /// Whether every name is a host of its own.
    var isEmpty: Bool { chiefs.isEmpty }

    /// The name that the host is listed under.
    func chief(of name: [UInt8]) -> [UInt8] { chiefs[name] ?? name }
}
