import Parse
import Synchronization
import Testing

@testable import Ingest

/// While the sink takes nothing for lack of room.
@Suite(.timeLimit(.minutes(1))) struct DiskFullTests {
    private static func services(_ bench: Bench, _ isFull: Mutex<Bool>.Holder) -> IngestServices {
        let plain = bench.services
        return IngestServices(
            sink: plain.sink, counters: plain.counters, now: plain.now, makeParser: plain.makeParser,
            isFull: { isFull.value }, log: plain.log, retryMilliseconds: 40)
    }

    private func holds(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<3_000 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return condition()
    }

    @Test func `datagrams are read, dropped and counted, and then stored again`() async throws {
        let bench = try Bench()
        let isFull = Mutex<Bool>.Holder(true)
        let listener = UDPListener(.init(host: "127.0.0.1", port: 0), Self.services(bench, isFull))
        try listener.start()
        let socket = try TestSocket(.udp, port: #require(listener.boundPort))
        let counters = bench.counters
        for number in 0..<500 { socket.send("<13>\(number)") }
        // An empty one and a blank one count, too.
        socket.send("")
        socket.send("\n")
        #expect(try await holds { counters.diskFullDrops.value + counters.kernelDrops.value == 502 })
        #expect(counters.udp.events.value == 0 && counters.udp.emptyFrames.value == 0)
        isFull.value = false
        for number in 500..<600 { socket.send("<13>\(number)") }
        #expect(try await holds { counters.udp.events.value == 100 })
        isFull.value = true
        socket.send("<13>last")
        #expect(try await holds { counters.diskFullDrops.value + counters.kernelDrops.value == 503 })
        await listener.stop()
        #expect(bench.sink.texts == (500..<600).map { "<13>\($0)" })
        #expect(counters.udp.lostEvents.value == 0)
    }

    @Test func `a batch that was refused waits, while those behind it are dropped`() async throws {
        let bench = try Bench()
        let isFull = Mutex<Bool>.Holder(false)
        let listener = UDPListener(.init(host: "127.0.0.1", port: 0), Self.services(bench, isFull))
        try listener.start()
        let socket = try TestSocket(.udp, port: #require(listener.boundPort))
        let counters = bench.counters
        bench.sink.refuse(.max)
        socket.send("<13>first")
        #expect(try await holds { counters.udp.sinkFailures.value > 0 })
        isFull.value = true
        for number in 0..<300 { socket.send("<13>\(number)") }
        #expect(try await holds { counters.diskFullDrops.value + counters.kernelDrops.value == 300 })
        bench.sink.refuse(0)
        isFull.value = false
        #expect(try await holds { counters.udp.events.value == 1 })
        socket.send("<13>last")
        #expect(try await holds { counters.udp.events.value == 2 })
        await listener.stop()
        #expect(bench.sink.texts == ["<13>first", "<13>last"])
    }

    @Test func `a stop while the disk is full ends in time`() async throws {
        let bench = try Bench()
        let isFull = Mutex<Bool>.Holder(false)
        let listener = UDPListener(.init(host: "127.0.0.1", port: 0), Self.services(bench, isFull))
        try listener.start()
        let socket = try TestSocket(.udp, port: #require(listener.boundPort))
        bench.sink.refuse(.max)
        socket.send("<13>first")
        #expect(try await holds { bench.counters.udp.sinkFailures.value > 0 })
        isFull.value = true
        await listener.stop(limit: .milliseconds(200))
        #expect(bench.counters.udp.lostEvents.value == 1)
    }

    @Test func `a part that was refused is taken once, however it is given again`() throws {
        let bench = try Bench()
        let mark = ImportMark(file: "a-1", offset: 0, contentHash: 0, events: 0)
        let intake = FileIntake(mark, source: LineSource(program: "app", host: "h"), bench.services)
        bench.sink.refuse(2)
        let part = Array("one\ntwo\n".utf8)
        #expect(throws: CollectingSink.Refusal.self) { try intake.take(part, isLast: false) }
        #expect(throws: CollectingSink.Refusal.self) { try intake.settle() }
        #expect(intake.mark.offset == 0)
        try intake.settle()
        #expect(intake.mark.offset == UInt64(part.count) && intake.mark.events == 2)
        try intake.settle()
        #expect(bench.sink.texts == ["one", "two"])
    }
}

extension Mutex where Value == Bool {
    /// A value that two threads share.
    final class Holder: Sendable {
        private let state: Mutex<Bool>
        init(_ value: Bool) { state = Mutex(value) }
        var value: Bool {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
