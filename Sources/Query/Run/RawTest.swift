import Index
import Parse

/// A condition on the raw line.
///
/// A single word is decided value by value, as words cannot run across the border of a value in a clean shape.
/// Anything else is decided on the whole line, put together for those events that have all of its words.
struct RawTest: Sendable {
    let condition: Condition
    private let value: ValueTest
    /// The text and the words that a matching line must hold, where the condition names some.
    private let text: LineText?
    private let words: [WordTest]
    /// The condition is one word, and nothing else.
    private let isWord: Bool
    private let isExistence: Bool

    /// Lines that are put together rather than looked through for one more word.
    private static let fewLines = 256

    init(_ test: Test) {
        condition = test.condition
        value = ValueTest(test)
        isExistence = test.condition == .exists
        text = LineText(test.condition)
        words = LiteralRun.words(of: test.condition)
        if case .contains(let text) = test.condition {
            isWord = words.count == 1 && text.utf8.allSatisfy(Token.isTokenByte)
        } else {
            isWord = false
        }
    }

    /// See `ValueTest.gaveUp`.
    var gaveUp: Int { value.gaveUp }

    func rows(of block: BlockReader, among rows: RowSet) throws(StoreError) -> RowSet {
        if isExistence { return rows }
        if isWord { return try words[0].rows(of: block, among: rows) }
        var candidates = rows
        if let text { candidates = try text.rows(of: block, among: candidates) }
        for word in words where candidates.count > Self.fewLines {
            candidates = try word.rows(of: block, among: candidates)
        }
        var found = RowSet(size: rows.size)
        var line: [UInt8] = []
        try candidates.forEach { (row) throws(StoreError) in
            line.removeAll(keepingCapacity: true)
            try block.appendRaw(row, to: &line)
            if value.passes(line.span, 0..<line.count) { found.insert(row) }
        }
        return found
    }
}

/// Whether a raw line holds one word on token edges.
struct WordTest: Sendable {
    /// One token in lower case.
    let word: [UInt8]
    /// The form of a time's token that the word could be; nil where no time can bring it.
    private let timeForm: String?
    private let alphabet: Alphabet
    private let finder: TextFinder?

    /// The words of a text that a line holds on token edges.
    static func words(of text: [UInt8]) -> [WordTest] {
        let bytes = text.map(Token.lowercased)
        var words: [WordTest] = []
        Token.forEach(in: bytes.span, 0..<bytes.count) { words.append(WordTest(Array(bytes[$0]))) }
        return words
    }

    init(_ word: [UInt8]) {
        self.word = word
        alphabet = Alphabet(word)
        timeForm = TimeTerms.form(ofWord: word)
        finder = TextFinder(word, ignoresCase: true)
    }

    func rows(of block: BlockReader, among rows: RowSet) throws(StoreError) -> RowSet {
        var found = RowSet(size: rows.size)
        guard let finder else { return found }
        let rows = try block.rows(archivedWith: finder, among: rows)
        if rows.isEmpty { return rows }
        let places = try block.places()
        // Values, where they stand in the line.
        for (index, isHole) in places.holes.enumerated() {
            guard let isHole, block.names[index].alphabet.isSuperset(of: alphabet) else { continue }
            let left = rows.subtracting(found).intersection(isHole)
            if left.isEmpty { continue }
            found.formUnion(try block.rows(of: index, among: left, holding: finder, onEdges: true))
        }
        // The text around them, and what has to be looked at line by line.
        var byLine = RowSet(size: rows.size)
        for number in 0..<(try block.shapeCount()) {
            let shape = try block.shape(number)
            if !shape.isClean || timeForm.map(shape.writesTimes(ofForm:)) ?? false {
                byLine.formUnion(places.rows[number])
            } else if shape.hasLiteral(with: word) {
                found.formUnion(places.rows[number])
            }
        }
        found.subtract(byLine)
        found.formIntersection(rows)
        var line: [UInt8] = []
        try byLine.intersection(rows).forEach { (row) throws(StoreError) in
            line.removeAll(keepingCapacity: true)
            try block.appendRaw(row, to: &line)
            if ByteText.containsOnEdges(word, in: line.span, 0..<line.count) { found.insert(row) }
        }
        return found
    }
}

extension Shape {
    /// Whether one of the times in the line can bring a token of this form.
    func writesTimes(ofForm form: String) -> Bool {
        elements.contains { element in
            guard case .time(let layout) = element else { return false }
            return TimeTerms.forms(of: layout).contains(form)
        }
    }

    /// Whether the text that all lines of the shape share holds the word.
    func hasLiteral(with word: [UInt8]) -> Bool {
        elements.contains { element in
            guard case .literal(let range) = element else { return false }
            return ByteText.containsOnEdges(word, in: bytes.span, range)
        }
    }
}
