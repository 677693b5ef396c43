/// Where the values of a block stand in its lines.
package struct BlockPlaces: Sendable {
    /// The events of each shape.
    package let rows: [RowSet]
    /// By column, the events in whose raw line the column's value stands; nil where there are none.
    package let holes: [RowSet?]

    init(_ block: BlockReader) throws(StoreError) {
        let codes = try block.shapeCodes()
        var rows = [RowSet](repeating: RowSet(size: block.count), count: codes.values.count)
        for row in 0..<block.count {
            if let shape = codes.value(at: row) { rows[shape].insert(row) }
        }
        var holes = [RowSet?](repeating: nil, count: block.names.count)
        for number in rows.indices {
            for case .hole(let column) in try block.shape(number).elements {
                if holes[column] == nil { holes[column] = RowSet(size: block.count) }
                holes[column]?.formUnion(rows[number])
            }
        }
        self.rows = rows
        self.holes = holes
    }
}

extension BlockReader {
    /// The elements that a column's field spans, by the number of the shape.
    package func spans(of column: Int) throws(StoreError) -> [Int: Range<Int>] {
        guard names[column].isSpan else { return [:] }
        var spans: [Int: Range<Int>] = [:]
        for number in 0..<(try shapeCount()) {
            if let range = try shape(number).span(of: column) { spans[number] = range }
        }
        return spans
    }
}

extension Shape {
    /// The elements between the beginning and the end of a column's field.
    package func span(of column: Int) -> Range<Int>? {
        elements.firstIndex(of: .begin(column: column)).flatMap { span(at: $0) }
    }

    /// The elements from the beginning of a field, at index `start`, to its end.
    package func span(at start: Int) -> Range<Int>? {
        var depth = 0
        for index in start..<elements.count {
            switch elements[index] {
            case .begin: depth += 1
            case .end:
                depth -= 1
                if depth == 0 { return start..<index }
            default: continue
            }
        }
        return nil
    }
}
