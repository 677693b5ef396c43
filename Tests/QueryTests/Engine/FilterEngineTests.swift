import Index
import Parse
import Query
import TestSupport
import Testing

/// What the engine does with filters beyond finding events.
@Suite(.temporaryDirectory) struct FilterEngineTests {
    /// A store with these lines, in a segment.
    private static func store(_ lines: [String]) throws -> Store {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        var maker = LineBatch()
        // A block for each.
        for line in lines {
            try store.append(maker.batch([Array(line.utf8)]))
            store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds)
        }
        return store
    }

    private static func run(_ text: String, _ engine: QueryEngine) throws -> SearchResult {
        let query = try Query.parse(text)
        return try engine.run(SearchRequest(query: query, window: .everything, limit: 100))
    }

    private static func found(_ result: SearchResult) -> [String] {
        guard case .events(let events) = result.rows else { return [] }
        return events.map { String(decoding: $0.raw, as: UTF8.self) }
    }

    @Test func `a regular expression that gives up makes the result partial`() throws {
        let store = try Self.store([String(repeating: "a", count: 5_000) + "!", "aaa"])
        let result = try Self.run("~\"(a+)+$\"", QueryEngine(store))
        #expect(Self.found(result) == ["aaa"])
        #expect(result.work.partial == "the regex gave up on 1 line: it took too many steps")
        #expect(try Self.run("~\"a+$\"", QueryEngine(store)).work.partial == nil)
        store.close()
    }

    private static let lines = [
        "a timeout", "b timeouts", "c timeo" + String(repeating: "u", count: 60) + "t",
        "d x=7 upstream y", "e [error] in z", "f 1234567", "g deadbeef0123456",
    ]
    /// Queries, the lines that they find, and how many blocks have to be read.
    private static let narrowed: [(String, [Int], Int)] = [
        // Words that begin so, one of them too long for FTS5.
        ("timeo*", [0, 1, 2], 3), ("/ timeo[a-z]+/", [0, 1, 2], 3), ("zebra*", [], 0),
        // Whole terms between other characters.
        ("/x=\\d+ (?:upstream) y/", [3], 7), ("/x=\\d upstream y/", [3], 1), ("up?tream", [3], 7),
        ("/\\[error\\] .* z/", [4], 1),
        // What the index does not know by its beginning.
        ("1234*", [5], 7), ("dead*", [6], 7), ("de*", [6], 7),
    ]

    @Test(arguments: narrowed)
    func `blocks without the words of a pattern are not opened`(_ text: String, _ rows: [Int], _ read: Int)
        throws
    {
        let store = try Self.store(Self.lines)
        let result = try Self.run(text, QueryEngine(store))
        #expect(Self.found(result).sorted() == rows.map { Self.lines[$0] })
        #expect(result.work.blocksRead == read)
        #expect(result.work.blocks == Self.lines.count)
        store.close()
    }

    @Test func `the window is that of the query where nothing else is said`() throws {
        let store = try Self.store(["a"])
        let engine = QueryEngine(store, saved: SavedQueries(["may": "time:2014-05"]))
        let now = LineBatch.received
        let times = TimeExpression(now: now, zone: { _ in 0 })
        let lastDay = TimeSpan(earliest: now - Day.nanoseconds, latest: times.latestNow)
        let may = try times.span(of: "2014-05")
        func window(_ text: String, _ asked: TimeSpan? = nil) throws -> TimeSpan {
            try engine.prepare(text, asked: asked, times: times).window
        }
        #expect(try window("a") == lastDay)
        #expect(try window("time:2014-05") == may)
        #expect(try window("@may a") == may)
        #expect(try window("time:15m") == TimeSpan(earliest: now - 900_000_000_000, latest: times.latestNow))
        #expect(try window("received:>2014") == .everything)
        #expect(try window("NOT time:2014") == lastDay)
        #expect(try window("time:2014-05", lastDay) == lastDay)
        #expect(throws: QueryError.self) { try window("no_such_field:1 time:2014") }
        let note = try engine.prepare("file not found", asked: nil, times: times).notes
        #expect(note.count == 1)
        store.close()
    }

    @Test func `blocks outside of the times in a query are not opened`() throws {
        let store = try Self.store([
            "<13>1 2026-11-20T10:00:00Z h a - - - one", "<13>1 2026-11-20T12:00:00Z h a - - - two",
        ])
        let result = try Self.run("time:[2026-11-20T11:00Z TO *] received:>2025", QueryEngine(store))
        #expect(Self.found(result).count == 1)
        #expect(result.work.blocksRead == 1)
        store.close()
    }
}
