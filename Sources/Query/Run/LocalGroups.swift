/// The groups of some rows: each row gets the number of the group that it is in.
struct LocalGroups {
    /// By place in `FieldRows.rows`.
    private(set) var numbers: [Int32]
    /// By group: how many rows it has.
    private(set) var counts: [Int]
    private let dimensions: [FieldCodes]
    /// By group and dimension.
    private var codes: [[Int]]

    init(_ input: some FieldRows, by fields: [String], _ steps: ClockSteps?) throws {
        numbers = [Int32](repeating: 0, count: input.rows.count)
        counts = input.rows.isEmpty ? [] : [input.rows.count]
        codes = input.rows.isEmpty ? [] : [[]]
        var dimensions: [FieldCodes] = []
        if let steps { dimensions.append(steps.codes(try input.times(), input.rows)) }
        for field in fields { dimensions.append(try input.codes(of: field)) }
        self.dimensions = dimensions
        for dimension in dimensions {
            let finer = Pairs(input, numbers, groups: counts.count, dimension)
            numbers = finer.numbers
            counts = finer.counts
            codes = finer.pairs.map { codes[$0.group] + [$0.code] }
        }
    }

    var count: Int { counts.count }

    /// The cells that make the group.
    func key(of group: Int) -> [ResultTable.Cell] {
        zip(dimensions, codes[group]).map { $0.cells[$1] }
    }

    /// The groups, each cut by the values of one more field.
    func pairs(_ input: some FieldRows, _ field: FieldCodes) -> Pairs {
        Pairs(input, numbers, groups: count, field)
    }

    /// Groups and the values of a field in them: which occur together, and how often.
    struct Pairs {
        private(set) var pairs: [(group: Int, code: Int)] = []
        private(set) var counts: [Int] = []
        /// By place in `FieldRows.rows`, the number of the pair.
        private(set) var numbers: [Int32]

        /// Pairs that are looked up in a table rather than in a dictionary.
        private static let tableSize = 1 << 16

        init(_ input: some FieldRows, _ groups: [Int32], groups count: Int, _ field: FieldCodes) {
            let width = field.cells.count
            numbers = groups
            let size = count.multipliedReportingOverflow(by: width)
            if !size.overflow, size.partialValue <= Self.tableSize {
                var table = [Int32](repeating: -1, count: size.partialValue)
                for (place, row) in input.rows.enumerated() {
                    let key = Int(groups[place]) * width + field.code(row)
                    if table[key] < 0 { table[key] = add(Int(groups[place]), field.code(row)) }
                    numbers[place] = table[key]
                    counts[Int(table[key])] += 1
                }
            } else {
                var known: [UInt64: Int32] = [:]
                for (place, row) in input.rows.enumerated() {
                    let key = UInt64(UInt32(bitPattern: groups[place])) << 32 | UInt64(field.code(row))
                    let number = known[key] ?? add(Int(groups[place]), field.code(row))
                    known[key] = number
                    numbers[place] = number
                    counts[Int(number)] += 1
                }
            }
        }

        private mutating func add(_ group: Int, _ code: Int) -> Int32 {
            pairs.append((group, code))
            counts.append(0)
            return Int32(truncatingIfNeeded: pairs.count - 1)
        }
    }
}
