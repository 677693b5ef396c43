import Index
import Parse
import TestSupport
import Testing

@testable import Query

/// What happens beyond the limits, without events, and at the ends of what numbers hold.
@Suite(.temporaryDirectory) struct StageLimitTests {
    private static func table(_ count: Int) -> TableRows {
        TableRows(
            ResultTable(
                columns: ["host", "time", "n"],
                rows: (0..<count).map { row in
                    [.text(Array("host\(row)".utf8)), .time(Int64(row)), .count(UInt64(row))]
                }))
    }

    private static func aggregator(_ aggregation: Aggregation, groups: Int) -> Aggregator {
        Aggregator(
            aggregation, window: TimeSpan(earliest: 0, latest: 1_000_000), zone: .utc, now: .max,
            groupLimit: groups)
    }

    @Test(arguments: [
        (5, nil as String?, 5), (6, "more than 5 groups; the rest is in the row (others)", 6),
        (50, "more than 5 groups; the rest is in the row (others)", 6),
    ])
    func `groups beyond the limit share a row`(_ rows: Int, _ partial: String?, _ expected: Int) throws {
        let aggregation = Aggregation(
            [AggregateFunction(.count), AggregateFunction(.max, "n")], by: ["host"])
        var groups = Self.aggregator(aggregation, groups: 5)
        try groups.add(Self.table(rows))
        #expect(groups.partial == partial)
        let table = groups.table
        #expect(table.rows.count == expected)
        if rows > 5 {
            #expect(
                table.rows.last == [Aggregator.others, .count(UInt64(rows - 5)), .number(Double(rows - 1))])
        }
        var counts = Self.aggregator(Aggregation([AggregateFunction(.count)], by: ["host"]), groups: 5)
        try counts.add(Self.table(rows))
        let top = TopRows.table(of: counts, 10, isRare: false)
        #expect(top.rows.count == 5)
        #expect(top.rows.first?.last == .number(100 / Double(rows)))
    }

    @Test func `the default limit is 100,000 groups`() throws {
        let aggregation = Aggregation([AggregateFunction(.count)], by: ["n"])
        var groups = Self.aggregator(aggregation, groups: Aggregator.groupLimit)
        try groups.add(Self.table(100_000))
        #expect(groups.partial == nil)
        try groups.add(Self.table(100_002))
        #expect(groups.partial == "more than 100000 groups; the rest is in the row (others)")
        #expect(groups.table.rows.count == 100_001)
        #expect(groups.table.rows.last == [Aggregator.others, .count(2)])
    }

    @Test func `groups of long texts share a row beyond 64 MiB`() throws {
        let aggregation = Aggregation([AggregateFunction(.count)], by: ["line"])
        var groups = Self.aggregator(aggregation, groups: 100_000)
        for row in 0..<70 {
            let text = [UInt8](repeating: UInt8(row), count: 1 << 20)
            try groups.add(TableRows(ResultTable(columns: ["line"], rows: [[.text(text)]])))
        }
        #expect(groups.partial == "more than 64 MiB of groups; the rest is in the row (others)")
        #expect(groups.table.rows.count == 66)
        #expect(groups.table.rows.last == [Aggregator.others, .count(5)])
    }

    @Test func `steps beyond the limit share a row, too`() throws {
        var groups = Self.aggregator(Aggregation([AggregateFunction(.count)], step: .fixed(1)), groups: 5)
        try groups.add(Self.table(50))
        #expect(groups.table.rows.count == 6)
        #expect(groups.table.rows.first == [.missing, .count(45)])
        var hosts = Self.aggregator(
            Aggregation([AggregateFunction(.count)], by: ["host"], step: .fixed(1)), groups: 5)
        try hosts.add(Self.table(50))
        #expect(hosts.table.rows.contains([.missing, Aggregator.others, .count(40)]))
    }

    @Test func `what two aggregators have counted is merged`() throws {
        let functions = AggregateFunction.Kind.allCases.map { AggregateFunction($0, "n") }
        let aggregation = Aggregation(functions, by: ["host"])
        var whole = Self.aggregator(aggregation, groups: 100)
        var left = whole
        var right = whole
        try left.add(Self.table(20))
        try right.add(Self.table(30))
        try whole.add(Self.table(20))
        try whole.add(Self.table(30))
        left.merge(right)
        #expect(left.table.rows == whole.table.rows)
    }

    @Test func `different values beyond the limit are left out and said to be`() throws {
        for kind in [AggregateFunction.Kind.dc, .p50] {
            let function = AggregateFunction(kind, "n")
            var column = FunctionColumn(function, entryLimit: 10)
            column.addGroup()
            let rows = Self.table(11)
            let local = try LocalGroups(rows, by: [], nil)
            try column.add(rows, local, groups: [0])
            #expect(column.partial == "\(kind)(n) has more than 10 different values; the rest is left out")
            #expect(column.cell(0) == (kind == .dc ? .count(10) : .number(4)))
        }
    }

    @Test func `a sum that no number holds is missing`() throws {
        let huge = Array("1e308".utf8)
        let rows = TableRows(
            ResultTable(columns: ["n"], rows: [[.text(huge)], [.text(huge)], [.text(Array("1e999".utf8))]]))
        let functions: [AggregateFunction.Kind] = [.sum, .avg, .max, .p99, .count]
        var groups = Self.aggregator(Aggregation(functions.map { AggregateFunction($0, "n") }), groups: 5)
        try groups.add(rows)
        #expect(groups.table.rows.first?.prefix(2) == [.missing, .missing])
        #expect(groups.table.rows.first?.dropFirst(3) == [.number(1e308), .count(3)])
    }

    @Test(arguments: [
        (0.5, "0.5"), (1e16, "1e+16"), (1.157e-05, "1.157e-05"), (-3, "-3"), (.infinity, "null"),
        (.nan, "null"),
    ])
    func `a computed number is a number in JSON`(_ number: Double, _ text: String) {
        let table = ResultTable(columns: ["n"], rows: [[.number(number)]])
        let result = SearchResult(rows: .table(table), work: SearchWork())
        let json = String(decoding: ResultText.bytes(result, .json, zone: .utc), as: UTF8.self)
        #expect(json == "{\"n\":\(text)}\n")
    }

    /// What the stage says is how many, and not the limit of the request.
    @Test(arguments: [
        ("head 30", 30, false), ("tail 30", 30, false), ("sort bytes | head 30", 30, false),
        ("sort bytes", 5, true),
        ("dedup id_of_none, time, raw", 5, true), ("sort bytes | where *", 5, true), ("where *", 5, true),
        ("sort bytes | fields -host", 5, true), ("head 30 | tail 3", 3, false),
    ])
    func `how many events come out, and whether there are more`(
        _ text: String, _ count: Int, _ isTruncated: Bool
    ) throws {
        var random = SeededRandom()
        let data = try StageEvents(TemporaryDirectory.path + "/data", &random)
        defer { data.store.close() }
        let query = try Query.parse("| " + text) { _ in .open }
        let result = try QueryEngine(data.store).run(
            SearchRequest(query: query, window: StageEvents.all, limit: 5))
        guard case .events(let events) = result.rows else { throw Unexpected() }
        #expect(events.count == count)
        #expect(result.work.isTruncated == isTruncated)
    }

    /// The rows of queries over no event.
    @Test(arguments: [
        ("count", 1), ("stats count, dc(host), sum(bytes), rate, p50(bytes), first(host)", 1),
        ("count by host", 0),
        ("top host", 0), ("histogram 1h", 0), ("timechart avg(bytes) by host", 0), ("patterns", 0),
        ("diff 1d", 0),
        ("patterns new 1d", 0), ("sort -bytes | head 3 | fields host", 0), ("uniq host", 0),
        ("extract \"<a> \" | dedup a | fields a", 0), ("context 3 | fields host", 0),
        ("count | where count > 0", 0), ("count | where count:0", 1),
    ])
    func `queries over no event`(_ text: String, _ count: Int) throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        let query = try Query.parse("| " + text)
        for window in [TimeSpan(earliest: .min, latest: .max), TimeSpan(earliest: 5, latest: -5)] {
            for now in [Int64.min, 0, .max] {
                let result = try QueryEngine(store).run(
                    SearchRequest(query: query, window: window, limit: 10, now: now))
                guard case .table(let table) = result.rows else { throw Unexpected() }
                #expect(table.rows.count == count)
                #expect(table.columns.count == table.rows.first?.count ?? table.columns.count)
                if text.hasPrefix("stats") {
                    #expect(table.rows == [[.count(0), .count(0), .missing, .number(0), .missing, .missing]])
                }
            }
        }
    }

    @Test func `windows and steps of any size do not trap`() throws {
        var random = SeededRandom()
        let data = try StageEvents(TemporaryDirectory.path + "/data", &random)
        defer { data.store.close() }
        let ends = [Int64.min, .min + 1, -1, 0, StageEvents.change, .max - 1, .max]
        let steps: [Aggregation.Step] = [
            .automatic, .fixed(1), .fixed(.max), .fixed(7 * 24 * StageEvents.hour),
        ]
        var stages: [Stage] = [.diff(.max), .patterns(newSince: .max), .diff(1)]
        for step in steps {
            stages.append(
                .aggregate(Aggregation([AggregateFunction(.rate), AggregateFunction(.count)], step: step)))
        }
        for earliest in ends {
            for latest in ends {
                for stage in stages {
                    var request = SearchRequest(
                        query: Query(filter: .everything, stages: [stage]),
                        window: TimeSpan(earliest: earliest, latest: latest), limit: 10)
                    request.zone = try NaiveClock.rule("Europe/Berlin")
                    request.now = random.pick(ends)
                    _ = try QueryEngine(data.store).run(request)
                }
            }
        }
    }
}
