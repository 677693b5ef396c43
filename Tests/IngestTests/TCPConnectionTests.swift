import NIOCore
import NIOEmbedded
import Parse
import Testing

@testable import Ingest

/// The connection without sockets and without time.
@Suite struct TCPConnectionTests {
    /// One connection in an embedded channel.
    struct Rig {
        let bench: Bench
        let channel = EmbeddedChannel()
        let loop: ReceivingLoop
        let table = ConnectionTable()

        init() throws {
            bench = try Bench()
            let services = bench.services
            let counters = services.counters.tcp
            loop = ReceivingLoop(services, counters, BatchDelivery(services, counters))
            _ = table.enter("192.0.2.1")
            let stream = TCPStream(peer: Peer(.tcp, "192.0.2.1"), number: 1)
            let connection = TCPConnection(
                stream, loop: loop, table: table, services: services, counters: counters)
            try channel.pipeline.syncOperations.addHandler(connection)
            try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 514)).wait()
        }

        func send(_ bytes: some Sequence<UInt8>) throws {
            try channel.writeInbound(ByteBuffer(bytes: Array(bytes)))
        }

        func sweep(_ times: Int) {
            for _ in 0..<times { loop.sweep() }
        }

        func closed(_ reason: CloseReason) -> UInt64 { bench.counters.connectionsClosed(reason) }
    }

    @Test func `events carry peer and time, once per read`() throws {
        let rig = try Rig()
        try rig.send("<13>a\n5 <13>b".utf8)
        #expect(
            rig.bench.sink.events
                == ["<13>a", "<13>b"].map {
                    .init(frame: Framed($0.utf8), peer: Peer(.tcp, "192.0.2.1"), time: Bench.time)
                })
        #expect(rig.bench.counters.tcp.events.value == 2)
        #expect(rig.bench.counters.tcp.bytes.value == 13)
    }

    @Test func `many short lines are handed over in parts`() throws {
        let rig = try Rig()
        let lines = (0..<10_000).map { "<1>\($0)\n" }.joined()
        try rig.send(lines.utf8)
        #expect(rig.bench.sink.texts == (0..<10_000).map { "<1>\($0)" })
        #expect(rig.bench.sink.largestBatch == IngestLimits.batchEvents)
    }

    /// The rest of a frame is copied up to 4 KiB and moved beyond; neither may show.
    @Test(arguments: [1, 100, 4_095, 4_096, 4_097, 9_000, 65_536, 65_537]) func `frames over several reads`(
        length: Int
    ) throws {
        let rig = try Rig()
        let long = Array("<13>".utf8) + [UInt8](repeating: 0x61, count: length)
        let stream =
            Array("<13>first\n".utf8) + long + Array("\n<13>x\n\(long.count) ".utf8) + long
            + Array("<13>last".utf8)
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + 1_777)
            try rig.send(stream[start..<end])
            start = end
        }
        _ = try rig.channel.finish()
        #expect(rig.bench.sink.frames == naiveFrames(stream).frames)
        #expect(rig.bench.sink.frames.count == 5)
    }

    @Test func `an idle connection is closed after ten minutes`() throws {
        let rig = try Rig()
        try rig.send("<13>a\n<13>half".utf8)
        rig.sweep(IngestLimits.idleSweeps)
        try rig.send("!".utf8)
        rig.sweep(IngestLimits.idleSweeps)
        #expect(rig.channel.isActive)
        rig.sweep(1)
        #expect(!rig.channel.isActive)
        #expect(rig.closed(.idle) == 1)
        #expect(rig.bench.sink.frames == [Framed("<13>a".utf8), Framed("<13>half!".utf8, .unterminated)])
    }

    @Test func `N6 a counted frame that does not arrive`() throws {
        let rig = try Rig()
        try rig.send("25 <13>".utf8)
        rig.sweep(IngestLimits.frameSweeps)
        try rig.send("a".utf8)
        #expect(rig.channel.isActive)
        rig.sweep(1)
        #expect(!rig.channel.isActive)
        #expect(rig.closed(.frameTimeout) == 1)
        #expect(rig.bench.sink.frames == [Framed("<13>a".utf8, .unterminated)])
        #expect(rig.bench.log.all.count == 1)
    }

    @Test func `a slow line is no slow frame, and complete frames begin anew`() throws {
        let rig = try Rig()
        try rig.send("<13>slow".utf8)
        rig.sweep(2 * IngestLimits.frameSweeps)
        try rig.send(" line\n9 <13>".utf8)
        for _ in 0..<5 {
            rig.sweep(IngestLimits.frameSweeps)
            try rig.send("counted9 <13>".utf8.dropFirst(2))
        }
        #expect(rig.channel.isActive)
    }

    @Test func `N16 TLS on the plain port`() throws {
        let rig = try Rig()
        try rig.send([0x16])
        #expect(rig.channel.isActive)
        try rig.send([0x03, 0x01, 0x02, 0x00, 0x0A, 0x3C])
        #expect(!rig.channel.isActive)
        #expect(rig.closed(.tlsOnPlainPort) == 1)
        #expect(rig.bench.sink.events.isEmpty)
        #expect(rig.bench.counters.tcp.discardedBytes.value == 7)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n" + (1...20).map { "X-\($0): y\r\n" }.joined(), 8),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 2),
    ]) func `N17 HTTP on the syslog port`(_ request: String, _ stored: Int) throws {
        let rig = try Rig()
        try rig.send(request.utf8)
        #expect(!rig.channel.isActive)
        #expect(rig.closed(.httpOnSyslog) == 1)
        #expect(rig.bench.sink.events.count == stored)
    }

    @Test(arguments: [
        ("99999999999999999999 <13>x", CloseReason.badOctetCount), ("1048577 <13>x", .frameTooLarge),
        ("5 <13>hello world", .lostFraming),
    ]) func `a framing error closes after what was good`(_ bad: String, _ reason: CloseReason) throws {
        let rig = try Rig()
        try rig.send("<13>good\n\(bad)<13>after\n".utf8)
        #expect(!rig.channel.isActive)
        #expect(rig.closed(reason) == 1)
        #expect(rig.bench.sink.texts.first == "<13>good")
        #expect(!rig.bench.sink.texts.contains { $0.contains("after") })
        let counters = rig.bench.counters
        #expect(counters.tcp.discardedBytes.value > 0)
        #expect(counters.connectionsOpen == 0)
        #expect(rig.table.enter("192.0.2.1") == nil)
    }

    @Test func `what the sink refuses is offered again`() throws {
        let rig = try Rig()
        rig.bench.sink.refuse(3)
        try rig.send("<13>a\n<13>b\n".utf8)
        try rig.send("<13>c\n".utf8)
        #expect(rig.bench.sink.texts == ["<13>a", "<13>b", "<13>c"])
        #expect(rig.bench.counters.tcp.sinkFailures.value == 3)
        #expect(rig.bench.log.all.count == 1)
    }

    @Test func `what the sink refuses to the end is counted as lost`() throws {
        let bench = try Bench()
        bench.sink.refuse(.max)
        let delivery = BatchDelivery(bench.services, bench.counters.tcp)
        delivery.stop(after: .zero)
        var batch = EventBatch()
        delivery.deliver(batch)
        batch.bytes = Array("<13>a".utf8)
        batch.peers = [Peer(.tcp, "")]
        var parser = LineParser(formats: bench.formats, zone: .utc)
        parser.parse(0..<5, peer: 0, in: &batch)
        delivery.deliver(batch)
        #expect(bench.counters.tcp.lostEvents.value == 1)
        #expect(bench.counters.tcp.events.value == 0)
        #expect(bench.log.all.count == 2)
    }
}
