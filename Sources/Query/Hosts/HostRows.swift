import Parse

/// The rows of a list of hosts (`host max min count programs`), those of one host made one.
struct HostRows {
    private(set) var rows: [[ResultTable.Cell]] = []
    /// All names by the one that the host is listed under, where there are several.
    private var all: [ResultTable.Cell: [ResultTable.Cell]] = [:]

    /// - `details`: for some names, a row `host peer program …` for each that occur together.
    init(
        _ rows: [[ResultTable.Cell]], _ rules: HostRules,
        details: ([[UInt8]]) throws -> [[ResultTable.Cell]]
    ) throws {
        let names = rows.compactMap { Self.text($0.first) }
        let merge = try HostMerge(names, rules) { names in
            try details(names).reduce(into: [:]) { addresses, row in
                guard row.count > 1, let host = Self.text(row[0]), let peer = Self.text(row[1]) else {
                    return
                }
                addresses[host, default: []].insert(peer)
            }
        }
        guard !merge.isEmpty else {
            self.rows = rows
            return
        }
        var groups: [ResultTable.Cell: [[ResultTable.Cell]]] = [:]
        for row in rows {
            guard let name = Self.text(row.first) else {
                self.rows.append(row)
                continue
            }
            groups[.text(merge.chief(of: name)), default: []].append(row)
        }
        let several = groups.values.filter { $0.count > 1 }.flatMap { $0.compactMap { Self.text($0.first) } }
        let programs = try several.isEmpty ? [] : details(several)
        for (chief, parts) in groups {
            all[chief] = parts.map { $0[0] }
            self.rows.append(
                parts.count == 1 ? [chief] + parts[0].dropFirst() : Self.sum(parts, chief, programs))
        }
    }

    /// All names of a host.
    func names(of host: ResultTable.Cell) -> [ResultTable.Cell] { all[host] ?? [host] }

    /// The names of a host but the one that it is listed under, with blanks between them.
    func also(_ host: ResultTable.Cell) -> ResultTable.Cell {
        let others = names(of: host).filter { $0 != host }.sorted().compactMap { Self.text($0) }
        return others.isEmpty ? .missing : .text(Array(others.joined(separator: [0x20])))
    }

    private static func sum(
        _ parts: [[ResultTable.Cell]], _ chief: ResultTable.Cell, _ details: [[ResultTable.Cell]]
    ) -> [ResultTable.Cell] {
        let names = Set(parts.map { $0[0] })
        let programs = Set(details.filter { names.contains($0[0]) && $0[2] != .missing }.map { $0[2] })
        var count: UInt64 = 0
        for part in parts { if case .count(let number) = part[3] { count &+= number } }
        let last = parts.map { $0[1] }.max() ?? .missing
        let first = parts.map { $0[2] }.min() ?? .missing
        return [chief, last, first, .count(count), .count(UInt64(programs.count))]
    }

    private static func text(_ cell: ResultTable.Cell?) -> [UInt8]? {
        if case .text(let text)? = cell { text } else { nil }
    }
}
