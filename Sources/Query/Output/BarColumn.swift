/// Bars behind the rows of a table.
enum BarColumn {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// The numbers that a table's bars show.
    ///
    /// A table has bars when it has one column of numbers and another to say what they count. A share in
    /// percent is no second column, as it says the same.
    static func values(of table: ResultTable) -> [Double]? {
        guard table.rows.count > 1, table.rows.allSatisfy({ $0.count == table.columns.count }) else {
            return nil
        }
        let found = table.columns.indices.filter { column in
            table.columns[column] != "percent" && table.rows.allSatisfy { number($0[column]) != nil }
                && table.rows.contains { $0[column] != .missing }
        }
        guard found.count == 1, let column = found.first, table.columns.count > 1 else { return nil }
        return table.rows.map { number($0[column]) ?? 0 }
    }

    /// A bar for each value; the largest takes all the room, and what is more than nothing shows.
    static func bars(_ values: [Double], room: Int) -> [[UInt8]] {
        let most = values.max() ?? 0
        return values.map { value in
            guard most > 0, value > 0, room > 0 else { return [] }
            let length = max(1, Int((value / most * Double(room * 8)).rounded()))
            return Array((String(repeating: "█", count: length / 8) + eighths[length % 8]).utf8)
        }
    }

    /// The number in a cell; nothing counts as none.
    static func number(_ cell: ResultTable.Cell) -> Double? {
        switch cell {
        case .count(let count): Double(count)
        case .number(let value): value
        case .missing: 0
        case .text, .time: nil
        }
    }
}
