import Index
import Parse
import TestSupport
import Testing

@testable import Query

/// Random stages over random events: the engine against the plainest reading of each stage.
@Suite(.temporaryDirectory) struct StageOracleTests {
    private static let queries = 300

    @Test(arguments: 0..<10)
    func `rows are those of the naive stages`(_ number: Int) throws {
        var random = SeededRandom()
        let data = try StageEvents(TemporaryDirectory.path + "/data", &random)
        defer { data.store.close() }
        let engine = QueryEngine(data.store)
        let vocabulary = AskedWords.vocabulary(of: data.events.map(\.event), &random)
        var queries = RandomStages(vocabulary, seed: random.next())
        for _ in 0..<Self.queries {
            var query = queries.query()
            // Patterns within lines cost the oracle most.
            while Oracle.hasPattern(query.filter) { query = queries.query() }
            let zone = random.pick(NaiveClock.zones)
            let now = random.once(in: 4) ? StageEvents.change + 9 * StageEvents.hour : Int64.max
            let hasSteps = query.stages.contains { stage in
                if case .aggregate(let aggregation) = stage { aggregation.step != nil } else { false }
            }
            let window = hasSteps || random.once(in: 2) ? StageEvents.window : StageEvents.all
            let naive = NaiveStages(
                events: data.events, window: window, zone: zone, now: now, limit: random.pick([1, 10, 1_000]))
            let result = try engine.run(
                SearchRequest(
                    query: query, window: window, limit: naive.limit, zone: try NaiveClock.rule(zone),
                    now: now))
            let context =
                "seed \(random.seed), zone \(zone), now \(now), limit \(naive.limit), query \(query)"
            #expect(result.work.partial == nil, "\(context)")
            guard Self.check(result.rows, try naive.result(of: query), context) else { return }
        }
    }

    /// Whether both are the same; what is not is recorded.
    private static func check(_ rows: SearchResult.Rows, _ expected: NaiveStages.Rows, _ context: String)
        -> Bool
    {
        switch (rows, expected) {
        case (.table(let table), .table(let expected)):
            let isEqual = table.columns == expected.columns && equal(table.rows, expected.rows)
            #expect(isEqual, "\(context)\n\(shown(table))\nexpected\n\(shown(expected))")
            return isEqual
        case (.events(let events), .events(let expected)):
            let numbers = events.map { Int($0.sequence) }
            #expect(numbers == expected.map(\.sequence), "\(context)")
            guard numbers == expected.map(\.sequence) else { return false }
            for (event, naive) in zip(events, expected) {
                var fields: [String: [[UInt8]]] = [:]
                for (name, value) in event.fields where !["header_time", "log_time", "level"].contains(name) {
                    fields[name, default: []].append(value)
                }
                #expect(fields == naive.event.fields, "\(context)")
                #expect(event.raw == naive.event.raw, "\(context)")
            }
            return true
        default:
            Issue.record("\(context): another kind of rows")
            return false
        }
    }

    private static func equal(_ left: [[ResultTable.Cell]], _ right: [[ResultTable.Cell]]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { left, right in
                left.count == right.count && zip(left, right).allSatisfy(equal)
            }
    }

    /// Sums depend on the order of their parts.
    private static func equal(_ left: ResultTable.Cell, _ right: ResultTable.Cell) -> Bool {
        guard case .number(let first) = left, case .number(let second) = right else { return left == right }
        return abs(first - second) <= 1e-9 * max(abs(first), abs(second))
    }

    private static func shown(_ table: ResultTable) -> String {
        ([table.columns.joined(separator: "\t")]
            + table.rows.prefix(60).map { row in row.map(shown).joined(separator: "\t") }).joined(
                separator: "\n")
    }

    private static func shown(_ cell: ResultTable.Cell) -> String {
        switch cell {
        case .text(let text): String(decoding: text, as: UTF8.self)
        case .count(let count): "#\(count)"
        case .number(let number): "\(number)"
        case .time(let time): TimeText.utc(time)
        case .missing: "-"
        }
    }
}
