import Index

extension BlockReader {
    /// Those of the events whose value in a column passes.
    ///
    /// A block holds a value once, however many events have it: each is looked at once, unless few events are
    /// left.
    func rows(
        of column: Int, among rows: RowSet, _ passes: (Span<UInt8>, Range<Int>) -> Bool
    ) throws(StoreError) -> RowSet {
        if rows.count < (try valueCount(of: column)) { return try each(column, rows, passes) }
        let values = try values(of: column)
        let bytes = values.bytes.span
        var isHit = [Bool](repeating: false, count: values.count + 1)
        var anyHit = false
        for value in 0..<values.count where passes(bytes, values.range(value)) {
            isHit[value + 1] = true
            anyHit = true
        }
        // Without a hit, which event has which value does not matter.
        guard anyHit else { return RowSet(size: rows.size) }
        return try self.rows(of: column, where: isHit).intersection(rows)
    }

    /// Those of the events whose value in a column holds a text; with `onEdges` between token edges.
    func rows(
        of column: Int, among rows: RowSet, holding text: TextFinder, onEdges: Bool
    ) throws(StoreError) -> RowSet {
        if isArchived(column) {
            let rows = try self.rows(archivedWith: text, among: rows)
            return try each(column, rows) { text.isHeld(by: $0, $1, onEdges: onEdges) }
        }
        // All values at once are looked through much faster than one by one.
        if rows.count * 16 < (try valueCount(of: column)) {
            return try each(column, rows) { text.isHeld(by: $0, $1, onEdges: onEdges) }
        }
        guard let isHit = try values(of: column).values(holding: text, onEdges: onEdges) else {
            return RowSet(size: rows.size)
        }
        return try self.rows(of: column, where: isHit).intersection(rows)
    }

    /// Those of the events whose line may hold a text, where the lines stand in an archive; else all of them.
    ///
    /// Lines are looked through all at once, before anything is cut out of one.
    func rows(archivedWith text: TextFinder, among rows: RowSet) throws(StoreError) -> RowSet {
        // So few are read one by one.
        guard isArchived, text.isPlainInJSON, rows.count > 16 else { return rows }
        var found = RowSet(size: rows.size)
        try forEachArchivedTable(with: rows) { first, lines in
            guard let hits = lines.values(holding: text, onEdges: false) else { return }
            for line in 0..<lines.count where hits[line + 1] { found.insert(first + line) }
        }
        return found.intersection(rows)
    }

    private func each(
        _ column: Int, _ rows: RowSet, _ passes: (Span<UInt8>, Range<Int>) -> Bool
    ) throws(StoreError) -> RowSet {
        var found = RowSet(size: rows.size)
        var text: [UInt8] = []
        try rows.forEach { (row) throws(StoreError) in
            text.removeAll(keepingCapacity: true)
            if try appendValue(of: column, row: row, to: &text), passes(text.span, 0..<text.count) {
                found.insert(row)
            }
        }
        return found
    }

    /// The one column that has all of a field's values for counting; nil where they have to be put together.
    func plainColumn(of field: String) -> Int? {
        switch field {
        case "time", "received", "id", "raw": nil
        default:
            // Columns behind the first matter where an extraction added them.
            switch columns(of: field) {
            case let columns where columns.count > 1 && added > 0: nil
            case let columns: columns.first.flatMap { names[$0].isSpan ? nil : $0 }
            }
        }
    }
}
