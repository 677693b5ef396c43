import Index
import Parse

/// A text that every matching line holds, looked for value by value: most lines need not be put together.
struct LineText: Sendable {
    /// In lower case where case does not count.
    private let text: [UInt8]
    private let ignoresCase: Bool
    private let finder: TextFinder
    private let alphabet: Alphabet
    /// A time in the line could hold it.
    private let fitsTimes: Bool

    /// Bytes from which on a text is worth the look.
    private static let shortest = 3

    /// The text to look for in the lines that can meet a condition; nil where there is none.
    init?(_ condition: Condition) {
        let (runs, ignoresCase) = LiteralRun.runs(of: condition)
        // What stands between two values is mostly a blank or a quote: a text without them lies in one value.
        let pieces = runs.flatMap { run in run.bytes.split { $0 == 0x20 || $0 == 0x22 } }
        guard let longest = pieces.max(by: { $0.count < $1.count }), longest.count >= Self.shortest,
            let finder = TextFinder(Array(longest), ignoresCase: ignoresCase)
        else { return nil }
        text = ignoresCase ? longest.map(Token.lowercased) : Array(longest)
        self.ignoresCase = ignoresCase
        self.finder = finder
        alphabet = Alphabet(text)
        fitsTimes = Self.fitsTimes(text)
    }

    /// Those of the events whose line may hold the text: all that do, and some that do not.
    func rows(of block: BlockReader, among rows: RowSet) throws(StoreError) -> RowSet {
        let rows = try block.rows(archivedWith: finder, among: rows)
        let places = try block.places()
        var found = RowSet(size: rows.size)
        for number in places.rows.indices {
            let shape = try block.shape(number)
            if !isConfined(in: shape) || isLiteral(in: shape) { found.formUnion(places.rows[number]) }
        }
        for (column, isHole) in places.holes.enumerated() {
            guard let isHole, block.names[column].alphabet.isSuperset(of: alphabet) else { continue }
            let left = rows.subtracting(found).intersection(isHole)
            if left.isEmpty { continue }
            found.formUnion(try block.rows(of: column, among: left, holding: finder, onEdges: false))
        }
        found.formIntersection(rows)
        return found
    }

    /// Whether the text that all lines of the shape share holds it.
    private func isLiteral(in shape: Shape) -> Bool {
        shape.elements.contains { element in
            guard case .literal(let range) = element else { return false }
            return finder.isHeld(by: shape.bytes.span, range, onEdges: false)
        }
    }

    /// Whether the text can stand in a line of the shape only inside of one value or of one literal text: it
    /// cannot reach from one into the next.
    func isConfined(in shape: Shape) -> Bool {
        var isAfterValue = false
        for element in shape.elements {
            switch element {
            case .literal(let range):
                if range.isEmpty { continue }
                if crossesAnEnd(of: shape.bytes[range]) { return false }
                isAfterValue = false
            case .hole, .time:
                if isAfterValue { return false }
                if case .time = element, fitsTimes { return false }
                isAfterValue = true
            case .begin, .end, .derived: continue
            }
        }
        return true
    }

    /// Whether the text, cut in two anywhere, can go on in a literal behind the cut, or come out of it before
    /// the cut.
    private func crossesAnEnd(of literal: ArraySlice<UInt8>) -> Bool {
        for cut in 1..<text.count {
            let ahead = min(text.count - cut, literal.count)
            if isSame(cut, literal, literal.startIndex, ahead) { return true }
            let before = min(cut, literal.count)
            if isSame(cut - before, literal, literal.endIndex - before, before) { return true }
        }
        return false
    }

    /// Whether `count` bytes of the text are the same as those of a literal.
    private func isSame(_ start: Int, _ literal: ArraySlice<UInt8>, _ place: Int, _ count: Int) -> Bool {
        for index in 0..<count {
            let byte = literal[place + index]
            if text[start + index] != (ignoresCase ? Token.lowercased(byte) : byte) { return false }
        }
        return true
    }

    /// Whether a time could write it: names have three letters, and a mark of the zone at most one.
    private static func fitsTimes(_ text: [UInt8]) -> Bool {
        var letters = 0
        for byte in text {
            letters = (byte | 0x20) &- 0x61 < 26 ? letters + 1 : 0
            let isPossible = letters > 0 || byte &- 0x30 < 10 || " :+-/.".utf8.contains(byte)
            if !isPossible || letters > 3 { return false }
        }
        return true
    }
}
