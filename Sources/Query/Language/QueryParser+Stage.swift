import Parse

/// Stages: `| count by host`, `| histogram 1h`.
extension QueryParser {
    /// Stages of the language that this version cannot run.
    private static let planned = [
        "top", "rare", "uniq", "dc", "stats", "timechart", "where", "sort", "head", "tail", "fields", "dedup",
        "patterns", "extract", "context", "diff", "rate", "limit", "groupby", "hits", "bin",
    ]

    /// Every stage up to the end of the text.
    mutating func stages() throws(QueryError) -> [Stage] {
        var stages: [Stage] = []
        while scanner.current == 0x7C {
            let bar = scanner.place..<scanner.place + 1
            scanner.place += 1
            let range = stageWord()
            guard !range.isEmpty else {
                throw QueryError(
                    .syntax, "a stage is missing after this |", at: bar,
                    hint: "for example: | count by status")
            }
            let verb = scanner.text(range)
            guard verb == "count" || verb == "histogram" else { throw unknownStage(verb, range) }
            guard stages.isEmpty else {
                throw QueryError(
                    .notSupported, "a second stage is not supported yet", at: range,
                    hint: "end the query after the first")
            }
            stages.append(verb == "count" ? try count() : try histogram())
            scanner.skipBlanks()
            if scanner.current != nil, scanner.current != 0x7C {
                let range = scanner.place..<max(scanner.place + 1, scanner.wordEnd(scanner.place))
                let takes =
                    verb == "count"
                    ? "count takes no more than: by field, field" : "histogram takes no more than a step"
                throw QueryError(
                    .notSupported, "\(takes); “\(scanner.text(range))” is not supported", at: range)
            }
        }
        return stages
    }

    private func unknownStage(_ verb: String, _ range: Range<Int>) -> QueryError {
        if Self.planned.contains(verb) {
            return QueryError(
                .notSupported, "the stage \(verb) is not supported yet", at: range,
                hint: "this version has: count [by field, field], histogram [step]")
        }
        let meant = Suggestion.nearest(to: verb, in: ["count", "histogram"] + Self.planned)
        return QueryError(
            .unknownStage, "no stage is named \(verb)", at: range,
            hint: (meant.map { "did you mean \($0)? " } ?? "") + "to search text, quote the |: \"|\"")
    }

    /// Takes the next word of a stage; empty at its end.
    private mutating func stageWord() -> Range<Int> {
        scanner.skipBlanks()
        let start = scanner.place
        while !scanner.isBoundary(scanner.place), let byte = scanner.current, byte != 0x2C, byte != 0x22 {
            scanner.place += 1
        }
        return start..<scanner.place
    }

    private mutating func count() throws(QueryError) -> Stage {
        let start = scanner.place
        let by = stageWord()
        guard scanner.text(by) == "by" else {
            scanner.place = start
            return .count(by: [])
        }
        var names: [String] = []
        repeat {
            if scanner.current == 0x2C { scanner.place += 1 }
            let range = stageWord()
            guard !range.isEmpty else {
                throw QueryError(
                    .syntax, "a field is missing here", at: range, hint: "for example: count by host, status")
            }
            let name = scanner.text(range)
            guard let field = field(named: name) else {
                throw QueryError(
                    .unknownField, "no field is named \(name)", at: range,
                    hint: Suggestion.field(for: name).map { "did you mean \($0)?" })
            }
            guard names.count < QueryLimits.groupFields else {
                throw QueryError(
                    .tooComplex, "count takes at most \(QueryLimits.groupFields) fields", at: range)
            }
            if !names.contains(field.name) { names.append(field.name) }
            scanner.skipBlanks()
        } while scanner.current == 0x2C
        return .count(by: names)
    }

    private mutating func histogram() throws(QueryError) -> Stage {
        let range = stageWord()
        guard !range.isEmpty else { return .histogram(step: nil) }
        if scanner.text(range) == "by" {
            scanner.place = range.lowerBound
            return .histogram(step: nil)
        }
        guard let step = Units.duration(scanner.text(range)), step > 0 else {
            throw QueryError(
                .badValue, "a step is a length of time above zero", at: range,
                hint: "for example: 30s, 5m, 1h, 1d")
        }
        return .histogram(step: step)
    }
}
