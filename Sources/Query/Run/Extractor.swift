import Index
import Parse

/// Runs an `Extraction` over the events of a block: the texts that it finds become columns.
struct Extractor: Sendable {
    private let extraction: Extraction
    private let parts: [Part]

    private enum Part: Sendable {
        case literal([UInt8])
        /// The number of the field; nil for a text that is skipped.
        case field(Int?)
    }

    init(_ extraction: Extraction) {
        self.extraction = extraction
        var count = 0
        parts = extraction.parts.map { part in
            switch part {
            case .literal(let text): return .literal(Array(text.utf8))
            case .field(nil): return .field(nil)
            case .field:
                count += 1
                return .field(count - 1)
            }
        }
    }

    /// Adds the columns to the block.
    func run(on block: BlockReader, among rows: RowSet) throws {
        var columns = extraction.fields.map { ColumnBuilder(of: $0) }
        var found = [Range<Int>](repeating: 0..<0, count: columns.count)
        try block.forEachText(of: extraction.source, among: rows) { row, text, range in
            guard match(text, range, &found) else { return }
            for (index, range) in found.enumerated() {
                columns[index].add(text.extracting(range), row: row)
            }
        }
        for (name, column) in zip(extraction.fields, columns) { block.add(name, column.column) }
    }

    /// Finds the fields in one text.
    func match(_ text: Span<UInt8>, _ range: Range<Int>, _ found: inout [Range<Int>]) -> Bool {
        var place = range.lowerBound
        /// The field whose end the next literal is.
        var open: (field: Int?, start: Int)?
        for (index, part) in parts.enumerated() {
            switch part {
            case .field(let field): open = (field, place)
            case .literal(let literal):
                // In front of the first field anything may stand, behind another literal nothing.
                guard let start = Self.first(literal, in: text, from: place, to: range.upperBound),
                    open != nil || index == 0
                else { return false }
                if let open, let field = open.field { found[field] = open.start..<start }
                open = nil
                place = start + literal.count
            }
        }
        if let open, let field = open.field { found[field] = open.start..<range.upperBound }
        return true
    }

    private static func first(_ needle: [UInt8], in text: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        guard let first = needle.first, end - start >= needle.count else { return nil }
        for place in start...(end - needle.count) where text[place] == first {
            if (1..<needle.count).allSatisfy({ text[place + $0] == needle[$0] }) { return place }
        }
        return nil
    }
}
