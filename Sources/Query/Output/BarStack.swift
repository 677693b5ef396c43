/// Counts by time and one group, drawn as one bar a time in which each group has a letter of its own.
struct BarStack {
    /// A letter, the name and the sum of each group, the largest first; those without a letter are `+`.
    private(set) var legend: [(letter: String, name: [UInt8], total: UInt64)] = []
    /// Times and the sums of their groups.
    private(set) var totals: ResultTable
    /// By time: the counts of the groups in the order of the legend.
    private var counts: [[UInt64]] = []
    private var most: UInt64 = 0

    /// Groups with a letter: more are hard to tell apart.
    private static let groupLimit = 8

    /// Nil for a table of another shape than time, group, count.
    init?(_ table: ResultTable) {
        guard table.columns.count == 3, !table.rows.isEmpty else { return nil }
        var byTime: [Int64: [[UInt8]: UInt64]] = [:]
        var sums: [[UInt8]: UInt64] = [:]
        for row in table.rows {
            guard row.count == 3, case .time(let time) = row[0], case .count(let count) = row[2] else {
                return nil
            }
            var name = Array("-".utf8)
            switch row[1] {
            case .text(let text): name = text
            case .missing: break
            case .count, .number, .time: return nil
            }
            byTime[time, default: [:]][name, default: 0] &+= count
            sums[name, default: 0] &+= count
        }
        let groups = sums.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
        }
        let named = groups.count > Self.groupLimit ? groups.prefix(Self.groupLimit - 1) : groups[...]
        for (group, letter) in zip(named, "abcdefgh") { legend.append(("\(letter)", group.key, group.value)) }
        let rest = groups.dropFirst(named.count)
        if !rest.isEmpty {
            legend.append(("+", Array("\(rest.count) others".utf8), rest.reduce(0) { $0 &+ $1.value }))
        }
        totals = ResultTable(columns: [table.columns[0], table.columns[2]], rows: [])
        for (time, groups) in byTime.sorted(by: { $0.key < $1.key }) {
            let total = groups.values.reduce(0, &+)
            var row = named.map { groups[$0.key] ?? 0 }
            if !rest.isEmpty { row.append(total &- row.reduce(0, &+)) }
            counts.append(row)
            totals.rows.append([.time(time), .count(total)])
            most = max(most, total)
        }
    }

    /// The bar of a time.
    ///
    /// Each group ends where the sum up to it ends, so that the length is right whatever is rounded.
    func bar(_ index: Int, room: Int) -> [UInt8] {
        var bar: [UInt8] = []
        var sum: UInt64 = 0
        for (count, group) in zip(counts[index], legend) {
            sum &+= count
            let end = most == 0 ? 0 : Int((Double(sum) / Double(most) * Double(room)).rounded())
            for _ in bar.count..<max(bar.count, end) { bar += group.letter.utf8 }
        }
        // What is more than nothing shows.
        if bar.isEmpty, let group = zip(counts[index], legend).first(where: { $0.0 > 0 }) {
            bar += group.1.letter.utf8
        }
        return bar
    }
}
