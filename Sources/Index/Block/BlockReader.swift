import Parse

/// One block as a query sees it: open, closed, or stored.
///
/// Columns of a stored block are read when they are first asked for. For one thread.
package final class BlockReader {
    enum Source {
        case head(Range<Int>)
        case part(Int)
        case open(PackedColumn)
        /// Made of the PRI that another column holds.
        case severity(Int)
    }

    package let count: Int
    package private(set) var names: [ColumnName]
    /// Those in front that were not added by a query.
    private let storedColumns: Int
    private var sources: [Source]
    private let head: [UInt8]
    private let rest: Range<Int>
    private let part: (Int) throws(StoreError) -> [UInt8]
    /// Where the block is archived: its parts are read from its lines.
    let lines: ArchivedLines?
    private var body: Body
    private var shapes: [Shape?] = []
    private var knownPlaces: BlockPlaces?
    private var renderer = TimeRenderer()
    private var hasHeaderLevel = false

    /// What every block has, as far as it was asked for.
    private struct Body {
        var times: [Int64]?
        var received: [Int64]?
        var places: [Int64]?
        var sequences: [UInt64]?
        var shapes: Column?
    }

    package init(_ block: Block) {
        count = block.count
        names = block.names
        storedColumns = block.names.count
        sources = block.columns.map { .open(PackedColumn($0, rows: block.count)) }
        head = []
        rest = 0..<0
        part = { (_) throws(StoreError) in throw .damaged("a block in memory has no parts") }
        lines = nil
        body = Body(
            times: block.times, received: block.received, sequences: block.sequences, shapes: block.shapes)
    }

    init(
        rows: Int, names: [ColumnName], sources: [Source], head: [UInt8], rest: Range<Int>,
        lines: ArchivedLines?, part: @escaping (Int) throws(StoreError) -> [UInt8]
    ) {
        count = rows
        self.lines = lines
        self.names = names
        storedColumns = names.count
        self.sources = sources
        self.head = head
        self.rest = rest
        self.part = part
        body = Body()
    }

    /// The columns of a field: one for each value that an event can have of it.
    ///
    /// The level of the header (`syslog_level`) is a column that nobody stored, but of objects that were relayed: it is
    /// added when it is asked for.
    package func columns(of field: String) -> [Int] {
        if field == Self.headerLevel, !hasHeaderLevel,
            let priority = names.firstIndex(where: { $0.name == "pri" })
        {
            hasHeaderLevel = true
            let stored = columns(of: field).count
            names.append(ColumnName(name: field, occurrence: UInt8(truncatingIfNeeded: stored)))
            sources.append(.severity(priority))
        }
        return names.indices.filter { names[$0].name == field }
    }

    private static let headerLevel = Fields.table.name(of: FieldID.syslogLevel.rawValue)

    /// How many columns at the end were not stored, but added.
    package var added: Int { names.count - storedColumns }

    /// The columns of what does not stand in the line: no shape names them.
    package var columnsBesideLines: [Int] {
        Array(0..<min(FixedColumn.allCases.count, storedColumns)) + Array(storedColumns..<names.count)
    }

    /// A column with all of its values and codes.
    ///
    /// The functions below do with less, where that is enough.
    package func column(_ index: Int) throws(StoreError) -> Column { try open(index).expanded() }

    /// The values of a column.
    package func values(of index: Int) throws(StoreError) -> ByteTable { try open(index).table() }

    /// How many values a column has; of an archived one that was not put together, how many it can have.
    package func valueCount(of index: Int) throws(StoreError) -> Int {
        isArchived(index) ? count : try open(index).count()
    }

    /// Whether the block is archived.
    package var isArchived: Bool { lines != nil }

    /// Whether the values of a column have to be read from the lines of an archive.
    package func isArchived(_ index: Int) -> Bool {
        if lines != nil, case .part = sources[index] { true } else { false }
    }

    /// The events with a value of a column that is a hit.
    ///
    /// - `isHit`: by value, and one more in front that stands for "no value".
    package func rows(of index: Int, where isHit: [Bool]) throws(StoreError) -> RowSet {
        try open(index).rows(where: isHit)
    }

    /// How many of the events have each value of a column; in front, how many have none.
    package func counts(of index: Int, among rows: RowSet) throws(StoreError) -> [Int] {
        try open(index).counts(among: rows)
    }

    /// The value of a column for one event; nil where it has none.
    package func value(of index: Int, row: Int) throws(StoreError) -> [UInt8]? {
        if !isArchived(index) { return try open(index).value(at: row) }
        var value: [UInt8] = []
        return try appendValue(of: index, row: row, to: &value) ? value : nil
    }

    /// Appends the value of a column for one event; false where it has none.
    @discardableResult
    package func appendValue(
        of index: Int, row: Int, to output: inout [UInt8]
    ) throws(StoreError) -> Bool {
        guard let lines, isArchived(index) else { return try open(index).append(row, to: &output) }
        guard let code = try shapeCodes().value(at: row) else { throw .damaged("an event without a shape") }
        return try lines.append(index, names[index], row, try shape(code), code: code, to: &output)
    }

    /// Adds a column of values that a query computed: from here on it is like any other.
    ///
    /// Behind the columns that the field has already.
    package func add(_ field: String, _ column: Column) {
        names.append(
            ColumnName(name: field, occurrence: UInt8(truncatingIfNeeded: columns(of: field).count)))
        sources.append(.open(PackedColumn(column, rows: count)))
    }

    private func open(_ index: Int) throws(StoreError) -> PackedColumn {
        var reader: ByteReader
        switch sources[index] {
        case .open(let column): return column
        case .severity(let priority):
            let column = PackedColumn(
                FixedValues.levels(ofPriorities: try open(priority).expanded()), rows: count)
            sources[index] = .open(column)
            return column
        case .head(let range): reader = ByteReader(head, range)
        case .part(let number):
            if let lines {
                let column = PackedColumn(try lines.column(index, of: self), rows: count)
                sources[index] = .open(column)
                return column
            }
            reader = ByteReader(try part(number))
        }
        let column = try PackedColumn(&reader, rows: count)
        sources[index] = .open(column)
        return column
    }

    /// The event times.
    ///
    /// Nanoseconds since the Unix epoch.
    package func times() throws(StoreError) -> [Int64] {
        if let times = body.times { return times }
        let times = try numbers(0)
        body.times = times
        return times
    }

    /// When the events were received.
    ///
    /// Nanoseconds since the Unix epoch.
    package func received() throws(StoreError) -> [Int64] {
        if let received = body.received { return received }
        let received = try numbers(1)
        body.received = received
        return received
    }

    /// Where the events stand among others; see `EventOrder`.
    package func eventPlaces() throws(StoreError) -> [Int64] {
        if let places = body.places { return places }
        var places = try times()
        // When they were received is read only where it matters.
        if places.contains(where: EventOrder.isWhole) {
            let received = try received()
            for row in 0..<min(places.count, received.count) {
                places[row] = EventOrder.place(places[row], received: received[row])
            }
        }
        body.places = places
        return places
    }

    /// The events' numbers in the store.
    package func sequences() throws(StoreError) -> [UInt64] {
        if let sequences = body.sequences { return sequences }
        let sequences = try numbers(2).map { UInt64(bitPattern: $0) }
        body.sequences = sequences
        return sequences
    }

    /// The shapes in their encoded form, and per event which it has.
    package func shapeCodes() throws(StoreError) -> Column {
        if let shapes = body.shapes { return shapes }
        var reader = ByteReader(head, rest)
        for _ in 0..<3 { try reader.skipSection() }
        let shapes = try ColumnCodec.decode(&reader, rows: count)
        body.shapes = shapes
        return shapes
    }

    /// How many shapes the block has.
    package func shapeCount() throws(StoreError) -> Int { try shapeCodes().values.count }

    /// Where the values stand in the lines.
    package func places() throws(StoreError) -> BlockPlaces {
        if let places = knownPlaces { return places }
        let places = try BlockPlaces(self)
        knownPlaces = places
        return places
    }

    /// A shape by its number.
    package func shape(_ number: Int) throws(StoreError) -> Shape {
        let values = try shapeCodes().values
        if shapes.isEmpty { shapes = [Shape?](repeating: nil, count: values.count) }
        if let shape = shapes[number] { return shape }
        let shape = try Shape(values[number], columns: names.count)
        shapes[number] = shape
        return shape
    }

    /// The shape of one event.
    package func shape(ofRow row: Int) throws(StoreError) -> Shape {
        guard let number = try shapeCodes().value(at: row) else { throw .damaged("an event without a shape") }
        return try shape(number)
    }

    /// Appends the raw line of an event, as it was received.
    package func appendRaw(_ row: Int, to output: inout [UInt8]) throws(StoreError) {
        if let lines { return try lines.appendRaw(row, to: &output) }
        let shape = try shape(ofRow: row)
        try append(shape, 0..<shape.elements.count, row, to: &output)
    }

    /// Appends some elements of an event's line.
    package func append(
        _ shape: Shape, _ elements: Range<Int>, _ row: Int, to output: inout [UInt8]
    ) throws(StoreError) {
        for index in elements {
            switch shape.elements[index] {
            case .literal(let range): output.append(shape.bytes.span.extracting(range))
            case .time(let layout): renderer.render(try times()[row], as: layout, into: &output)
            case .hole(let column): try appendValue(of: column, row: row, to: &output)
            case .begin, .end, .derived: continue
            }
        }
    }

    /// The lines of an archive in which some of the events stand, as tables of whole lines; none for other blocks.
    ///
    /// - `body`: gets a table, and the event of its first line.
    package func forEachArchivedTable(
        with rows: RowSet, _ body: (_ firstRow: Int, _ lines: ByteTable) -> Void
    ) throws(StoreError) {
        try lines?.forEachMember(with: rows, body)
    }

    /// One of the three lists of numbers behind the columns.
    private func numbers(_ index: Int) throws(StoreError) -> [Int64] {
        var reader = ByteReader(head, rest)
        for _ in 0..<index { try reader.skipSection() }
        return try BlockCodec.decodeNumbers(&reader, rows: count)
    }
}
