package import Parse

extension Query {
    /// A query and what its writer should be told about how it was read.
    package struct Reading: Sendable {
        package var query: Query
        package var notes: [QueryNote]
    }

    /// Reads a query that holds no times and no saved searches.
    ///
    /// See `QueryContext.fields`.
    package static func parse(
        _ text: String, fields: @escaping @Sendable (String) -> FieldKind?
    ) throws(QueryError) -> Query {
        try parse(text, QueryContext(fields: fields))
    }

    /// Reads a query.
    ///
    /// Throws `QueryError` with the place; never traps, whatever the text.
    package static func parse(
        _ text: String, _ context: QueryContext = QueryContext()
    ) throws(QueryError) -> Query {
        try reading(of: text, context).query
    }

    /// `parse`, with the notes.
    package static func reading(
        of text: String, _ context: QueryContext = QueryContext()
    ) throws(QueryError) -> Reading {
        try checkLength(of: text)
        var parser = QueryParser(text, context)
        let query = try parser.query()
        return Reading(query: query, notes: parser.notes)
    }

    static func checkLength(of text: String) throws(QueryError) {
        let limit = QueryLimits.textBytes
        guard text.utf8.count <= limit else {
            throw QueryError(
                .tooComplex, "the query has \(text.utf8.count) bytes, the limit is \(limit)", at: 0..<0,
                hint: "search for less text, or split the query")
        }
    }
}

/// Recursive descent over the grammar of the query language.
///
/// This file holds its boolean part:
///
///     query = [filter] { "|" stage }      filter = and { OR and }      and = unary { [AND] unary }
///     unary = (NOT | "!" | "-") unary | "(" filter ")" | clause
struct QueryParser {
    var scanner: QueryScanner
    let context: QueryContext
    private(set) var notes: [QueryNote] = []
    private var depth = 0
    private var terms = 0
    /// What the names in the stage in hand can be.
    var scope = StageScope()
    /// How many regular expressions there were.
    var regexes = 0
    /// The saved searches that this text stands in, from the outermost.
    private(set) var savedChain: [String] = []
    /// The operator or bar that waits for its right side.
    private var pending: Range<Int>?

    init(_ text: String, _ context: QueryContext) {
        scanner = QueryScanner(text)
        self.context = context
    }

    /// Reads a saved search: what it holds counts as part of this query.
    mutating func query(ofSaved text: String, name: String) throws(QueryError) -> Query {
        try Query.checkLength(of: text)
        var inner = QueryParser(text, context)
        inner.savedChain = savedChain + [name]
        (inner.depth, inner.terms, inner.regexes) = (depth, terms, regexes)
        let query = try inner.query()
        (terms, regexes) = (inner.terms, inner.regexes)
        return query
    }

    // MARK: Query

    mutating func query() throws(QueryError) -> Query {
        scanner.skipBlanks()
        if let saved = try savedQuery() {
            return Query(filter: saved.filter, stages: saved.stages + (try stages()))
        }
        var filter = Filter.everything
        if scanner.current != nil, !isBar(scanner.place) { filter = try disjunction(in: nil) }
        scanner.skipBlanks()
        if scanner.current == 0x29 {
            throw QueryError(
                .syntax, "this ) closes nothing", at: scanner.place..<scanner.place + 1,
                hint: "to search text, quote it: \")\"")
        }
        return Query(filter: filter, stages: try stages())
    }

    private func isBar(_ offset: Int) -> Bool {
        scanner.byte(offset) == 0x7C && scanner.byte(offset + 1) != 0x7C
    }

    // MARK: Booleans

    /// A filter, or the values between the parentheses of `field:(…)`.
    mutating func disjunction(in field: Field?) throws(QueryError) -> Filter {
        var parts = [try conjunction(in: field)]
        while takeOperator("OR", "or", symbol: "||") { parts.append(try conjunction(in: field)) }
        return .any(of: parts)
    }

    private mutating func conjunction(in field: Field?) throws(QueryError) -> Filter {
        let start = scanner.afterBlanks(scanner.place)
        // Parts joined by a written AND; a blank alone begins a new factor.
        var factors = [try unary(in: field)]
        var isJuxtaposed = false
        while true {
            if takeOperator("AND", "and", symbol: "&&") {
                factors.append(.all(of: [factors.removeLast(), try unary(in: field)]))
            } else if startsOperand(scanner.afterBlanks(scanner.place)), !isOperator("or") {
                factors.append(try unary(in: field))
                isJuxtaposed = true
            } else {
                break
            }
        }
        guard let field, isJuxtaposed, field.isSingleValued else { return .all(of: factors) }

        // `status:(500 502)`: no event has both, so a blank means OR; `status:(5xx -503)` still means both.
        var wanted: [Filter] = []
        var refused: [Filter] = []
        for factor in factors {
            if case .not = factor { refused.append(factor) } else { wanted.append(factor) }
        }
        if wanted.count > 1 {
            note(
                "\(field.name) has one value, so a blank between its values is read as OR",
                start..<scanner.place)
        }
        return .all(of: (wanted.isEmpty ? [] : [.any(of: wanted)]) + refused)
    }

    private mutating func unary(in field: Field?) throws(QueryError) -> Filter {
        var isNegated = false
        var levels = 0
        while takeNot(in: field) {
            isNegated.toggle()
            levels += 1
            try descend(at: scanner.place)
        }
        let operand = try operand(in: field)
        depth -= levels
        return isNegated ? .negation(of: operand) : operand
    }

    private mutating func operand(in field: Field?) throws(QueryError) -> Filter {
        scanner.skipBlanks()
        let start = scanner.place
        guard startsOperand(start) else { throw missingOperand(at: start) }
        // Lucene's "must": every term must anyway.
        if scanner.current == 0x2B, !scanner.isBoundary(start + 1) || scanner.byte(start + 1) == 0x28 {
            scanner.place += 1
        }
        guard scanner.current == 0x28 else {
            pending = nil
            return if let field { try value(of: field, inGroup: true) } else { try clause() }
        }
        let open = scanner.place
        scanner.place += 1
        return try group(in: field, openedAt: open)
    }

    /// The rest of a group, behind its `(`.
    mutating func group(in field: Field?, openedAt open: Int) throws(QueryError) -> Filter {
        try descend(at: open)
        pending = nil
        let filter = try disjunction(in: field)
        scanner.skipBlanks()
        guard scanner.current == 0x29 else {
            throw QueryError(
                .syntax, "this ( is not closed", at: open..<open + 1,
                hint: "add a ), or quote the text that holds the (")
        }
        scanner.place += 1
        depth -= 1
        return filter
    }

    // MARK: Operators

    /// Takes an infix operator.
    ///
    /// Its lower-case form is one only if something to combine follows (KQL's habit).
    private mutating func takeOperator(_ upper: String, _ lower: String, symbol: String) -> Bool {
        let start = scanner.afterBlanks(scanner.place)
        let length = upper.utf8.count
        if symbol == "||", scanner.byte(start) == 0x7C, scanner.byte(start + 1) == 0x7C {
            return take(start..<start + 2)
        }
        if scanner.isWord(upper, at: start) { return take(start..<start + length) }
        if symbol == "&&", scanner.isWord(symbol, at: start) { return take(start..<start + 2) }
        if isOperator(lower) { return take(start..<start + length) }
        return false
    }

    private func isOperator(_ lower: String) -> Bool {
        let start = scanner.afterBlanks(scanner.place)
        return scanner.isWord(lower, at: start)
            && startsOperand(scanner.afterBlanks(start + lower.utf8.count))
    }

    private mutating func take(_ range: Range<Int>) -> Bool {
        pending = range
        scanner.place = range.upperBound
        return true
    }

    private mutating func takeNot(in field: Field?) -> Bool {
        let start = scanner.afterBlanks(scanner.place)
        if scanner.isWord("NOT", at: start) { return take(start..<start + 3) }
        if scanner.isWord("not", at: start) {
            let next = scanner.afterBlanks(start + 3)
            if scanner.byte(next) == 0x28 { return take(start..<start + 3) }
            if let field {
                if field.isSingleValued, startsOperand(next) { return take(start..<start + 3) }
            } else if isFieldClause(next) {
                return take(start..<start + 3)
            }
            note("not is searched as a word here; write NOT to exclude what follows", start..<start + 3)
            return false
        }
        guard let sign = scanner.byte(start), sign == 0x21 || sign == 0x2D else { return false }
        if sign == 0x21, scanner.isWord("!", at: start), startsOperand(scanner.afterBlanks(start + 1)) {
            return take(start..<start + 1)
        }
        // A dash or mark on its own, `--option` and `!=` are text.
        guard let next = scanner.byte(start + 1), next == 0x28 || !scanner.isBoundary(start + 1) else {
            return false
        }
        if sign == 0x2D && next == 0x2D || sign == 0x21 && next == 0x3D { return false }
        if (start..<scanner.wordEnd(start)).allSatisfy({ scanner.byte($0) == sign }), next == sign {
            return false
        }
        return take(start..<start + 1)
    }

    /// Whether something that can be searched begins at an offset.
    private func startsOperand(_ offset: Int) -> Bool {
        guard let byte = scanner.byte(offset), byte != 0x29, byte != 0x7C else { return false }
        return !scanner.isWord("AND", at: offset) && !scanner.isWord("OR", at: offset)
            && !scanner.isWord("&&", at: offset)
    }

    private func missingOperand(at offset: Int) -> QueryError {
        if let pending {
            let name = scanner.text(pending)
            return QueryError(
                .syntax, "\(name) has nothing after it", at: pending,
                hint: "add what to search for, or quote the word: \"\(name)\"")
        }
        switch scanner.byte(offset) {
        case nil:
            return QueryError(
                .syntax, "the query ends where something to search for should stand", at: offset..<offset)
        case 0x29:
            return QueryError(
                .syntax, "there is nothing between these parentheses", at: offset..<offset + 1,
                hint: "add what to search for, or quote the text: \"()\"")
        default:
            let isBar = scanner.byte(offset) == 0x7C
            let end = isBar ? offset + (scanner.byte(offset + 1) == 0x7C ? 2 : 1) : scanner.wordEnd(offset)
            let name = scanner.text(offset..<end)
            return QueryError(
                .syntax, "\(name) has nothing before it", at: offset..<end,
                hint: "add what to search for, or quote the word: \"\(name)\"")
        }
    }

    // MARK: Bookkeeping

    mutating func note(_ message: String, _ range: Range<Int>) {
        let note = QueryNote(message: message, range: range)
        if !notes.contains(note) { notes.append(note) }
    }

    /// Counts one more level of nesting.
    mutating func descend(at offset: Int) throws(QueryError) {
        depth += 1
        if depth > QueryLimits.depth {
            throw QueryError(
                .tooComplex, "the query nests deeper than \(QueryLimits.depth) levels", at: offset..<offset,
                hint: "write it with fewer parentheses and NOTs")
        }
    }

    mutating func ascend() { depth -= 1 }

    /// Makes one condition, and counts it.
    mutating func test(
        _ field: Field, _ condition: Condition, at range: Range<Int>
    ) throws(QueryError) -> Filter {
        try count(range)
        return .test(Test(field: field.name, kind: field.kind, condition))
    }

    /// Counts one more term.
    mutating func count(_ range: Range<Int>) throws(QueryError) {
        terms += 1
        if terms > QueryLimits.terms {
            throw QueryError(
                .tooComplex, "the query has more than \(QueryLimits.terms) terms", at: range,
                hint: "split the query, or use a wildcard or a range")
        }
    }

    /// The field that a name or an alias stands for.
    func field(named name: String) -> Field? {
        if let field = scope.field(named: name) { return field }
        guard scope.isEvents else { return nil }
        if let known = Fields.definition(of: name) {
            return Field(name: known.name, kind: known.kind, unit: known.unit, isCatalogued: true)
        }
        return context.fields(name).map { Field(name: name, kind: $0, unit: nil, isCatalogued: false) }
    }
}

/// A field as a query names it.
struct Field {
    var name: String
    var kind: FieldKind
    var unit: String?
    /// Whether wplog itself defines the field.
    ///
    /// Others came with log lines.
    var isCatalogued: Bool

    static let raw = Field(name: "raw", kind: .text, unit: nil, isCatalogued: true)

    /// Whether one value can be only one of several asked for.
    var isSingleValued: Bool { kind != .text }

    /// Whether `/x/` in its values is a path rather than a regular expression.
    var isPathLike: Bool { ["path", "referrer", "request_line"].contains(name) }
}
