/// Events below each other in columns.
struct EventGrid {
    private let form: OutputForm
    private let columns: [(name: String, field: String)]
    private var waiting: [[[UInt8]]] = []
    /// By column: whether all values so far are numbers; nil while there are none.
    private var isNumber: [Bool?]
    private var layout: TableLayout?

    /// Rows that tell how wide the columns are.
    static let sample = 200

    init(_ form: OutputForm, _ columns: [(name: String, field: String)]) {
        self.form = form
        self.columns = columns
        isNumber = columns.map { _ in nil }
    }

    mutating func append(_ event: FoundEvent, _ clock: inout LocalClock, to output: inout [UInt8]) {
        var row: [[UInt8]] = []
        for (index, column) in columns.enumerated() {
            let cell = event.cell(column.field)
            if layout == nil, let number = CellText.isNumber(cell, of: column.field) {
                isNumber[index] = number && isNumber[index] != false
            }
            row.append(form.tableCell(CellText.readable(cell, of: column.field, digits: 3, &clock)))
        }
        if let layout {
            layout.append(row, to: &output)
        } else {
            waiting.append(row)
            if waiting.count == Self.sample { flush(to: &output) }
        }
    }

    /// Writes the rows that waited.
    mutating func finish(to output: inout [UInt8]) {
        if layout == nil, !waiting.isEmpty { flush(to: &output) }
    }

    private mutating func flush(to output: inout [UInt8]) {
        let rows = [columns.map { form.aligned(Array($0.name.utf8)) }] + waiting
        let layout = TableLayout(
            rows, isNumber: isNumber.map { $0 == true }, limit: form.cut, reach: TableLayout.reach)
        for row in rows { layout.append(row, to: &output) }
        self.layout = layout
        waiting = []
    }
}
