import Foundation
import Testing

/// `wplog reparse`: stored lines, read again.
struct ReparseTests {
    private static let format = #"""
        [[format]]
        name = "shop"
        programs = "shop"
        patterns = ['order %{WORD:order} took %{NUMBER:took}ms']
        """#

    private static func run(_ arguments: [String]) async throws -> (
        ending: ChildProcess.Ending, output: String, error: String
    ) {
        let process = try ChildProcess(Binary.path, ["reparse"] + arguments)
        let ending = try await process.wait(seconds: 60)
        return (ending, String(decoding: process.standardOutput, as: UTF8.self), process.standardError)
    }

    private static func rows(_ output: String) -> [[String]] {
        output.split(separator: "\n").map { $0.split(separator: " ").map { String($0) } }
    }

    @Test func `a running server reads lines again with the formats that hold by now`() async throws {
        let folder = try ScratchFolder()
        let config = try folder.write(
            Self.format.replacing("took", with: "needed"), "wplog.toml")
        let server = try await RunningServer(folder.path("data"), ["--config", config])
        let wire = try Wire(.tcp, port: server.tcp)
        for number in 0..<50 { wire.send("<13>1 - h shop 1 - - order A\(number) took \(number)ms\n") }
        wire.send("<13>1 - h shop 1 - - something else\n<13>1 - h other 1 - - order A1 took 1ms\n")
        #expect(try await server.search("parse:failed", until: 51).count == 51)

        _ = try folder.write(Self.format, "wplog.toml")
        server.process.send(SIGHUP)
        #expect(try await server.search("program:wplog \"read anew\"", until: 1).count == 1)
        let dry = try await Self.run(["--where", "parse:failed", "--dry-run", "--data", server.data])
        #expect(dry.ending == .exit(0))
        #expect(dry.output.contains("51 events read again: 50 would change, 1 the same"))
        #expect(try await server.search("parse:failed").count == 51)

        let done = try await Self.run(["--where", "parse:failed program:shop", "--data", server.data])
        #expect(done.ending == .exit(0))
        #expect(done.output.contains("51 events read again: 50 changed, 1 the same"), "\(done.error)")
        let rows = Self.rows(done.output)
        #expect(rows.contains(["ok", "0", "50"]))
        #expect(rows.contains(["failed", "51", "1"]))
        #expect(try await server.search("order:A7").map { $0["took"] } == ["7"])
        #expect(try await server.search("parse:failed").count == 1)
        let again = try await Self.run(["--where", "program:shop", "--data", server.data])
        #expect(again.output.contains("51 events read again: 0 changed, 51 the same"))

        try await server.kill()
        let next = try await RunningServer(folder.path("data"), ["--config", config])
        #expect(try await next.search("order:A7").count == 1)
        #expect(try await next.search("program:shop").count == 51)
        let refused = try await Self.run(["--where", "program:shop | count", "--data", next.data])
        #expect(refused.ending == .exit(2))
        #expect(refused.error.contains("has no stages"))
    }

    @Test func `a directory that nobody serves is read again too`() async throws {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let log = try folder.write("order A1 took 5ms\n", "shop.log")
        let importing = try ChildProcess(
            Binary.path, ["import", log, "--program", "shop", "--data", data])
        #expect(try await importing.wait() == .exit(0))
        let config = try folder.write(Self.format, "wplog.toml")
        let (ending, output, _) = try await Self.run(
            ["--where", "program:shop", "--data", data, "--config", config])
        #expect(ending == .exit(0))
        #expect(output.contains("1 events read again"))
        #expect(
            try await RunningServer.search(data, ["order:A1", "--config", config]).map { $0["took"] } == ["5"]
        )
        let missing = try await Self.run(["--where", "*", "--data", folder.path("nothing")])
        #expect(missing.ending == .exit(3))
    }
}
