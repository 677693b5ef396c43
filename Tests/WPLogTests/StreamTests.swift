import Foundation
import Testing

/// Searches and their neighbours over HTTP that are more than one answer of a limited size.
struct StreamTests {
    private static func filled(_ folder: ScratchFolder, _ count: Int) async throws -> RunningServer {
        let server = try await RunningServer(folder.path("data"))
        let wire = try Wire(.tcp, port: server.tcp)
        for number in 0..<count { wire.send("<13>1 - h\(number % 3) app - - - line \(number)\n") }
        #expect(try await server.search("*", until: count).count == count)
        return server
    }

    @Test func `a stream has every event, and says at its end how it went`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder, 9_000)
        let answer = try server.get("/api/v1/search?query=app&all=1&meta=1&output=raw")
        let lines = answer.text.split(separator: "\n")
        #expect(answer.status == 200 && lines.count == 9_001)
        #expect(lines.first?.hasSuffix("line 0") == true && lines[8_999].hasSuffix("line 8999"))
        #expect(lines.last?.contains("\"matched\":9000") == true)
        #expect(lines.last?.contains("\"partial\":false") == true)
        // Not more than asked for without it.
        #expect(try server.get("/api/v1/search?query=app").text.split(separator: "\n").count == 1_000)
        // A mistake is said in the head, before the stream.
        #expect(try server.get("/api/v1/search?query=stauts:1&all=1").status == 400)
        #expect(try await server.stop() == .exit(0))
    }

    @Test func `hosts, fields, values and plans`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder, 30)
        let hosts = try server.get("/api/v1/hosts?output=tsv").text.split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false)
        }
        #expect(
            hosts.first == [
                "host", "state", "last_seen", "first_seen", "events", "rate", "programs", "skew", "clock",
                "also",
            ])
        #expect(hosts.dropFirst().map { $0[0] } == ["h0", "h1", "h2"])
        #expect(hosts.dropFirst().allSatisfy { $0[1] == "ok" && $0[4] == "10" && $0[6] == "1" })
        let fields = try server.get("/api/v1/fields?output=tsv").text
        #expect(fields.contains("\nprogram\tkeyword\t") && fields.contains("\ntime\ttime\t"))
        #expect(!fields.contains("request_time"))
        #expect(
            try server.get("/api/v1/values?field=host&output=tsv&prefix=h1").text
                == "host\tcount\tpercent\nh1\t10\t100\n")
        #expect(try server.get("/api/v1/values?field=nonsense").status == 400)
        let plan = try server.get("/api/v1/explain?query=line+host:h1").text
        #expect(plan.contains("query     line AND host:h1\n"))
        #expect(plan.contains("1 in memory"))
        #expect(try await server.stop() == .exit(0))
    }

    @Test func `what a page of another site sends changes nothing`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder, 3)
        for target in [
            "/api/v1/reparse", "/api/v1/backup?to=/x/y", "/api/v1/import?file=0-0&offset=0&last=1",
        ] {
            let answer = try HTTPAnswer.of(
                "POST", target, headers: ["Origin: https://evil.example"], body: "", port: server.http)
            #expect(answer.status == 403, "\(target): \(answer.text)")
        }
        #expect(try await server.stop() == .exit(0))
    }

    @Test func `nothing found says why`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder, 6)
        let answer = try server.get("/api/v1/search?query=host:h11+line&meta=1").text
        #expect(answer.contains("alone: host:h11 → 0, line → 6"))
        #expect(answer.contains("near host: h1"))
        let later = try server.get("/api/v1/search?query=line&meta=1&since=2000&until=2001").text
        #expect(later.contains("line: last seen "))
        #expect(try await server.stop() == .exit(0))
    }
}
