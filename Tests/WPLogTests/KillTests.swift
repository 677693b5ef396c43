import Foundation
import Testing

extension UnderLoad {
    struct KillTests {
        /// What was known of one round at the moment of the kill.
        private struct Round {
            let senders: [LineSender]
            /// Lines that `/metrics` and a search had shown as stored.
            let counted: Int
            let found: Int
        }

        @Test func `20 times kill -9 under load`() async throws {
            let seed = UInt64.random(in: 0...UInt64.max)
            print("kill -9: seed \(seed)")
            var random = SeededGenerator(seed)
            let folder = try ScratchFolder()
            let data = folder.path("data")
            var rounds: [Round] = []
            for number in 0..<20 {
                let server = try await RunningServer(data)
                let senders = try (0..<2).map {
                    try LineSender(connection: $0, round: number, port: server.tcp, pause: 700)
                }
                let end = ContinuousClock.now + .milliseconds(Int.random(in: 50...500, using: &random))
                var counted = 0
                var found = 0
                repeat {
                    counted = try server.metric("wplog_events_stored_total")
                    let count = try server.get("/api/v1/search?output=raw&query=pid:\(number)+%7C+count").text
                    found = Int(count.split(separator: "\n").last ?? "") ?? 0
                } while ContinuousClock.now < end
                try await server.kill()
                for sender in senders { _ = try await sender.finish() }
                rounds.append(Round(senders: senders, counted: counted, found: found))
            }

            let server = try await RunningServer(data)
            var stored = 0
            var inFlight = 0
            var shown = 0
            for (number, round) in rounds.enumerated() {
                var lines = 0
                for sender in round.senders {
                    let found = try await sender.stored(data)
                    #expect(sender.violations(in: found) == [], "round \(number), seed \(seed)")
                    lines += found.count
                    inFlight += max(0, sender.offered - found.count)
                }
                #expect(lines >= round.counted, "round \(number): metrics had shown more, seed \(seed)")
                #expect(lines >= round.found, "round \(number): a search had shown more, seed \(seed)")
                stored += lines
                shown += round.found
            }
            let total = try await server.search("* | count")
            #expect(total.first?["count"] == "\(stored)", "nothing that was never sent, seed \(seed)")
            #expect(stored >= 2_000 && inFlight > 0 && shown > 0, "blind: \(stored), \(inFlight), \(shown)")
            print(
                "kill -9: \(stored) lines stored, \(inFlight) under way at the kills, \(shown) shown before"
            )
            #expect(try await server.stop() == .exit(0))
            try await Self.checkSegments(data)
        }

        /// `PRAGMA integrity_check`, and FTS5's own against its content (rank 1).
        private static func checkSegments(_ data: String) async throws {
            guard let sqlite = Binary.tool("sqlite3") else {
                print("kill -9: segments not checked: sqlite3 is not installed: apt-get install sqlite3")
                return
            }
            let segments = try FileManager.default.contentsOfDirectory(atPath: data + "/days")
                .filter { $0.hasSuffix(".sqlite") }
            #expect(!segments.isEmpty)
            for segment in segments {
                let check = try ChildProcess(
                    sqlite,
                    [
                        "-bail", data + "/days/" + segment,
                        "PRAGMA integrity_check;"
                            + " INSERT INTO terms(terms, rank) VALUES ('integrity-check', 1);"
                            + " SELECT count(*) > 0 FROM block;",
                    ])
                #expect(try await check.wait() == .exit(0), "\(segment): \(check.standardError)")
                #expect(String(decoding: check.standardOutput, as: UTF8.self) == "ok\n1\n", "\(segment)")
            }
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
