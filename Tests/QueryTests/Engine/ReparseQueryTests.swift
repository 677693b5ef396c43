import Index
import Query
import TestSupport
import Testing

@testable import Parse

/// A query chooses the events that are read again, and finds them by what they are afterwards.
@Suite(.temporaryDirectory) struct ReparseQueryTests {
    private static func parser(_ name: String, _ pattern: String) throws -> LineParser {
        let format = FormatDefinition(
            name: name, programs: ProgramRule(names: ["shop"]), patterns: [pattern])
        return LineParser(formats: try FormatSet([format], library: .embedded), zone: .utc)
    }

    private static func old() throws -> LineParser {
        try parser("shop-old", #"order (?<number>\d+) for (?<customer>\w+)"#)
    }

    private static func new() throws -> LineParser {
        try parser("shop-new", #"(?<action>\w+) (?<number>\d+) (?:for|of) (?<buyer>\w+)"#)
    }

    /// A store with lines of three hosts, of which the old format reads two thirds.
    private func store() throws -> Store {
        let store = try Store(
            directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser,
            clock: { LineBatch.received })
        for part in 0..<3 {
            var parser = try Self.old()
            var batch = EventBatch()
            batch.received = LineBatch.received
            batch.peers = [Peer(.tcp, "10.1.2.3")]
            for number in 0..<90 {
                let text = number % 3 == 0 ? "refund \(number) of anna" : "order \(number) for bert"
                let line = "<13>1 2026-11-2\(number % 2)T1\(part):00:00Z host\(number % 5) shop - - - \(text)"
                let start = batch.bytes.count
                batch.bytes += Array(line.utf8)
                parser.parse(start..<batch.bytes.count, peer: 0, in: &batch)
            }
            try store.append(batch)
            // The last part stays in memory.
            if part < 2 { store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds) }
        }
        return store
    }

    private static let always = TimeSpan(earliest: .min, latest: .max)

    private func count(_ text: String, _ engine: QueryEngine, in window: TimeSpan = always) throws -> Int {
        let query = try engine.read(text, window: window).query
        let result = try engine.run(SearchRequest(query: query, window: window, limit: .max))
        guard case .events(let events) = result.rows else { throw Unexpected() }
        return events.count
    }

    @Test func `what a query finds is read again, and nothing else`() throws {
        let store = try store()
        let engine = QueryEngine(store)
        #expect(try count("parse:failed", engine) == 90)
        let failed = try engine.read("parse:failed", window: Self.always).query.filter
        let dry = try engine.reparse(where: failed, window: Self.always, with: try Self.new(), dryRun: true)
        #expect(try count("parse:failed", engine) == 90)

        var steps: [Int] = []
        let result = try engine.reparse(where: failed, window: Self.always, with: try Self.new()) {
            #expect($1 == 6)
            steps.append($0)
            return true
        }
        #expect(steps == [1, 2, 3, 4, 5, 6])
        #expect(result == dry)
        #expect(result.looked == 90 && result.changed == 90 && result.unchanged == 0 && result.otherDay == 0)
        #expect(result.before == ReparseCount.Outcomes(failed: 90))
        #expect(result.after == ReparseCount.Outcomes(ok: 90))
        let expected = [
            ("parse:failed", 0), ("parser:shop-old", 180), ("parser:shop-new", 90), ("buyer:anna", 90),
            ("buyer:bert", 0), ("customer:bert", 180), ("customer:anna", 0), ("anna", 90), ("bert", 180),
            ("action:refund number:>=60", 30),
        ]
        for (text, events) in expected { #expect(try count(text, engine) == events, "\(text)") }

        let again = try engine.reparse(where: failed, window: Self.always, with: try Self.new())
        #expect(again == ReparseCount())
        store.close()
    }

    @Test func `a window and a word choose blocks, and events in them`() throws {
        let store = try store()
        let engine = QueryEngine(store)
        // One day, its second hour.
        let start = Day("2026-11-20")?.start ?? 0
        let hour = Day.nanoseconds / 24
        let window = TimeSpan(earliest: start + 11 * hour, latest: start + 12 * hour - 1)
        let filter = try engine.read("bert host:host2", window: window).query.filter
        let chosen = try count("bert host:host2", engine, in: window)
        #expect(chosen > 0)
        var blocks = 0
        let result = try engine.reparse(where: filter, window: window, with: try Self.new()) { _, all in
            blocks = all
            return true
        }
        #expect(blocks == 1)
        #expect(result.changed == chosen)
        #expect(try count("parser:shop-new", engine) == chosen)
        #expect(try count("parser:shop-new", engine, in: window) == chosen)
        #expect(try count("parser:shop-old", engine) == 180 - chosen)
        store.close()
    }

    @Test func `a word that no block holds chooses none`() throws {
        let store = try store()
        let engine = QueryEngine(store)
        let filter = try engine.read("nowhere", window: Self.always).query.filter
        let result = try engine.reparse(where: filter, window: Self.always, with: try Self.new()) { _, _ in
            Issue.record("a block was read")
            return true
        }
        #expect(result == ReparseCount())
        store.close()
    }
}
