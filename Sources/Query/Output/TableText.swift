import Index

/// A table as people read it.
struct TableText {
    private let form: OutputForm

    /// Columns that a bar has at least, with the space before it; a narrower terminal gets none.
    private static let leastBar = 12

    init(_ form: OutputForm) { self.form = form }

    /// Appends the table: columns as wide as their widest cell, and bars in the text style of a terminal.
    func append(_ table: ResultTable, _ clock: inout LocalClock, to output: inout [UInt8]) {
        let width = form.style == .text ? form.width : nil
        if let width, let stack = BarStack(table) {
            append(stack, width, &clock, to: &output)
            return
        }
        let rows = texts(table, &clock)
        let values = width == nil ? nil : BarColumn.values(of: table)
        let hasRoom = width.map { $0 >= 3 * Self.leastBar } ?? false
        guard let width, let values, hasRoom else {
            let layout = TableLayout(
                rows, isNumber: numbers(table), isWhole: whole(table), limit: form.cut)
            for row in rows { layout.append(row, to: &output) }
            return
        }
        let layout = TableLayout(rows, isNumber: numbers(table), limit: width - Self.leastBar)
        let bars = BarColumn.bars(values, room: width - layout.width - 2)
        for (index, row) in rows.enumerated() {
            layout.append(row, bar: index == 0 ? [] : bars[index - 1], to: &output)
        }
    }

    /// One row a time, all its groups in one bar.
    private func append(
        _ stack: BarStack, _ width: Int, _ clock: inout LocalClock, to output: inout [UInt8]
    ) {
        for (letter, name, total) in stack.legend {
            var line = StyledLine()
            line.add("\(letter) ")
            line.add(form.aligned(name))
            line.add(" \(total)")
            line.write(form, from: .max, to: &output)
        }
        let rows = texts(stack.totals, &clock)
        let layout = TableLayout(rows, isNumber: [false, true], limit: nil)
        let room = width - layout.width - 2
        for (index, row) in rows.enumerated() {
            let bar = index == 0 || room < 1 ? [] : stack.bar(index - 1, room: room)
            layout.append(row, bar: bar, to: &output)
        }
    }

    private func texts(_ table: ResultTable, _ clock: inout LocalClock) -> [[[UInt8]]] {
        // Whole seconds need no point, as long as no other cell of the column has one.
        let digits = table.columns.indices.map { column in
            table.rows.allSatisfy { row in
                guard column < row.count, case .time(let time) = row[column] else { return true }
                return time % 1_000_000_000 == 0
            } ? UInt8(0) : 3
        }
        var rows = [table.columns.map { form.aligned(Array($0.utf8)) }]
        for row in table.rows {
            var texts: [[UInt8]] = []
            for (column, cell) in zip(table.columns.indices, row) {
                let text = CellText.readable(
                    cell, of: table.columns[column], digits: digits[column], &clock)
                texts.append(form.tableCell(text))
            }
            rows.append(texts)
        }
        return rows
    }

    /// Whether each column is never cut.
    private func whole(_ table: ResultTable) -> [Bool] {
        zip(numbers(table), table.columns.indices).map { isNumber, column in
            isNumber
                || table.rows.contains { row in
                    if column < row.count, case .time = row[column] { true } else { false }
                }
        }
    }

    /// Whether each column stands to the right.
    private func numbers(_ table: ResultTable) -> [Bool] {
        table.columns.enumerated().map { column, name in
            let kinds = table.rows.compactMap {
                column < $0.count ? CellText.isNumber($0[column], of: name) : nil
            }
            return !kinds.isEmpty && kinds.allSatisfy { $0 }
        }
    }
}
