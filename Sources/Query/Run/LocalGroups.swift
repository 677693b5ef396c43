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
        let pairs: [(group: Int, code: Int)]
        let counts: [Int]
        /// By place in `FieldRows.rows`, the number of the pair.
        let numbers: [Int32]

        /// Pairs that are looked up in a table rather than in a dictionary.
        private static let tableSize = 1 << 16

        init(_ input: some FieldRows, _ groups: [Int32], groups count: Int, _ field: FieldCodes) {
            let width = field.cells.count
            let codes = input.rows.map { field.code($0) }
            var numbers = groups
            var pairs: [(group: Int, code: Int)] = []
            let size = count.multipliedReportingOverflow(by: width)
            if !size.overflow, size.partialValue <= Self.tableSize {
                var table = [Int32](repeating: -1, count: size.partialValue)
                var known = table.mutableSpan
                var output = numbers.mutableSpan
                let source = codes.span
                for place in 0..<output.count {
                    let key = Int(output[place]) * width + source[place]
                    if known[key] < 0 {
                        known[key] = Int32(truncatingIfNeeded: pairs.count)
                        pairs.append((Int(output[place]), source[place]))
                    }
                    output[place] = known[key]
                }
            } else {
                var known: [UInt64: Int32] = [:]
                for place in codes.indices {
                    let key = UInt64(UInt32(bitPattern: groups[place])) << 32 | UInt64(codes[place])
                    if let number = known[key] {
                        numbers[place] = number
                    } else {
                        numbers[place] = Int32(truncatingIfNeeded: pairs.count)
                        known[key] = numbers[place]
                        pairs.append((Int(groups[place]), codes[place]))
                    }
                }
            }
            var counts = [Int](repeating: 0, count: pairs.count)
            var sums = counts.mutableSpan
            for number in numbers { sums[Int(number)] += 1 }
            self.numbers = numbers
            self.pairs = pairs
            self.counts = counts
        }
    }
}
