import Index
import Parse
import Query
import Synchronization
import TestSupport
import Testing

/// Searches without a limit, which hand on every event in the order of time.
@Suite(.temporaryDirectory) struct EventStreamTests {
    private static let day: Int64 = 1_795_168_800_000_000_000

    /// Many small blocks of one day, each over all of it, as imported files make them; and some in memory.
    private static func store(_ blocks: Int, _ random: inout SeededRandom) throws -> (Store, [String]) {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        var maker = LineBatch()
        var events: [(time: Int64, line: String)] = []
        for block in 0..<blocks {
            var lines: [[UInt8]] = []
            for number in 0..<7 {
                let time = day + Int64(random.below(3_600)) * 1_000_000_000
                let line =
                    "<13>1 \(TimeText.utc(time)) h\(number % 3) app - - - user=u\(block) line \(number)"
                events.append((time, line))
                lines.append(Array(line.utf8))
            }
            try store.append(maker.batch(lines))
            if block < blocks - 2 { store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds) }
        }
        let order = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
        return (store, order.map { events[$0].line })
    }

    private static func call(_ text: String, _ form: OutputForm) -> SearchCall {
        SearchCall(
            text, asked: TimeSpan(earliest: 0, latest: .max - 1), times: TimeExpression(now: 0) { _ in 0 },
            limit: 3, now: LineBatch.received, form: form)
    }

    /// What a stream hands on, as lines.
    private static func lines(_ call: SearchCall, _ store: Store) throws -> [String] {
        let bytes = Mutex<[UInt8]>([])
        _ = try call.stream(QueryEngine(store)) { part in
            bytes.withLock { $0 += part }
            return true
        }
        return String(decoding: bytes.withLock { $0 }, as: UTF8.self).split(separator: "\n").map {
            String($0)
        }
    }

    @Test func `every event comes once, in the order of time, from more blocks than may be open`() throws {
        var random = SeededRandom()
        let (store, expected) = try Self.store(70, &random)
        defer { store.close() }
        #expect(try Self.lines(Self.call("*", OutputForm(.raw)), store) == expected, "seed \(random.seed)")
        let some = expected.filter { $0.contains(" h1 ") }
        #expect(try Self.lines(Self.call("host:h1", OutputForm(.raw)), store) == some, "seed \(random.seed)")
    }

    @Test func `stages that look at one event at a time stream as well`() throws {
        var random = SeededRandom()
        let (store, expected) = try Self.store(40, &random)
        defer { store.close() }
        let text = "host:h1 | extract \"user=<who> line <n>\" | where n:>2 | fields n, who"
        let rows = try Self.lines(Self.call(text, OutputForm(.csv)), store)
        let some = expected.filter { $0.contains(" h1 ") && ($0.last.flatMap { Int("\($0)") } ?? 0) > 2 }
        let wanted = some.map { line in
            let user = line.split(separator: "user=")[1].prefix { $0 != " " }
            return "\(line.suffix(1)),\(user)"
        }
        #expect(rows == ["n,who"] + wanted, "seed \(random.seed)")
    }

    @Test func `a reader who has enough ends the search`() throws {
        var random = SeededRandom()
        let (store, _) = try Self.store(40, &random)
        defer { store.close() }
        let work = try Self.call("*", OutputForm(.raw)).stream(QueryEngine(store)) { _ in false }
        #expect(work.partial == "cancelled")
    }

    @Test func `a query that counts is answered whole`() throws {
        var random = SeededRandom()
        let (store, expected) = try Self.store(3, &random)
        defer { store.close() }
        #expect(try Self.lines(Self.call("* | count", OutputForm(.raw)), store) == ["\(expected.count)"])
    }

    @Test(.timeLimit(.minutes(1))) func `a store that is only read has one reader, and waits for no second`()
        throws
    {
        var random = SeededRandom()
        let (store, expected) = try Self.store(70, &random)
        store.close()
        let reader = try Store(
            directory: TemporaryDirectory.path + "/data", isReadOnly: true, parser: LineBatch.parser
        ) { LineBatch.received }
        defer { reader.close() }
        // Looking at every line takes longer than one thread works alone.
        let answer = try Self.call("~\"l[a-i]+ne [0-9]$\" | count", OutputForm(.raw)).answer(
            QueryEngine(reader))
        #expect(String(decoding: answer.bytes, as: UTF8.self) == "\(expected.count)\n")
    }
}
