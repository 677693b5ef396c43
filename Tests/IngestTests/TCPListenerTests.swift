import Parse
import Testing

@testable import Ingest

/// Real sockets on the loopback address.
@Suite(.timeLimit(.minutes(1))) struct TCPListenerTests {
    static func listener(_ bench: Bench, threads: Int = 1) async throws -> (TCPListener, Int) {
        let listener = TCPListener(.init(host: "127.0.0.1", port: 0, threads: threads), bench.services)
        try await listener.start()
        return (listener, try #require(listener.boundPort))
    }

    @Test(arguments: [1, 2]) func `several connections, both framings`(threads: Int) async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench, threads: threads)
        var sent: [[Framed]] = []
        for client in 0..<8 {
            let socket = try TestSocket(.tcp, port: port)
            let lines = (0..<500).map { "<13>\(client) \($0)" }
            for (number, line) in lines.enumerated() {
                socket.send((number + client) % 3 == 0 ? "\(line.utf8.count) \(line)" : "\(line)\n")
            }
            sent.append(lines.map { Framed($0.utf8) })
            socket.finish()
            socket.waitForClose()
        }
        await bench.sink.wait(for: 4_000)
        await listener.stop()
        let events = bench.sink.events
        for (client, frames) in sent.enumerated() {
            let prefix = Array("<13>\(client) ".utf8)
            #expect(events.map(\.frame).filter { $0.bytes.starts(with: prefix) } == frames)
        }
        #expect(events.allSatisfy { $0.peer == Peer(.tcp, "127.0.0.1") })
        #expect(bench.counters.tcp.events.value == 4_000)
        #expect(bench.counters.connectionsOpened.value == 8)
        #expect(bench.counters.connectionsOpen == 0)
    }

    @Test func `N15 a reset after ten lines`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        let socket = try TestSocket(.tcp, port: port)
        socket.send((0..<10).map { "<13>\($0)\n" }.joined())
        await bench.sink.wait(for: 10)
        socket.reset()
        await listener.stop()
        #expect(bench.sink.texts == (0..<10).map { "<13>\($0)" })
        #expect(bench.counters.connectionsClosed(.reset) == 1)
    }

    @Test func `N14 a close within a line`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        let socket = try TestSocket(.tcp, port: port)
        socket.send("<13>whole\n<13>half")
        socket.finish()
        socket.waitForClose()
        await bench.sink.wait(for: 2)
        await listener.stop()
        #expect(bench.sink.frames == [Framed("<13>whole".utf8), Framed("<13>half".utf8, .unterminated)])
        #expect(bench.counters.tcp.unterminatedFrames.value == 1)
    }

    @Test func `a framing error closes one connection and no other`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        let good = try TestSocket(.tcp, port: port)
        good.send("<13>before\n")
        await bench.sink.wait(for: 1)
        let bad = try TestSocket(.tcp, port: port)
        bad.send("1048577 <13>")
        bad.waitForClose()
        #expect(bench.counters.connectionsClosed(.frameTooLarge) == 1)
        good.send("<13>after\n")
        await bench.sink.wait(for: 2)
        #expect(bench.counters.connectionsOpen == 1)
        await listener.stop()
        #expect(bench.sink.texts == ["<13>before", "<13>after"])
    }

    @Test func `a sink that waits makes senders wait, and nothing is lost`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        let socket = try TestSocket(.tcp, port: port)
        bench.sink.hold()
        socket.send("<13>first\n")
        await bench.sink.waitUntilHeld()
        let lines = (0..<400_000).map { "<13>line \($0) " + String(repeating: "x", count: 100) }
        let stream = Array(lines.map { $0 + "\n" }.joined().utf8)
        let taken = socket.sendWithoutWaiting(stream)
        // The kernel's buffers are full and far from the whole.
        #expect(taken < stream.count)
        #expect(bench.counters.tcp.bytes.value == 10)
        bench.sink.letGo()
        socket.send(stream.dropFirst(taken))
        socket.finish()
        socket.waitForClose()
        await listener.stop()
        let texts = bench.sink.texts
        #expect(texts.count == lines.count + 1)
        #expect(texts.dropFirst().elementsEqual(lines))
    }

    @Test func `stop takes all that was delivered, and the unfinished line`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        bench.sink.hold()
        let first = try TestSocket(.tcp, port: port)
        first.send("<13>first\n")
        await bench.sink.waitUntilHeld()
        // These wait in the kernel, some in connections that are not accepted yet.
        let second = try TestSocket(.tcp, port: port)
        let third = try TestSocket(.tcp, port: port)
        let stream = Array((0..<100_000).map { "<13>\($0)\n" }.joined().utf8)
        let delivered = naiveFrames(Array(stream.prefix(second.sendWithoutWaiting(stream)))).frames
        third.send("<13>half")
        async let stopped: Void = listener.stop()
        bench.sink.letGo()
        await stopped
        var frames = bench.sink.frames
        #expect(frames.removeFirst() == Framed("<13>first".utf8))
        frames.removeAll { $0 == Framed("<13>half".utf8, .unterminated) }
        #expect(bench.sink.events.count == delivered.count + 2)
        #expect(frames == delivered)
        #expect(bench.counters.connectionsClosed(.stop) == 3)
        #expect(listener.boundPort == nil)
        #expect(!canConnect(.tcp, port: port))
        // A second stop has nothing to do.
        await listener.stop()
        second.waitForClose()
    }

    @Test func `stop ends although the sink refuses everything`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        bench.sink.refuse(.max)
        let socket = try TestSocket(.tcp, port: port)
        socket.send("<13>lost\n")
        await listener.stop(limit: .milliseconds(100))
        #expect(bench.sink.events.isEmpty)
        #expect(bench.counters.tcp.lostEvents.value == 1)
    }

    @Test func `one address cannot take all connections`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        var sockets = Sockets()
        for _ in 0..<IngestLimits.connectionsPerAddress {
            sockets.add(try TestSocket(.tcp, port: port))
        }
        sockets.sendAll("<13>in\n")
        await bench.sink.wait(for: IngestLimits.connectionsPerAddress)
        let refused = try TestSocket(.tcp, port: port)
        refused.waitForClose()
        #expect(bench.counters.connectionsClosed(.tooManyFromAddress) == 1)
        #expect(bench.counters.connectionsOpen == UInt64(IngestLimits.connectionsPerAddress))
        await listener.stop()
        #expect(bench.counters.connectionsOpen == 0)
    }

    @Test func `a port in use is an error`() async throws {
        let bench = try Bench()
        let (listener, port) = try await Self.listener(bench)
        let second = TCPListener(.init(host: "127.0.0.1", port: port), bench.services)
        await #expect(throws: (any Error).self) { try await second.start() }
        #expect(second.boundPort == nil)
        await listener.stop()
    }

    @Test func `an IPv6 sender`() async throws {
        let bench = try Bench()
        let listener = TCPListener(.init(host: "::1", port: 0), bench.services)
        do { try await listener.start() } catch { return }  // No IPv6 on this machine.
        let port = try #require(listener.boundPort)
        do {
            let socket = try TestSocket(.tcp, port: port, ipv6: true)
            socket.send("<13>six\n")
            await bench.sink.wait(for: 1)
        }
        await listener.stop()
        #expect(bench.sink.events.map(\.peer) == [Peer(.tcp, "::1")])
    }

    /// An array cannot hold what is not copyable, a chain can.
    struct Sockets: ~Copyable {
        private final class Link {
            let socket: TestSocket
            let next: Link?
            init(_ socket: consuming TestSocket, _ next: Link?) {
                self.socket = socket
                self.next = next
            }
        }
        private var head: Link?

        mutating func add(_ socket: consuming TestSocket) { head = Link(socket, head) }

        func sendAll(_ text: String) {
            var link = head
            while let this = link {
                this.socket.send(text)
                link = this.next
            }
        }
    }
}
