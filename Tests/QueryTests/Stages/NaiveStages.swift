import Index
import Parse

@testable import Query

/// What stages mean, written as plainly as possible: the oracle of their tests.
struct NaiveStages {
    enum Rows {
        case events([NaiveFound])
        case table(ResultTable)
    }

    /// Every event that there is.
    let events: [NaiveFound]
    let window: TimeSpan
    let zone: String
    let now: Int64
    let limit: Int

    func result(of query: Query) throws -> Rows {
        var rows = Rows.events(chosen(query, window))
        var columns: [Stage] = []
        var isCut = false
        for (place, stage) in query.stages.enumerated() {
            switch (stage, rows) {
            // Which columns of events are shown matters in the end.
            case (.fields, .events), (.without, .events): columns.append(stage)
            case (.diff(let length), _):
                let end = TimeSpan(earliest: window.earliest, latest: min(window.latest, now))
                let before = TimeSpan(earliest: end.earliest - length, latest: end.latest - length)
                rows = .table(
                    difference(
                        patterns(try through(query, end, until: place)),
                        patterns(try through(query, before, until: place))))
            case (.patterns(let length?), .events(let events)):
                let before = TimeSpan(earliest: window.earliest - length, latest: window.earliest - 1)
                let known = patterns(try through(query, before, until: place))
                rows = .table(table(patterns(events).filter { known[$0.key] == nil }))
            case (.context(let before, let after, let scope), .events(let hits)):
                rows = .events(context(isCut ? hits : hits.suffix(limit), before, after, scope))
            default: rows = try apply(stage, to: rows)
            }
            switch stage {
            case .sort, .head, .tail, .dedup, .context: isCut = true
            default: break
            }
        }
        guard case .events(let events) = rows else { return rows }
        rows = .events(limited(events, query.stages))
        for stage in columns { rows = try apply(stage, to: rows) }
        return rows
    }

    /// The events of a window that the filter and the first stages let through.
    private func through(_ query: Query, _ window: TimeSpan, until place: Int) throws -> [NaiveFound] {
        var rows = Rows.events(chosen(query, window))
        for stage in query.stages[..<place] {
            switch stage {
            case .filter, .extract: rows = try apply(stage, to: rows)
            default: break
            }
        }
        guard case .events(let events) = rows else { throw Unexpected() }
        return events
    }

    private func chosen(_ query: Query, _ window: TimeSpan) -> [NaiveFound] {
        events.filter { found in
            found.event.time >= window.earliest && found.event.time <= window.latest
                && matches(query.filter, found.event)
        }.sorted { ($0.event.place, $0.sequence) < ($1.event.place, $1.sequence) }
    }

    private func limited(_ events: [NaiveFound], _ stages: [Stage]) -> [NaiveFound] {
        var isSorted = false
        for stage in stages {
            switch stage {
            case .head, .tail, .context: return events
            case .sort: isSorted = true
            default: break
            }
        }
        return Array(isSorted ? events.prefix(limit) : events.suffix(limit))
    }

    // MARK: Stages

    private func apply(_ stage: Stage, to rows: Rows) throws -> Rows {
        switch (stage, rows) {
        case (.filter(let filter), .events(let events)):
            return .events(events.filter { matches(filter, $0.event) })
        case (.filter(let filter), .table(var table)):
            table.rows = table.rows.indices.filter { table.passes(filter, $0) }.map { table.rows[$0] }
            return .table(table)
        case (.extract(let extraction), .events(let events)):
            return .events(try events.map { try $0.extracting(extraction) })
        case (.head(let count), .events(let events)): return .events(Array(events.prefix(count)))
        case (.tail(let count), .events(let events)): return .events(events.suffix(count))
        case (.head(let count), .table(let table)):
            return .table(ResultTable(columns: table.columns, rows: Array(table.rows.prefix(count))))
        case (.tail(let count), .table(let table)):
            return .table(ResultTable(columns: table.columns, rows: table.rows.suffix(count)))
        case (.without(let fields), .events(var events)):
            for field in fields {
                for index in events.indices {
                    events[index].event.fields[field] = nil
                    if field == "level" { events[index].event.severity = nil }
                }
            }
            return .events(events)
        case (.without(let fields), .table(let table)):
            return .table(projection(rows, table.columns.filter { !fields.contains($0) }))
        case (.fields(let fields), _): return .table(projection(rows, fields))
        case (.sort(let keys), _): return picked(rows, sorted(rows, keys))
        case (.dedup(let fields), .events(let events)):
            let places = events.indices.filter { place in
                !events.contains { other in
                    let isNewer =
                        (other.event.place, other.sequence)
                        > (events[place].event.place, events[place].sequence)
                    return isNewer && fields.allSatisfy { other.cell($0) == events[place].cell($0) }
                }
            }
            return picked(rows, Array(places))
        case (.dedup(let fields), .table(let table)):
            let places = table.rows.indices.filter { row in
                !(0..<row).contains { other in
                    fields.allSatisfy { table.cell($0, other) == table.cell($0, row) }
                }
            }
            return picked(rows, Array(places))
        case (.aggregate(let aggregation), _): return .table(try groups(aggregation, rows))
        case (.top(let count, let fields, let isRare), _):
            return .table(try top(count, fields, isRare: isRare, rows))
        case (.patterns, .events(let events)): return .table(table(patterns(events)))
        case (.patterns, .table), (.extract, .table), (.diff, _), (.context, _): throw Unexpected()
        }
    }

    private func cells(_ rows: Rows, _ field: String) -> [ResultTable.Cell] {
        switch rows {
        case .events(let events): events.map { $0.cell(field) }
        case .table(let table): table.rows.indices.map { table.cell(field, $0) }
        }
    }

    private func picked(_ rows: Rows, _ places: [Int]) -> Rows {
        switch rows {
        case .events(let events): .events(places.map { events[$0] })
        case .table(let table):
            .table(ResultTable(columns: table.columns, rows: places.map { table.rows[$0] }))
        }
    }

    private func projection(_ rows: Rows, _ fields: [String]) -> ResultTable {
        let columns = fields.map { cells(rows, $0) }
        let count = if case .events(let events) = rows { events.count } else { cells(rows, "").count }
        return ResultTable(columns: fields, rows: (0..<count).map { row in columns.map { $0[row] } })
    }

    /// By insertion: each row goes behind all that do not stand behind it.
    private func sorted(_ rows: Rows, _ keys: [SortKey]) -> [Int] {
        let columns = keys.map { key in
            // Events stand where they do, whatever their times say.
            if case .events(let events) = rows, key.field == "time" {
                return events.map { ResultTable.Cell.time($0.event.place) }
            }
            return cells(rows, key.field).map { comparable($0, key.field) }
        }
        func isBefore(_ left: Int, _ right: Int) -> Bool {
            for (key, cells) in zip(keys, columns) where cells[left] != cells[right] {
                if cells[left] == .missing || cells[right] == .missing { return cells[right] == .missing }
                return key.isDescending ? cells[right] < cells[left] : cells[left] < cells[right]
            }
            return false
        }
        var order: [Int] = []
        for row in cells(rows, "time").indices {
            let place = order.lastIndex { !isBefore(row, $0) }.map { $0 + 1 } ?? 0
            order.insert(row, at: place)
        }
        return order
    }

    private func comparable(_ cell: ResultTable.Cell, _ field: String) -> ResultTable.Cell {
        if field == "level", NaiveFunctions.badness(cell) >= 0 {
            return .number(Double(NaiveFunctions.badness(cell)))
        }
        return NaiveFunctions.number(cell).map { .number($0) } ?? cell
    }

    // MARK: Groups

    private func groups(_ aggregation: Aggregation, _ rows: Rows) throws -> ResultTable {
        let window = TimeSpan(earliest: window.earliest, latest: min(window.latest, now))
        let clock = try aggregation.step.map { try NaiveClock($0, window: window, zone: zone) }
        let times = cells(rows, "time").map { cell in
            if case .time(let time) = cell { time } else { Int64(0) }
        }
        let by = aggregation.by.map { cells(rows, $0) }
        var members: [[ResultTable.Cell]: [Int]] = [:]
        for row in times.indices {
            let step = clock.map { [ResultTable.Cell.time($0.start(of: times[row]))] } ?? []
            members[step + by.map { $0[row] }, default: []].append(row)
        }
        if let clock { addEmptySteps(clock, to: &members) }
        if members.isEmpty, aggregation.by.isEmpty, clock == nil { members[[]] = [] }
        let values = aggregation.functions.map { $0.field.map { cells(rows, $0) } }
        let isCount = clock == nil && aggregation.functions.first?.kind == .count
        var lines: [(key: [ResultTable.Cell], values: [ResultTable.Cell])] = []
        for (key, group) in members {
            // The order of a table is its own; of events it is that of their places.
            let order = group.sorted { rank(rows, $0, times[$0]) < rank(rows, $1, times[$1]) }
            let cells = zip(aggregation.functions, values).map { function, values in
                NaiveFunctions.value(
                    function, values.map { values in order.map { values[$0] } }, rows: order.count,
                    seconds: seconds(window, clock, key))
            }
            lines.append((key, cells))
        }
        lines.sort { left, right in
            if isCount, left.values[0] != right.values[0] { return right.values[0] < left.values[0] }
            return left.key.lexicographicallyPrecedes(right.key)
        }
        return ResultTable(columns: aggregation.columns, rows: lines.map { $0.key + $0.values })
    }

    private func rank(_ rows: Rows, _ row: Int, _ time: Int64) -> (Int64, Int) {
        if case .events(let events) = rows {
            (events[row].event.place, events[row].sequence)
        } else {
            (time, row)
        }
    }

    private func addEmptySteps(_ clock: NaiveClock, to members: inout [[ResultTable.Cell]: [Int]]) {
        let starts = members.keys.compactMap { if case .time(let time)? = $0.first { time } else { nil } }
        guard let first = starts.min(), let last = starts.max() else { return }
        let groups = Set(members.keys.map { Array($0.dropFirst()) })
        for start in clock.starts(from: first, to: last) {
            for group in groups { members[[.time(start)] + group, default: []] += [] }
        }
    }

    private func seconds(_ window: TimeSpan, _ clock: NaiveClock?, _ key: [ResultTable.Cell]) -> Double {
        var window = window
        if let clock, case .time(let start)? = key.first {
            window.earliest = max(window.earliest, start)
            window.latest = min(window.latest, clock.next(start) - 1)
        }
        return max(Double(window.latest) - Double(window.earliest) + 1, 1) / 1e9
    }

    private func top(_ count: Int, _ fields: [String], isRare: Bool, _ rows: Rows) throws -> ResultTable {
        let table = try groups(Aggregation([AggregateFunction(.count)], by: fields), rows)
        let lines = table.rows.filter { !$0.contains(.missing) }
        let total = lines.reduce(0) { $0 + (NaiveFunctions.number($1[fields.count]) ?? 0) }
        let sorted = lines.sorted { left, right in
            let (first, second) = (left[fields.count], right[fields.count])
            if first != second { return isRare ? first < second : second < first }
            return left.lexicographicallyPrecedes(right)
        }
        let percents = sorted.prefix(count).map { row in
            row + [.number((NaiveFunctions.number(row[fields.count]) ?? 0) * 100 / total)]
        }
        return ResultTable(columns: fields + ["count", "percent"], rows: percents)
    }

    // MARK: Patterns and context

    private func patterns(_ events: [NaiveFound]) -> [[UInt8]: Int] {
        var counts: [[UInt8]: Int] = [:]
        for found in events {
            counts[MessagePattern.of(found.event.fields["message"]?.first ?? found.event.raw), default: 0] +=
                1
        }
        return counts
    }

    private func table(_ patterns: [[UInt8]: Int]) -> ResultTable {
        let sorted = patterns.sorted { left, right in
            if left.value != right.value { return left.value > right.value }
            return left.key.lexicographicallyPrecedes(right.key)
        }
        let rows: [[ResultTable.Cell]] = sorted.map { [.count(UInt64($0.value)), .text($0.key)] }
        return ResultTable(columns: ["count", "pattern"], rows: rows)
    }

    private func difference(_ now: [[UInt8]: Int], _ before: [[UInt8]: Int]) -> ResultTable {
        var changes: [[UInt8]: Int] = now
        for (pattern, count) in before { changes[pattern, default: 0] -= count }
        let rows = changes.sorted { left, right in
            if abs(left.value) != abs(right.value) { return abs(left.value) > abs(right.value) }
            return left.key.lexicographicallyPrecedes(right.key)
        }
        return ResultTable(
            columns: ["now", "before", "change", "pattern"],
            rows: rows.map { pattern, change -> [ResultTable.Cell] in
                let new = UInt64(now[pattern, default: 0])
                let old = UInt64(before[pattern, default: 0])
                return [.count(new), .count(old), .number(Double(change)), .text(pattern)]
            })
    }

    private func context(
        _ hits: [NaiveFound], _ before: Int, _ after: Int, _ scope: ContextScope
    ) -> [NaiveFound] {
        let same =
            switch scope {
            case .all: [String]()
            case .host: ["host"]
            case .program: ["host", "program"]
            }
        let all = events.sorted { ($0.event.place, $0.sequence) < ($1.event.place, $1.sequence) }
        var shown: [Int: NaiveFound] = [:]
        for hit in hits {
            let stream = all.filter { other in
                same.allSatisfy { other.cell($0) == hit.cell($0) }
            }
            // Fewer than a context may have are of any request here.
            for other in chosen(Query(filter: .everything), window)
            where hit.cell("request_id") != .missing && other.cell("request_id") == hit.cell("request_id") {
                shown[other.sequence] = other
            }
            guard let place = stream.firstIndex(where: { $0.sequence == hit.sequence }) else { continue }
            for other in stream[max(0, place - before)...min(stream.count - 1, place + after)] {
                shown[other.sequence] = other
            }
        }
        for hit in hits { shown[hit.sequence] = hit }
        return shown.values.sorted { ($0.event.place, $0.sequence) < ($1.event.place, $1.sequence) }
    }
}
