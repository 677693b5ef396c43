/// Where the values of a block stand in its lines.
package struct BlockPlaces: Sendable {
    /// The events of each shape.
    package let rows: [RowSet]
    /// By column, the events in whose raw line the column's value stands; nil where there are none.
    package let holes: [RowSet?]

    init(_ block: BlockReader) throws(StoreError) {
        let codes = try block.shapeCodes()
        // One table for all shapes, as a set of its own for each event's shape would have to be looked up.
        let width = (block.count + 63) / 64
        var words = [UInt64](repeating: 0, count: width * codes.values.count)
        do {
            var output = words.mutableSpan
            for row in 0..<min(block.count, codes.codes.count) where codes.codes[row] > 0 {
                output[(Int(codes.codes[row]) - 1) * width + row >> 6] |= 1 << UInt64(row & 63)
            }
        }
        let rows = (0..<codes.values.count).map { number in
            RowSet(size: block.count, words: words[number * width..<(number + 1) * width])
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
