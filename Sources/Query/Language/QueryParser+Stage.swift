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
        if ["patterns", "diff", "extract", "context"].contains(name), !scope.isEvents {
            throw QueryError(
                .syntax, "\(name) reads events, and here are the rows of a table", at: verb,
                hint: "write it before the stage that makes the table")
        }
        switch name {
        case "count", "stats", "dc", "uniq", "histogram", "hits", "timechart", "rate", "groupby":
            return .aggregate(try aggregation(name, verb))
        case "top", "rare":
            let count = try count(name, default: 10)
            let fields = try fieldList(name)
            try checkNames(fields + ["count", "percent"], verb)
            return .top(count, fields: fields, isRare: name == "rare")
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
        case "patterns":
            guard takeWord("new") else { return .patterns(newSince: nil) }
            try checkWhole(verb, "patterns new")
            return .patterns(newSince: try duration("patterns new"))
        case "extract": return .extract(try extraction())
        case "context": return try contextStage()
        case "diff":
            try checkWhole(verb, name)
            return .diff(try duration(name))
        default:
            let meant = Suggestion.nearest(to: name, in: StageVerb.names)
            throw QueryError(
                .unknownStage, "no stage is named \(name)", at: verb,
                hint: (meant.map { "did you mean \($0)? " } ?? "") + "to search text, quote the |: \"|\"")
        }
    }

    // MARK: Stages of rows

    private mutating func sortKeys() throws(QueryError) -> [SortKey] {
        let isGrouped = takeWord("by") && takeByte(0x28)
        var keys: [SortKey] = []
        repeat {
            scanner.skipBlanks()
            var isDescending = takeByte(0x2D)
            if !isDescending { _ = takeByte(0x2B) }
            keys.append(SortKey(try stageField("sort").name))
            if takeWord("desc") { isDescending = true } else { _ = takeWord("asc") }
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
        guard let quote = scanner.quote(at: scanner.place) else {
            throw missing("a pattern in quotes", "extract")
        }
        let (text, range) = try phrase(quote)
        var extraction = Extraction(try ExtractionSyntax.parts(of: text, at: range))
        if takeWord("from") { extraction.source = try stageField("extract").name }
        return extraction
    }

    private mutating func contextStage() throws(QueryError) -> Stage {
        if let both = try number(QueryLimits.context, "context") {
            return .context(before: both, after: both, of: try contextScope())
        }
        var before: Int?
        var after: Int?
        while true {
            if before == nil, takeWord("before") {
                before = try number(QueryLimits.context, "context before") ?? 5
            } else if after == nil, takeWord("after") {
                after = try number(QueryLimits.context, "context after") ?? 5
            } else {
                break
            }
        }
        let standard = before == nil && after == nil ? 5 : 0
        return .context(before: before ?? standard, after: after ?? standard, of: try contextScope())
    }

    /// Whose events: `of program`, if that stands here.
    private mutating func contextScope() throws(QueryError) -> ContextScope {
        guard takeWord("of") else { return .host }
        scanner.skipBlanks()
        let range = nameRange()
        if range.isEmpty { throw missing("host, program or all", "context of") }
        guard let scope = ContextScope(rawValue: scanner.text(range)) else {
            throw QueryError(.badValue, "context of takes host, program or all", at: range)
        }
        return scope
    }
}
