import Foundation
import Testing

/// The command wplog archive and its HTTP interface, as somebody uses them.
struct ArchiveTests {
    private static let day = String(
        ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -86_400)).prefix(10))
    private static var year: String { String(day.prefix(4)) }

    private static func filled(_ folder: ScratchFolder) async throws -> RunningServer {
        let server = try await RunningServer(folder.path("data"))
        let text = (0..<300).map {
            "<13>1 \(day)T10:00:00Z h\($0 % 4) app - - - number \($0) status=\(200 + $0 % 3)\n"
        }.joined()
        try Wire.deliver(Array(text.utf8), port: server.tcp)
        #expect(try await server.search("number", until: 300).count == 300)
        return server
    }

    private func run(_ arguments: String..., data: String) async throws -> CommandResult {
        try await CommandResult(["archive"] + arguments + ["--data", data])
    }

    private static let question = ["-n", "1000", "--since", "2000", "-o", "json"]

    @Test func `the same query gives the same lines before, in and after the archive`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        let queries = ["number", "/status=20[1]/ host:h1", "* | count by host, level", "/number 1[0-9]+ /"]
        func answers() async throws -> [String] {
            var answers: [String] = []
            for query in queries {
                answers.append(
                    try await CommandResult(["search", query, "--data", server.data] + Self.question).output)
            }
            answers.append(
                try await CommandResult(["search", "*", "--data", server.data, "--since", "2000", "--all"])
                    .output)
            return answers
        }
        let before = try await answers()
        #expect(before.allSatisfy { !$0.isEmpty })
        let dry = try await run("run", "--before", "2100-01-01", "--dry-run", data: server.data)
        #expect(dry.code == 0 && dry.output.contains("1 day would go"), "\(dry.output)\(dry.error)")
        #expect(try await run("list", data: server.data).output.contains("nothing is archived"))
        // The settings keep 30 days.
        #expect(try await run("run", data: server.data).output == "0 days archived\n")
        let moved = try await run("run", "--before", "2100-01-01", data: server.data)
        #expect(moved.code == 0 && moved.output.contains("300 events"), "\(moved.output)\(moved.error)")
        #expect(try await answers() == before)
        let search = try await CommandResult(["search", "number", "--data", server.data] + Self.question)
        #expect(search.error.contains("archive \(Self.year)"), "\(search.error)")
        let plan = try await CommandResult([
            "explain", "--query", "number", "--since", "2000", "--data", server.data,
        ])
        #expect(plan.output.contains("\(Self.year): 1 part, 1 of 1 blocks in 1 members"), "\(plan.output)")
        let list = try await run("list", data: server.data)
        #expect(list.output.contains("300") && list.output.contains("h0 h1 h2 +1"), "\(list.output)")
        #expect(try await run("verify", data: server.data).output.contains("whole"))
        // Without a server, too.
        #expect(try await server.stop() == .exit(0))
        #expect(try await answers() == before)
        #expect(try await run("verify", Self.year, data: server.data).code == 0)
        let restored = try await run("restore", Self.day, data: server.data)
        #expect(
            restored.code == 0 && restored.output.contains("300 events"),
            "\(restored.output)\(restored.error)")
        #expect(try await run("restore", Self.day, data: server.data).output.contains("in the store already"))
        #expect(try await answers() == before)
        #expect(try await run("run", "--before", "2100-01-01", "--restored", data: server.data).code == 0)
        #expect(try await answers() == before)
        #expect(try await run("seal", Self.year, data: server.data).output.contains("sealed"))
        #expect(try await run("verify", data: server.data).code == 0)
    }

    @Test func `a damaged member is named, a lost index made anew, and a query goes on`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        #expect(try await run("run", "--before", "2100-01-01", data: server.data).code == 0)
        let file = "\(server.data)/archive/\(Self.year)/\(Self.day).ndjson.gz"
        let whole = try Data(contentsOf: URL(filePath: file))
        var bytes = whole
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: file))
        let verified = try await run("verify", data: server.data)
        #expect(verified.code == 4 && verified.error.contains("member 1, at byte 0"), "\(verified.error)")
        let search = try await CommandResult(["search", "number", "--data", server.data] + Self.question)
        #expect(
            search.code == 4 && search.error.contains("damaged archive"), "\(search.code) \(search.error)")
        let stream = try await CommandResult([
            "search", "number", "--data", server.data, "--since", "2000", "--all",
        ])
        #expect(
            stream.code == 4 && stream.error.contains("damaged archive"), "\(stream.code) \(stream.error)")
        let count = try await CommandResult(["search", "* | count", "--data", server.data] + Self.question)
        #expect(count.code == 0 && count.output.contains("300"), "what the index knows needs no lines")
        try whole.write(to: URL(filePath: file))
        try FileManager.default.removeItem(atPath: "\(server.data)/archive/\(Self.year)/\(Self.day).sqlite")
        let list = try await run("list", data: server.data)
        #expect(list.code == 4 && list.error.contains("rebuild-index"), "\(list.error)")
        let rebuilt = try await run("rebuild-index", data: server.data)
        #expect(
            rebuilt.code == 0 && rebuilt.output.contains("300 events"), "\(rebuilt.output)\(rebuilt.error)")
        #expect(try await server.search("number", until: 300).count == 300)
        #expect(try await run("verify", data: server.data).code == 0)
        #expect(try await server.stop() == .exit(0))
    }

    @Test func `orders that are none are refused`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        for (path, text) in [
            ("action=nothing", "run, verify"), ("action=run&before=soon", "before"),
            ("action=restore", "needs a year"), ("action=verify&which=../x", "no year"),
            ("action=seal&which=2012-05-12", "not for a day"),
        ] {
            let answer = try HTTPAnswer.of("POST", "/api/v1/archive?\(path)", port: server.http)
            #expect(answer.status == 400 && answer.text.contains(text), "\(path): \(answer.text)")
        }
        let unknown = try await run("restore", "1999", data: server.data)
        #expect(unknown.code == 4 && unknown.error.contains("nothing of that"), "\(unknown.error)")
        let foreign = try HTTPAnswer.of(
            "POST", "/api/v1/archive?action=verify", headers: ["Origin: http://x"], port: server.http)
        #expect(foreign.status == 403)
        #expect(try HTTPAnswer.of("DELETE", "/api/v1/archive", port: server.http).status == 405)
        #expect(try await run("verify", data: folder.path("none")).code == 3)
        #expect(try await server.stop() == .exit(0))
    }
}
