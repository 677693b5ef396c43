import Index
import Parse

/// What there is in a store: hosts, fields, and the values of a field.
package struct Inventory {
    private let engine: QueryEngine
    private let window: TimeSpan
    private let now: Int64

    /// - `now`: nanoseconds since the Unix epoch.
    package init(_ engine: QueryEngine, window: TimeSpan, now: Int64) {
        (self.engine, self.window, self.now) = (engine, window, now)
    }

    /// Nanoseconds without an event after which a host may be called silent, however seldom it speaks.
    private static let leastSilence: Int64 = 15 * 60 * 1_000_000_000
    /// Silent: so many times longer than between two events on average.
    private static let silenceFactor: Int64 = 10

    /// The hosts of the window: `host state last_seen first_seen events rate programs`.
    ///
    /// `state` is `ok`, or `silent` where a host has said nothing for much longer than it ever does. `rate` is
    /// events a second over the time between its first and last one. Silent ones come first, then by name.
    ///
    /// - `silentOnly`: only hosts that are silent.
    package func hosts(silentOnly: Bool = false) throws -> SearchResult {
        let functions = [
            AggregateFunction(.max, "time"), AggregateFunction(.min, "time"), AggregateFunction(.count),
            AggregateFunction(.dc, "program"),
        ]
        let result = try run([.aggregate(Aggregation(functions, by: ["host"]))])
        guard case .table(let table) = result.rows else { return result }
        let rows = table.rows.map { row -> [ResultTable.Cell] in
            guard row.count == 5, case .time(let last) = row[1], case .time(let first) = row[2],
                case .count(let count) = row[3]
            else { return row }
            let length = max(last.minus(first) ?? .max, 0)
            let pause = Int64(clamping: UInt64(length) / max(count, 1))
            let limit = max(Self.leastSilence, pause.times(Self.silenceFactor) ?? .max)
            let isSilent = (min(now, window.latest).minus(last) ?? .max) > limit
            let rate = length == 0 ? Double(count) : Double(count) / (Double(length) / 1e9)
            return [
                row[0], .text(Array((isSilent ? "silent" : "ok").utf8)), .time(Self.second(last)),
                .time(Self.second(first)), row[3], .number(Self.rounded(rate)), row[4],
            ]
        }
        let silent = ResultTable.Cell.text(Array("silent".utf8))
        let shown = silentOnly ? rows.filter { $0.count > 1 && $0[1] == silent } : rows
        let sorted = shown.sorted { left, right in
            left[1] == right[1] ? left[0] < right[0] : right[1] < left[1]
        }
        return SearchResult(
            rows: .table(
                ResultTable(
                    columns: ["host", "state", "last_seen", "first_seen", "events", "rate", "programs"],
                    rows: sorted)),
            work: result.work)
    }

    /// The beginning of its second: nobody asks for more of when a host was seen.
    private static func second(_ time: Int64) -> Int64 {
        time.floorQuotient(1_000_000_000).times(1_000_000_000) ?? time
    }

    /// Three digits: a rate over days has no more to say.
    private static func rounded(_ rate: Double) -> Double {
        guard rate.isFinite, rate > 1e-6, rate < 1_000 else { return rate.rounded() }
        var scale = 1.0
        while rate * scale < 100 { scale *= 10 }
        return (rate * scale).rounded() / scale
    }

    /// The fields of the window's events: `field kind unit also`, by name.
    package func fields() throws -> SearchResult {
        let names = try engine.snapshot().fieldNames { Scan.overlaps($0, window) }
        let own = ["time", "received", "raw", "id"]
        let rows = Set(names).union(own).sorted().compactMap { name -> [ResultTable.Cell]? in
            let field = Fields.definition(of: name)
            if field?.isHidden == true { return nil }
            func cell(_ text: String?) -> ResultTable.Cell { text.map { .text(Array($0.utf8)) } ?? .missing }
            let kind = name == "id" ? "keyword" : name == "raw" ? "text" : (field?.kind ?? .open).rawValue
            let also = field?.aliases.joined(separator: " ") ?? ""
            return [cell(name), cell(kind), cell(field?.unit), cell(also.isEmpty ? nil : also)]
        }
        return SearchResult(
            rows: .table(ResultTable(columns: ["field", "kind", "unit", "also"], rows: rows)),
            work: SearchWork())
    }

    /// The field that a name or an alias stands for; nil where neither the catalogue nor the window has one.
    package func field(named name: String) throws -> String? {
        if let known = Fields.definition(of: name) { return known.name }
        return try engine.snapshot().fieldNames { Scan.overlaps($0, window) }.contains(name) ? name : nil
    }

    /// The commonest values of a field: `field count percent`.
    package func values(of field: String, limit: Int, prefix: String = "") throws -> SearchResult {
        var filter = Filter.everything
        if !prefix.isEmpty {
            filter = .test(Test(field: field, kind: .keyword, .like(Glob([.literal(prefix), .any]))))
        }
        return try run([.top(limit, fields: [field], isRare: false)], filter)
    }

    private func run(_ stages: [Stage], _ filter: Filter = .everything) throws -> SearchResult {
        try engine.run(
            SearchRequest(query: Query(filter: filter, stages: stages), window: window, limit: 1, now: now))
    }
}
