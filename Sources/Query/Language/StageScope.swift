import Parse

/// Which names the next stage can use: fields of events, or the columns of a table.
struct StageScope {
    /// The columns of the table that the stages so far make; nil while rows are events.
    private(set) var columns: [Field]?
    /// Fields that `extract` adds to events.
    private var extracted: [String] = []
    /// The first stage that took events away.
    private(set) var cut: String?

    var isEvents: Bool { columns == nil }

    var columnNames: [String]? { columns.map { $0.map(\.name) } }

    /// The field or column that a name stands for; nil where only the catalogue or the data can know.
    func field(named name: String) -> Field? {
        guard let columns else {
            return extracted.contains(name) ? Self.column(name, .open) : nil
        }
        if let column = columns.first(where: { $0.name == name }) { return column }
        let own = Fields.definition(of: name)?.name
        if let own, let column = columns.first(where: { $0.name == own }) { return column }
        // `sort -p95` for the column p95(request_time).
        let short = columns.filter { $0.name.hasPrefix(name + "(") }
        return short.count == 1 ? short[0] : nil
    }

    /// What a stage leaves for the next one.
    mutating func apply(_ stage: Stage) {
        switch stage {
        case .extract(let extraction): extracted += extraction.fields
        case .aggregate(let aggregation):
            columns =
                (aggregation.step == nil ? [] : [Self.column("time", .time)])
                + aggregation.by.map(known)
                + aggregation.functions.map { function in
                    switch function.kind {
                    case .first, .last, .min, .max:
                        // These give a value of the field.
                        var column = function.field.map(known) ?? Self.column(function.name, .number)
                        column.name = function.name
                        return column
                    case .sum, .avg, .p50, .p90, .p95, .p99:
                        var column = Self.column(function.name, .number)
                        column.unit = function.field.map(known)?.unit
                        return column
                    case .count, .dc, .rate: return Self.column(function.name, .number)
                    }
                }
        case .top(_, let fields, _):
            columns = fields.map(known) + [Self.column("count", .number), Self.column("percent", .number)]
        case .fields(let fields): columns = fields.map(known)
        case .without(let fields): columns?.removeAll { fields.contains($0.name) }
        case .patterns: columns = [Self.column("count", .number), Self.column("pattern", .text)]
        case .diff:
            columns =
                ["now", "before", "change"].map { Self.column($0, .number) } + [Self.column("pattern", .text)]
        case .head: cut = cut ?? "head"
        case .tail: cut = cut ?? "tail"
        case .dedup: cut = cut ?? "dedup"
        case .sort: cut = cut ?? "sort"
        case .context: cut = cut ?? "context"
        case .filter: break
        }
    }

    private func known(_ name: String) -> Field {
        if let column = columns?.first(where: { $0.name == name }) { return column }
        let field = Fields.definition(of: name)
        return Field(name: name, kind: field?.kind ?? .open, unit: field?.unit, isCatalogued: true)
    }

    private static func column(_ name: String, _ kind: FieldKind) -> Field {
        Field(name: name, kind: kind, unit: nil, isCatalogued: true)
    }
}
