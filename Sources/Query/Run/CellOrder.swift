extension ResultTable.Cell: Comparable {
    /// Missing values come first, then texts by their bytes, numbers by their value, and times.
    package static func < (left: ResultTable.Cell, right: ResultTable.Cell) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        case (.count(let left), .count(let right)): left < right
        case (.time(let left), .time(let right)): left < right
        default:
            if let left = left.numeric, let right = right.numeric {
                left < right
            } else {
                left.rank < right.rank
            }
        }
    }

    /// A number as such; nil for any other cell.
    private var numeric: Double? {
        switch self {
        case .count(let value): Double(value)
        case .number(let value): value
        case .text, .time, .missing: nil
        }
    }

    private var rank: Int {
        switch self {
        case .missing: 0
        case .text: 1
        case .count, .number: 2
        case .time: 3
        }
    }
}
