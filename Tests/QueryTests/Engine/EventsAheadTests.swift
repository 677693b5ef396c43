import Foundation
import Index
import Parse
import TestSupport
import Testing

@testable import Query

/// Events with times ahead of now, and questions without an end.
@Suite(.temporaryDirectory) struct EventsAheadTests {
    private static let now = LineBatch.received
    private static let second: Int64 = 1_000_000_000

    private static func line(_ seconds: Int64, _ host: String, _ text: String) -> [UInt8] {
        Array("<13>1 \(TimeText.utc(now + seconds * second)) \(host) app - - - \(text)".utf8)
    }

    /// Blocks of events until now, and events of two hosts whose clocks are ahead, in memory or not.
    private static func engine(closing: Bool) throws -> QueryEngine {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) { now }
        var maker = LineBatch()
        for minute in [-50, -40, -30] as [Int64] {
            try store.append(
                maker.batch([line(minute * 60, "web1", "old one"), line(minute * 60 + 1, "web1", "two")]))
            store.closePastDays(at: now + 40 * Day.nanoseconds)
        }
        try store.append(
            maker.batch([
                line(-1, "web1", "one"), line(0, "web1", "two"), line(4, "web1", "one of now"),
                line(5, "web1", "last of now"), line(6, "web1", "one ahead"),
            ]))
        try store.append(
            maker.batch((0..<12).map { line(3_589 + $0, "db1", $0 < 8 ? "one from db1" : "two from db1") }))
        try store.append(maker.batch([line(864_000, "mail", "one of next week")]))
        if closing { store.closePastDays(at: now + 40 * Day.nanoseconds) }
        return QueryEngine(store)
    }

    private static func call(_ query: String, since: String? = nil, until: String? = nil) throws -> SearchCall
    {
        let times = TimeExpression(now: now) { _ in 0 }
        return SearchCall(
            query, asked: try times.asked(since: since, until: until), times: times, limit: 100, now: now,
            form: OutputForm(.raw), wantsMeta: true)
    }

    /// A query, how many events it finds, and what it says of those ahead.
    private static let cases: [(String, String?, String?, UInt64, String?)] = [
        ("*", nil, nil, 10, "14 events lie ahead of now (host db1, 60 min)"),
        ("one", "1h", nil, 5, "10 events lie ahead of now (host db1, 60 min)"),
        ("host:web1", nil, nil, 10, "1 event lies ahead of now (host web1, 6 s)"),
        ("host:mail", nil, nil, 0, "1 event lies ahead of now (host mail, 10 d)"),
        ("* | where two", nil, nil, 4, "4 events lie ahead of now (host db1, 60 min)"),
        ("* | count by host", nil, nil, 10, "14 events lie ahead of now (host db1, 60 min)"),
        (
            "* | extract \"from <who>\" | where who:db1", nil, nil, 0,
            "12 events lie ahead of now (host db1, 60 min)"
        ),
        ("time:15m", nil, nil, 4, nil),
        ("time:<now", nil, nil, 7, nil),
        ("time:>now host:db1", nil, nil, 12, nil),
        ("host:db1", "1h", "now+1h", 12, nil),
        ("host:db1", nil, "2026-11-22", 12, nil),
        ("old", nil, nil, 3, nil),
    ]

    @Test(arguments: [true, false]) func `a window ends now, and the answer says what lies ahead`(
        _ closing: Bool
    )
        throws
    {
        let engine = try Self.engine(closing: closing)
        defer { engine.store.close() }
        for (query, since, until, found, ahead) in Self.cases {
            let call = try Self.call(query, since: since, until: until)
            let answer = try call.answer(engine)
            #expect(answer.work.matched == found, "\(query)")
            #expect(answer.work.ahead?.description == ahead, "\(query)")
            let streamed = try call.stream(engine) { _ in true }
            #expect(streamed.matched == found, "\(query)")
            #expect(streamed.ahead?.description == ahead, "\(query)")
        }
    }

    @Test func `the last line of an answer has it for programs`() throws {
        let engine = try Self.engine(closing: true)
        defer { engine.store.close() }
        let bytes = try Self.call("host:db1 two", since: "2026-11-22T11:00Z").answer(engine).bytes
        let line = try #require(bytes.split(separator: 0x0A).last)
        let text = String(decoding: line, as: UTF8.self)
        #expect(text.contains(#""from":"2026-11-22T11:00:00Z","to":"2026-11-22T12:00:00Z","ends_now":true,"#))
        #expect(text.contains(#""ahead":{"events":4,"host":"db1","seconds":3600}"#))
        #expect(text.contains("ahead of now"))
        #expect(
            try Self.call("host:db1", since: "1h", until: "now").answer(engine).bytes.firstRange(
                of: Array("\"ahead\"".utf8)) == nil)
    }

    @Test func `only blocks that reach ahead are opened for it`() throws {
        let engine = try Self.engine(closing: true)
        defer { engine.store.close() }
        let prepared = try engine.prepare("old", asked: nil, times: TimeExpression(now: Self.now) { _ in 0 })
        var request = prepared.request(limit: 10)
        request.now = Self.now
        let alone = try engine.run(request)
        request.looksAhead = prepared.endsNow
        let both = try engine.run(request)
        #expect(both.work.blocksRead == alone.work.blocksRead)
        #expect(both.work.ahead == nil)
    }

    @Test func `the backlog of a tail ends now, and what comes is shown whenever it is of`() throws {
        let engine = try Self.engine(closing: false)
        defer { engine.store.close() }
        var session = try TailSession(engine, try Self.call("*"), resume: nil, rate: nil)
        let backlog = String(decoding: try session.next(), as: UTF8.self)
        #expect(backlog.contains("last of now") && !backlog.contains("db1") && !backlog.contains("ahead"))
        var maker = LineBatch()
        try engine.store.append(maker.batch([Self.line(7_200, "db1", "live")]))
        #expect(String(decoding: try session.next(), as: UTF8.self).contains("live"))
    }

    @Test func `hosts go by arrival, and a rate is that of the window`() throws {
        let engine = try Self.engine(closing: true)
        defer { engine.store.close() }
        let window = TimeSpan(
            earliest: Self.now - 1_000 * Self.second + 1, latest: Self.now + 5 * Self.second)
        // Asked 20 minutes after all of them arrived, who was ahead of then is as silent as the others.
        for (later, state) in [(Int64(0), "ok"), (1_200, "silent")] {
            let now = Self.now + later * Self.second
            var window = window
            window.latest += later * Self.second
            let rows = try Inventory(engine, window: window, now: now).hosts().rows
            guard case .table(let table) = rows else { throw Unexpected() }
            let shown = table.rows.map { row in row.prefix(7).map(Self.shown).joined(separator: " ") }
            let rate = later == 0 ? ["0.012", "0.001", "0.011"] : ["0.00545", "0.000455", "0.005"]
            #expect(
                shown == [
                    "db1 \(state) 12:00:00 12:00:00 12 \(rate[0]) 1",
                    "mail \(state) 12:00:00 12:00:00 1 \(rate[1]) 1",
                    "web1 \(state) 12:00:00 12:00:00 11 \(rate[2]) 1",
                ])
        }
    }

    private static func shown(_ cell: ResultTable.Cell) -> String {
        switch cell {
        case .text(let text): String(decoding: text, as: UTF8.self)
        case .count(let count): "\(count)"
        case .number(let number): DecimalText.shortest(number)
        case .time(let time): String(TimeText.utc(time).dropFirst(11).prefix(8))
        case .missing: "-"
        }
    }

    @Test func `blocks that arrived at other times are not opened for a time of arrival`() throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            Self.now
        }
        defer { store.close() }
        var maker = LineBatch()
        for minute in 0..<6 as Range<Int64> {
            let received = Self.now - minute * 60 * Self.second
            try store.append(maker.batch([Self.line(-7_200, "web1", "line \(minute)")], received: received))
            store.closePastDays(at: Self.now + 40 * Day.nanoseconds)
        }
        let engine = QueryEngine(store)
        let work = try Self.call("received:90s").answer(engine).work
        #expect(work.matched == 2)
        #expect(work.blocksRead == 2)
    }
}
