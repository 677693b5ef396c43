import Foundation
import Glibc
import TestSupport
import Testing

/// Archiving and restoring, killed at every step; and the power cut at every step.
extension UnderLoad {
    struct ArchiveKillTests {
        private static let lines = 1_200

        /// Steps of `wplog archive run`, in their order.
        private static let steps = [
            "archive-begun", "archive-half-written", "archive-written", "archive-synced", "archive-verified",
            "archive-index-named", "archive-named", "archive-published", "archive-before-drop",
            "archive-dropped",
        ]

        /// A data directory with lines of three days that are over.
        private static func fill(_ data: String) async throws {
            let server = try await RunningServer(data)
            let formatter = ISO8601DateFormatter()
            var text = ""
            for number in 0..<lines {
                let time = Date(timeIntervalSinceNow: -86_400 * Double(1 + number % 3))
                text +=
                    "<13>1 \(formatter.string(from: time)) h ledger - - - number \(number) of \(number &* 7_919)\n"
            }
            try Wire.deliver(Array(text.utf8), port: server.tcp)
            #expect(try await server.search("ledger", until: lines).count == lines)
            #expect(try await server.stop() == .exit(0))
        }

        /// What is wrong with what a server shows: nothing where each line is there once.
        private static func flaws(_ server: RunningServer) async throws -> String {
            let found = try await server.search("ledger", until: lines, seconds: 5)
            let numbers = found.compactMap { line in
                String(decoding: line.raw, as: UTF8.self).split(separator: " number ").last
                    .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
            }
            if numbers.count == lines, Set(numbers) == Set(0..<lines) { return "" }
            return "\(found.count) lines, \(Set(numbers).count) different"
        }

        private static func archive(_ data: String) async throws -> CommandResult {
            try await CommandResult(["archive", "run", "--data", data, "--before", "2100-01-01"])
        }

        private static func copy(_ base: String, to data: String) throws {
            try FileManager.default.copyItem(atPath: base, toPath: data)
        }

        @Test func `kill -9 at any step of archiving loses nothing and shows nothing twice`() async throws {
            let folder = try ScratchFolder()
            try await Self.fill(folder.path("base"))
            for (number, step) in Self.steps.enumerated() {
                for hit in 1...2 {
                    let data = folder.path("data\(number)-\(hit)")
                    try Self.copy(folder.path("base"), to: data)
                    var server = try await RunningServer(data, environment: ["WPLOG_FAULT": "\(step):\(hit)"])
                    let run = try await Self.archive(data)
                    #expect(run.code != 0, "\(step)")
                    #expect(try await server.process.wait(seconds: 20) == .signal(SIGKILL), "\(step)")
                    server = try await RunningServer(data)
                    #expect(try await Self.flaws(server) == "", "\(step) \(hit)")
                    // Once more, to the end.
                    let again = try await Self.archive(data)
                    #expect(again.code == 0, "\(step): \(again.error)")
                    #expect(try await Self.flaws(server) == "", "\(step) \(hit), archived")
                    let verified = try await CommandResult(["archive", "verify", "--data", data])
                    #expect(verified.code == 0, "\(step): \(verified.output) \(verified.error)")
                    #expect(try await server.stop() == .exit(0))
                    let left = try FileManager.default.contentsOfDirectory(atPath: data + "/days")
                    #expect(left.isEmpty, "\(step): \(left)")
                }
            }
        }

        @Test func `kill -9 while a day is restored loses nothing and shows nothing twice`() async throws {
            let folder = try ScratchFolder()
            try await Self.fill(folder.path("base"))
            #expect(try await Self.archive(folder.path("base")).code == 0)
            let year = Calendar(identifier: .gregorian).component(
                .year, from: Date(timeIntervalSinceNow: -86_400 * 2))
            for step in ["restore-written", "restore-named"] {
                let data = folder.path(step)
                try Self.copy(folder.path("base"), to: data)
                var server = try await RunningServer(data, environment: ["WPLOG_FAULT": step])
                let run = try await CommandResult(["archive", "restore", "\(year)", "--data", data])
                #expect(run.code != 0)
                #expect(try await server.process.wait(seconds: 20) == .signal(SIGKILL), "\(step)")
                server = try await RunningServer(data)
                #expect(try await Self.flaws(server) == "", "\(step)")
                for _ in 0..<2 {
                    let again = try await CommandResult(["archive", "restore", "\(year)", "--data", data])
                    #expect(again.code == 0, "\(again.error)")
                    #expect(try await Self.flaws(server) == "", "\(step), restored")
                }
                #expect(try await server.stop() == .exit(0))
            }
        }

        @Test(.enabled(if: LoopDisk.isPossible, "\(LoopDisk.reason)"))
        func `a power cut at any step of archiving loses nothing and shows nothing twice`() async throws {
            let folder = try ScratchFolder()
            try await Self.fill(folder.path("base"))
            for step in Self.steps {
                let disk = try LoopDisk(megabytes: 96)
                let data = disk.path + "/data"
                try Self.copy(folder.path("base"), to: data)
                sync()
                var server = try await RunningServer(data, environment: ["WPLOG_FAULT": "\(step):2:stop"])
                let run = try ChildProcess(
                    Binary.path, ["archive", "run", "--data", data, "--before", "2100-01-01"])
                #expect(try await holds(within: 30) { Self.isStopped(server.process.pid) }, "\(step)")
                #expect(disk.cutPower())
                try await server.kill()
                _ = try await run.wait(seconds: 30)
                #expect(disk.restorePower(), "\(step)")
                server = try await RunningServer(data)
                #expect(try await Self.flaws(server) == "", "\(step)")
                let again = try await Self.archive(data)
                #expect(again.code == 0, "\(step): \(again.error)")
                #expect(try await Self.flaws(server) == "", "\(step), archived")
                let verified = try await CommandResult(["archive", "verify", "--data", data])
                #expect(verified.code == 0, "\(step): \(verified.output) \(verified.error)")
                #expect(try await server.stop() == .exit(0))
            }
        }

        /// Whether a process was stopped by a signal.
        private static func isStopped(_ pid: pid_t) -> Bool {
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
                return false
            }
            return text.split(separator: ")").last?.split(separator: " ").first == "T"
        }
    }
}
