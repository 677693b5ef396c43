import Index
import Parse
import Query
import TestSupport
import Testing

@Suite(.temporaryDirectory) struct HistogramTests {
    private static let hour: Int64 = 3_600_000_000_000

    /// The rows of a histogram over events at these times, as `time count`.
    private func rows(_ times: [String], step: Int64?, window: TimeSpan? = nil) throws -> [String] {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        let lines = times.map { Array("<13>1 \($0) docs app - - - x".utf8) }
        try store.append(maker.batch(lines, peers: [Peer(.file, "")]))
        let result = try QueryEngine(store).run(
            SearchRequest(
                query: Query(filter: .everything, stages: [.histogram(step: step)]),
                window: window ?? TimeSpan(earliest: .min, latest: .max), limit: 10))
        guard case .table(let table) = result.rows else { throw Unexpected() }
        #expect(table.columns == ["time", "count"])
        return try table.rows.map { row in
            guard case .time(let time) = row[0], case .count(let count) = row[1] else { throw Unexpected() }
            return "\(TimeText.utc(time)) \(count)"
        }
    }

    @Test func `steps without an event are shown as 0`() throws {
        let times = ["2026-11-20T10:00:00Z", "2026-11-20T10:59:59.999999999Z", "2026-11-20T13:00:00Z"]
        #expect(
            try rows(times, step: Self.hour) == [
                "2026-11-20T10:00:00Z 2", "2026-11-20T11:00:00Z 0", "2026-11-20T12:00:00Z 0",
                "2026-11-20T13:00:00Z 1",
            ])
    }

    @Test func `steps run on from day to day, and before 1970`() throws {
        let times = ["1969-12-31T23:30:00Z", "1970-01-01T00:30:00Z", "1969-12-31T22:00:00Z"]
        #expect(
            try rows(times, step: Self.hour) == [
                "1969-12-31T22:00:00Z 1", "1969-12-31T23:00:00Z 1", "1970-01-01T00:00:00Z 1",
            ])
    }

    @Test func `no event, no step`() throws {
        #expect(try rows([], step: Self.hour) == [])
    }

    /// 585 years in steps of a nanosecond, of an hour and of a week, and all that could overflow on the way.
    @Test(arguments: [1, Self.hour, 7 * 24 * hour, Int64.max, nil] as [Int64?])
    func `times at both ends of what 64 bits hold are counted`(_ step: Int64?) throws {
        let times = ["1677-09-21T00:12:44Z", "1970-01-01T00:00:00Z", "2262-04-11T23:47:16Z"]
        let counts = try rows(times, step: step).compactMap { Int($0.split(separator: " ")[1]) }
        #expect(counts.reduce(0, +) == 3)
    }

    @Test(
        arguments: [
            (60, "2026-11-20T10:01:00Z"), (61 * 60, "2026-11-20T10:00:00Z"),
            (26 * 3_600, "2026-11-20T10:00:00Z"),
            (90 * 86_400, "2026-11-16T00:00:00Z"),
        ] as [(Int64, String)])
    func `a step that nobody named fits the window`(_ seconds: Int64, _ first: String) throws {
        let latest: Int64 = 1_795_168_860_000_000_000
        let window = TimeSpan(earliest: latest - seconds * 1_000_000_000, latest: latest)
        #expect(try rows(["2026-11-20T10:01:00Z"], step: nil, window: window) == ["\(first) 1"])
    }
}
