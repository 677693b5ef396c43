import Parse
import Synchronization
import Testing

@testable import Ingest

/// Real sockets on the loopback address.
@Suite(.timeLimit(.minutes(1))) struct UDPListenerTests {
    @Test func `a datagram is a frame`() async throws {
        let bench = try Bench()
        let listener = UDPListener(.init(host: "127.0.0.1", port: 0), bench.services)
        try listener.start()
        let socket = try TestSocket(.udp, port: #require(listener.boundPort))
        let large = Array("<13>".utf8) + [UInt8](repeating: 0x61, count: 65_503)
        let feeds = Array("<13>".utf8) + (0..<65_503).map { $0 % 1_600 == 0 ? 0x0A : 0x62 }
        let datagrams: [(sent: [UInt8], frame: [UInt8]?)] = [
            (Array("<13>a".utf8), Array("<13>a".utf8)),
            (Array("<13>lf\n".utf8), Array("<13>lf".utf8)),
            (Array("<13>nul\0".utf8), Array("<13>nul".utf8)),
            (Array("<13>crlf\r\n".utf8), Array("<13>crlf\r".utf8)),
            (Array("<13>two\n\n".utf8), Array("<13>two\n".utf8)),
            (Array("<13>in\nside\0x".utf8), Array("<13>in\nside\0x".utf8)),
            (Array("25 <13>no count".utf8), Array("25 <13>no count".utf8)),
            ([], nil), ([10], nil), ([0], nil), ([13, 10], nil),
            (large, large), (feeds, feeds),
            (Array("<13>last".utf8), Array("<13>last".utf8)),
        ]
        for datagram in datagrams { socket.send(datagram.sent) }
        let frames = datagrams.compactMap { $0.frame.map { Framed($0) } }
        await bench.sink.wait(for: frames.count)
        await listener.stop()
        #expect(bench.sink.frames == frames)
        #expect(bench.sink.events.allSatisfy { $0.peer == Peer(.udp, "127.0.0.1") && $0.time == Bench.time })
        let counters = bench.counters
        #expect(counters.udp.emptyFrames.value == 4)
        #expect(counters.udp.events.value == UInt64(frames.count))
        #expect(counters.udp.bytes.value == UInt64(datagrams.map(\.sent.count).reduce(0, +)))
        #expect(counters.kernelDrops.value == 0)
        #expect(listener.boundPort == nil)
    }

    @Test func `N23 sent is received and dropped, exactly`() async throws {
        let bench = try Bench()
        let reports = Mutex<[UInt64]>([])
        let listener = UDPListener(
            .init(host: "127.0.0.1", port: 0, receiveBufferBytes: 200_000), bench.services,
            onDrops: { dropped in reports.withLock { $0.append(dropped) } })
        try listener.start()
        let socket = try TestSocket(.udp, port: #require(listener.boundPort))
        bench.sink.hold()
        socket.send("<13>0")
        await bench.sink.waitUntilHeld()
        let sent = 20_000
        for number in 1..<sent { socket.send("<13>\(number)") }
        async let stopped: Void = listener.stop(limit: .seconds(30))
        bench.sink.letGo()
        await stopped
        let counters = bench.counters
        #expect(counters.kernelDrops.value > 0)
        #expect(counters.udp.events.value > 1)
        #expect(counters.udp.events.value + counters.kernelDrops.value == UInt64(sent))
        #expect(bench.sink.events.count == Int(counters.udp.events.value))
        #expect(reports.withLock { $0.reduce(0, +) } == counters.kernelDrops.value)
        // What was dropped was dropped at the end: the buffer kept what came first.
        #expect(bench.sink.texts == (0..<bench.sink.events.count).map { "<13>\($0)" })
    }

    @Test func `stop takes what the kernel holds`() async throws {
        let bench = try Bench()
        let listener = UDPListener(.init(host: "127.0.0.1", port: 0), bench.services)
        try listener.start()
        let socket = try TestSocket(.udp, port: #require(listener.boundPort))
        bench.sink.hold()
        socket.send("<13>0")
        await bench.sink.waitUntilHeld()
        for number in 1..<200 { socket.send("<13>\(number)") }
        async let stopped: Void = listener.stop(limit: .seconds(30))
        bench.sink.letGo()
        await stopped
        await listener.stop()
        #expect(bench.sink.texts == (0..<200).map { "<13>\($0)" })
    }

    @Test func `IPv6 and IPv4 on one socket`() async throws {
        let bench = try Bench()
        let listener = UDPListener(.init(host: "::", port: 0), bench.services)
        do { try listener.start() } catch { return }  // No IPv6 on this machine.
        let port = try #require(listener.boundPort)
        var expected = ["127.0.0.1"]
        try TestSocket(.udp, port: port).send("<13>four")
        // Where the machine has IPv6.
        if (try? TestSocket(.udp, port: port, ipv6: true).send("<13>six")) == true { expected.append("::1") }
        await bench.sink.wait(for: expected.count)
        await listener.stop()
        #expect(bench.sink.events.map(\.peer.address) == expected)
    }

    @Test func `errors say what, where and the way out`() throws {
        let bench = try Bench()
        func failure(_ host: String, _ port: Int) -> String? {
            let listener = UDPListener(.init(host: host, port: port), bench.services)
            return #expect(throws: DatagramError.self) { try listener.start() }?.description
        }
        #expect(
            failure("localhost", 0)
                == "udp: \"localhost\" is not an IPv4 or IPv6 address; write one, such as 127.0.0.1 or ::")
        #expect(failure("127.0.0.1", 65_536) == "udp: port 65536 is not within 0 to 65535")
        #expect(
            failure("192.0.2.1", 5_514)
                == "udp: cannot listen on 192.0.2.1 port 5514: Cannot assign requested address; "
                + "choose another port, or stop its owner")
    }

    @Test func `the kernel grants what was asked for, or what it allows`() async throws {
        let bench = try Bench()
        let listener = UDPListener(
            .init(host: "127.0.0.1", port: 0, receiveBufferBytes: 100_000), bench.services)
        try listener.start()
        // The kernel doubles the number, for its bookkeeping.
        #expect(listener.receiveBufferBytes == 200_000)
        await listener.stop()
    }
}

@Suite struct DropCountTests {
    @Test func `increases are counted over the wrap, older readings are not`() {
        var drops = DropCount(now: .now)
        #expect(drops.read(0) == 0)
        #expect(drops.read(10) == 10)
        #expect(drops.read(7) == 0)
        #expect(drops.read(10) == 0)
        #expect(drops.read(2_000_000_000) == 1_999_999_990)
        #expect(drops.read(4_000_000_000) == 2_000_000_000)
        #expect(drops.read(5) == 294_967_301)
        #expect(drops.unreported == 4_294_967_301)
    }

    @Test func `one report a second`() {
        let start = ContinuousClock.now
        var drops = DropCount(now: start)
        #expect(drops.takeReport(at: start) == nil)
        #expect(drops.delay(from: start) == nil)
        _ = drops.read(3)
        #expect(drops.takeReport(at: start) == 3)
        _ = drops.read(5)
        #expect(drops.takeReport(at: start + .milliseconds(999)) == nil)
        #expect(drops.delay(from: start + .milliseconds(400)) == 600)
        _ = drops.read(6)
        #expect(drops.takeReport(at: start + .seconds(1)) == 3)
        #expect(drops.takeReport(at: start + .seconds(9)) == nil)
        _ = drops.read(7)
        #expect(drops.takeLast(at: start + .seconds(1)) == 1)
        #expect(drops.takeLast(at: start + .seconds(1)) == nil)
    }
}

@Suite struct SenderTableTests {
    static func address(_ number: Int) -> SenderAddress {
        SenderAddress(high: 0, low: 0xFFFF_0A00_0000 | UInt64(number))
    }

    @Test(
        arguments: [
            (0, 0xFFFF_7F00_0001, "127.0.0.1"), (0, 1, "::1"), (0x2001_0DB8_0000_0000, 0x0A, "2001:db8::a"),
            (0xFE80_0000_0000_0000, 0x1, "fe80::1"), (0, 0xFFFF_FFFF_FFFF, "255.255.255.255"),
        ] as [(UInt64, UInt64, String)]) func `addresses as text`(
            _ high: UInt64, _ low: UInt64, _ text: String
        )
    {
        #expect(SenderAddress(high: high, low: low).text == text)
    }

    @Test func `each sender stands once in each batch`() {
        var table = SenderTable()
        for _ in 0..<3 {
            var peers: [Peer] = []
            table.beginBatch()
            let indexes = [1, 2, 2, 1, 3].map { table.index(of: Self.address($0), in: &peers) }
            #expect(indexes == [0, 1, 1, 0, 2])
            #expect(peers.map(\.address) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        }
    }

    @Test func `more senders than are remembered`() {
        var table = SenderTable()
        var peers: [Peer] = []
        table.beginBatch()
        for number in 0..<IngestLimits.rememberedSenders + 10 {
            let index = table.index(of: Self.address(number), in: &peers)
            #expect(peers[index].address == Self.address(number).text)
        }
        let again = table.index(of: Self.address(0), in: &peers)
        #expect(peers[again].address == "10.0.0.0")
    }
}
