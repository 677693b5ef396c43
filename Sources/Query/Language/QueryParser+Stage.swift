import Parse

/// Stages: `| count by host`, `| stats p95(request_time) by path | sort -p95`.
///
/// Spellings of other languages are read as the stage that they mean, and printed as that.
extension QueryParser {
    /// Every stage up to the end of the text.
    mutating func stages() throws(QueryError) -> [Stage] {
        var stages: [Stage] = []
        while scanner.current == 0x7C {
            let bar = scanner.place..<scanner.place + 1
            scanner.place += 1
            scanner.skipBlanks()
            let verb = nameRange()
            guard !verb.isEmpty else {
                throw QueryError(
                    .syntax, "a stage is missing after this |", at: bar,
                    hint: "for example: | count by status")
            }
            guard stages.count < QueryLimits.stages else {
                throw QueryError(
                    .tooComplex, "the query has more than \(QueryLimits.stages) stages", at: verb)
            }
            let stage = try stage(verb)
            stages.append(stage)
            scanner.skipBlanks()
            guard scanner.current == nil || scanner.current == 0x7C else {
                let range = scanner.place..<max(scanner.place + 1, scanner.wordEnd(scanner.place))
                throw QueryError(
                    .syntax, "\(scanner.text(verb)) does not take “\(scanner.text(range))” here", at: range,
                    hint: StageVerb.usage(scanner.text(verb)))
            }
            scope.apply(stage)
        }
        return stages
    }

    private mutating func stage(_ verb: Range<Int>) throws(QueryError) -> Stage {
        let name = scanner.text(verb)
        switch name {
        case "count", "stats", "dc", "uniq", "histogram", "hits", "timechart", "rate", "groupby":
            return .aggregate(try aggregation(name, verb))
        case "top", "rare":
            let count = try count(name, default: 10)
            return .top(count, fields: try fieldList(name), isRare: name == "rare")
        case "where", "filter":
            scanner.skipBlanks()
            guard scanner.current != nil, scanner.current != 0x7C else {
                throw missing("a condition", name)
            }
            return .filter(try disjunction(in: nil))
        case "sort": return .sort(try sortKeys())
        case "head", "limit": return .head(try count(name, default: 10))
        case "tail": return .tail(try count(name, default: 10))
        case "fields": return try fields()
        case "dedup": return .dedup(try fieldList(name))
        case "patterns": return .patterns(newSince: try takeWord("new") ? duration("patterns new") : nil)
        case "extract": return .extract(try extraction())
        case "context": return try contextStage()
        case "diff": return .diff(try duration(name))
        default:
            let meant = Suggestion.nearest(to: name, in: StageVerb.names)
            throw QueryError(
                .unknownStage, "no stage is named \(name)", at: verb,
                hint: (meant.map { "did you mean \($0)? " } ?? "") + "to search text, quote the |: \"|\"")
        }
    }

    // MARK: Stages of rows

    private mutating func sortKeys() throws(QueryError) -> [SortKey] {
        let isGrouped = try takeWord("by") && takeByte(0x28)
        var keys: [SortKey] = []
        repeat {
            scanner.skipBlanks()
            var isDescending = takeByte(0x2D)
            if !isDescending { _ = takeByte(0x2B) }
            keys.append(SortKey(try stageField("sort").name))
            if try takeWord("desc") { isDescending = true } else { _ = try takeWord("asc") }
            keys[keys.count - 1].isDescending = isDescending
            try checkCount(of: keys.count, "sort")
        } while takeByte(0x2C)
        if isGrouped { try close("sort") }
        return keys
    }

    private mutating func fields() throws(QueryError) -> Stage {
        scanner.skipBlanks()
        guard takeByte(0x2D) else { return .fields(try fieldList("fields", limit: 64)) }
        var names = [try stageField("fields").name]
        while takeByte(0x2C) {
            scanner.skipBlanks()
            _ = takeByte(0x2D)
            names.append(try stageField("fields").name)
        }
        return .without(names)
    }

    private mutating func extraction() throws(QueryError) -> Extraction {
        scanner.skipBlanks()
        let start = scanner.place
        guard scope.isEvents else {
            throw QueryError(
                .syntax, "extract reads events, and here are the rows of a table", at: start..<start,
                hint: "write it before the stage that makes the table")
        }
        guard let quote = scanner.quote(at: start) else { throw missing("a pattern in quotes", "extract") }
        let (text, range) = try phrase(quote)
        var extraction = Extraction(try ExtractionSyntax.parts(of: text, at: range))
        if try takeWord("from") { extraction.source = try stageField("extract").name }
        return extraction
    }

    private mutating func contextStage() throws(QueryError) -> Stage {
        let start = scanner.place
        guard scope.isEvents else {
            throw QueryError(
                .syntax, "context is about events, and here are the rows of a table", at: start..<start)
        }
        var before: Int?
        var after: Int?
        if let both = try number(QueryLimits.context, "context") {
            return .context(before: both, after: both)
        }
        while true {
            if before == nil, try takeWord("before") {
                before = try number(QueryLimits.context, "context before")
            } else if after == nil, try takeWord("after") {
                after = try number(QueryLimits.context, "context after")
            } else {
                break
            }
        }
        if before == nil, after == nil { (before, after) = (5, 5) }
        return .context(before: before ?? 0, after: after ?? 0)
    }

    // MARK: Parts of stages

    /// Names of fields behind a verb, with or without `by` and parentheses.
    mutating func fieldList(_ verb: String, limit: Int = QueryLimits.groupFields) throws(QueryError)
        -> [String]
    {
        _ = try takeWord("by")
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
        // The column of a function: p95(request_time).
        if !scope.isEvents, scanner.current == 0x28,
            let close = scanner.bytes[scanner.place...].firstIndex(of: 0x29)
        {
            range = range.lowerBound..<close + 1
            name = scanner.text(range)
            scanner.place = close + 1
        }
        if let field = field(named: name) { return field }
        if let columns = scope.columnNames {
            throw QueryError(
                .unknownField, "no column is named \(name)", at: range,
                hint: "here are \(columns.joined(separator: ", "))")
        }
        throw QueryError(
            .unknownField, "no field is named \(name)", at: range,
            hint: Suggestion.field(for: name).map { "did you mean \($0)?" })
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
                .badValue, "a step is a length of time above zero", at: range,
                hint: "for example: 30s, 5m, 1h, 1d")
        }
        return length
    }

    private mutating func count(_ verb: String, default: Int) throws(QueryError) -> Int {
        try number(QueryLimits.rows, verb) ?? `default`
    }

    /// A whole number from 1 (from 0 for context), if one stands here.
    private mutating func number(_ most: Int, _ verb: String) throws(QueryError) -> Int? {
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
    mutating func takeWord(_ word: String) throws(QueryError) -> Bool {
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
