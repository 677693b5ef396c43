import Parse
import Testing

/// Times without a zone, in the zone of their host.
struct HostZoneTests {
    private static let hour: Int64 = 3_600_000_000_000

    /// One parser, line by line: host `db*` is an hour ahead of UTC, what `10.0.0.9` sends nine.
    private func times(_ lines: [(String, peer: Peer)]) throws -> [Int64] {
        var parser = LineParser(
            formats: try #require(ParsedLine.formats), zone: .utc,
            zones: { ["one": ZoneRule(offsetSeconds: 3_600), "nine": ZoneRule(offsetSeconds: 32_400)][$0] },
            hosts: HostZones { host, sender in
                if sender.address == "10.0.0.9" { return "nine" }
                return host.starts(with: "db".utf8) ? "one" : nil
            })
        var batch = EventBatch()
        batch.received = ParsedLine.received
        for (line, peer) in lines {
            let start = batch.bytes.count
            batch.bytes += Array(line.utf8) + [0x0A]
            batch.peers.append(peer)
            parser.parse(start..<batch.bytes.count - 1, peer: batch.peers.count - 1, in: &batch)
        }
        return batch.events.map { ($0.time - ParsedLine.received) / Self.hour }
    }

    @Test func `each host has its own zone, whoever wrote the line before`() throws {
        let relay = Peer(.tcp, "10.0.0.1")
        let far = Peer(.udp, "10.0.0.9")
        let file = Peer(.file, "", source: LineSource(program: "app", host: "db7"))
        let message = Peer(.file, "", source: LineSource(program: "nginx", host: "db7", isMessage: true))
        let zoned = Peer(.file, "", source: LineSource(program: "app", host: "db7", zone: "nine"))
        let lines: [(String, peer: Peer)] = [
            ("<13>Nov 22 12:00:00 web1 app: x", relay), ("<13>Nov 22 12:00:00 db1 app: x", relay),
            ("<13>Nov 22 12:00:00 web1 app: x", relay), ("<13>Nov 22 12:00:00 db1 app: x", relay),
            ("<13>Nov 22 12:00:00 app: x", far), ("<13>1 2026-11-22T12:00:00Z db1 app - - - x", relay),
            ("<13>1 2026-11-22T12:00:00 db1 app - - - x", relay),
            // The message's own time, too, and lines of files.
            ("<13>Nov 22 12:00:00 db1 nginx: 2026/11/22 12:00:00 [error] 1#1: *1 x", relay),
            ("<13>Nov 22 12:00:00 web1 nginx: 2026/11/22 12:00:00 [error] 1#1: *1 x", relay),
            ("Nov 22 12:00:00 db1 app: x", file), ("2026-11-22 12:00:00 x", file),
            ("2026/11/22 12:00:00 [error] 1#1: *1 x", message), ("2026-11-22 12:00:00 x", zoned),
        ]
        #expect(try times(lines) == [0, -1, 0, -1, -9, 0, -1, -1, 0, -1, -1, -1, -9])
    }
}
