import Index

/// Counts events by the values of some fields.
///
/// A block's values are counted by their numbers; texts are looked at once a value and block, not once an
/// event.
struct CountByFields {
    private let fields: [String]
    private var counts: [[ResultTable.Cell]: UInt64] = [:]
    private(set) var isTruncated = false

    /// Groups beyond this number are not opened; their events are counted in one row of their own.
    static let groupLimit = 100_000

    init(_ fields: [String]) { self.fields = fields }

    mutating func add(_ match: MatchedBlock) throws {
        let rows = match.rows
        if fields.isEmpty {
            counts[[], default: 0] += UInt64(rows.count)
            return
        }
        let block = try match.reader()
        var readers: [FieldReader] = []
        for field in fields { readers.append(try FieldReader(field, block)) }
        if readers.count == 1, let codes = readers[0].codes {
            var byCode = [UInt64](repeating: 0, count: readers[0].valueCount + 1)
            rows.forEach { row in byCode[row < codes.count ? Int(codes[row]) : 0] += 1 }
            for (code, count) in byCode.enumerated() where count > 0 {
                add([readers[0].cell(code: code)], count)
            }
            return
        }
        try rows.forEach { (row) throws(StoreError) in
            var key: [ResultTable.Cell] = []
            for reader in readers { key.append(try reader.cell(row: row)) }
            add(key, 1)
        }
    }

    /// One row a group, most events first, then by the values.
    var table: ResultTable {
        let sorted = counts.sorted { left, right in
            left.value != right.value
                ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
        }
        // A count of nothing is 0, not no row.
        let rows =
            sorted.isEmpty && fields.isEmpty ? [[.count(0)]] : sorted.map { $0.key + [.count($0.value)] }
        return ResultTable(columns: fields + ["count"], rows: rows)
    }

    private mutating func add(_ key: [ResultTable.Cell], _ count: UInt64) {
        if counts.count >= Self.groupLimit, counts[key] == nil {
            isTruncated = true
            let others = [ResultTable.Cell](repeating: .text(Array("(others)".utf8)), count: fields.count)
            counts[others, default: 0] += count
            return
        }
        counts[key, default: 0] += count
    }
}

/// Reads the value of one field, event by event.
struct FieldReader {
    private let block: BlockReader
    /// A column for each value that an event can have of the field, first value first.
    private let columns: [Column]
    /// By column, where the field stands around other fields: the elements that it spans, by the number of the shape.
    private let spans: [[Int: Range<Int>]]

    init(_ field: String, _ block: BlockReader) throws(StoreError) {
        self.block = block
        var columns: [Column] = []
        var spans: [[Int: Range<Int>]] = []
        for index in block.columns(of: field) {
            columns.append(try block.column(index))
            spans.append(try block.spans(of: index))
        }
        self.columns = columns
        self.spans = spans
    }

    /// The codes of the field's values, where one column has them all.
    var codes: [UInt16]? {
        guard let first = columns.first else { return [] }
        return spans.allSatisfy(\.isEmpty) ? first.codes : nil
    }

    var valueCount: Int { columns.first?.values.count ?? 0 }

    /// The cell of a code: 0 is no value.
    func cell(code: Int) -> ResultTable.Cell {
        guard code > 0, let column = columns.first else { return .missing }
        return .text(Array(column.values[code - 1]))
    }

    /// The first value of an event.
    func cell(row: Int) throws(StoreError) -> ResultTable.Cell {
        for (column, spans) in zip(columns, spans) {
            if let value = column.value(at: row) { return .text(Array(column.values[value])) }
            guard !spans.isEmpty, let number = try block.shapeCodes().value(at: row),
                let elements = spans[number]
            else { continue }
            var text: [UInt8] = []
            try block.append(try block.shape(number), elements, row, to: &text)
            return .text(text)
        }
        return .missing
    }
}
