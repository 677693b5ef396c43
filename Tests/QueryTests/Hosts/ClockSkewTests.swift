import Index
import Parse
import TestSupport
import Testing

@testable import Query

@Suite(.temporaryDirectory) struct ClockSkewTests {
    private static let second: Int64 = 1_000_000_000

    private static func skew(_ seconds: [Int64], isZoneless: Bool = true) -> ClockSkew? {
        ClockSkew(seconds.map { $0 * second }, isZoneless: isZoneless)
    }

    @Test func `few events, and such as do not agree, say nothing`() {
        #expect(Self.skew([Int64](repeating: 3_600, count: 9)) == nil)
        #expect(Self.skew((0..<100).map { $0 * 60 }) == nil)
        let mostly = [Int64](repeating: 3_600, count: 20) + [0, 1, 2, 3, 4, 5, 6]
        #expect(Self.skew(mostly)?.seconds == 3_600)
    }

    /// Seconds ahead, whole quarter hours in it, and what it means.
    private static let states: [(Int64, Int64?, String)] = [
        (0, nil, "ok"), (-59, nil, "ok"), (3_600, 3_600, "zone"), (3_590, 3_600, "zone"),
        (-18_030, -18_000, "zone"),
        (20_700, 20_700, "zone"), (900, 900, "zone"), (420, nil, "wrong"), (-7_500, nil, "wrong"),
        (.max / second, nil, "wrong"), (.min / second, nil, "wrong"),
    ]

    @Test(arguments: states) func `whole quarter hours are a zone`(
        _ seconds: Int64, _ quarters: Int64?, _ state: String
    ) throws {
        let skew = try #require(Self.skew([Int64](repeating: seconds, count: 12)))
        if seconds.magnitude < 1_000_000 { #expect(skew.quarters == quarters.map { $0 * Self.second }) }
        #expect(skew.state == state || seconds.magnitude > 1_000_000)
        let zoned = try #require(Self.skew([Int64](repeating: seconds, count: 12), isZoneless: false))
        #expect(zoned.state != "zone")
    }

    /// A host an hour ahead, one whose times have a zone, a file, and one that bears two names.
    @Test func `hosts says how far clocks are, of its newest events`() throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        func send(_ line: String, _ peer: Peer, _ count: Int = 12) throws {
            let lines = [[UInt8]](repeating: Array(line.utf8), count: count)
            try store.append(maker.batch(lines, peers: [peer]))
        }
        let relay = Peer(.tcp, "10.0.0.1")
        try send("<13>Nov 22 13:00:00 db1 app: x", relay)
        try send("<13>1 2026-11-22T13:00:00Z db2 app - - - x", relay)
        try send("<13>1 2026-11-22T13:00:00+01:00 web1 app - - - x", relay)
        try send("<13>Nov 22 12:00:00 web1.example.test cron: x", relay)
        try send("<13>Nov 22 13:00:00 few app: x", relay, 3)
        try send("<13>Nov 22 13:00:00 filed app: x", Peer(.file, ""))
        let now = LineBatch.received + Self.second
        let window = TimeSpan(earliest: now - 86_400 * Self.second, latest: now + 86_400 * Self.second)
        let result = try Inventory(QueryEngine(store), window: window, now: now).hosts()
        guard case .table(let table) = result.rows else { throw Unexpected() }
        func text(_ cell: ResultTable.Cell) -> String {
            switch cell {
            case .text(let text): String(decoding: text, as: UTF8.self)
            case .count(let number): "\(number)"
            case .number(let number): "\(number)"
            case .time, .missing: "-"
            }
        }
        let names = ["host", "events", "programs", "skew", "clock", "also"]
        let columns = names.compactMap { table.columns.firstIndex(of: $0) }
        let rows = table.rows.map { row in columns.map { text(row[$0]) }.joined(separator: " ") }
        #expect(
            rows.sorted() == [
                "db1 12 1 3600.0 zone -", "db2 12 1 3600.0 wrong -", "few 3 1 - - -", "filed 12 1 - - -",
                "web1 24 2 0.0 ok web1.example.test",
            ])
    }

    private struct Unexpected: Error {}
}
