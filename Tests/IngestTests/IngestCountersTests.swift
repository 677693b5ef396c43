import Parse
import Synchronization
import Testing

@testable import Ingest

@Suite struct IngestCountersTests {
    @Test func `the snapshot names every value once, as Prometheus does`() {
        let counters = IngestCounters()
        counters.tcp.events.add(7)
        counters.udp.note([.truncated, .badUTF8])
        counters.connectionsOpened.add(3)
        counters.connectionEnded(.idle)
        counters.connectionRefused(.tooManyConnections)
        let samples = counters.snapshot()
        let names = samples.map { "\($0.name){\($0.labels.map { "\($0.name)=\($0.value)" }.joined())}" }
        #expect(Set(names).count == names.count)
        #expect(samples.allSatisfy { $0.name.hasSuffix("_total") || $0.name == "wplog_connections_open" })
        let values = Dictionary(uniqueKeysWithValues: zip(names, samples.map(\.value))).filter {
            $0.value > 0
        }
        #expect(
            values == [
                "wplog_events_received_total{listener=tcp}": 7,
                "wplog_frames_truncated_total{listener=udp}": 1,
                "wplog_connections_open{}": 2,
                "wplog_connections_opened_total{}": 3,
                "wplog_connections_closed_total{reason=idle}": 1,
                "wplog_connections_closed_total{reason=too_many_connections}": 1,
            ])
    }

    @Test func `reasons have different names, and only errors have advice`() {
        let names = CloseReason.allCases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(CloseReason.allCases.filter { $0.advice == nil } == [.peer, .reset, .stop, .idle])
    }

    @Test func `one line per topic and interval`() {
        let lines = LogLines()
        let log = PacedLog { lines.add($0) }
        for number in 0..<5 { log.write("a", "a\(number)") }
        log.write("b", "b")
        #expect(lines.all == ["a0", "b"])
    }

    @Test func `the silenced ones are mentioned`() {
        let lines = LogLines()
        let log = PacedLog(every: .zero) { lines.add($0) }
        for number in 0..<2 { log.write("a", "a\(number)") }
        #expect(lines.all == ["a0", "a1"])
    }

    @Test(arguments: [
        ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1"), ("::1", "::1"),
        ("::ffff:1:2", "::ffff:1:2"), ("", ""),
    ]) func `IPv4 senders are written as IPv4`(_ address: String, _ text: String) {
        #expect(PeerAddress.text(address) == text)
    }
}
