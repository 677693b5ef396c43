import Foundation
import Testing

struct CommandLineTests {
    /// When the access line was written: a minute ago, as one of long ago would have a suspect time.
    private static let written = Date(
        timeIntervalSince1970: (Date().timeIntervalSince1970 - 60).rounded(.down))

    /// A server with five lines, the same for every test.
    private static func filled(_ folder: ScratchFolder) async throws -> RunningServer {
        let server = try await RunningServer(folder.path("data"))
        let wire = try Wire(.tcp, port: server.tcp)
        for (host, message) in [
            ("docs", "alpha beta"), ("docs", "beta gamma"), ("wiki", "alpha gamma"), ("wiki", "delta"),
        ] {
            wire.send("<13>1 - \(host) app 7 - - \(message)\n")
        }
        wire.send("<190>1 - docs nginx - - - 192.0.2.1 - - [\(FilledServer.clock(Self.written))] ")
        wire.send("\"GET /missing HTTP/1.1\" 404 555 \"-\" \"curl/7.88.1\"\n")
        #expect(try await server.search("*", until: 5).count == 5)
        return server
    }

    private static func run(
        _ arguments: [String], output: ChildProcess.Destination = .file
    ) async throws -> (ending: ChildProcess.Ending, output: String, error: String) {
        let process = try ChildProcess(Binary.path, arguments, output: output)
        let ending = try await process.wait(seconds: 60)
        return (ending, String(decoding: process.standardOutput, as: UTF8.self), process.standardError)
    }

    @Test func `the running server and its directory give the same answers`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        let queries: [([String], Int)] = [
            (["alpha"], 2), (["alpha", "gamma"], 1), (["alpha gamma"], 1), (["-host:docs"], 2),
            (["-status:404"], 4), (["-status:404", "host:docs"], 2), (["status:404"], 1),
            (["program:nginx"], 1),
            (["--", "-program:app"], 1), (["-n", "2", "program:app"], 2), (["-n3", "*"], 3),
            (["beta", "|", "count"], 1), (["nowhere"], 0),
        ]
        func answers(_ styles: [String]) async throws -> [String] {
            var answers: [String] = []
            for (query, _) in queries {
                for style in styles {
                    let search =
                        ["search", "-q", "--data", server.data, "-o", style] + RunningServer.anyTime + query
                    let (ending, output, error) = try await Self.run(search)
                    #expect(ending == .exit(0) && error == "", "\(query): \(error)")
                    answers.append(output)
                }
            }
            return answers
        }
        let served = try await answers(["raw"])
        for (answer, (query, count)) in zip(served, queries) {
            #expect(answer.split(separator: "\n").count == count, "\(query): \(answer)")
        }
        let all = try await answers(["text", "json", "raw"])
        try await server.kill()
        #expect(try await answers(["text", "json", "raw"]) == all, "after kill -9")
        let again = try await RunningServer(server.data)
        #expect(try await again.stop() == .exit(0))
        #expect(try await answers(["text", "json", "raw"]) == all, "after a stop")
    }

    @Test func `text, JSON and raw output of one line`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        func output(_ style: String) async throws -> String {
            try await Self.run(
                ["search", "status:404", "--data", server.data, "--output", style] + RunningServer.anyTime
            ).output
        }
        let request =
            "192.0.2.1 - - [\(FilledServer.clock(Self.written))] "
            + "\"GET /missing HTTP/1.1\" 404 555 \"-\" \"curl/7.88.1\""
        #expect(try await output("raw") == "<190>1 - docs nginx - - - \(request)\n")
        let local = Self.written.formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: "")
        #expect(try await output("text") == "\(local).000 docs nginx \(request)\n")
        let json = try FoundLine.read(Data(try await output("json").utf8))
        #expect(json.first?["time"] == Self.written.formatted(.iso8601))
        #expect(json.first?["client_ip"] == "192.0.2.1")
    }

    @Test func `since and until bound the time`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        func count(_ window: String...) async throws -> Int {
            try await RunningServer.search(server.data, ["status:404"] + window).count
        }
        let time = Self.written.formatted(.iso8601)
        let before = Self.written.addingTimeInterval(-1).formatted(.iso8601)
        let after = Self.written.addingTimeInterval(1).formatted(.iso8601)
        #expect(try await count("--since", time, "--until", "2100") == 1)
        #expect(try await count("--since", after, "--until", "2100") == 0)
        #expect(try await count("--since", "2000", "--until", before) == 0)
        #expect(try await server.search("program:app", "--since", "1h").count == 4)
    }

    @Test(arguments: [
        (
            ["search", "stauts:1"],
            ["no field is named stauts", "\n  stauts:1\n  ^\n", "did you mean status?"]
        ),
        (["search", "a", "AND"], ["\n  a AND\n  "]),
        (["search", "(alpha"], ["\n  (alpha\n  ^"]),
        (["search", "alpha", "|", "cuont"], ["\n  alpha | cuont\n          ^"]),
        (["search", "alpha", "--since", "soon"], ["no time is written \"soon\"", "accepted: 15m"]),
        (["search", "alpha", "--since", "1h", "--until", "2h"], ["since lies after until"]),
        (["search", "alpha", "-n", "0"], ["-n takes 1 to 10000, and not 0"]),
        (["search", "alpha", "-n", "10001"], ["-n takes 1 to 10000, and not 10001"]),
        (["search", "alpha", "-n", "many"], ["'many'"]),
        (["search", "alpha", "--output", "xml"], ["\"xml\"", "text, raw, json"]),
        (["search", "alpha", "--outptu", "json"], ["'--outptu'", "'--output'"]),
        (["search", "alpha", "--since"], ["Missing value for '--since"]),
    ])
    func `a mistake ends with 2 and says where`(_ arguments: [String], _ texts: [String]) async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let served = try await Self.run(arguments + ["--data", server.data])
        try await server.kill()
        let alone = try await Self.run(arguments + ["--data", server.data])
        #expect(served.ending == .exit(2) && served.output == "")
        #expect(alone.ending == .exit(2) && alone.error == served.error)
        for text in texts { #expect(served.error.contains(text), "\(served.error)") }
    }

    @Test func `nobody there ends with 3`() async throws {
        let folder = try ScratchFolder()
        let missing = try await Self.run(["search", "alpha", "--data", folder.path("none")])
        #expect(
            missing.ending == .exit(3) && missing.error.contains("no wplog data in \(folder.path("none"))"))
        let empty = try await Self.run(["search", "alpha", "--data", folder.path])
        #expect(empty.ending == .exit(3) && empty.error.contains(folder.path))
        // Port 1 of loopback: nobody may listen there but root, and nobody does.
        let away = try await Self.run(["search", "alpha", "--server", "http://127.0.0.1:1"])
        #expect(away.ending == .exit(3) && away.error.contains("cannot reach http://127.0.0.1:1"))
        let status = try await Self.run(["status", "--server", "http://127.0.0.1:1"])
        #expect(status.ending == .exit(3))
    }

    @Test func `a second server on the same data ends with 73 and names the first`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let ports = ["--syslog-udp", "off", "--syslog-tcp", "off", "--http", "127.0.0.1:0"]
        let second = try await Self.run(["serve", "--data", server.data] + ports)
        #expect(second.ending == .exit(73))
        #expect(second.error.contains("process \(server.process.pid)"), "\(second.error)")
        // A lock that a killed server has left is no obstacle.
        try await server.kill()
        let next = try await RunningServer(server.data)
        #expect(try await next.stop() == .exit(0))
    }

    @Test func `a port in use ends with 3 and says which`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        for (kind, port) in [("tcp", server.tcp), ("udp", server.udp), ("http", server.http)] {
            var addresses = ["tcp": "off", "udp": "off", "http": "127.0.0.1:0"]
            addresses[kind] = "127.0.0.1:\(port)"
            let options = [
                "--syslog-tcp", addresses["tcp"], "--syslog-udp", addresses["udp"], "--http",
                addresses["http"],
            ]
            let other = try await Self.run(
                ["serve", "--data", folder.path(kind)] + options.compactMap { $0 })
            #expect(other.ending == .exit(3), "\(kind)")
            #expect(other.error.contains("127.0.0.1:\(port)"), "\(kind): \(other.error)")
        }
    }

    @Test func `a closed pipe is quiet, a full disk is not`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        let search = ["search", "*", "--data", server.data]
        let closed = try await Self.run(search, output: .closedPipe)
        #expect(closed.ending == .exit(0) && closed.error == "")
        for command in [search, ["status", "--data", server.data], ["--help"], ["--version"]] {
            let full = try await Self.run(command, output: .path("/dev/full"))
            #expect(full.ending == .exit(74), "\(command)")
            #expect(full.error.contains("No space left on device"), "\(command): \(full.error)")
        }
    }

    @Test(arguments: [
        ([], ["wplog search 'status:500 host:docs'", "serve", "status"]),
        (["--help"], ["wplog search 'status:500 host:docs'", "serve", "status"]),
        (["search", "--help"], ["wplog search '", "--since", "--until", "--output"]),
        (["search", "-h"], ["--since"]),
        (["serve", "--help"], ["--syslog-udp", "--syslog-tcp", "--http", "WPLOG_SYSLOG_UDP"]),
        (["help", "search"], ["--since"]),
    ])
    func `help shows examples and options`(_ arguments: [String], _ texts: [String]) async throws {
        let help = try await Self.run(arguments)
        #expect(help.ending == .exit(0) && help.error == "")
        for text in texts { #expect(help.output.contains(text), "\(text)") }
    }

    @Test func `the version is one line, and an unknown command ends with 2`() async throws {
        let version = try await Self.run(["--version"])
        #expect(version.ending == .exit(0) && version.output.split(separator: ".").count == 3)
        let unknown = try await Self.run(["serach", "alpha"])
        #expect(unknown.ending == .exit(2) && unknown.error.contains("serach"))
    }

    @Test func `status is one JSON object`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.filled(folder)
        let status = try await Self.run(["status", "--json", "--data", server.data])
        let object = try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any]
        #expect(object?["state"] as? String == "ready")
        #expect((object?["events_received"] as? [String: Any])?["tcp"] as? Int == 5)
        try await server.kill()
        let stopped = try await Self.run(["status", "--data", server.data])
        #expect(stopped.ending == .exit(3) && stopped.error.contains("wplog serve"))
    }
}
