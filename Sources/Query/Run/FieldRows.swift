import Index
import Parse

/// Rows that a stage reads: events of a block, or rows of a table.
protocol FieldRows {
    /// The rows that count, as numbers from 0 up to but not including `size`, rising.
    var rows: [Int] { get }
    /// What a field's values are.
    func codes(of field: String) throws -> FieldCodes
    /// By row: the time of an event, in nanoseconds since the Unix epoch.
    func times() throws -> [Int64]
    /// By row: where an event stands among others; see `EventOrder`.
    func places() throws -> [Int64]
    /// By row: what tells the order of events of one place.
    func sequences() throws -> [UInt64]
}

/// The values of one field, each row's as a code: the number of its cell.
struct FieldCodes {
    /// By row.
    ///
    /// Rows behind the end have no value.
    let codes: [UInt32]
    /// By code; code 0 stands for no value.
    let cells: [ResultTable.Cell]

    func code(_ row: Int) -> Int { row < codes.count ? Int(codes[row]) : 0 }
}

/// Collects values, and numbers those that differ.
struct FieldCodesBuilder {
    private var codes: [UInt32] = []
    private var cells: [ResultTable.Cell] = [.missing]
    private var known: [ResultTable.Cell: UInt32] = [:]

    /// Gives `row` a value; rows must rise.
    mutating func add(_ cell: ResultTable.Cell, row: Int) {
        while codes.count < row { codes.append(0) }
        if case .missing = cell {
            codes.append(0)
        } else if let code = known[cell] {
            codes.append(code)
        } else {
            known[cell] = UInt32(truncatingIfNeeded: cells.count)
            codes.append(UInt32(truncatingIfNeeded: cells.count))
            cells.append(cell)
        }
    }

    var fieldCodes: FieldCodes { FieldCodes(codes: codes, cells: cells) }
}

/// The matching events of a block.
struct BlockRows: FieldRows {
    let rows: [Int]
    private let set: RowSet
    private let block: BlockReader

    init(_ match: MatchedBlock) throws {
        set = match.rows
        block = try match.reader()
        rows = set.rows
    }

    func times() throws -> [Int64] { try block.times() }
    func places() throws -> [Int64] { try block.eventPlaces() }
    func sequences() throws -> [UInt64] { try block.sequences() }

    func codes(of field: String) throws -> FieldCodes { try block.codes(of: field, among: set) }

    /// What `sort` compares: instead of its time the place of an event.
    func sortCodes(of field: String) throws -> FieldCodes {
        field == "time" ? BlockReader.numbers(try places().map { .time($0) }) : try codes(of: field)
    }
}

extension RowSet {
    /// The events, rising.
    fileprivate var rows: [Int] {
        let count = count
        if count == size { return Array(0..<size) }
        var rows: [Int] = []
        rows.reserveCapacity(count)
        forEach { rows.append($0) }
        return rows
    }
}

extension BlockReader {
    /// The values of a field; of those events at least that are `among`.
    func codes(of field: String, among set: RowSet) throws -> FieldCodes {
        switch field {
        case "time": return Self.numbers(try times().map { .time($0) })
        case "received": return Self.numbers(try received().map { .time($0) })
        case "id":
            let day = try times().first.map { Day(containing: $0) }
            return Self.numbers(
                try sequences().map { .text(Array("\(day?.description ?? "")-\($0)".utf8)) })
        default: break
        }
        if let plain = plainColumn(of: field) {
            let column = try self.column(plain)
            var cells: [ResultTable.Cell] = [.missing]
            cells.reserveCapacity(column.values.count + 1)
            for value in 0..<column.values.count { cells.append(.text(Array(column.values[value]))) }
            var codes = [UInt32](repeating: 0, count: column.codes.count)
            var output = codes.mutableSpan
            let source = column.codes.span
            for row in 0..<output.count { output[row] = UInt32(source[row]) }
            return FieldCodes(codes: codes, cells: cells)
        }
        var builder = FieldCodesBuilder()
        try forEachText(of: field, among: set) { row, text, range in
            builder.add(.text(range.map { text[$0] }), row: row)
        }
        return builder.fieldCodes
    }

    fileprivate static func numbers(_ cells: [ResultTable.Cell]) -> FieldCodes {
        FieldCodes(
            codes: cells.indices.map { UInt32(truncatingIfNeeded: $0 + 1) }, cells: [.missing] + cells)
    }

    /// Calls `body` with the first value of a field of each event that has one, as a range of a text.
    func forEachText(
        of field: String, among rows: RowSet, _ body: (Int, Span<UInt8>, Range<Int>) throws -> Void
    ) throws {
        var text: [UInt8] = []
        if field == "raw" {
            try rows.forEach { row in
                text.removeAll(keepingCapacity: true)
                try appendRaw(row, to: &text)
                try body(row, text.span, 0..<text.count)
            }
            return
        }
        let shapes = try shapeCodes()
        var columns: [(values: Column, spans: [Int: Range<Int>])] = []
        for index in self.columns(of: field) { columns.append((try column(index), try spans(of: index))) }
        try rows.forEach { row in
            for (column, spans) in columns {
                if let value = column.value(at: row) {
                    return try body(row, column.values.bytes.span, column.values.range(value))
                }
                guard let shape = shapes.value(at: row), let elements = spans[shape] else { continue }
                text.removeAll(keepingCapacity: true)
                try append(try self.shape(shape), elements, row, to: &text)
                return try body(row, text.span, 0..<text.count)
            }
        }
    }
}

/// The rows of a table, or the events of a result.
struct TableRows: FieldRows {
    let rows: [Int]
    /// The value of a field in a row.
    let cell: (String, Int) -> ResultTable.Cell
    /// The value of a field in a row, as `sort` compares it.
    let sortCell: (String, Int) -> ResultTable.Cell
    private let order: (times: [Int64], places: [Int64], sequences: [UInt64])

    init(_ table: ResultTable) {
        rows = Array(table.rows.indices)
        let index = Dictionary(
            table.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        cell = { field, row in
            guard let column = index[field], column < table.rows[row].count else { return .missing }
            return table.rows[row][column]
        }
        // A row of a table stands at the time that it names, in the order of the table.
        sortCell = cell
        let time = cell
        let times: [Int64] = rows.map { row in
            if case .time(let instant) = time("time", row) { instant } else { 0 }
        }
        order = (times, times, rows.map { UInt64($0) })
    }

    init(_ rows: SearchResult.Rows) {
        switch rows {
        case .events(let events): self.init(events)
        case .table(let table): self.init(table)
        }
    }

    init(_ events: [FoundEvent]) {
        rows = Array(events.indices)
        cell = { field, row in events[row].first(field) }
        sortCell = { field, row in field == "time" ? .time(events[row].place) : events[row].first(field) }
        order = (events.map(\.time), events.map(\.place), events.map(\.sequence))
    }

    func times() -> [Int64] { order.times }
    func places() -> [Int64] { order.places }
    func sequences() -> [UInt64] { order.sequences }

    func codes(of field: String) -> FieldCodes {
        var builder = FieldCodesBuilder()
        for row in rows { builder.add(cell(field, row), row: row) }
        return builder.fieldCodes
    }
}

extension FoundEvent {
    /// The first value of a field, or of what every event has.
    func first(_ field: String) -> ResultTable.Cell {
        switch field {
        case "time": .time(time)
        case "received": .time(received)
        case "id": .text(Array(id.utf8))
        case "raw": .text(raw)
        default: value(field).map { .text($0) } ?? .missing
        }
    }
}
