package import Parse

/// Builds a block event by event.
///
/// While it grows it is the open block, which queries read through `block`.
package struct BlockBuilder: Sendable {
    package let day: Day
    private var times: [Int64] = []
    private var received: [Int64] = []
    private var sequences: [UInt64] = []
    private var columns: [ColumnBuilder]
    /// Names of fields that `Fields.table` has no room for, numbered from its limit on.
    private let strangers: [String]
    private var shapes = ByteDictionary()
    private var shapeCodes: [UInt16] = []
    /// Index in `columns` by field number; −1 where the field has none yet.
    private var columnOfField: [Int]
    private var rawBytes = 0
    private var shape: [UInt8] = []
    private var rendered: [UInt8] = []
    private var renderer = TimeRenderer()
    /// Per fixed column the number that was added last, and its code.
    private var lastNumbers = [UInt32?](repeating: nil, count: Fixed.allCases.count)
    private var lastCodes = [UInt16](repeating: 0, count: Fixed.allCases.count)
    /// Per value of the event in hand the column that its shape names; −1 for none.
    private var placed: [Int] = []
    /// The columns that the spans of the event in hand have taken.
    private var spanned: [Int] = []

    private typealias Fixed = FixedColumn

    /// - `strangers`: names of fields beyond `Fields.limit`, as `BlockEvents` numbers them.
    package init(day: Day, strangers: [String] = []) {
        self.day = day
        self.strangers = strangers
        columns = Fixed.allCases.map { ColumnBuilder(ColumnName(name: $0.name, occurrence: 0)) }
        columnOfField = [Int](repeating: -1, count: Fields.limit + strangers.count)
        for fixed in Fixed.allCases {
            if let id = Fields.table.existing(fixed.name) { columnOfField[Int(id)] = fixed.rawValue }
        }
        times.reserveCapacity(IndexLimits.eventsPerBlock)
        received.reserveCapacity(IndexLimits.eventsPerBlock)
        sequences.reserveCapacity(IndexLimits.eventsPerBlock)
        shapeCodes.reserveCapacity(IndexLimits.eventsPerBlock)
    }

    package var count: Int { times.count }
    package var isEmpty: Bool { times.isEmpty }
    package var isFull: Bool {
        times.count >= IndexLimits.eventsPerBlock || rawBytes >= IndexLimits.rawBytesPerBlock
    }
    /// The number of the oldest event.
    package var firstSequence: UInt64? { sequences.first }

    /// Forgets which sender the last event had, as each batch numbers its own.
    ///
    /// Call before each batch's events.
    package mutating func beginBatch() {
        lastNumbers[Fixed.peer.rawValue] = nil
        lastNumbers[Fixed.listener.rawValue] = nil
    }

    /// Adds one event of a batch.
    package mutating func append(_ event: Event, of batch: EventBatch, sequence: UInt64) {
        let row = times.count
        times.append(event.time)
        received.append(batch.received)
        sequences.append(sequence)
        rawBytes += event.raw.count
        addFixed(event, of: batch, row: row)

        encodeShape(of: event, in: batch, row: row)
        if shapes.count >= IndexLimits.shapesPerBlock, shapes.existing(shape.span) == nil,
            !isRawShape(event, batch)
        {
            encodeRawShape(of: event, in: batch, row: row)
        }
        let encoded = shape
        shapeCodes.append(shapes.code(of: encoded.span) &+ 1)
    }

    /// The block as it is now.
    package var block: Block {
        Block(
            day: day, times: times, received: received, sequences: sequences, names: columns.map(\.name),
            columns: columns.map(\.column), shapes: Column(values: shapes.table, codes: shapeCodes),
            rawBytes: rawBytes)
    }

    // MARK: What is not in the line

    private mutating func addFixed(_ event: Event, of batch: EventBatch, row: Int) {
        add(.level, event.severity == Event.unknown ? nil : UInt32(event.severity), row: row) {
            FixedValues.level($0)
        }
        add(.facility, event.facility == Event.unknown ? nil : UInt32(event.facility), row: row) {
            FixedValues.facility($0)
        }
        add(.parser, UInt32(event.format), row: row) { FixedValues.format($0) }
        add(.parse, UInt32(event.outcome.rawValue), row: row) { FixedValues.outcome($0) }
        add(.reason, event.reasons.isEmpty ? nil : event.reasons.rawValue, row: row) {
            FixedValues.reasons($0)
        }
        let index = Int(event.peer)
        guard index < batch.peers.count else { return }
        add(.peer, UInt32(index), row: row) { _ in Array(batch.peers[index].address.utf8) }
        add(.listener, UInt32(index), row: row) { _ in Array(batch.peers[index].listener.name.utf8) }
    }

    /// Adds the text of a number to a fixed column.
    ///
    /// The last number's code is remembered, as it hardly ever changes.
    private mutating func add(_ fixed: Fixed, _ number: UInt32?, row: Int, text: (UInt32) -> [UInt8]) {
        guard let number else { return }
        let column = fixed.rawValue
        if lastNumbers[column] != number {
            lastCodes[column] = columns[column].code(of: text(number).span)
            lastNumbers[column] = number
        }
        columns[column].add(code: lastCodes[column], row: row)
    }

    // MARK: Shapes

    /// Cuts the values out of the line into their columns; what is left, with the places of the values, is `shape`.
    private mutating func encodeShape(of event: Event, in batch: EventBatch, row: Int) {
        shape.removeAll(keepingCapacity: true)
        placed.removeAll(keepingCapacity: true)
        spanned.removeAll(keepingCapacity: true)
        let bytes = batch.bytes.span
        let end = Int(event.raw.end)
        var position = Int(event.raw.start)
        /// Ends of the spans that are open, innermost last.
        var open: [Int] = []

        for index in Int(event.firstField)..<Int(event.firstField) + Int(event.fieldCount) {
            let value = batch.fields[index]
            placed.append(-1)
            if value.role == .derived {
                place(
                    batch.derived.span.extracting(value.bytes.range), value.field, Shape.Tag.derived, row: row
                )
                continue
            }
            let range = value.bytes.range
            // A parser's mistake must not lose the line: a value out of order stays literal text.
            guard range.lowerBound >= position, range.upperBound <= end else { continue }
            while let last = open.last, last <= range.lowerBound {
                encodeLiteral(bytes, position..<last)
                position = last
                shape.append(Shape.Tag.end)
                open.removeLast()
            }
            if let last = open.last, range.upperBound > last { continue }
            encodeLiteral(bytes, position..<range.lowerBound)
            position = range.lowerBound
            switch value.role {
            case .span:
                guard let column = column(of: value.field, row: row) else { continue }
                placed[placed.count - 1] = column
                columns[column].name.isSpan = true
                spanned.append(column)
                encode(Shape.Tag.begin, column)
                open.append(range.upperBound)
                continue
            case .time where isRendered(value.layout, event.time, bytes.extracting(range)):
                encodeTime(value.layout)
            default:
                if !place(bytes.extracting(range), value.field, Shape.Tag.hole, row: row) {
                    encodeLiteral(bytes, range)
                }
            }
            position = range.upperBound
        }
        while let last = open.popLast() {
            encodeLiteral(bytes, position..<last)
            position = last
            shape.append(Shape.Tag.end)
        }
        encodeLiteral(bytes, position..<end)
    }

    /// The shape for a block that has too many: the whole line is one value, and all fields stand beside it.
    private mutating func encodeRawShape(of event: Event, in batch: EventBatch, row: Int) {
        // Without room for the column the block has one shape more: what must not be lost is the line.
        guard let raw = column(of: .raw, row: row) else { return }
        shape.removeAll(keepingCapacity: true)
        columns[raw].add(batch.bytes.span.extracting(event.raw.range), row: row)
        encode(Shape.Tag.hole, raw)
        for (index, column) in placed.enumerated() where column >= 0 {
            let value = batch.fields[Int(event.firstField) + index]
            if value.role == .span {
                columns[column].add(batch.bytes.span.extracting(value.bytes.range), row: row)
            }
            encode(Shape.Tag.derived, column)
        }
    }

    /// Whether the line is one value already, as it comes out of a block that had too many shapes.
    private func isRawShape(_ event: Event, _ batch: EventBatch) -> Bool {
        guard event.fieldCount > 0 else { return false }
        let first = batch.fields[Int(event.firstField)]
        return first.field == .raw && first.role == .hole && first.bytes == event.raw
    }

    private mutating func isRendered(_ layout: TimeLayout, _ time: Int64, _ text: Span<UInt8>) -> Bool {
        rendered.removeAll(keepingCapacity: true)
        renderer.render(time, as: layout, into: &rendered)
        return equalBytes(rendered.span, text)
    }

    /// Puts a value into the field's column and the column into the shape; false when the block has no room.
    @discardableResult
    private mutating func place(_ value: Span<UInt8>, _ field: FieldID, _ tag: UInt8, row: Int) -> Bool {
        guard let column = column(of: field, row: row) else { return false }
        columns[column].add(value, row: row)
        placed[placed.count - 1] = column
        encode(tag, column)
        return true
    }

    /// The field's column that has no value for this event yet; made where it is missing.
    private mutating func column(of field: FieldID, row: Int) -> Int? {
        guard Int(field.rawValue) < columnOfField.count else { return nil }
        var column = columnOfField[Int(field.rawValue)]
        var previous = -1
        var occurrence: UInt8 = 0
        while column >= 0, columns[column].holds(row) || spanned.contains(column) {
            guard occurrence < UInt8.max else { return nil }
            previous = column
            column = columns[column].next
            occurrence += 1
        }
        if column >= 0 { return column }
        guard columns.count < IndexLimits.columnsPerBlock else { return nil }
        let number = Int(field.rawValue)
        let name =
            number < Fields.limit ? Fields.table.name(of: field.rawValue) : strangers[number - Fields.limit]
        columns.append(ColumnBuilder(ColumnName(name: name, occurrence: occurrence)))
        if previous < 0 {
            columnOfField[Int(field.rawValue)] = columns.count - 1
        } else {
            columns[previous].next = columns.count - 1
        }
        return columns.count - 1
    }

    private mutating func encode(_ tag: UInt8, _ column: Int) {
        shape.append(tag)
        shape.append(UInt8(truncatingIfNeeded: column))
        shape.append(UInt8(truncatingIfNeeded: column >> 8))
    }

    private mutating func encodeTime(_ layout: TimeLayout) {
        shape.append(Shape.Tag.time)
        shape.append(layout.style.rawValue)
        shape.append(layout.zone.rawValue)
        shape.append(layout.fractionDigits)
        shape.append(UInt8(truncatingIfNeeded: layout.offsetMinutes))
        shape.append(UInt8(truncatingIfNeeded: layout.offsetMinutes >> 8))
    }

    private mutating func encodeLiteral(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            let count = min(range.upperBound - start, Int(UInt16.max))
            shape.append(Shape.Tag.literal)
            shape.append(UInt8(truncatingIfNeeded: count))
            shape.append(UInt8(truncatingIfNeeded: count >> 8))
            shape.append(bytes.extracting(start..<start + count))
            start += count
        }
    }
}
