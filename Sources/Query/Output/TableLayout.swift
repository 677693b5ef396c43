/// Cells below each other.
///
/// Widths are those of the first rows: a later cell that is wider moves the rest of its row, or is cut where
/// lines are.
struct TableLayout {
    private(set) var widths: [Int]
    private let isNumber: [Bool]
    /// Columns that are never cut: numbers, and times.
    private let isWhole: [Bool]
    private let limit: Int?

    /// Columns of a cell that does not end the line: a longer one is no reason to move all others.
    static let reach = 40
    private static let gap = 2
    /// Columns that a text keeps when a table is too wide.
    private static let leastText = 8

    /// - `rows`: the header, and the rows that decide.
    /// - `limit`: columns of a line; nil: no end, and then no column but the last is wider than `reach`.
    /// - `reach`: columns that all but the last have at most; nil: that of lines without an end.
    /// - `isWhole`: columns that are never cut; nil: those of numbers.
    init(
        _ rows: [[[UInt8]]], isNumber: [Bool], isWhole: [Bool]? = nil, limit: Int?, reach: Int? = nil
    ) {
        self.isNumber = isNumber
        self.isWhole = isWhole ?? isNumber
        self.limit = limit
        let reach = reach ?? (limit == nil ? Self.reach : .max)
        widths = isNumber.indices.map { column in
            let width = rows.map { column < $0.count ? TerminalText.width($0[column]) : 0 }.max() ?? 0
            return column == isNumber.count - 1 ? width : min(width, reach)
        }
        if let limit { shrink(to: limit) }
    }

    /// Columns of a whole row.
    var width: Int { widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) }

    /// Takes from the widest texts what a line has no room for; numbers stay whole.
    private mutating func shrink(to limit: Int) {
        for column in widths.indices where !isWhole[column] { widths[column] = min(widths[column], limit) }
        while width > limit {
            let texts = widths.indices.filter { !isWhole[$0] && widths[$0] > Self.leastText }
            guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { return }
            let next = texts.filter { widths[$0] < widths[widest] }.map { widths[$0] }.max() ?? Self.leastText
            // Those as wide as the widest come down together, in turns.
            let isShared = texts.contains { $0 != widest && widths[$0] == widths[widest] }
            widths[widest] -= isShared ? 1 : min(width - limit, widths[widest] - next)
        }
    }

    /// Appends a row, and its end.
    ///
    /// - `bar`: what stands behind the last column.
    func append(_ row: [[UInt8]], bar: [UInt8] = [], to output: inout [UInt8]) {
        var line: [UInt8] = []
        for (column, cell) in row.enumerated() where column < widths.count {
            let text = limit == nil ? cell : TerminalText.fitted(cell, to: widths[column])
            let padding = max(0, widths[column] - TerminalText.width(text))
            let spaces = [UInt8](repeating: 0x20, count: padding)
            let isLast = column == row.count - 1
            line += isNumber[column] ? spaces + text : isLast && bar.isEmpty ? text : text + spaces
            if !isLast { line += [UInt8](repeating: 0x20, count: Self.gap) }
        }
        output += limit.map { TerminalText.fitted(line, to: $0) } ?? line
        if !bar.isEmpty { output += [UInt8](repeating: 0x20, count: Self.gap) + bar }
        output.append(0x0A)
    }
}
