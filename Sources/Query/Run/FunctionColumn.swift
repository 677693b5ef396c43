import Parse

/// One function of an aggregation, group by group.
///
/// Of the lists below only those are in use that the function needs; each has an entry a group.
struct FunctionColumn {
    private let function: AggregateFunction
    /// Rows with a value; for sums and averages with a number.
    private var counts: [UInt64] = []
    private var sums: [Double] = []
    /// The least, greatest, first or last value.
    private var values: [ResultTable.Cell] = []
    /// Where the first or last value stands.
    private var places: [(order: Int64, sequence: UInt64)] = []
    private var distinct: [Set<CellHash>] = []
    /// How often each number occurs.
    private var numbers: [[Double: UInt64]] = []
    /// Entries of the two lists above.
    private var entries = 0
    private(set) var partial: String?

    /// Different values that are kept for percentiles and distinct counts, in all groups and functions together.
    static let entryLimit = 4_000_000

    private let entryLimit: Int

    init(_ function: AggregateFunction, entryLimit: Int = Self.entryLimit) {
        self.function = function
        self.entryLimit = entryLimit
    }

    mutating func addGroup() {
        counts.append(0)
        switch function.kind {
        case .count, .rate: break
        case .sum, .avg: sums.append(0)
        case .min, .max: values.append(.missing)
        case .first, .last:
            values.append(.missing)
            places.append((0, 0))
        case .dc: distinct.append([])
        case .p50, .p90, .p95, .p99: numbers.append([:])
        }
    }

    // MARK: Adding

    /// Adds rows.
    ///
    /// `groups`: by group of `local`, its number here.
    mutating func add(_ input: some FieldRows, _ local: LocalGroups, groups: [Int]) throws {
        guard let field = function.field else { return }
        let codes = try input.codes(of: field)
        if function.kind == .first || function.kind == .last {
            return try addPlaces(input, local, codes, groups)
        }
        let pairs = local.pairs(input, codes)
        for (pair, count) in zip(pairs.pairs, pairs.counts) where pair.code > 0 {
            add(codes.cells[pair.code], UInt64(count), to: groups[pair.group])
        }
    }

    private mutating func add(_ cell: ResultTable.Cell, _ count: UInt64, to group: Int) {
        switch function.kind {
        case .count, .rate: counts[group] += count
        case .sum, .avg:
            guard let number = cell.decimal else { return }
            counts[group] += count
            sums[group] += number * Double(count)
        case .min, .max:
            counts[group] += count
            keepExtreme(cell.decimal.map { .number($0) } ?? cell, of: group)
        case .first, .last: break
        case .dc: keep(CellHash(cell), of: group)
        case .p50, .p90, .p95, .p99:
            guard let number = cell.decimal else { return }
            keep(number, count, of: group)
        }
    }

    private mutating func keepExtreme(_ cell: ResultTable.Cell, of group: Int) {
        let old = values[group]
        let isBetter: Bool
        let (oldRank, rank) = (rank(of: old), rank(of: cell))
        switch (oldRank, rank) {
        case (.missing, _): isBetter = true
        // Where some values are numbers, the others do not count.
        case (.number, .text): isBetter = false
        case (.text, .number): isBetter = true
        default: isBetter = function.kind == .min ? rank < oldRank : oldRank < rank
        }
        if isBetter { values[group] = cell }
    }

    /// A value as it is compared: the least of levels is the least bad.
    private func rank(of cell: ResultTable.Cell) -> ResultTable.Cell {
        SortOrder.cell(cell, of: function.field ?? "")
    }

    private mutating func keep(_ hash: CellHash, of group: Int) {
        if entries < entryLimit {
            if distinct[group].insert(hash).inserted { entries += 1 }
        } else if !distinct[group].contains(hash) {
            noteLimit()
        }
    }

    private mutating func keep(_ number: Double, _ count: UInt64, of group: Int) {
        if entries >= entryLimit, numbers[group][number] == nil { return noteLimit() }
        let before = numbers[group].count
        numbers[group][number, default: 0] += count
        entries += numbers[group].count - before
    }

    private mutating func noteLimit() {
        partial =
            "\(function.written) has more than \(entryLimit) different values; the rest is left out"
    }

    private mutating func addPlaces(
        _ input: some FieldRows, _ local: LocalGroups, _ codes: FieldCodes, _ groups: [Int]
    ) throws {
        let order = try input.places()
        let sequences = try input.sequences()
        for (place, row) in input.rows.enumerated() where codes.code(row) > 0 {
            let group = groups[Int(local.numbers[place])]
            keep(codes.cells[codes.code(row)], (order[row], sequences[row]), of: group)
        }
    }

    private mutating func keep(
        _ cell: ResultTable.Cell, _ place: (order: Int64, sequence: UInt64), of group: Int
    ) {
        let old = places[group]
        let isBetter = function.kind == .first ? place < old : place > old
        if counts[group] == 0 || isBetter {
            values[group] = cell
            places[group] = place
        }
        counts[group] += 1
    }

    /// Adds what another one has collected.
    ///
    /// `groups`: by group of the other one, its number here.
    mutating func merge(_ other: FunctionColumn, groups: [Int]) {
        for (from, to) in groups.enumerated() where other.counts[from] > 0 || other.isListed(from) {
            switch function.kind {
            case .count, .rate: counts[to] += other.counts[from]
            case .sum, .avg:
                counts[to] += other.counts[from]
                sums[to] += other.sums[from]
            case .min, .max:
                counts[to] += other.counts[from]
                keepExtreme(other.values[from], of: to)
            case .first, .last:
                keep(other.values[from], other.places[from], of: to)
                counts[to] += other.counts[from] - 1
            case .dc: for hash in other.distinct[from] { keep(hash, of: to) }
            case .p50, .p90, .p95, .p99:
                for (number, count) in other.numbers[from] { keep(number, count, of: to) }
            }
        }
        partial = partial ?? other.partial
    }

    private func isListed(_ group: Int) -> Bool {
        group < distinct.count && !distinct[group].isEmpty || group < numbers.count && !numbers[group].isEmpty
    }

    // MARK: Result

    /// Rows of a group with a value of the function's field; nil where it has none.
    func count(_ group: Int) -> UInt64? { function.field == nil ? nil : counts[group] }

    /// What the function gives for a group.
    func cell(_ group: Int) -> ResultTable.Cell {
        switch function.kind {
        case .count, .rate: return .count(counts[group])
        case .sum: return counts[group] == 0 ? .missing : finite(sums[group])
        case .avg: return counts[group] == 0 ? .missing : finite(sums[group] / Double(counts[group]))
        case .min, .max: return values[group]
        case .first, .last:
            let isNumber = function.field.map { Fields.definition(of: $0)?.kind == .number } ?? false
            return isNumber ? values[group].decimal.map { .number($0) } ?? values[group] : values[group]
        case .dc: return .count(UInt64(distinct[group].count))
        case .p50: return percentile(50, group)
        case .p90: return percentile(90, group)
        case .p95: return percentile(95, group)
        case .p99: return percentile(99, group)
        }
    }

    /// No value where a sum is too large for a number.
    private func finite(_ number: Double) -> ResultTable.Cell {
        number.isFinite ? .number(number) : .missing
    }

    /// The nearest rank: the least number that at least so many percent of all numbers do not exceed.
    private func percentile(_ percent: UInt64, _ group: Int) -> ResultTable.Cell {
        let sorted = numbers[group].sorted { $0.key < $1.key }
        let total = sorted.reduce(0) { $0 + $1.value }
        // Rounded up; written so that it cannot overflow.
        let rank = total / 100 * percent + (total % 100 * percent + 99) / 100
        var seen: UInt64 = 0
        for (number, count) in sorted {
            seen += count
            if seen >= rank { return .number(number) }
        }
        return .missing
    }
}

/// 128 bits that stand for a value: two values with the same ones do not occur.
private struct CellHash: Hashable {
    let first: Int
    let second: Int

    init(_ cell: ResultTable.Cell) {
        var hasher = Hasher()
        hasher.combine(cell)
        first = hasher.finalize()
        hasher = Hasher()
        hasher.combine(1)
        hasher.combine(cell)
        second = hasher.finalize()
    }
}

extension ResultTable.Cell {
    /// The finite number that the cell is, or that its text writes.
    var decimal: Double? {
        switch self {
        case .text(let text): Decimal.value(text.span, 0..<text.count).flatMap { $0.isFinite ? $0 : nil }
        case .count(let count): Double(count)
        case .number(let number): number
        case .time, .missing: nil
        }
    }
}
