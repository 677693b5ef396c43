import Parse

/// Stages as query text.
extension QueryPrinter {
    static func text(of stage: Stage) -> String {
        switch stage {
        case .filter(let filter): "where " + text(of: filter)
        case .extract(let extraction):
            "extract " + quoted(ExtractionSyntax.text(of: extraction.parts))
                + (extraction.source == "raw" ? "" : " from " + name(extraction.source))
        case .aggregate(let aggregation): text(of: aggregation)
        case .top(let count, let fields, let isRare):
            (isRare ? "rare" : "top") + " \(count) " + columns(fields)
        case .sort(let keys):
            "sort " + keys.map { ($0.isDescending ? "-" : "") + column($0.field) }.joined(separator: ", ")
        case .head(let count): "head \(count)"
        case .tail(let count): "tail \(count)"
        case .fields(let fields): "fields " + columns(fields)
        case .without(let fields): "fields -" + fields.map(column).joined(separator: ", -")
        case .dedup(let fields): "dedup " + columns(fields)
        case .patterns(nil): "patterns"
        case .patterns(let length?): "patterns new " + Units.text(ofDuration: length)
        case .context(let before, let after, let scope):
            "context before \(before) after \(after)" + (scope == .host ? "" : " of \(scope.rawValue)")
        case .diff(let length): "diff " + Units.text(ofDuration: length)
        }
    }

    private static func text(of aggregation: Aggregation) -> String {
        let by = aggregation.by.isEmpty ? "" : " by " + columns(aggregation.by)
        let functions = aggregation.functions
        let step =
            switch aggregation.step {
            case .fixed(let length): " " + Units.text(ofDuration: length)
            case .automatic, nil: ""
            }
        if aggregation.step != nil {
            switch functions.first {
            case let first? where functions.count == 1 && first.written == "count":
                return "histogram" + step + alias(first) + by
            case let first? where functions.count == 1 && first.written == "rate" && !step.isEmpty:
                return "rate" + step + alias(first) + by
            default: return "timechart" + step + " " + list(functions) + by
            }
        }
        switch functions.first {
        case nil: return "uniq " + columns(aggregation.by)
        case let first? where functions.count == 1 && (first.kind == .count || first.kind == .dc):
            return first.written(with: column) + alias(first) + by
        default: return "stats " + list(functions) + by
        }
    }

    private static func list(_ functions: [AggregateFunction]) -> String {
        functions.map { $0.written(with: column) + alias($0) }.joined(separator: ", ")
    }

    private static func alias(_ function: AggregateFunction) -> String {
        function.alias.map { " as " + $0 } ?? ""
    }

    private static func columns(_ names: [String]) -> String { names.map(column).joined(separator: ", ") }

    /// A field, or the column of a function: `p95(request_time)`.
    private static func column(_ text: String) -> String {
        guard text.utf8.last == 0x29, let open = text.firstIndex(of: "("),
            AggregateFunction.Kind(rawValue: String(text[..<open])) != nil
        else { return name(text) }
        let inner = String(text[open...].dropFirst().dropLast())
        return inner.isEmpty || column(inner) == inner ? text : quoted(text)
    }

    /// A field's name; in quotes where it would be read as something else.
    private static func name(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 && Token.isTokenByte($0) || $0 == 0x2E }
        let isWord = ["by", "as", "from", "asc", "desc", "new", "before", "after"].contains(text)
        let isNumber = text.utf8.first.map { $0 &- 0x30 < 10 } ?? true
        return isPlain && !isWord && !isNumber ? text : quoted(text)
    }
}

extension AggregateFunction {
    fileprivate func written(with column: (String) -> String) -> String {
        field.map { "\(kind)(\(column($0)))" } ?? "\(kind)"
    }
}
