import Foundation
import Testing

struct SettingsTests {
    private static func serve(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (ending: ChildProcess.Ending, error: String) {
        let process = try ChildProcess(Binary.path, ["serve"] + arguments, environment: environment)
        return (try await process.wait(), process.standardError)
    }

    /// Starts a server that says where its data are, and stops it.
    private static func dataDirectory(
        _ arguments: [String], environment: [String: String], _ folder: ScratchFolder
    ) async throws -> String {
        let ports = [
            "WPLOG_SYSLOG_UDP": "off", "WPLOG_SYSLOG_TCP": "127.0.0.1:0", "WPLOG_HTTP": "127.0.0.1:0",
        ]
        let process = try ChildProcess(
            Binary.path, ["serve"] + arguments, environment: ports.merging(environment) { $1 })
        #expect(
            try await holds { process.standardError.contains("wplog: ready") }, "\(process.standardError)")
        #expect(!process.standardError.contains("syslog udp"), "off is off")
        process.send(SIGTERM)
        #expect(try await process.wait() == .exit(0))
        let line = process.standardError.split(separator: "\n").first { $0.contains("ready, data in ") }
        return String(line?.split(separator: "/").last ?? "")
    }

    @Test func `flags win over the environment, and this over the file`() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("data = \"\(folder.path("of-file"))\"\n", "wplog.toml")
        let ofFlag = ["--data", folder.path("of-flag")]
        let ofEnvironment = ["WPLOG_DATA": folder.path("of-environment")]
        let ofFile = ["--config", file]
        func directory(_ arguments: [String], _ environment: [String: String]) async throws -> String {
            try await Self.dataDirectory(arguments, environment: environment, folder)
        }
        #expect(try await directory(ofFlag + ofFile, ofEnvironment) == "of-flag")
        #expect(try await directory(ofFile, ofEnvironment) == "of-environment")
        #expect(try await directory(ofFile, [:]) == "of-file")
        #expect(try await directory([], ["WPLOG_CONFIG": file]) == "of-file")
    }

    @Test func `the zone of the settings reads times without a zone`() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("zone = \"Asia/Tokyo\"\n", "wplog.toml")
        let server = try await RunningServer(folder.path("data"), ["--config", file])
        let now = Date()
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Asia/Tokyo"))
        let parts = calendar.dateComponents([.month, .day, .hour, .minute, .second], from: now)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[try #require(parts.month) - 1]
        let clock = String(
            format: "%2d %02d:%02d:%02d", parts.day ?? 0, parts.hour ?? 0, parts.minute ?? 0,
            parts.second ?? 0)
        try Wire.deliver(Array("<13>\(month) \(clock) h app: noon\n".utf8), port: server.tcp)
        let line = try #require(try await server.search("noon", until: 1).first)
        let seconds = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        #expect(line["time"] == seconds.formatted(.iso8601))
    }

    @Test(arguments: [
        ("# a comment\n\nsyslog_udp = \"off\"\nsyslog_tpc = \"127.0.0.1:5514\"\n", ":4", "\"syslog_tpc\""),
        ("data = 7\n", ":1", "data"),
        ("[data]\nx = \"y\"\n", ":1", "data"),
        ("data = \"x\"\nhttp = \"y\n", ":2", "string"),
        ("= 3\n", ":1", "keys"),
    ])
    func `a mistake in the file is named with its line`(_ text: String, _ line: String, _ key: String)
        async throws
    {
        let folder = try ScratchFolder()
        let file = try folder.write(text, "wplog.toml")
        let (ending, error) = try await Self.serve(["--config", file, "--data", folder.path("data")])
        #expect(ending == .exit(2))
        #expect(error.contains("\(file)\(line)") && error.contains(key), "\(error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
    }

    @Test(arguments: [
        (["--http", "127.0.0.1:65536"], "127.0.0.1:65536"),
        (["--http", "127.0.0.1:-1"], "127.0.0.1:-1"),
        (["--syslog-tcp", "127.0.0.1:port"], "127.0.0.1:port"),
        (["--syslog-udp", "5514"], "5514"),
        (["--zone", "Mars/Olympus"], "Mars/Olympus"),
        (["--zone", "../../../etc/passwd"], "../../../etc/passwd"),
        (["--config", "/nonexistent/wplog.toml"], "/nonexistent/wplog.toml"),
        (["--http", "off"], "off"),
        (["--sylsog-tcp", "off"], "--sylsog-tcp"),
    ])
    func `a bad value ends with 2 and is named`(_ arguments: [String], _ text: String) async throws {
        let folder = try ScratchFolder()
        let (ending, error) = try await Self.serve(arguments + ["--data", folder.path("data")])
        #expect(ending == .exit(2))
        #expect(error.contains(text), "\(error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
    }

    @Test func `a directory that cannot be made ends with 3 and is named`() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("", "file")
        let (ending, error) = try await Self.serve(["--data", file + "/data", "--http", "127.0.0.1:0"])
        #expect(ending == .exit(3))
        #expect(error.contains(file + "/data"), "\(error)")
    }

    @Test func `data are for their owner alone`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        try Wire.deliver(Array("<13>x\n".utf8), port: server.tcp)
        #expect(try await server.search("x", until: 1).count == 1)
        #expect(try await server.stop() == .exit(0))
        let all = try FileManager.default.subpathsOfDirectory(atPath: server.data).map {
            server.data + "/" + $0
        }
        for path in all + [server.data] {
            let mode =
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0o777
            #expect(mode & 0o077 == 0, "\(path) \(String(mode, radix: 8))")
        }
        #expect(all.count > 2)
    }
}
