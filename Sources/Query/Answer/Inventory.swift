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

    /// Nanoseconds that an event may be of before the window and still be looked for: that long, lines wait at hosts
    /// that cannot send them.
    private static let lateness: Int64 = 86_400_000_000_000

    /// The hosts of the window: `host state last_seen first_seen events rate programs skew clock also`.
    ///
    /// All of it goes by when events arrived, so that no clock of a host can make it silent or lively. `state` is `ok`,
    /// or `silent` where a host has said nothing for much longer than it ever does. `rate` is events a second of the
    /// window. Silent ones come first, then by name.
    ///
    /// `skew` is how many seconds the times of its newest events are ahead of their arrival, `clock` what that means
    /// (`ok`, `zone`, `wrong`), `also` the other names of the host.
    ///
    /// - `silentOnly`: only hosts that are silent.
    package func hosts(silentOnly: Bool = false) throws -> SearchResult {
        let functions = [
            AggregateFunction(.max, "received"), AggregateFunction(.min, "received"),
            AggregateFunction(.count), AggregateFunction(.dc, "program"),
        ]
        let end = min(now, window.latest)
        let seconds = max(1, Double(end) - Double(window.earliest) + 1) / 1e9
        let arrived = Filter.test(Test(field: "received", kind: .time, .during(window)))
        let times = TimeSpan(earliest: window.earliest.minus(Self.lateness) ?? .min, latest: .max)
        let result = try run([.aggregate(Aggregation(functions, by: ["host"]))], arrived, times)
        guard case .table(let table) = result.rows else { return result }
        let hosts = try HostRows(table.rows, engine.hosts()) { try details(of: $0, arrived, times) }
        let skews = try clocks()
        let rows = hosts.rows.map { row -> [ResultTable.Cell] in
            guard row.count == 5, case .time(let last) = row[1], case .time(let first) = row[2],
                case .count(let count) = row[3]
            else { return row }
            let length = max(last.minus(first) ?? .max, 0)
            let pause = Int64(clamping: UInt64(length) / max(count, 1))
            let limit = max(Self.leastSilence, pause.times(Self.silenceFactor) ?? .max)
            let isSilent = (end.minus(last) ?? .max) > limit
            let rate = Double(count) / seconds
            return [
                row[0], .text(Array((isSilent ? "silent" : "ok").utf8)), .time(Self.second(last)),
                .time(Self.second(first)), row[3], .number(Self.rounded(rate)), row[4],
            ] + Self.clock(skews?.skew(ofHosts: hosts.names(of: row[0]))) + [hosts.also(row[0])]
        }
        let silent = ResultTable.Cell.text(Array("silent".utf8))
        let shown = silentOnly ? rows.filter { $0.count > 1 && $0[1] == silent } : rows
        let sorted = shown.sorted { left, right in
            left[1] == right[1] ? left[0] < right[0] : right[1] < left[1]
        }
        return SearchResult(
            rows: .table(
                ResultTable(
                    columns: [
                        "host", "state", "last_seen", "first_seen", "events", "rate", "programs", "skew",
                        "clock",
                        "also",
                    ],
                    rows: sorted)),
            work: result.work)
    }

    /// The clocks of the hosts; nil where the window ends before the last hour, or what is stored cannot be read.
    private func clocks() throws -> ClockSkews? {
        guard window.latest >= now.minus(3_600_000_000_000) ?? .min else { return nil }
        return try? engine.clockSkews(now: now)
    }

    private static func clock(_ skew: ClockSkew?) -> [ResultTable.Cell] {
        guard let skew else { return [.missing, .missing] }
        return [.number(skew.seconds), .text(Array(skew.state.utf8))]
    }

    /// The names, the addresses that they send from, and their programs: a row for each that occur together.
    private func details(
        of names: [[UInt8]], _ arrived: Filter, _ times: TimeSpan
    ) throws -> [[ResultTable.Cell]] {
        let tests = names.compactMap { name in
            String(validating: name, as: UTF8.self).map {
                Filter.test(Test(field: "host", kind: .keyword, .exactly($0)))
            }
        }
        let functions = [AggregateFunction(.count)]
        let rows = try run(
            [.aggregate(Aggregation(functions, by: ["host", "peer", "program"]))],
            .all(of: [arrived, .any(of: tests)]), times
        ).rows
        guard case .table(let table) = rows else { return [] }
        return table.rows
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
        let own = ["time", "received", "raw", "id"] + (names.contains("pri") ? ["syslog_level"] : [])
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

    private func run(
        _ stages: [Stage], _ filter: Filter = .everything, _ times: TimeSpan? = nil
    ) throws -> SearchResult {
        try engine.run(
            SearchRequest(
                query: Query(filter: filter, stages: stages), window: times ?? window, limit: 1, now: now))
    }
}
