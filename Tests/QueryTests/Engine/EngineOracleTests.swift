import Index
import Parse
import Query
import TestSupport
import Testing

/// Random queries over random events: the engine, with all its indexes, against the plainest reading of the language.
@Suite(.temporaryDirectory) struct EngineOracleTests {
    /// Queries of one event set: more than 10,000 in one run.
    private static let queries = 360

    @Test(arguments: 0..<29)
    func `answers are those of the naive evaluator`(_ number: Int) throws {
        var random = SeededRandom()
        let context = "seed \(random.seed)"
        print(context)
        // Some sets are large; of the small ones more queries can be asked in the same time.
        let data = try EventSet(TemporaryDirectory.path + "/data", &random, isSmall: number > 3)
        let engine = QueryEngine(data.store)
        let oracle = Oracle(data.events)
        var queries = RandomQuery(AskedWords.vocabulary(of: data.events, &random), seed: random.next())
        let groups = [
            "status", "host", "message", "request_line", "a", "method", "level", "parse", "no_such",
        ]
        var found = 0
        for _ in 0..<Self.queries {
            var filter = queries.filter(depth: random.pick([0, 1, 1, 1, 2, 3]))
            // Patterns within lines cost the oracle most: one in four is enough.
            while Oracle.hasPattern(filter), !random.once(in: 4) {
                filter = queries.filter(depth: random.below(2))
            }
            let expected = oracle.rows(filter)
            found += expected.isEmpty ? 0 : 1
            let context = "\(context), query \(filter)"

            switch random.below(3) {
            case 0:
                let result = try engine.run(data.request(filter, limit: 50))
                guard case .events(let events) = result.rows else { throw Unexpected() }
                let newest = expected.sorted {
                    (data.events[$0].place, $0) < (data.events[$1].place, $1)
                }.suffix(50)
                #expect(events.map { Int($0.sequence) - 1 } == Array(newest), "\(context)")
                #expect(result.work.isTruncated == (expected.count > 50), "\(context)")
                for event in events { #expect(data.agrees(event), "\(context)") }
            case 1:
                let field = random.pick(groups)
                let result = try engine.run(data.request(filter, [.count(by: [field])]))
                guard case .table(let table) = result.rows else { throw Unexpected() }
                var counts: [ResultTable.Cell: UInt64] = [:]
                for row in expected { counts[data.cell(field, row), default: 0] += 1 }
                let got = Dictionary(uniqueKeysWithValues: table.rows.map { ($0[0], $0[1]) })
                #expect(got == counts.mapValues { .count($0) }, "\(context) | count by \(field)")
            default:
                let result = try engine.run(data.request(filter, [.count(by: [])]))
                guard case .table(let table) = result.rows else { throw Unexpected() }
                #expect(table.rows == [[.count(UInt64(expected.count))]], "\(context)")
            }
        }
        // A run of which most queries find nothing says little.
        #expect(found > Self.queries / 3)
        data.store.close()
    }

    @Test func `windows include both of their ends`() throws {
        var random = SeededRandom()
        let data = try EventSet(TemporaryDirectory.path + "/data", &random)
        let engine = QueryEngine(data.store)
        let times = data.events.map(\.time).sorted()
        for _ in 0..<300 {
            let ends = [
                random.pick(times) + Int64(random.below(3) - 1),
                random.pick(times) + Int64(random.below(3) - 1),
            ]
            var request = data.request(.everything, [.count(by: [])])
            request.window = TimeSpan(earliest: ends.min() ?? 0, latest: ends.max() ?? 0)
            guard case .table(let table) = try engine.run(request).rows else { throw Unexpected() }
            let expected = times.count { $0 >= request.window.earliest && $0 <= request.window.latest }
            #expect(table.rows == [[.count(UInt64(expected))]], "seed \(random.seed), \(request.window)")
        }
        for window in [
            TimeSpan(earliest: .min, latest: .max), TimeSpan(earliest: .min + 1, latest: .max - 1),
        ] {
            var request = data.request(.everything, [.count(by: [])])
            request.window = window
            guard case .table(let table) = try engine.run(request).rows else { throw Unexpected() }
            #expect(table.rows == [[.count(UInt64(times.count))]])
        }
        data.store.close()
    }

    @Test func `a result keeps the newest events, oldest first, and says whether there are more`() throws {
        var random = SeededRandom()
        let data = try EventSet(TemporaryDirectory.path + "/data", &random)
        let engine = QueryEngine(data.store)
        let order = data.events.indices.sorted {
            (data.events[$0].place, $0) < (data.events[$1].place, $1)
        }
        for limit in [0, 1, 2, 7, 100, order.count - 1, order.count, order.count + 1, .max] {
            let result = try engine.run(data.request(.everything, limit: limit))
            guard case .events(let events) = result.rows else { throw Unexpected() }
            #expect(events.map { Int($0.sequence) - 1 } == order.suffix(limit), "\(limit)")
            #expect(result.work.isTruncated == (limit < order.count), "\(limit)")
        }
        data.store.close()
    }

    @Test func `a search for the newest does not open blocks that hold none of them`() throws {
        var random = SeededRandom()
        let data = try EventSet(TemporaryDirectory.path + "/data", &random)
        let engine = QueryEngine(data.store)
        let newest = try engine.run(data.request(.everything, limit: 1))
        let all = try engine.run(data.request(.everything, limit: .max))
        #expect(newest.work.blocksRead < all.work.blocksRead)
        #expect(all.work.blocksRead == all.work.blocks)
        data.store.close()
    }

    @Test func `a query that nobody waits for, or that takes too long, says that it is not whole`() throws {
        var random = SeededRandom()
        let data = try EventSet(TemporaryDirectory.path + "/data", &random)
        let engine = QueryEngine(data.store)
        for stages in [[], [Stage.count(by: [])], [.histogram(step: nil)]] {
            let request = data.request(.everything, stages, limit: 10)
            #expect(try engine.run(request, SearchBudget(isCancelled: { true })).work.partial == "cancelled")
            #expect(try engine.run(request, SearchBudget(.zero)).work.partial == "stopped after 0 s")
            #expect(try engine.run(request).work.partial == nil)
        }
        data.store.close()
    }
}

extension Store {
    /// Moves some of the closed days into the archive; of some, the index keeps no column.
    func archiveSome(_ random: inout SeededRandom) throws {
        for day in try archivableDays(before: Day(number: .max)) where !random.once(in: 3) {
            guard let part = try archive(day)?.part else { continue }
            if random.once(in: 2) { _ = try rebuildIndex(of: part, headBytes: 0) }
        }
    }
}

/// A result of a kind that its query cannot have.
struct Unexpected: Error {}

/// A store with some events, in segments and in memory, and the same events as their parser left them.
struct EventSet {
    let store: Store
    var events: [NaiveEvent] = []

    init(_ directory: String, _ random: inout SeededRandom, isSmall: Bool = false) throws {
        store = try Store(directory: directory, parser: LineBatch.parser) { LineBatch.received }
        var maker = LineBatch()
        var lines = RandomLines(seed: random.next())
        for _ in 0..<3 {
            for most in isSmall ? [2, 3, 2] : [19, 12, 19] {
                let size = 1 + random.below(most)
                // Some of the lines are of the same second.
                let received = LineBatch.received + Int64(random.below(1_200_000_000))
                let batch = maker.batch(lines.lines(size), received: received)
                try store.append(batch)
                events += batch.events.map { NaiveEvent($0, in: batch) }
            }
            // What stands in memory now becomes a block a day; what follows stays in memory.
            if events.count < (isSmall ? 10 : 60) {
                store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds)
                try store.archiveSome(&random)
            }
        }
    }

    func request(_ filter: Filter, _ stages: [Stage] = [], limit: Int = 10) -> SearchRequest {
        SearchRequest(
            query: Query(filter: filter, stages: stages), window: TimeSpan(earliest: 0, latest: .max),
            limit: limit)
    }

    /// The first value that an event has of a field.
    func cell(_ field: String, _ row: Int) -> ResultTable.Cell {
        let levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
        if field == "level" { return events[row].severity.map { .text(Array(levels[$0].utf8)) } ?? .missing }
        return events[row].fields[field]?.first.map { .text($0) } ?? .missing
    }

    /// Whether an event of a result says what went in.
    func agrees(_ found: FoundEvent) -> Bool {
        let event = events[Int(found.sequence) - 1]
        var fields: [String: [[UInt8]]] = [:]
        for (name, value) in found.fields where !["header_time", "log_time", "level"].contains(name) {
            fields[name, default: []].append(value)
        }
        return found.raw == event.raw && found.time == event.time && found.received == event.received
            && fields == event.fields
    }
}
