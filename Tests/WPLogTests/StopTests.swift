import Foundation
import Glibc
import Testing

extension UnderLoad {
    struct StopTests {
        /// Nothing is waited for between the last byte and the signal: what the kernel has must be stored.
        @Test(arguments: [SIGTERM, SIGINT])
        func `a stop loses nothing that the kernel had`(_ signal: Int32) async throws {
            let folder = try ScratchFolder()
            let server = try await RunningServer(folder.path("data"))
            let idle = try Wire(.tcp, port: server.http)
            let half = try Wire(.tcp, port: server.tcp)
            half.send("<13>1 - half ledger 0 - - unfinished")
            let datagrams = try Wire(.udp, port: server.udp)
            let senders = try (0..<2).map {
                try LineSender(connection: $0, round: 0, port: server.tcp, limit: 4_000, pause: 0)
            }
            for number in 0..<200 { datagrams.send("<13>1 - datagram ledger 0 - - \(number)") }
            for sender in senders { #expect(try await sender.ended() == 4_000) }

            let start = ContinuousClock.now
            #expect(try await server.stop(signal) == .exit(0))
            #expect(ContinuousClock.now - start <= .seconds(10))
            #expect(server.process.standardError.hasSuffix("wplog: stopped\n"))
            withExtendedLifetime((idle, half)) {}

            for sender in senders {
                let stored = try await sender.stored(server.data)
                #expect(stored.count == 4_000)
                #expect(sender.violations(in: stored) == [])
            }
            #expect(try await RunningServer.search(server.data, ["host:half"]).count == 1)
            #expect(
                try await RunningServer.search(server.data, ["host:datagram", "-n", "10000"]).count == 200)

            // And everything is there after the next start, without anything read twice.
            let next = try await RunningServer(server.data)
            #expect(try await next.search("program:ledger | count").first?["count"] == "8201")
            #expect(try next.metric("wplog_events_recovered_total") <= 8_201)
            #expect(try next.get("/readyz").status == 200)
            #expect(try await next.stop() == .exit(0))
        }

        @Test func `a stop while senders go on ends in time and keeps whole lines`() async throws {
            let folder = try ScratchFolder()
            let server = try await RunningServer(folder.path("data"))
            let senders = try (0..<2).map {
                try LineSender(connection: $0, round: 0, port: server.tcp, pause: 500)
            }
            #expect(try await holds { try server.metric("wplog_events_stored_total") > 200 })
            let start = ContinuousClock.now
            #expect(try await server.stop() == .exit(0))
            #expect(ContinuousClock.now - start <= .seconds(10))
            for sender in senders {
                let offered = try await sender.finish()
                let stored = try await sender.stored(server.data)
                // The last one may be half a line, stored as unterminated.
                let whole = stored.filter { $0["reason"]?.contains("unterminated") != true }
                #expect(sender.violations(in: whole) == [])
                #expect(stored.count - whole.count <= 1 && whole.count <= offered)
                #expect(whole.count > 50)
            }
        }
    }
}
