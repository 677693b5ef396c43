import Index
import Parse
import Query
import TestSupport
import Testing

/// Results of huge lines keep to the memory that a result may take.
@Suite(.temporaryDirectory) struct ResultSizeTests {
    @Test func `of too many huge events the newest are kept, and the result says so`() throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        let filling = String(repeating: "x", count: 60_000)
        // 1,500 lines of 60 kB, twice with their message: 180 MB.
        for part in 0..<30 {
            try store.append(
                maker.batch((0..<50).map { Array("<13>1 - docs app - - - \(part) \($0) \(filling)".utf8) }))
        }
        let window = TimeSpan(earliest: 0, latest: .max)
        let engine = QueryEngine(store)
        for stages in [[], [Stage.sort([SortKey("host")])]] {
            let query = Query(filter: .everything, stages: stages)
            let result = try engine.run(SearchRequest(query: query, window: window, limit: 10_000))
            guard case .events(let events) = result.rows else { throw Unexpected() }
            #expect(result.work.partial?.hasPrefix("more than 64 MiB of events") == true)
            let bytes = events.reduce(0) { $0 + $1.raw.count }
            #expect(bytes > 20 << 20 && bytes <= 64 << 20)
            if stages.isEmpty { #expect(events.last?.sequence == 1_500) }
        }
        let few = try engine.run(
            SearchRequest(query: Query(filter: .everything), window: window, limit: 100))
        #expect(few.work.partial == nil)
    }
}
