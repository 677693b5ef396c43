import Foundation
import Testing

/// A host whose clock is an hour ahead, as the commands show it.
struct AheadTests {
    private static let note = "12 events lie ahead of now (host db1, 60 min)"

    private static func line(_ seconds: Double, _ host: String, _ text: String) -> String {
        let format = ISO8601DateFormatter()
        return "<11>1 \(format.string(from: Date(timeIntervalSinceNow: seconds))) \(host) app - - - \(text)\n"
    }

    @Test func `questions end now, say what lies ahead, and find it where it is asked for`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let wire = try Wire(.tcp, port: server.tcp)
        wire.send((0..<12).map { Self.line(3_600, "db1", "ahead \($0)") }.joined())
        wire.send((0..<3).map { Self.line(-60, "web1", "behind \($0)") }.joined())
        #expect(try await server.search("ahead OR behind", until: 15).count == 15)
        func run(_ arguments: String...) async throws -> CommandResult {
            try await CommandResult(arguments + ["--data", server.data])
        }

        for arguments in [
            ["search", "*"], ["search", "*", "-n", "5"], ["stats", "* | count", "--since", "1h"],
        ] {
            let result = try await CommandResult(arguments + ["--data", server.data])
            #expect(!result.output.contains("db1"), "\(arguments)")
            #expect(result.error.contains(Self.note), "\(arguments): \(result.error)")
            #expect(result.error.contains("… now: 3 events"), "\(arguments): \(result.error)")
        }
        for arguments in [["search", "time:>now"], ["search", "db1", "--until", "now+2h"]] {
            let result = try await CommandResult(arguments + ["--data", server.data])
            #expect(result.lines.count == 12, "\(arguments)")
            #expect(!result.error.contains("lie ahead"), "\(arguments)")
        }
        #expect(
            try await run("check", "level:err", "-w", "100").output
                == "WPLOG OK - 3 events match level:err in 5m, \(Self.note) | count=3;100;;0\n")
        #expect(try await run("stats").lines.contains(Self.note))
        #expect(
            (try await run("stats", "--json").object["ahead"] as? [String: Any])?["host"] as? String == "db1")

        // These go by arrival.
        let top = try await run("top")
        #expect(top.lines.contains { $0.hasPrefix("db1") && $0.contains("1.2") })
        #expect(top.lines.contains { $0.hasPrefix("web1") && $0.contains("0.3") })
        let hosts = try await run("hosts", "-o", "csv")
        #expect(hosts.lines.map { $0.prefix { $0 != "," } } == ["host", "db1", "web1"])
        #expect(try await run("hosts", "--silent").lines.count <= 1)
        let rate = try await run("status").lines.first { $0.contains("tcp") && $0.contains("minute") } ?? ""
        #expect(rate.contains("0.25/s of the last minute"), "\(rate)")
    }
}
