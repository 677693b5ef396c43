import Parse

/// One block as a query sees it: open, closed, or stored.
///
/// Columns of a stored block are read and expanded when they are first asked for. For one thread.
package final class BlockReader {
    enum Source {
        case head(Range<Int>)
        case part(Int)
        case packed(PackedColumn)
        case memory(Column)

        var isExpanded: Bool { if case .memory = self { true } else { false } }
    }

    /// Events that are read value by value before whole columns are expanded.
    private static let singleReadLimit = 6
    private var singleReads = 0

    package let count: Int
    package private(set) var names: [ColumnName]
    /// Columns at the end that were not stored, but added.
    package private(set) var added = 0
    private var sources: [Source]
    private let head: [UInt8]
    private let rest: Range<Int>
    private let part: (Int) throws(StoreError) -> [UInt8]
    private var body: Body
    private var shapes: [Shape?] = []
    private var knownPlaces: BlockPlaces?
    private var renderer = TimeRenderer()

    /// What every block has, as far as it was asked for.
    private struct Body {
        var times: [Int64]?
        var received: [Int64]?
        var sequences: [UInt64]?
        var shapes: Column?
    }

    package init(_ block: Block) {
        count = block.count
        names = block.names
        sources = block.columns.map { .memory($0) }
        head = []
        rest = 0..<0
        part = { (_) throws(StoreError) in throw .damaged("a block in memory has no parts") }
        body = Body(
            times: block.times, received: block.received, sequences: block.sequences, shapes: block.shapes)
    }

    init(
        rows: Int, names: [ColumnName], sources: [Source], head: [UInt8], rest: Range<Int>,
        part: @escaping (Int) throws(StoreError) -> [UInt8]
    ) {
        count = rows
        self.names = names
        self.sources = sources
        self.head = head
        self.rest = rest
        self.part = part
        body = Body()
    }

    /// The columns of a field: one for each value that an event can have of it.
    package func columns(of field: String) -> [Int] {
        names.indices.filter { names[$0].name == field }
    }

    package func column(_ index: Int) throws(StoreError) -> Column {
        if case .memory(let column) = sources[index] { return column }
        let column = try packed(index).expanded()
        sources[index] = .memory(column)
        return column
    }

    /// Adds a column of values that a query computed: from here on it is like any other.
    ///
    /// Behind the columns that the field has already.
    package func add(_ field: String, _ column: Column) {
        names.append(
            ColumnName(name: field, occurrence: UInt8(truncatingIfNeeded: columns(of: field).count)))
        sources.append(.memory(column))
        added += 1
    }

    /// The value of a column for one event; nil where it has none.
    ///
    /// The column is not expanded for it.
    package func value(of index: Int, row: Int) throws(StoreError) -> [UInt8]? {
        singleReads += 1
        // Whoever wants more than a few events saves by expanding what they have.
        if singleReads <= Self.singleReadLimit * names.count, case let source = sources[index],
            !source.isExpanded
        {
            return try packed(index).value(at: row)
        }
        let column = try column(index)
        return column.value(at: row).map { Array(column.values[$0]) }
    }

    /// A stored column, decompressed.
    private func packed(_ index: Int) throws(StoreError) -> PackedColumn {
        let packed: PackedColumn
        switch sources[index] {
        case .packed(let column): return column
        case .memory: throw .damaged("column \(index) is in memory and not packed")
        case .head(let range):
            var reader = ByteReader(head, range)
            packed = try PackedColumn(&reader, rows: count)
        case .part(let number):
            var reader = ByteReader(try part(number))
            packed = try PackedColumn(&reader, rows: count)
        }
        sources[index] = .packed(packed)
        return packed
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
        let shape = try shape(ofRow: row)
        try append(shape, 0..<shape.elements.count, row, to: &output)
    }

    /// Appends some elements of an event's line.
    ///
    /// `isAlone`: few other events of the block are wanted, so that it does not pay to expand whole columns.
    package func append(
        _ shape: Shape, _ elements: Range<Int>, _ row: Int, isAlone: Bool = false, to output: inout [UInt8]
    ) throws(StoreError) {
        for index in elements {
            switch shape.elements[index] {
            case .literal(let range): output.append(shape.bytes.span.extracting(range))
            case .time(let layout): renderer.render(try times()[row], as: layout, into: &output)
            case .hole(let index) where isAlone:
                if let value = try value(of: index, row: row) { output.append(contentsOf: value) }
            case .hole(let index):
                let column = try column(index)
                if let value = column.value(at: row) {
                    output.append(column.values.bytes.span.extracting(column.values.range(value)))
                }
            case .begin, .end, .derived: continue
            }
        }
    }

    /// One of the three lists of numbers behind the columns.
    private func numbers(_ index: Int) throws(StoreError) -> [Int64] {
        var reader = ByteReader(head, rest)
        for _ in 0..<index { try reader.skipSection() }
        return try BlockCodec.decodeNumbers(&reader, rows: count)
    }
}
