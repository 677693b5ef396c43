import Foundation
import Testing

/// `wplog backup` and `wplog restore`.
struct BackupTests {
    private static func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private static func backup(_ arguments: String...) async throws -> CommandResult {
        try await CommandResult(["backup"] + arguments)
    }

    private static func restore(_ arguments: String...) async throws -> CommandResult {
        try await CommandResult(["restore"] + arguments)
    }

    /// The raw lines of a directory that nobody serves.
    private static func raw(_ data: String) async throws -> Data {
        let search = try ChildProcess(
            Binary.path, ["search", "--data", data, "-o", "raw", "--since", "2000", "--until", "2100"])
        #expect(try await search.wait(seconds: 60) == .exit(0))
        return search.standardOutput
    }

    @Test func `there and back, beside a server and without one, byte for byte`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let strange = Array("<13>1 - h app 1 - - a\0b \u{E9}".utf8) + [0xFF, 0xC3, 0x28, 0x0D, 0x0A, 0x20]
        let wire = try Wire(.tcp, port: server.tcp)
        wire.send(Array("\(strange.count) ".utf8) + strange)
        wire.send("<13>1 - h app 1 - - plain\n")
        #expect(try await server.search("host:h", until: 2).count == 2)

        let made = try await Self.backup(folder.path("one"), "--data", server.data)
        #expect(made.code == 0, "\(made.error)")
        #expect(made.output.contains("\(folder.path("one")): 1 day, 2 events"), "\(made.output)")
        #expect(made.output.contains("wplog restore \(folder.path("one"))"))
        #expect(try await server.search("host:h").count == 2)
        #expect(try await server.stop() == .exit(0))
        if let tool = Binary.tool("sha256sum") {
            let check = try ChildProcess(
                "/bin/sh", ["-c", "cd '\(folder.path("one"))' && \(tool) --strict -c SHA256SUMS"])
            #expect(try await check.wait() == .exit(0), "\(check.standardError)")
        }

        let again = try await Self.backup(folder.path("two"), "--data", server.data)
        #expect(again.code == 0 && again.output.contains("1 day, 2 events"), "\(again.error)")
        for name in ["one", "two"] {
            let result = try await Self.restore(folder.path(name), "--data", folder.path("new-" + name))
            #expect(
                result.code == 0 && result.output.contains("holds the backup now: 1 day"), "\(result.error)")
            let raw = try await Self.raw(folder.path("new-" + name))
            #expect(raw.firstRange(of: Data(strange)) != nil)
            #expect(try await raw == Self.raw(server.data))
        }
        // A backup is a data directory itself.
        let next = try await RunningServer(folder.path("one"))
        #expect(try await next.search("host:h").count == 2)
        #expect(try await next.stop() == .exit(0))
    }

    @Test func `restore keeps what was there, refuses a server's data, and changes nothing when it is dry`()
        async throws
    {
        let folder = try ScratchFolder()
        let data = folder.path("data")
        let server = try await RunningServer(data)
        let wire = try Wire(.tcp, port: server.tcp)
        wire.send("<13>1 - h app 1 - - first\n")
        #expect(try await server.search("host:h", until: 1).count == 1)
        #expect(try await Self.backup(folder.path("backup"), "--data", data).code == 0)
        wire.send("<13>1 - h app 1 - - second\n")
        #expect(try await server.search("host:h", until: 2).count == 2)

        let refused = try await Self.restore(folder.path("backup"), "--data", data)
        #expect(refused.code == 73 && refused.error.contains("in use by process \(server.process.pid)"))
        #expect(try await server.stop() == .exit(0))
        let dry = try await Self.restore(folder.path("backup"), "--data", data, "--dry-run")
        #expect(dry.code == 0 && dry.output.contains("The backup is whole: 1 day"), "\(dry.error)")
        #expect(dry.output.contains("would be kept as \(data).before-restore-20"))
        #expect(try Self.names(folder.path) == ["backup", "data"])

        let done = try await Self.restore(folder.path("backup"), "--data", data)
        #expect(done.code == 0, "\(done.error)")
        let old = try Self.names(folder.path).filter { $0.hasPrefix("data.") }
        #expect(
            old.count == 1 && old.allSatisfy { $0.wholeMatch(of: /data\.before-restore-\d{8}T\d{6}Z/) != nil }
        )
        #expect(done.output.contains("is kept in \(folder.path(old.first ?? ""));"), "\(done.output)")
        #expect(try await RunningServer.search(data, ["host:h"]).count == 1)
        #expect(try await RunningServer.search(folder.path(old.first ?? ""), ["host:h"]).count == 2)

        let segment = try #require(try Self.names(folder.path("backup/days")).first)
        let path = URL(filePath: folder.path("backup/days/\(segment)"))
        var bytes = try Data(contentsOf: path)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: path)
        let damaged = try await Self.restore(folder.path("backup"), "--data", data)
        #expect(
            damaged.code == 4 && damaged.error.contains("days/\(segment): its SHA-256 sum"),
            "\(damaged.error)")
        let none = try await Self.restore(folder.path("nothing"), "--data", data)
        #expect(none.code == 2 && none.error.contains("there is no folder"))
    }

    @Test func `what is refused, and how it ends`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        _ = try folder.write("x", "file")
        let taken = try await Self.backup(folder.path("file"), "--data", server.data)
        #expect(taken.code == 2 && taken.error.contains("is no empty folder"), "\(taken.error)")
        let inside = try await Self.backup(folder.path("data/x"), "--data", server.data)
        #expect(inside.code == 2 && inside.error.contains("in the data directory"))
        let missing = try await Self.backup(folder.path("x"), "--data", folder.path("none"))
        #expect(missing.code == 3 && missing.error.contains("there is no wplog data"))
        // 8 TiB, none of which is on the disk.
        try FileManager.default.createDirectory(
            atPath: folder.path("data/archive"), withIntermediateDirectories: true)
        let large = URL(filePath: try folder.write("", "data/archive/large"))
        let file = try FileHandle(forWritingTo: large)
        try file.truncate(atOffset: 8 << 40)
        try file.close()
        let full = try await Self.backup(folder.path("x"), "--data", server.data)
        #expect(full.code == 74 && full.error.contains("MB are needed"), "\(full.error)")
        #expect(try Self.names(folder.path) == ["data", "file"])

        let foreign = try HTTPAnswer.of(
            "POST", "/api/v1/backup?to=\(folder.path("x"))", headers: ["Origin: https://evil.example"],
            body: "",
            port: server.http)
        #expect(foreign.status == 403)
        for target in ["/api/v1/backup", "/api/v1/backup?to=x", "/api/v1/backup?to="] {
            let answer = try HTTPAnswer.of("POST", target, body: "", port: server.http)
            #expect(
                answer.status == 400 && answer.object["code"] as? String == "bad_parameter", "\(answer.text)")
        }
        let get = try server.get("/api/v1/backup?to=\(folder.path("x"))")
        #expect(get.status == 405 && get.headers["allow"] == "POST")
        #expect(try await server.stop() == .exit(0))
    }
}
