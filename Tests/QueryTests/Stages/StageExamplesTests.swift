import Index
import Parse
import Query
import TestSupport
import Testing

/// The examples of the language that have stages, over lines that are taken in, stored and read.
@Suite(.temporaryDirectory) struct StageExamplesTests {
    /// The time of the first line: 2026-11-20T10:00:00Z.
    private static let start: Int64 = 1_795_168_800_000_000_000
    private static let minute: Int64 = 60_000_000_000

    /// The rows of a query over lines, as texts separated by blanks.
    private func rows(_ text: String, _ lines: [String], window: TimeSpan? = nil) throws -> [String] {
        let store = try Store(
            directory: TemporaryDirectory.path + "/data\(text.utf8.count)", parser: LineBatch.parser
        ) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        // Half of them in a segment.
        try store.append(maker.batch(lines.prefix(lines.count / 2).map { Array($0.utf8) }))
        store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds)
        try store.append(maker.batch(lines.dropFirst(lines.count / 2).map { Array($0.utf8) }))
        let engine = QueryEngine(store)
        let window = window ?? TimeSpan(earliest: 0, latest: LineBatch.received)
        let result = try engine.run(
            SearchRequest(query: try engine.read(text, window: window).query, window: window, limit: 100))
        #expect(result.work.partial == nil)
        guard case .table(let table) = result.rows else { throw Unexpected() }
        return
            ([table.columns.joined(separator: " ")]
            + table.rows.map { row in row.map(Self.text).joined(separator: " ") })
    }

    private static func text(_ cell: ResultTable.Cell) -> String {
        switch cell {
        case .text(let text): String(decoding: text, as: UTF8.self)
        case .count(let count): "\(count)"
        case .number(let number): DecimalText.shortest(number)
        case .time(let time): TimeText.utc(time)
        case .missing: "-"
        }
    }

    private static func line(
        _ minutes: Int64, _ message: String, host: String = "docs", program: String = "nginx", pri: Int = 14
    ) -> String {
        "<\(pri)>1 \(TimeText.utc(start + minutes * minute)) \(host) \(program) - - - \(message)"
    }

    private static func access(
        _ minutes: Int64, _ path: String, _ status: Int, host: String = "docs", tail: String = ""
    ) -> String {
        var time: [UInt8] = []
        TimeLayout(.http, zone: .blank).render(start + minutes * minute, into: &time)
        let clock = String(decoding: time, as: UTF8.self)
        return line(
            minutes, "10.0.0.1 - - [\(clock)] \"GET \(path) HTTP/1.1\" \(status) 12 \"-\" \"curl\"\(tail)",
            host: host)
    }

    @Test func `38 the commonest shapes of unparsed lines`() throws {
        let lines = [
            Self.line(0, "broken 17 lines"), Self.line(1, "broken 4 lines"), Self.line(2, "no \"x\" here"),
            Self.access(3, "/a", 200), Self.line(4, "broken 123 lines"),
        ]
        #expect(
            try rows("_parse:failed | patterns | head 20", lines) == [
                "count pattern", "3 broken <n> lines", "1 no \"…\" here",
            ])
    }

    @Test func `39 the paths that were not found most often`() throws {
        let paths = ["/b", "/a", "/c", "/a", "/b", "/c", "/a", "/d"]
        let lines = paths.enumerated().map { Self.access(Int64($0), $1, 404) } + [Self.access(9, "/z", 200)]
        #expect(
            try rows("status:404 | top 10 path", lines) == [
                "path count percent", "/a 3 37.5", "/b 2 25", "/c 2 25", "/d 1 12.5",
            ])
    }

    @Test func `40 exact percentiles, the slowest first`() throws {
        let times = [(0, "docs", [1, 2, 3, 4]), (10, "docs.new", [10, 20, 30]), (20, "blog", [99])]
        let lines = times.flatMap { start, vhost, times in
            times.enumerated().map { index, time in
                Self.access(Int64(start + index), "/", 200, tail: " vhost=\(vhost) rt=\(time)")
            }
        }
        let text = "vhost:docs* | stats count, p50(request_time), p95(request_time) by vhost | sort -p95"
        #expect(
            try rows(text, lines) == [
                "vhost count p50(request_time) p95(request_time)", "docs.new 3 20 30", "docs 4 2 4",
            ])
    }

    @Test func `41 steps of five minutes, with those of no event`() throws {
        let lines = [
            Self.access(1, "/", 500), Self.access(4, "/", 503, host: "blog"), Self.access(5, "/", 404),
            Self.access(13, "/", 599), Self.access(14, "/", 502),
        ]
        #expect(
            try rows("status:5xx | histogram 5m by host", lines) == [
                "time host count", "2026-11-20T10:00:00Z blog 1", "2026-11-20T10:00:00Z docs 1",
                "2026-11-20T10:05:00Z blog 0", "2026-11-20T10:05:00Z docs 0", "2026-11-20T10:10:00Z blog 0",
                "2026-11-20T10:10:00Z docs 2",
            ])
    }

    @Test func `42 what is new since the same hour of the day before`() throws {
        func error(_ minutes: Int64, _ message: String, pri: Int = 11) -> String {
            Self.line(minutes, message, program: "app", pri: pri)
        }
        let day: Int64 = 24 * 60
        let lines = [
            error(1 - day, "disk 1 full"), error(2 - day, "disk 2 full"), error(3 - day, "link down"),
            error(90 - day, "too late"), error(1, "disk 7 full"), error(2, "link down"),
            error(3, "out of memory"),
            error(4, "out of memory"), error(5, "out of memory"), error(6, "fine", pri: 14),
        ]
        let window = TimeSpan(earliest: Self.start, latest: Self.start + 60 * Self.minute)
        #expect(
            try rows("level:err | diff 1d", lines, window: window) == [
                "now before change pattern", "3 0 3 out of memory", "1 2 -1 disk <n> full", "1 1 0 link down",
            ])
        #expect(
            try rows("level:err | patterns new 1d", lines, window: window) == [
                "count pattern", "3 out of memory",
            ])
    }
}
