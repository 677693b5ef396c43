import Foundation
import Testing

/// Backups beside a server that receives, and backups that are killed.
extension UnderLoad {
    struct BackupKillTests {
        private static func names(_ folder: ScratchFolder) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        }

        /// A server with an archive that takes a while to copy.
        private static func slow(_ folder: ScratchFolder) throws {
            try FileManager.default.createDirectory(
                atPath: folder.path("data/archive/2014"), withIntermediateDirectories: true)
            let path = try folder.write("", "data/archive/2014/large")
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.truncate(atOffset: 96 << 20)
            try file.close()
        }

        private static func hasBegun(_ folder: ScratchFolder) async throws -> Bool {
            try await holds { try names(folder).contains { $0.contains(".partial-") } }
        }

        @Test func `each line that could be found before is in the backup, and none twice`() async throws {
            let folder = try ScratchFolder()
            let server = try await RunningServer(folder.path("data"))
            for round in 0..<3 {
                let senders = try (0..<2).map {
                    try LineSender(connection: $0, round: round, port: server.tcp, pause: 300)
                }
                var found = 0
                #expect(
                    try await holds {
                        let answer = try server.get("/api/v1/search?output=raw&query=pid:\(round)+%7C+count")
                            .text
                        found = Int(answer.split(separator: "\n").last ?? "") ?? 0
                        return found > 500
                    })
                let made = try await CommandResult([
                    "backup", folder.path("b\(round)"), "--data", server.data,
                ])
                #expect(made.code == 0, "\(made.error)")
                for sender in senders { _ = try await sender.finish() }
                let restored = try await CommandResult([
                    "restore", folder.path("b\(round)"), "--data", folder.path("r\(round)"),
                ])
                #expect(restored.code == 0, "\(restored.error)")
                var lines = 0
                for sender in senders {
                    let stored = try await sender.stored(folder.path("r\(round)"))
                    #expect(sender.violations(in: stored) == [])
                    lines += stored.count
                }
                #expect(lines >= found)
                print("backup: \(found) lines shown before, \(lines) in the backup")
            }
            #expect(try await server.stop() == .exit(0))
        }

        @Test func `kill -9 of the server at any point leaves no backup, and the next one cleans up`()
            async throws
        {
            let folder = try ScratchFolder()
            var whole = 0
            var partial = 0
            for (round, pause) in [0, 5, 20, 50, 100, 200, 350, 600].enumerated() {
                let server = try await RunningServer(folder.path("data"))
                if round == 0 { try Self.slow(folder) }
                let sender = try LineSender(
                    connection: 0, round: round, port: server.tcp, limit: 200, pause: 0)
                #expect(try await server.search("pid:\(round)", until: 200).count == 200)
                _ = try await sender.ended()
                let made = try ChildProcess(
                    Binary.path, ["backup", folder.path("b\(round)"), "--data", server.data])
                #expect(try await Self.hasBegun(folder))
                try await Task.sleep(for: .milliseconds(pause))
                try await server.kill()
                let ending = try await made.wait(seconds: 60)
                let names = try Self.names(folder)
                if names.contains("b\(round)") {
                    whole += 1
                    let check = try await CommandResult([
                        "restore", folder.path("b\(round)"), "--data", folder.path("r"), "--dry-run",
                    ])
                    #expect(check.code == 0, "after \(pause) ms: \(check.error)")
                } else {
                    partial += 1
                    #expect(ending == .exit(3) || ending == .exit(4), "after \(pause) ms: \(ending)")
                }
            }
            #expect(partial > 0, "blind")
            print("backup: killed \(partial) before the end, \(whole) after it")
            let last = try await CommandResult(["backup", folder.path("last"), "--data", folder.path("data")])
            #expect(last.code == 0, "\(last.error)")
            #expect(try Self.names(folder).allSatisfy { !$0.contains(".partial-") })
            let restored = try await CommandResult([
                "restore", folder.path("last"), "--data", folder.path("new"),
            ])
            #expect(restored.code == 0, "\(restored.error)")
            let lines = try await RunningServer.search(folder.path("new"), ["program:ledger", "-n", "10000"])
            #expect(lines.count == 8 * 200)
        }

        @Test func `one at a time; a command that goes away ends its backup, and nothing is left`()
            async throws
        {
            let folder = try ScratchFolder()
            let server = try await RunningServer(folder.path("data"))
            try Self.slow(folder)
            let first = try ChildProcess(
                Binary.path, ["backup", folder.path("first"), "--data", server.data])
            #expect(try await Self.hasBegun(folder))
            let second = try HTTPAnswer.of(
                "POST", "/api/v1/backup?to=\(folder.path("second"))", body: "", port: server.http)
            #expect(second.status == 409 && second.object["code"] as? String == "busy", "\(second.text)")
            first.send(SIGKILL)
            #expect(try await holds { try Self.names(folder) == ["data"] })
            let third = try await CommandResult(["backup", folder.path("third"), "--data", server.data])
            #expect(third.code == 0, "\(third.error)")

            // A stop does not wait for a backup either.
            let last = try ChildProcess(Binary.path, ["backup", folder.path("last"), "--data", server.data])
            #expect(try await Self.hasBegun(folder))
            #expect(try await server.stop() == .exit(0))
            // It may just have ended by then, with or without a word about it; half of it is never there.
            let isDone = try await last.wait() == .exit(0)
            let names = try Self.names(folder)
            #expect(
                names.filter { $0 != "last" } == ["data", "third"] && (!isDone || names.contains("last")))
        }

        @Test func `kill -9 of a restore leaves the store in one of two places, and a second run ends it`()
            async throws
        {
            let folder = try ScratchFolder()
            let server = try await RunningServer(folder.path("data"))
            try Self.slow(folder)
            let wire = try Wire(.tcp, port: server.tcp)
            wire.send("<13>1 - h app 1 - - one\n")
            #expect(try await server.search("host:h", until: 1).count == 1)
            #expect(
                try await CommandResult(["backup", folder.path("backup"), "--data", server.data]).code == 0)
            #expect(try await server.stop() == .exit(0))
            for pause in [0, 20, 60, 120, 250] {
                let restore = try ChildProcess(
                    Binary.path, ["restore", folder.path("backup"), "--data", folder.path("data")])
                #expect(
                    try await holds {
                        try restore.hasEnded || Self.names(folder).contains { $0.contains(".restore-") }
                    })
                try await Task.sleep(for: .milliseconds(pause))
                restore.send(SIGKILL)
                _ = try await restore.wait()
                let names = try Self.names(folder)
                let place = names.contains("data") ? "data" : names.first { $0.hasPrefix("data.before") }
                #expect(try await RunningServer.search(folder.path(place ?? ""), ["host:h"]).count == 1)
            }
            let done = try await CommandResult([
                "restore", folder.path("backup"), "--data", folder.path("data"),
            ])
            #expect(done.code == 0, "\(done.error)")
            #expect(try Self.names(folder).allSatisfy { !$0.contains(".restore-") })
            #expect(try await RunningServer.search(folder.path("data"), ["host:h"]).count == 1)
        }
    }
}
