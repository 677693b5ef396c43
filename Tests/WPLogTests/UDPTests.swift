import Foundation
import Glibc
import Testing

extension UnderLoad {
    struct UDPTests {
        /// The server is held up by SIGSTOP, so that the kernel's buffer must overflow however large it is.
        @Test func `sent is stored and dropped, exactly`() async throws {
            let folder = try ScratchFolder()
            let server = try await RunningServer(folder.path("data"))
            let wire = try Wire(.udp, port: server.udp)
            let pad = String(repeating: "x", count: 900)
            var sent = 0
            func send(_ count: Int) {
                for _ in 0..<count where wire.send("<13>1 - h burst - - - \(sent) \(pad)") { sent += 1 }
            }
            func balance() throws -> (stored: Int, dropped: Int) {
                (
                    try server.metric("wplog_events_received_total"),
                    try server.metric("wplog_datagrams_dropped_total")
                )
            }
            send(2_000)
            server.process.send(SIGSTOP)
            send(25_000)
            server.process.send(SIGCONT)
            _ = try await holds(within: 60) {
                let (stored, dropped) = try balance()
                return stored + dropped >= sent
            }
            let (stored, dropped) = try balance()
            #expect(stored + dropped == sent, "stored \(stored), dropped \(dropped)")
            #expect(sent == 27_000 && stored > 0 && dropped > 0)
            print("udp: \(sent) sent, \(stored) stored, \(dropped) dropped")

            let count = try await server.search("program:burst | count")
            #expect(count.first?["count"] == "\(stored)")
            // The drops are events too, and name all of them.
            var reported = 0
            _ = try await holds {
                reported = try await server.search("program:wplog msgid:udp-drops").reduce(0) { sum, line in
                    sum + (line["message"]?.split(separator: " ").compactMap { Int($0) }.first ?? 0)
                }
                return reported >= dropped
            }
            #expect(reported == dropped)
            #expect(try await server.stop() == .exit(0))
        }
    }
}
