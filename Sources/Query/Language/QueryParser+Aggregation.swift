/// Stages that make one row a group: `count by host`, `stats count, p95(request_time) by vhost`, `histogram 5m`.
extension QueryParser {
    mutating func aggregation(_ name: String, _ verb: Range<Int>) throws(QueryError) -> Aggregation {
        var aggregation = Aggregation([])
        switch name {
        case "uniq": aggregation.by = try fieldList(name)
        case "groupby":
            aggregation.functions = [AggregateFunction(.count)]
            aggregation.by = try fieldList(name)
        case "histogram", "hits":
            aggregation.step = try step(isNeeded: false, name)
            aggregation.functions = [AggregateFunction(.count)]
            try alias(of: &aggregation)
        case "rate":
            aggregation.step = try step(isNeeded: true, name)
            aggregation.functions = [AggregateFunction(.rate)]
            try alias(of: &aggregation)
        case "timechart":
            aggregation.step = try step(isNeeded: false, name)
            try functions(of: &aggregation, name)
        case "stats": try functions(of: &aggregation, name)
        case "dc" where scanner.current != 0x28:
            aggregation.functions = [AggregateFunction(.dc, try stageField(name).name)]
            try alias(of: &aggregation)
        default:
            // count, dc(…): the verb is the first function.
            scanner.place = verb.lowerBound
            try functions(of: &aggregation, name)
        }
        if aggregation.by.isEmpty || aggregation.step == nil { try groups(of: &aggregation, name) }
        // `count by host as n` names the count.
        try alias(of: &aggregation)
        try checkNames(aggregation.columns, verb)
        try checkTimes(of: aggregation, verb)
        return aggregation
    }

    // MARK: Functions

    /// `count, p50(request_time) as median by vhost`, with `by` in front as well.
    private mutating func functions(of aggregation: inout Aggregation, _ verb: String) throws(QueryError) {
        let start = scanner.place
        try groups(of: &aggregation, verb)
        repeat {
            let isFirst = aggregation.functions.isEmpty
            aggregation.functions.append(try function(verb, behind: isFirst ? nil : start))
            try alias(of: &aggregation)
            guard aggregation.functions.count <= QueryLimits.functions else {
                throw QueryError(
                    .tooComplex, "\(verb) takes at most \(QueryLimits.functions) functions",
                    at: scanner.place..<scanner.place)
            }
            _ = takeByte(0x2C)
        } while startsFunction()
    }

    private func startsFunction() -> Bool {
        var ahead = self
        ahead.scanner.skipBlanks()
        let name = ahead.scanner.text(ahead.nameRange())
        return !name.isEmpty && name != "by" && name != "as"
    }

    /// - `start`: where the functions begin, if this is not the first one.
    private mutating func function(
        _ verb: String, behind start: Int?
    ) throws(QueryError) -> AggregateFunction {
        scanner.skipBlanks()
        let range = nameRange()
        let name = scanner.text(range)
        guard !range.isEmpty else { throw missing("a function", verb) }
        guard let kind = Self.kind(named: name) else {
            if let start, let field = field(named: name) {
                throw QueryError(
                    .syntax, "\(name) is a field and no function", at: range,
                    hint: "to group: \(grouping(start..<range.lowerBound, verb)) by \(field.name)")
            }
            let names = AggregateFunction.Kind.allCases.map(\.rawValue)
            let meant = Suggestion.nearest(to: name, in: names).map { "did you mean \($0)? " } ?? ""
            throw QueryError(
                .unknownStage, "no function is named \(name)", at: range,
                hint: "\(meant)there are \(names.joined(separator: ", "))")
        }
        var field: String?
        if scanner.current == 0x28, takeByte(0x28), !takeByte(0x29) {
            if !takeByte(0x2A) { field = try stageField(name).name }
            try close(verb)
        }
        guard field != nil || kind == .count || kind == .rate else {
            throw QueryError(
                .syntax, "\(name) needs a field", at: range, hint: "for example: \(name)(request_time)")
        }
        return AggregateFunction(kind, field)
    }

    /// The functions so far, with their verb.
    private func grouping(_ functions: Range<Int>, _ verb: String) -> String {
        var end = functions.upperBound
        while end > functions.lowerBound, scanner.bytes[end - 1] == 0x2C || scanner.blank(at: end - 1) != nil
        {
            end -= 1
        }
        let text = scanner.text(scanner.afterBlanks(functions.lowerBound)..<end)
        return text.hasPrefix(verb) ? text : "\(verb) \(text)"
    }

    static func kind(named name: String) -> AggregateFunction.Kind? {
        let aliases: [String: AggregateFunction.Kind] = [
            "median": .p50, "count_uniq": .dc, "distinct_count": .dc, "mean": .avg, "earliest": .first,
            "latest": .last, "c": .count,
        ]
        return .init(rawValue: name) ?? aliases[name]
    }

    /// `as name`, for the last function.
    private mutating func alias(of aggregation: inout Aggregation) throws(QueryError) {
        guard takeWord("as") else { return }
        scanner.skipBlanks()
        let range = nameRange()
        let name = scanner.text(range)
        let isName = name.utf8.allSatisfy { byte in
            byte == 0x5F || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
        }
        guard !name.isEmpty, isName, let last = aggregation.functions.indices.last else {
            throw QueryError(
                .syntax, "a column's name is made of letters, digits and _", at: range,
                hint: "for example: count as requests")
        }
        aggregation.functions[last].alias = name
    }

    /// Steps of time need times.
    private func checkTimes(of aggregation: Aggregation, _ verb: Range<Int>) throws(QueryError) {
        guard aggregation.step != nil, let columns = scope.columnNames, !columns.contains("time") else {
            return
        }
        throw QueryError(
            .syntax,
            "\(scanner.text(verb)) needs the column time, and here are \(columns.joined(separator: ", "))",
            at: verb, hint: "write it before the stage that makes the table")
    }

    // MARK: Groups

    /// `by host, status`, `by (host)`, and a step of time in between: `by bin(5m), host`, `by (_time:5m)`.
    private mutating func groups(of aggregation: inout Aggregation, _ verb: String) throws(QueryError) {
        guard aggregation.by.isEmpty, takeWord("by") else { return }
        let isGrouped = takeByte(0x28)
        repeat {
            if let step = try binStep() {
                guard aggregation.step == nil || aggregation.step == step else {
                    throw QueryError(
                        .syntax, "there are two steps of time", at: scanner.place..<scanner.place)
                }
                aggregation.step = step
                continue
            }
            let field = try stageField(verb)
            if !aggregation.by.contains(field.name) { aggregation.by.append(field.name) }
            try checkCount(of: aggregation.by.count, verb)
        } while takeByte(0x2C)
        if isGrouped { try close(verb) }
    }

    /// `bin(5m)`, `bin(_time, 5m)` or `_time:5m`.
    private mutating func binStep() throws(QueryError) -> Aggregation.Step? {
        scanner.skipBlanks()
        let start = scanner.place
        let range = nameRange()
        let text = scanner.text(range)
        for prefix in ["_time:", "time:"] where text.hasPrefix(prefix) {
            return .fixed(try duration(range.lowerBound + prefix.utf8.count..<range.upperBound))
        }
        if text == "bin" || text == "bucket", takeByte(0x28) {
            scanner.skipBlanks()
            var length = nameRange()
            if takeByte(0x2C) {
                scanner.skipBlanks()
                length = nameRange()
            }
            let step = try duration(length)
            try close("bin")
            return .fixed(step)
        }
        scanner.place = start
        return nil
    }

    /// `5m`, or Splunk's `span=5m`.
    private mutating func step(isNeeded: Bool, _ verb: String) throws(QueryError) -> Aggregation.Step {
        scanner.skipBlanks()
        let start = scanner.place
        var range = nameRange()
        let text = scanner.text(range)
        if text.hasPrefix("span=") { range = range.lowerBound + 5..<range.upperBound }
        let isOther = range.isEmpty || !(scanner.bytes[range.lowerBound] &- 0x30 < 10)
        guard isOther, !text.hasPrefix("span=") else { return .fixed(try duration(range)) }
        if isNeeded { throw missing("a step", verb) }
        // What is no verb's next word was meant as a step.
        let isNext = ["", "by", "as"].contains(text) || verb == "timechart"
        guard isNext else { return .fixed(try duration(range)) }
        scanner.place = start
        return .automatic
    }
}
