import Index
import Parse

/// A condition on a field, decided value by value: a block holds each value once, however many events have it.
struct FieldTest: Sendable {
    let field: String
    private let value: ValueTest
    private let heldText: TextFinder?
    /// What the lines must hold in which the field stands, where the condition says.
    private let lineText: LineText?
    private let words: [WordTest]
    private let kind: FieldKind

    init(_ test: Test) {
        field = test.field
        words = LiteralRun.words(of: test.condition)
        kind = test.kind
        value = ValueTest(test)
        heldText = value.heldText
        lineText = LineText(test.condition)
    }

    /// See `Predicate.cost`.
    var cost: Int { kind == .text ? 4 : 1 }

    /// See `ValueTest.gaveUp`.
    var gaveUp: Int { value.gaveUp }

    func rows(of block: BlockReader, among rows: RowSet) throws(StoreError) -> RowSet {
        var found = RowSet(size: block.count)
        for index in block.columns(of: field) {
            if let heldText {
                found.formUnion(try block.rows(of: index, among: rows, holding: heldText, onEdges: true))
            } else {
                found.formUnion(try block.rows(of: index, among: rows) { value.passes($0, $1) })
            }
            try addSpans(of: index, in: block, among: rows, to: &found)
        }
        return found
    }

    /// Adds the events whose line has the field around other fields, such as the message of an access log.
    private func addSpans(
        of index: Int, in block: BlockReader, among rows: RowSet, to found: inout RowSet
    ) throws(StoreError) {
        let spans = try block.spans(of: index)
        guard !spans.isEmpty else { return }
        var rest = rows.subtracting(found)
        if let lineText {
            rest = try lineText.rows(of: block, among: rest)
        } else if !words.isEmpty {
            // A line without the words of the text cannot have it in one of its fields; but for a field that begins
            // or ends inside of a token of its line.
            let unclean = try block.uncleanRows()
            var clean = rest.subtracting(unclean)
            for word in words { clean = try word.rows(of: block, among: clean) }
            rest.formIntersection(unclean)
            rest.formUnion(clean)
        }
        var text: [UInt8] = []
        let shapes = try block.shapeCodes()
        try rest.forEach { (row) throws(StoreError) in
            guard let shape = shapes.value(at: row), let elements = spans[shape] else { return }
            text.removeAll(keepingCapacity: true)
            try block.append(try block.shape(shape), elements, row, to: &text)
            if value.passes(text.span, 0..<text.count) { found.insert(row) }
        }
    }
}

extension BlockReader {
    /// The events in whose line a value can run into the text beside it.
    fileprivate func uncleanRows() throws(StoreError) -> RowSet {
        let places = try places()
        var rows = RowSet(size: count)
        for number in places.rows.indices where !(try shape(number).isClean) {
            rows.formUnion(places.rows[number])
        }
        return rows
    }
}
