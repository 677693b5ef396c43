/// The order that `sort` asks for.
struct SortOrder {
    /// A row's cells of the fields to sort by.
    typealias Key = [ResultTable.Cell]

    let keys: [SortKey]

    init(_ keys: [SortKey]) { self.keys = keys }

    /// A cell as it is compared: numbers by value, levels by how bad they are.
    static func cell(_ cell: ResultTable.Cell, of field: String) -> ResultTable.Cell {
        if field == "level", case .text(let text) = cell,
            let badness = Level.badness(String(decoding: text, as: UTF8.self))
        {
            return .number(Double(badness))
        }
        return cell.decimal.map { .number($0) } ?? cell
    }

    /// Below 0 where the left one stands first.
    ///
    /// Rows without a value stand last in either direction.
    func compare(_ left: Key, _ right: Key) -> Int {
        for (index, key) in keys.enumerated() where left[index] != right[index] {
            if left[index] == .missing { return 1 }
            if right[index] == .missing { return -1 }
            if !(left[index] < right[index]) && !(right[index] < left[index]) { continue }
            return (left[index] < right[index]) == key.isDescending ? 1 : -1
        }
        return 0
    }

    /// The numbers of rows in order; equal ones stay as they are.
    func sorted(_ rows: [Key]) -> [Int] {
        rows.indices.sorted { left, right in
            let difference = compare(rows[left], rows[right])
            return difference == 0 ? left < right : difference < 0
        }
    }
}
