import Index
import Parse

/// Stages over rows that are in memory: those of a table, or the events of a result.
struct ResultStages {
    let window: TimeSpan
    let zone: ZoneRule
    let now: Int64
    /// Why the result is not whole.
    private(set) var partial: String?

    init(window: TimeSpan, zone: ZoneRule, now: Int64) {
        (self.window, self.zone, self.now) = (window, zone, now)
    }

    /// What a stage makes of the rows.
    mutating func apply(_ stage: Stage, to rows: SearchResult.Rows) throws -> SearchResult.Rows {
        switch stage {
        case .filter(let filter): return filtered(rows, RowTest(filter))
        case .aggregate(let aggregation): return .table(try table(aggregation, rows).table)
        case .top(let count, let fields, let isRare):
            let counts = try table(Aggregation([AggregateFunction(.count)], by: fields), rows)
            return .table(TopRows.table(of: counts, count, isRare: isRare))
        case .sort(let keys): return sorted(rows, SortOrder(keys))
        case .head(let count):
            return rows.map(events: { Array($0.prefix(count)) }, rows: { Array($0.prefix(count)) })
        case .tail(let count): return rows.map(events: { $0.suffix(count) }, rows: { $0.suffix(count) })
        case .fields(let fields): return .table(Self.table(rows, fields))
        case .without(let fields): return Self.without(fields, rows)
        case .dedup(let fields): return Self.deduplicated(rows, fields)
        case .extract(let extraction): return extracted(rows, extraction)
        case .patterns:
            guard case .events(let events) = rows else { return rows }
            var counts = PatternCounts()
            counts.add(events)
            return .table(counts.table())
        // The parser lets these stand behind whole results only, which the engine makes.
        case .context, .diff: return rows
        }
    }

    private func filtered(_ rows: SearchResult.Rows, _ test: RowTest) -> SearchResult.Rows {
        switch rows {
        case .events(let events):
            return .events(
                events.filter { event in
                    test.passes { field in
                        let fields = event.fields.filter { $0.name == field }
                        return fields.isEmpty ? [event.first(field)] : fields.map { .text($0.value) }
                    }
                })
        case .table(var table):
            let columns = table.columns
            table.rows.removeAll { row in
                !test.passes { field in
                    field == "raw" && !columns.contains("raw")
                        ? row : columns.firstIndex(of: field).map { [row[$0]] } ?? []
                }
            }
            return .table(table)
        }
    }

    private mutating func table(_ aggregation: Aggregation, _ rows: SearchResult.Rows) throws -> Aggregator {
        var groups = Aggregator(aggregation, window: window, zone: zone, now: now)
        try groups.add(TableRows(rows))
        partial = partial ?? groups.partial
        return groups
    }

    private func sorted(_ rows: SearchResult.Rows, _ order: SortOrder) -> SearchResult.Rows {
        let input = TableRows(rows)
        let places = order.sorted(
            input.rows.map { row in
                order.keys.map { SortOrder.cell(input.sortCell($0.field, row), of: $0.field) }
            })
        return rows.map(
            events: { events in places.map { events[$0] } }, rows: { rows in places.map { rows[$0] } })
    }

    /// The rows as a table of these columns.
    static func table(_ rows: SearchResult.Rows, _ fields: [String]) -> ResultTable {
        let input = TableRows(rows)
        return ResultTable(
            columns: fields, rows: input.rows.map { row in fields.map { input.cell($0, row) } })
    }

    private static func without(_ fields: [String], _ rows: SearchResult.Rows) -> SearchResult.Rows {
        switch rows {
        case .events(let events):
            return .events(
                events.map { event in
                    var event = event
                    event.fields.removeAll { fields.contains($0.name) }
                    return event
                })
        case .table(let table): return .table(Self.table(rows, table.columns.filter { !fields.contains($0) }))
        }
    }

    private static func deduplicated(_ rows: SearchResult.Rows, _ fields: [String]) -> SearchResult.Rows {
        let input = TableRows(rows)
        var kept: [[ResultTable.Cell]: Int] = [:]
        for row in input.rows {
            let key = fields.map { input.cell($0, row) }
            // Of events the newest counts, wherever a sort has put it; of a table's rows the first.
            guard let old = kept[key] else {
                kept[key] = row
                continue
            }
            if case .events(let events) = rows, events[old].isOlder(than: events[row]) { kept[key] = row }
        }
        let places = kept.values.sorted()
        return rows.map(
            events: { events in places.map { events[$0] } }, rows: { rows in places.map { rows[$0] } })
    }

    private func extracted(_ rows: SearchResult.Rows, _ extraction: Extraction) -> SearchResult.Rows {
        guard case .events(let events) = rows else { return rows }
        let extractor = Extractor(extraction)
        return .events(
            events.map { event in
                var event = event
                let text: [UInt8]? = extraction.source == "raw" ? event.raw : event.value(extraction.source)
                guard let text else { return event }
                var found = [Range<Int>](repeating: 0..<0, count: extraction.fields.count)
                guard extractor.match(text.span, 0..<text.count, &found) else { return event }
                for (name, range) in zip(extraction.fields, found) {
                    event.fields.append((name, Array(text[range])))
                }
                return event
            })
    }
}

extension SearchResult.Rows {
    /// The same kind of rows: other events, or other rows under the same columns.
    func map(
        events: ([FoundEvent]) -> [FoundEvent], rows: ([[ResultTable.Cell]]) -> [[ResultTable.Cell]]
    ) -> SearchResult.Rows {
        switch self {
        case .events(let list): .events(events(list))
        case .table(let table): .table(ResultTable(columns: table.columns, rows: rows(table.rows)))
        }
    }
}

/// `top` and `rare`.
enum TopRows {
    /// The groups with the most events, or the fewest; ties by the groups' values.
    ///
    /// Rows without a value of one of the fields do not count. Groups beyond the limit count for the percentage.
    static func table(of counts: Aggregator, _ limit: Int, isRare: Bool) -> ResultTable {
        let table = counts.table
        let width = table.columns.count - 1
        var rows = table.rows.filter { !$0.prefix(width).contains(.missing) }
        let total = rows.reduce(0.0) { $0 + ($1[width].decimal ?? 0) }
        if counts.partial != nil {
            rows.removeAll { $0.prefix(width).allSatisfy { $0 == Aggregator.others } }
        }
        let sorted =
            isRare
            ? rows.sorted {
                $0[width] != $1[width] ? $0[width] < $1[width] : $0.lexicographicallyPrecedes($1)
            } : rows
        return ResultTable(
            columns: table.columns + ["percent"],
            rows: sorted.prefix(limit).map { row in
                row + [.number((row[width].decimal ?? 0) * 100 / max(total, 1))]
            })
    }
}
