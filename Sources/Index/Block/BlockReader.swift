import Parse

/// One block as a query sees it: open, closed, or stored. Columns of a stored block are read and expanded when they
/// are first asked for. For one thread.
package final class BlockReader {
    enum Place {
        case head(Range<Int>)
        case part(Int)
        case memory(Column)
    }

    package let count: Int
    package let names: [ColumnName]
    private var places: [Place]
    private let head: [UInt8]
    private let rest: Range<Int>
    private let part: (Int) throws(StoreError) -> [UInt8]
    private var body: Body?
    private var shapes: [Shape?] = []
    private var renderer = TimeRenderer()

    /// What every block has.
    private struct Body {
        var times: [Int64]
        var received: [Int64]
        var sequences: [UInt64]
        var shapes: Column
    }

    package init(_ block: Block) {
        count = block.count
        names = block.names
        places = block.columns.map { .memory($0) }
        head = []
        rest = 0..<0
        part = { (_) throws(StoreError) in throw .damaged("a block in memory has no parts") }
        body = Body(
            times: block.times, received: block.received, sequences: block.sequences, shapes: block.shapes)
    }

    init(
        rows: Int, names: [ColumnName], places: [Place], head: [UInt8], rest: Range<Int>,
        part: @escaping (Int) throws(StoreError) -> [UInt8]
    ) {
        count = rows
        self.names = names
        self.places = places
        self.head = head
        self.rest = rest
        self.part = part
    }

    /// The columns of a field: one for each value that an event can have of it.
    package func columns(of field: String) -> [Int] {
        names.indices.filter { names[$0].name == field }
    }

    package func column(_ index: Int) throws(StoreError) -> Column {
        let column: Column
        switch places[index] {
        case .memory(let column): return column
        case .head(let range):
            var reader = ByteReader(head, range)
            column = try ColumnCodec.decode(&reader, rows: count)
        case .part(let number):
            var reader = ByteReader(try part(number))
            column = try ColumnCodec.decode(&reader, rows: count)
        }
        places[index] = .memory(column)
        return column
    }

    package func times() throws(StoreError) -> [Int64] { try loaded().times }
    package func received() throws(StoreError) -> [Int64] { try loaded().received }
    package func sequences() throws(StoreError) -> [UInt64] { try loaded().sequences }

    /// How many shapes the block has.
    package func shapeCount() throws(StoreError) -> Int { try loaded().shapes.values.count }

    /// The shape of each event, as its number.
    package func shapeCodes() throws(StoreError) -> Column { try loaded().shapes }

    /// A shape by its number.
    package func shape(_ number: Int) throws(StoreError) -> Shape {
        let values = try loaded().shapes.values
        if shapes.isEmpty { shapes = [Shape?](repeating: nil, count: values.count) }
        if let shape = shapes[number] { return shape }
        let shape = try Shape(values[number], columns: names.count)
        shapes[number] = shape
        return shape
    }

    /// The shape of one event.
    package func shape(ofRow row: Int) throws(StoreError) -> Shape {
        guard let number = try loaded().shapes.value(at: row) else { throw .damaged("an event without a shape") }
        return try shape(number)
    }

    /// Appends the raw line of an event, as it was received.
    package func appendRaw(_ row: Int, to output: inout [UInt8]) throws(StoreError) {
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
            case .time(let layout): renderer.render(try loaded().times[row], as: layout, into: &output)
            case .hole(let index):
                let column = try column(index)
                if let value = column.value(at: row) {
                    output.append(column.values.bytes.span.extracting(column.values.range(value)))
                }
            case .begin, .end, .derived: continue
            }
        }
    }

    private func loaded() throws(StoreError) -> Body {
        if let body { return body }
        var reader = ByteReader(head, rest)
        let times = try BlockCodec.decodeNumbers(&reader, rows: count)
        let received = try BlockCodec.decodeNumbers(&reader, rows: count)
        let sequences = try BlockCodec.decodeNumbers(&reader, rows: count).map { UInt64(bitPattern: $0) }
        let shapes = try ColumnCodec.decode(&reader, rows: count)
        let body = Body(times: times, received: received, sequences: sequences, shapes: shapes)
        self.body = body
        return body
    }
}
