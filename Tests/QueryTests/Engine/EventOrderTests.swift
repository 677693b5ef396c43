import Foundation
import Index
import Parse
import Synchronization
import TestSupport
import Testing

@testable import Query

/// Events of one second, of programs that write whole seconds and of others: in the order of their arrival.
@Suite(.temporaryDirectory) struct EventOrderTests {
    private static let second: Int64 = 1_000_000_000
    private static let now = LineBatch.received

    @Test(
        arguments: [
            // A fraction says where an event stands.
            (5_300_000_000, 5_310_000_000, 5_300_000_000), (5_300_000_000, 0, 5_300_000_000),
            // A whole second does not: it stands where it arrived, as far as that is within it.
            (5_000_000_000, 5_310_000_000, 5_310_000_000), (5_000_000_000, 5_000_000_000, 5_000_000_000),
            (5_000_000_000, 5_999_999_999, 5_999_999_999), (5_000_000_000, 6_000_000_000, 5_999_999_999),
            (5_000_000_000, .max, 5_999_999_999), (5_000_000_000, 4_999_999_999, 5_000_000_000),
            (0, 7, 7), (-2_000_000_000, -1_500_000_000, -1_500_000_000), (-2_000_000_000, 0, -1_000_000_001),
            (-1_500_000_000, 0, -1_500_000_000), (9_223_372_036_000_000_000, .max, .max),
            (.max, 0, .max), (.min, 0, .min),
        ] as [(Int64, Int64, Int64)])
    func `where an event stands`(_ time: Int64, _ received: Int64, _ place: Int64) {
        #expect(EventOrder.place(time, received: received) == place)
        #expect(EventOrder.start(of: time) <= place && place <= EventOrder.end(of: time))
    }

    /// An error of php-fpm, and the line of nginx that came of it.
    @Test func `what a request came to stands behind its causes`() throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            Self.now
        }
        defer { store.close() }
        var maker = LineBatch()
        let clock = "2026-11-22T11:59:55"
        for (text, arrival) in [
            ("\(clock).300Z web1 php-fpm - - - cause", 5_301), ("\(clock)Z web1 nginx - - - access", 5_310),
            ("\(clock).100Z web1 php-fpm - - - late", 5_320), ("\(clock)Z web1 cron - - - later", 6_500),
            ("\(clock)Z web1 cron - - - last", 7_500), ("\(clock).999Z web1 app - - - near the end", 5_999),
        ] {
            try store.append(
                maker.batch(
                    [Array("<13>1 \(text)".utf8)],
                    received: Self.now - 10 * Self.second + Int64(arrival) * 1_000_000))
        }
        let engine = QueryEngine(store)
        let order = ["late", "cause", "access", "near the end", "later", "last"]
        for query in ["*", "* | sort time", "* | tail 6", "cause | context 5", "* | head 6"] {
            #expect(try Self.messages(query, engine) == order, "\(query)")
        }
        // Two stand at the end of the second: equal rows keep their order.
        #expect(
            try Self.messages("* | sort -time", engine)
                == ["later", "last", "near the end", "access", "cause", "late"])
        #expect(try Self.messages("* | dedup host", engine) == ["last"])
    }

    private static func messages(_ query: String, _ engine: QueryEngine) throws -> [String] {
        let times = TimeExpression(now: now) { _ in 0 }
        var form = OutputForm(.tsv)
        form.template = try OutputTemplate("{message}")
        let call = SearchCall(query, asked: nil, times: times, limit: 100, now: now, form: form)
        return String(decoding: try call.answer(engine).bytes, as: UTF8.self).split(separator: "\n").map {
            String($0)
        }
    }

    // MARK: Property

    /// Lines of five seconds, whole or not, that arrive in any order around them; in blocks of few events.
    private struct Seconds {
        let store: Store
        var events: [NaiveEvent] = []

        init(_ directory: String, _ random: inout SeededRandom) throws {
            store = try Store(directory: directory, parser: LineBatch.parser) { now }
            var maker = LineBatch()
            // The last second of a day, and the first ones of the next.
            let start = now - 12 * 3_600 * second - 2 * second
            for _ in 0..<25 {
                var lines: [[UInt8]] = []
                for _ in 0..<1 + random.below(5) {
                    let whole = start + Int64(random.below(5)) * second
                    let time = random.once(in: 3) ? whole + Int64(random.below(1_000)) * 1_000_000 : whole
                    let host = random.pick(["web1", "web2"])
                    lines.append(
                        Array(
                            "<13>1 \(TimeText.utc(time)) \(host) \(random.pick(["nginx", "app"])) - - - n\(random.below(4))"
                                .utf8))
                }
                let arrival = start + Int64(random.below(6_000)) * 1_000_000
                let batch = maker.batch(lines, received: arrival)
                try store.append(batch)
                events += batch.events.map { NaiveEvent($0, in: batch) }
                if random.once(in: 2) { store.closePastDays(at: now + 40 * Day.nanoseconds) }
                if random.once(in: 8) { try store.archiveSome(&random) }
            }
        }
    }

    @Test(arguments: 0..<12) func `every way to the events has the one order`(_ number: Int) throws {
        var random = SeededRandom()
        let data = try Seconds(TemporaryDirectory.path + "/data", &random)
        defer { data.store.close() }
        let engine = QueryEngine(data.store)
        let seed = "seed \(random.seed)"
        let order = data.events.indices.sorted {
            (data.events[$0].place, $0) < (data.events[$1].place, $1)
        }
        func numbers(_ stages: [Stage], limit: Int) throws -> [Int] {
            let query = Query(filter: .everything, stages: stages)
            let request = SearchRequest(query: query, window: .everything, limit: limit)
            guard case .events(let events) = try engine.run(request).rows else { throw Unexpected() }
            return events.map { Int($0.sequence) - 1 }
        }
        for _ in 0..<25 {
            let count = 1 + random.below(order.count)
            #expect(try numbers([], limit: count) == order.suffix(count), "\(seed), newest \(count)")
            #expect(try numbers([.head(count)], limit: 9) == Array(order.prefix(count)), "\(seed), \(count)")
            #expect(try numbers([.tail(count)], limit: 9) == order.suffix(count), "\(seed), tail \(count)")
            #expect(
                try numbers([.sort([SortKey("time")])], limit: count) == Array(order.prefix(count)), "\(seed)"
            )
            // As a second sort, of what is in memory already.
            let twice = [Stage.head(order.count), .sort([SortKey("time")]), .tail(count)]
            #expect(try numbers(twice, limit: 9) == order.suffix(count), "\(seed), twice")
            var tail = try LiveTail(engine, Query(filter: .everything))
            let backlog = try tail.backlog(count, window: .everything).map { Int($0.sequence) - 1 }
            #expect(backlog == order.suffix(count), "\(seed), backlog \(count)")
        }
        let seen = Mutex<[Int]>([])
        let query = Query(filter: .everything)
        var run = QueryRun(
            Pipeline(query, limit: .max), SearchRequest(query: query, window: .everything, limit: .max),
            data.store.snapshot(), SearchBudget())
        try run.stream { block, row in
            let event = Int(try block.event(row).sequence) - 1
            seen.withLock { $0.append(event) }
            return true
        }
        #expect(seen.withLock { $0 } == order, "\(seed), stream")
    }
}
