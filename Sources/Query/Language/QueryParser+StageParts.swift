import Parse

/// What the arguments of stages are made of: names of fields, numbers, lengths of time.
extension QueryParser {
    /// Names of fields behind a verb, with or without `by` and parentheses.
    mutating func fieldList(_ verb: String, limit: Int = QueryLimits.groupFields) throws(QueryError)
        -> [String]
    {
        _ = takeWord("by")
        let isGrouped = takeByte(0x28)
        var names: [String] = []
        repeat {
            let field = try stageField(verb)
            if !names.contains(field.name) { names.append(field.name) }
            try checkCount(of: names.count, verb, limit: limit)
        } while takeByte(0x2C)
        if isGrouped { try close(verb) }
        return names
    }

    /// One field: a name, or a column of the table before.
    mutating func stageField(_ verb: String) throws(QueryError) -> Field {
        scanner.skipBlanks()
        var range = nameRange()
        var name = scanner.text(range)
        if range.isEmpty, let quote = scanner.quote(at: scanner.place) { (name, range) = try phrase(quote) }
        guard !range.isEmpty else { throw missing("a field", verb) }
        if let (field, end) = functionColumn(at: range.lowerBound) {
            scanner.place = end
            return field
        }
        if let field = field(named: name) { return field }
        // Every event has one, though no line does.
        if scope.isEvents, name == "id" {
            return Field(name: name, kind: .keyword, unit: nil, isCatalogued: true)
        }
        if let columns = scope.columnNames {
            throw QueryError(
                .unknownField, "no column is named \(name)", at: range,
                hint: "here are \(columns.joined(separator: ", "))")
        }
        throw QueryError(
            .unknownField, "no field is named \(name)", at: range,
            hint: Suggestion.field(for: name).map { "did you mean \($0)?" })
    }

    /// The column of a function, as its query writes it: `p95(request_time)`, `median(rt)`.
    ///
    /// With the offset behind its last parenthesis; nil where none stands.
    func functionColumn(at start: Int) -> (Field, end: Int)? {
        guard !scope.isEvents else { return nil }
        var open = start
        while !scanner.isBoundary(open) { open += 1 }
        guard open > start, scanner.byte(open) == 0x28 else { return nil }
        var depth = 0
        for place in open..<scanner.bytes.count {
            switch scanner.bytes[place] {
            case 0x28: depth += 1
            case 0x29: depth -= 1
            default: continue
            }
            guard depth == 0 else { continue }
            let end = place + 1
            if let column = scope.field(named: scanner.text(start..<end)) { return (column, end) }
            guard let kind = Self.kind(named: scanner.text(start..<open)) else { return nil }
            let inner = scanner.text(open + 1..<place)
            let name = AggregateFunction(kind, Fields.definition(of: inner)?.name ?? inner).written
            return scope.field(named: name).map { ($0, end) }
        }
        return nil
    }

    /// Refuses two columns of one name.
    func checkNames(_ names: [String], _ verb: Range<Int>) throws(QueryError) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw QueryError(
                .badValue, "two columns would be named \(name)", at: verb,
                hint: "give one of them another name: count as requests")
        }
    }

    /// Refuses what compares whole windows behind a stage that has taken events away.
    func checkWhole(_ verb: Range<Int>, _ name: String) throws(QueryError) {
        guard let cut = scope.cut else { return }
        throw QueryError(
            .syntax, "\(name) compares all events of two windows, and \(cut) has taken some away", at: verb,
            hint: "write it before \(cut)")
    }

    /// A length of time above zero.
    mutating func duration(_ verb: String) throws(QueryError) -> Int64 {
        scanner.skipBlanks()
        let range = nameRange()
        guard !range.isEmpty else { throw missing("a length of time", verb) }
        return try duration(range)
    }

    func duration(_ range: Range<Int>) throws(QueryError) -> Int64 {
        guard let length = Units.duration(scanner.text(range)), length > 0 else {
            throw QueryError(
                .badValue, "this is no length of time above zero", at: range,
                hint: "for example: 30s, 5m, 1h, 1d")
        }
        return length
    }

    mutating func count(_ verb: String, default: Int) throws(QueryError) -> Int {
        try number(QueryLimits.rows, verb) ?? `default`
    }

    /// A whole number from 1 (from 0 for context), if one stands here.
    mutating func number(_ most: Int, _ verb: String) throws(QueryError) -> Int? {
        scanner.skipBlanks()
        let start = scanner.place
        let range = nameRange()
        let text = scanner.text(range)
        guard let first = text.utf8.first, first &- 0x30 < 10 else {
            scanner.place = start
            return nil
        }
        let least = verb.hasPrefix("context") ? 0 : 1
        guard let value = Int(text), value >= least, value <= most else {
            throw QueryError(.badValue, "\(verb) takes a number from \(least) to \(most)", at: range)
        }
        return value
    }

    /// Takes this word, if it stands here.
    mutating func takeWord(_ word: String) -> Bool {
        let start = scanner.afterBlanks(scanner.place)
        scanner.place = start
        if scanner.text(nameRange()) == word { return true }
        scanner.place = start
        return false
    }

    /// Takes this sign, if it stands here.
    mutating func takeByte(_ byte: UInt8) -> Bool {
        let start = scanner.afterBlanks(scanner.place)
        guard scanner.byte(start) == byte else { return false }
        scanner.place = start + 1
        return true
    }

    mutating func close(_ verb: String) throws(QueryError) {
        guard takeByte(0x29) else {
            throw QueryError(
                .syntax, "a ) is missing here", at: scanner.place..<scanner.place,
                hint: StageVerb.usage(verb))
        }
    }

    /// Takes the name at this place; empty where none stands.
    mutating func nameRange() -> Range<Int> {
        let start = scanner.place
        while !scanner.isBoundary(scanner.place), let byte = scanner.current, byte != 0x2C,
            scanner.quote(at: scanner.place) == nil
        {
            scanner.place += 1
        }
        return start..<scanner.place
    }

    func missing(_ what: String, _ verb: String) -> QueryError {
        QueryError(
            .syntax, "\(verb) lacks \(what) here", at: scanner.place..<scanner.place,
            hint: StageVerb.usage(verb))
    }

    func checkCount(
        of count: Int, _ verb: String, limit: Int = QueryLimits.groupFields
    ) throws(QueryError) {
        guard count > limit else { return }
        throw QueryError(
            .tooComplex, "\(verb) takes at most \(limit) fields", at: scanner.place..<scanner.place)
    }
}
