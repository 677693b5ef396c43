import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

extension UnderLoad {
    @Suite(.enabled(if: SmallFileSystem.isPossible, "\(SmallFileSystem.reason)"))
    struct DiskFullTests {
        /// Sends numbered lines, whose number is the pid, on a thread of its own.
        private final class Flood: Sendable {
            private let wire: Wire
            private let sent = Atomic<Int>(0)
            private let isStopping = Atomic<Bool>(false)
            private let state = Mutex<(hasEnded: Bool, hasFailed: Bool)>((false, false))

            /// - `pause`: microseconds between two sends of `chunk` lines.
            init(_ kind: Wire.Kind, port: UInt16, limit: Int, chunk: Int, pause: UInt32) throws {
                wire = try Wire(kind, port: port)
                let host = kind == .tcp ? "tcp" : "udp"
                let end = kind == .tcp ? "\n" : ""
                let pad = String(repeating: "x", count: 560)
                Thread.detachNewThread { [self] in
                    var next = 0
                    while next < limit, !isStopping.load(ordering: .relaxed) {
                        let last = min(limit, next + chunk)
                        let text = (next..<last).map { "<13>1 - \(host) flood \($0) - - \(pad)\(end)" }
                        guard wire.send(text.joined()) else {
                            state.withLock { $0.hasFailed = true }
                            break
                        }
                        next = last
                        sent.store(next, ordering: .relaxed)
                        if pause > 0 { usleep(pause) }
                    }
                    state.withLock { $0.hasEnded = true }
                }
            }

            /// Lines that are with the kernel.
            var count: Int { sent.load(ordering: .relaxed) }
            var hasEnded: Bool { state.withLock { $0.hasEnded } }
            var hasFailed: Bool { state.withLock { $0.hasFailed } }
            func stop() { isStopping.store(true, ordering: .relaxed) }
        }

        private static func value(_ server: RunningServer, _ name: String, _ label: String) throws -> Int {
            try RunningServer.metrics(server.get("/metrics").body)
                .first { $0.name == name && $0.labels.contains("\"\(label)\"") }?.value ?? 0
        }

        private static func importing(_ server: RunningServer, _ file: String) throws -> HTTPAnswer {
            try HTTPAnswer.of(
                "POST", "/api/v1/import?file=\(file)&offset=0&program=app&last=1", body: "imported \(file)\n",
                port: server.http)
        }

        private static func count(_ server: RunningServer, _ query: String) async throws -> Int {
            try await server.search("\(query) | count", "--since", "2000").first?["count"].flatMap { Int($0) }
                ?? -1
        }

        @Test func `nothing is taken while the disk is full, and everything afterwards`() async throws {
            let small = try SmallFileSystem(bytes: 128 << 20)
            let server = try await RunningServer(
                small.path + "/data", ["--disk-reserve", "16MiB", "--disk-ballast", "8MiB"])
            #expect(try Self.importing(server, "a-1").status == 200)
            let lines = 40_000
            let stream = try Flood(.tcp, port: server.tcp, limit: lines, chunk: 20, pause: 0)
            let datagrams = try Flood(.udp, port: server.udp, limit: .max, chunk: 1, pause: 1_000)
            let isUnderWay = try await holds {
                try Self.value(server, "wplog_events_received_total", "tcp") > 1_000
                    && Self.value(server, "wplog_events_received_total", "udp") > 20
            }
            #expect(isUnderWay)

            try small.fill(leaving: 4 << 20)
            #expect(try await holds { try server.get("/readyz").status == 503 })
            let ready = try server.get("/readyz").text
            #expect(ready.contains("is full") && ready.contains("disk_reserve"), "\(ready)")
            #expect(try server.get("/healthz").status == 200)
            let refused = try Self.importing(server, "b-1")
            #expect(refused.status == 507 && refused.headers["retry-after"] == "5", "\(refused.text)")
            #expect(refused.object["code"] as? String == "disk_full")
            #expect((refused.object["error"] as? String)?.contains("is full") == true, "\(refused.text)")
            let reparse = try HTTPAnswer.of("POST", "/api/v1/reparse?where=x", port: server.http)
            #expect(reparse.status == 507)

            // Its senders wait, and have not failed.
            var before = -1
            let isBlocked = try await holds {
                before = stream.count
                try await Task.sleep(for: .milliseconds(700))
                return stream.count == before
            }
            #expect(isBlocked && !stream.hasEnded && before < lines, "\(before) lines were sent")
            let taken = try Self.value(server, "wplog_events_received_total", "tcp")
            #expect(taken < before)
            // Datagrams are read, and counted.
            let isDropping = try await holds {
                try Self.value(server, "wplog_datagrams_dropped_total", "disk_full") > 100
            }
            #expect(isDropping)
            // Questions are answered.
            #expect(try await Self.count(server, "host:tcp") >= taken)
            let status = try server.get("/api/v1/status").object
            #expect(status["state"] as? String == "disk_full")
            #expect((status["disk"] as? [String: Any])?["state"] as? String == "full")
            #expect((status["disk"] as? [String: Any])?["ballast_bytes"] as? Int == 0)
            #expect(try server.metric("wplog_disk_state") == 2)
            let doctor = try await CommandResult(["doctor", "--data", server.data])
            #expect(doctor.code == 2 && doctor.output.contains("error   disk"), "\(doctor.output)")
            #expect(!FileManager.default.fileExists(atPath: server.data + "/ballast"))
            #expect(!stream.hasFailed)

            small.empty()
            let start = ContinuousClock.now
            #expect(try await holds { try server.get("/readyz").status == 200 })
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try Self.importing(server, "b-1").status == 200)
            #expect(try await holds(within: 120) { stream.hasEnded })
            #expect(!stream.hasFailed && stream.count == lines)
            let isThere = try await holds(within: 120) {
                try Self.value(server, "wplog_events_received_total", "tcp") >= lines
            }
            #expect(isThere)
            datagrams.stop()
            #expect(try await holds { datagrams.hasEnded })
            var balance = (stored: 0, kernel: 0, full: 0)
            _ = try await holds {
                balance = (
                    try Self.value(server, "wplog_events_received_total", "udp"),
                    try Self.value(server, "wplog_datagrams_dropped_total", "kernel_buffer"),
                    try Self.value(server, "wplog_datagrams_dropped_total", "disk_full")
                )
                return balance.stored + balance.kernel + balance.full >= datagrams.count
            }
            #expect(balance.stored + balance.kernel + balance.full == datagrams.count, "\(balance)")
            #expect(balance.stored > 20 && balance.full > 100, "\(balance)")
            #expect(try await Self.count(server, "host:udp") == balance.stored)
            print("disk full: \(lines) lines over TCP; of \(datagrams.count) datagrams \(balance)")

            // Each line once, in order of their numbers.
            let all = try await CommandResult([
                "search", "host:tcp", "--all", "--since", "2000", "--template", "{pid}", "-q", "--data",
                server.data,
            ])
            #expect(all.lines.compactMap { Int($0) }.sorted() == Array(0..<lines))
            #expect(try await Self.count(server, "imported") == 2)
            #expect(try await server.search("program:wplog msgid:disk-full", until: 1).count >= 1)
            let said = server.process.standardError.split(separator: "\n").filter {
                $0.contains(" is full, after ")
            }
            #expect(said.count == 1, "\(said)")
            #expect(try server.metric("wplog_disk_state") < 2)
            #expect(FileManager.default.fileExists(atPath: server.data + "/ballast"))
            #expect(try await server.stop() == .exit(0))
        }

        @Test func `a stop while the disk is full keeps what the kernel had`() async throws {
            let small = try SmallFileSystem(bytes: 64 << 20)
            let settings = ["--disk-reserve", "16MiB", "--disk-ballast", "1MiB"]
            let server = try await RunningServer(small.path + "/data", settings)
            try small.fill(leaving: 14 << 20)
            #expect(try await holds { try server.get("/readyz").status == 503 })
            let wire = try Wire(.tcp, port: server.tcp)
            wire.send((0..<500).map { "<13>1 - h waiting - - - \($0)\n" }.joined())
            #expect(try await server.stop() == .exit(0))
            let found = try await RunningServer.search(server.data, ["program:waiting", "-n", "1000"])
            #expect(found.count == 500)
        }

        /// The server may be started only to look at what there is.
        @Test func `a server that starts on a full disk answers, and begins when there is room`() async throws
        {
            let small = try SmallFileSystem(bytes: 32 << 20)
            let settings = ["--disk-reserve", "8MiB", "--disk-ballast", "1MiB"]
            let first = try await RunningServer(small.path + "/data", settings)
            try Wire.deliver(Array("<13>1 - h app - - - before\n".utf8), port: first.tcp)
            #expect(try await first.search("before", until: 1).count == 1)
            #expect(try await first.stop() == .exit(0))
            // To the last byte: only the ballast has room for the start.
            #expect(FileManager.default.fileExists(atPath: first.data + "/ballast"))
            try small.fill(leaving: 0)
            let server = try await RunningServer(small.path + "/data", settings)
            #expect(try server.get("/readyz").status == 503)
            #expect(try await server.search("before", until: 1).count == 1)
            let wire = try Wire(.tcp, port: server.tcp)
            wire.send("<13>1 - h app - - - later\n")
            small.empty()
            #expect(try await server.search("later", until: 1).count == 1)
            #expect(try server.get("/readyz").status == 200)
            #expect(try await server.stop() == .exit(0))
        }
    }
}

struct DiskStatusTests {
    @Test func `status and doctor say how much room there is, and whose bytes they are`() async throws {
        let filled = try await FilledServer()
        // The first forecast was made of a server without lines.
        #expect(try await filled.server.stop() == .exit(0))
        let server = try await RunningServer(filled.server.data, ["--disk-reserve", "1MB"])
        _ = try await holds { try !(server.get("/api/v1/status").object["cost"] is NSNull) }
        let status = try server.get("/api/v1/status").object
        let disk = status["disk"] as? [String: Any]
        #expect(disk?["state"] as? String == "ok" && disk?["reason"] is NSNull)
        #expect(disk?["reserve_bytes"] as? Int == 1_000_000)
        #expect((disk?["free_bytes"] as? Int).map { $0 > 1_000_000 } == true)
        let forecast = status["forecast"] as? [String: Any]
        #expect((forecast?["events_per_day"] as? Int).map { $0 > 0 } == true)
        #expect(forecast?["days_left"] is NSNull)
        let cost = status["cost"] as? [String: Any]
        let hosts = (cost?["hosts"] as? [[String: Any]]) ?? []
        let names = hosts.compactMap { $0["name"] as? String }
        #expect(names.contains("web1") && names.contains("db1"), "\(hosts)")
        let shares = hosts.compactMap { $0["raw_share"] as? Double }
        #expect(abs(shares.reduce(0, +) - 1) < 0.01)
        let text = try await CommandResult(["status", "--data", server.data])
        for head in ["room", "growth", "hosts", "programs"] {
            #expect(text.output.contains("\n\(head) "), "\(text.output)")
        }
        let doctor = try await CommandResult(["doctor", "--data", server.data])
        #expect(doctor.output.contains("ok      disk"), "\(doctor.output)")
        #expect(doctor.output.components(separatedBy: " disk  ").count == 2, "one finding of the disk")
        #expect(try server.metric("wplog_disk_reserve_bytes") == 1_000_000)
        #expect(try server.metric("wplog_disk_free_bytes") > 1_000_000)
    }

    @Test(arguments: [
        ("disk_reserve", "much"), ("disk_reserve", "-1"), ("disk_reserve", "100%"), ("disk_reserve", "1e9"),
        ("disk_reserve", "5 PB"), ("disk_reserve", ""), ("disk_reserve", "%"), ("disk_reserve", "99999999TB"),
        ("disk_ballast", "2%"), ("disk_ballast", "auto"), ("disk_ballast", "1.MB"), ("disk_ballast", ".5MB"),
    ])
    func `a size that is none is named`(_ key: String, _ text: String) async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("\(key) = \"\(text)\"\n", "wplog.toml")
        let result = try await CommandResult(["config", "check", "--config", file])
        #expect(
            result.code == 2 && result.error.contains("\(file):1: \(key): \"\(text)\""), "\(result.error)")
    }

    @Test(arguments: [
        ("disk_reserve", "auto"), ("disk_reserve", "off"), ("disk_reserve", "0"), ("disk_reserve", "2.5%"),
        ("disk_reserve", "0%"), ("disk_reserve", "1.5 GiB"), ("disk_reserve", "500mb"),
        ("disk_ballast", "off"),
        ("disk_ballast", "0"), ("disk_ballast", "1000"),
    ])
    func `sizes, shares and off are read`(_ key: String, _ text: String) async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("\(key) = \"\(text)\"\n", "wplog.toml")
        let result = try await CommandResult(["config", "check", "--config", file])
        #expect(result.code == 0, "\(result.error)")
    }
}
