import Index

/// Where the values of a block stand in its lines.
struct BlockPlaces {
    /// The events of each shape.
    let rows: [RowSet]
    /// By column, the events in whose raw line the column's value stands; nil where there are none.
    let holes: [RowSet?]
}

extension BlockReader {
    /// Computed anew for each test that needs it: it is small beside the work on values.
    func places() throws(StoreError) -> BlockPlaces {
        let codes = try shapeCodes()
        var rows = [RowSet](repeating: RowSet(size: count), count: try shapeCount())
        for row in 0..<count {
            if let shape = codes.value(at: row) { rows[shape].insert(row) }
        }
        var holes = [RowSet?](repeating: nil, count: names.count)
        for number in rows.indices {
            for case .hole(let column) in try shape(number).elements {
                if holes[column] == nil { holes[column] = RowSet(size: count) }
                holes[column]?.formUnion(rows[number])
            }
        }
        return BlockPlaces(rows: rows, holes: holes)
    }

    /// The elements that a column's field spans, by the number of the shape.
    func spans(of column: Int) throws(StoreError) -> [Int: Range<Int>] {
        var spans: [Int: Range<Int>] = [:]
        for number in 0..<(try shapeCount()) {
            if let range = try shape(number).span(of: column) { spans[number] = range }
        }
        return spans
    }
}

extension Shape {
    /// The elements between the beginning and the end of a column's field.
    func span(of column: Int) -> Range<Int>? {
        guard let start = elements.firstIndex(of: .begin(column: column)) else { return nil }
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
