import Index
import Parse
import Query
import TestSupport
import Testing

/// Questions about what formats make of lines, asked of a store: in its open block, and in a segment.
@Suite(.temporaryDirectory) struct EventFieldsTests {
    private static let time = "1 2026-11-22T10:00:00Z h"
    private static let head = "203.0.113.9 - - [22/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" "
    private static let lines = [
        "<190>\(time) nginx - - - \(head)\"say \\x22hi\\x22\"",
        "<190>\(time) apache2 - - - \(head)\"say \\\"hi\\\"\"",
        "<190>\(time) nginx - - - {\"remote_addr\":\"203.0.113.9\",\"http_user_agent\":\"say \\\"hi\\\"\",\"status\":200}",
        "<190>\(time) nginx - - - \(head)\"say hi\"",
        "<38>\(time) sshd 1 - - Failed password for root from 203.0.113.7 port 50022 ssh2",
        "<38>\(time) sshd 1 - - Accepted password for alice from 203.0.113.8 port 50022 ssh2",
        "<14>\(time) mediawiki - - - {\"channel\":\"authevents\",\"message\":\"Login attempt\",\"successful\":false,"
            + "\"status\":\"Failed\",\"ip\":\"203.0.113.7\",\"level\":\"INFO\"}",
        "<14>\(time) shop - - - PHP Fatal error:  no memory in /srv/a.php on line 3",
        "<11>\(time) shop - - - nothing of note",
    ]

    private static let queries: [(String, [Int])] = [
        (#"agent:"say \"hi\"""#, [0, 1, 2]), ("agent:\"say hi\"", [3]), ("outcome:failure", [4, 6]),
        ("outcome:success", [5]), ("client_ip:203.0.113.7 outcome:failure", [4, 6]),
        ("authevents.status:Failed", [6]), ("status:*", [0, 1, 2, 3]), ("level:>=err", [7, 8]),
        ("syslog_level:info level:err", [7]), ("syslog_level:err", [8]), ("syslog_level:>=err", [8]),
        ("syslog_level:*", [0, 1, 2, 3, 4, 5, 6, 7, 8]), ("syslog_level:~\"^er\"", [8]),
        ("log.syslog.severity.name:err", [8]), ("NOT syslog_level:info", [8]),
    ]

    @Test(arguments: [false, true])
    func `events are found by what happened`(_ isStored: Bool) throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        try store.append(maker.batch(Self.lines.map { Array($0.utf8) }))
        if isStored { store.closePastDays(at: LineBatch.received + 40 * Day.nanoseconds) }
        let engine = QueryEngine(store)
        for (text, rows) in Self.queries {
            let query = try engine.read(text, window: .everything).query
            let result = try engine.run(SearchRequest(query: query, window: .everything, limit: 100))
            guard case .events(let events) = result.rows else { continue }
            let found = events.map { String(decoding: $0.raw, as: UTF8.self) }
            #expect(Set(found) == Set(rows.map { Self.lines[$0] }), "\(text)")
        }
        let counted = try engine.run(
            SearchRequest(
                query: try engine.read("* | count by syslog_level", window: .everything).query,
                window: .everything,
                limit: 100))
        guard case .table(let table) = counted.rows else { return #expect(Bool(false)) }
        #expect(Set(table.rows.map { $0[0] }) == [.text(Array("info".utf8)), .text(Array("err".utf8))])
    }

    @Test func `the level of the header is shown where it is another`() throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        try store.append(maker.batch(Self.lines[7...8].map { Array($0.utf8) }))
        let engine = QueryEngine(store)
        let query = try engine.read("*", window: .everything).query
        let result = try engine.run(SearchRequest(query: query, window: .everything, limit: 100))
        guard case .events(let events) = result.rows else { return #expect(Bool(false)) }
        #expect(events.map { $0.value("syslog_level") } == [Array("info".utf8), nil])
    }

    @Test func `a text for a field of numbers is an error that names where such texts are`() throws {
        let store = try Store(directory: TemporaryDirectory.path + "/data", parser: LineBatch.parser) {
            LineBatch.received
        }
        defer { store.close() }
        var maker = LineBatch()
        try store.append(maker.batch([Array(Self.lines[6].utf8)]))
        let error = #expect(throws: QueryError.self) {
            try QueryEngine(store).read("status:Failed", window: .everything)
        }
        #expect(
            error?.hint
                == "texts in its place are stored as authevents.status; write authevents.status:Failed")
    }
}
