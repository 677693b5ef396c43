import Parse
import TestSupport
import Testing

/// Whatever the bytes: one event for each frame, ranges in order, no trap.
@Suite struct ArbitraryLineTests {
    static let seeds: [String] =
        AccessLineTests.cases.map {
            "<190>1 2026-11-22T10:57:00.123456Z web1 \($0.program) 1 m - \($0.line) rid=1 rt=0.5"
        }
        + AccessLineTests.cases.map { "<190>Nov 22 10:57:00 web1 \($0.program)[7]: \($0.line)" }
        + (SyslogHeaderTests.rfc5424 + SyslogHeaderTests.rfc3164 + SyslogHeaderTests.without
        + SyslogHeaderTests.crafted).map(\.line)
        + JSONBodyTests.cases.map { "<13>1 - web1 app 1 - - \($0.body)" }
        + [
            #"<187>Nov 22 10:56:30 web1 nginx: 2026/11/22 10:56:30 [warn] 1#2: *3 a#012b, client: 1.2.3.4, server: "#
                + #"s, request: "GET / HTTP/1.1", upstream: "http://u/", host: "h", referrer: "r""#
        ]

    /// Bytes that mean something somewhere.
    static let special = Array("<>[]{}\"\\:=, -\t\r\n\0\u{1B}1Z+.,é".utf8) + [0xFF, 0xC0, 0xED]

    private static func mutate(_ line: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var line = line
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = line.isEmpty ? 0 : Int.random(in: 0..<line.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !line.isEmpty: line[place] = UInt8.random(in: 0...255, using: &random)
            case 1 where !line.isEmpty: line.remove(at: place)
            case 2 where !line.isEmpty: line.removeSubrange(place...)
            case 3: line.insert(special.randomElement(using: &random) ?? 0, at: place)
            case 4:
                let length = Int.random(in: 1...40, using: &random)
                line.insert(contentsOf: line.dropFirst(place).prefix(length), at: place)
            default:
                let byte = special.randomElement(using: &random) ?? 0
                line.insert(
                    contentsOf: Array(repeating: byte, count: Int.random(in: 1...300, using: &random)),
                    at: place)
            }
        }
        return line
    }

    /// In a process of its own: mutated keys become field names, and these are shared by all tests of a process.
    @Test func `20,000 mutated lines each make one sound event`() async {
        await #expect(processExitsWith: .success) {
            let seed = UInt64.random(in: .min ... .max)
            var random = SeededRandom(seed: seed)
            var parser = LineParser(
                formats: try #require(ParsedLine.formats), zone: ZoneRule(offsetSeconds: 3_600))
            var batch = EventBatch()
            for round in 0..<200 {
                let frames = Self.fill(&batch, lines: 100, &random)
                let before = batch.bytes
                for frame in frames { parser.parse(frame, peer: round % 2, in: &batch) }
                try #require(batch.bytes == before)
                try #require(batch.events.map { $0.raw.range } == frames, "seed \(seed)")
                for event in batch.events {
                    let found = flaws(in: batch, event) + Self.unfaithfulTimes(batch, event)
                    let line = String(decoding: batch.bytes[event.raw.range], as: UTF8.self).debugDescription
                    try #require(found == [], "\(line), seed \(seed)")
                }
            }
        }
    }

    /// Starts a batch over with mutated and random lines, and returns their frames.
    private static func fill(
        _ batch: inout EventBatch, lines: Int, _ random: inout SeededRandom
    ) -> [Range<Int>] {
        batch.recycle(consumed: batch.bytes.count)
        batch.received = ParsedLine.received
        batch.peers = [Peer(.udp, "192.0.2.1"), Peer(.file, "")]
        return (0..<lines).map { _ in
            let noise = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let isNoise = Int.random(in: 0..<10, using: &random) == 0
            let line =
                isNoise ? noise : mutate(Array((seeds.randomElement(using: &random) ?? "").utf8), &random)
            let start = batch.bytes.count
            batch.bytes += line + [0x0A]
            return start..<start + line.count
        }
    }

    @Test func `with a full table of names values go to the field other`() async {
        await #expect(processExitsWith: .success) {
            _ = try #require(ParsedLine.formats)
            for index in 0..<Fields.limit { _ = Fields.table.id(of: "filler\(index)") }
            let head = #"1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-" "#
            let line = try ParsedLine("<13>1 - h nginx - - - " + head + "rt=0.5 unheard=1 rid=7")
            try #require(line["request_time"] == "0.5")
            try #require(line["other"] == "1")
            try #require(line["request_id"] == "7")
            try #require(line.event.outcome == .ok)
        }
    }

    /// Times of which the event took its own, but which do not write themselves again from it.
    private static func unfaithfulTimes(_ batch: EventBatch, _ event: Event) -> [String] {
        let times = batch.fields(of: event).filter { $0.role == .time }
        let isHeaderAlone = !batch.fields(of: event).contains { $0.field == .logTime }
        guard isHeaderAlone, times.count == 1, let value = times.first else { return [] }
        // The time of receipt stands in.
        if !event.reasons.isDisjoint(with: [.badTime, .timeSuspect]) { return [] }
        var text: [UInt8] = []
        value.layout.render(event.time, into: &text)
        return text == Array(batch.bytes(of: value))
            ? [] : ["time written as \(String(decoding: text, as: UTF8.self))"]
    }

    @Test func `64 KiB of anything is one event`() throws {
        let size = 65_536 + 100
        let bodies: [[UInt8]] = [
            Array(repeating: 0, count: size), Array(repeating: 0xFF, count: size),
            Array(repeatElement(Array("\u{1B}[31mred\0".utf8), count: size / 9).joined()),
            Array(repeatElement(Array("e\u{301}".utf8), count: size / 3).joined()),
            Array(repeating: UInt8(ascii: "["), count: size),
            Array(repeating: UInt8(ascii: "\""), count: size),
            Array(repeatElement(Array(#"a="b" "#.utf8), count: size / 6).joined()),
        ]
        let headers = [
            "", "<13>", "<13>1 - h a - - ", "<13>1 - h a - - [x ", "<13>1 - h a - - [x a=\"",
            "<13>Nov 22 11:00:00 h ",
            "<13>1 - h nginx - - - ",
            #"<13>1 - h nginx - - - 1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-" "#,
        ]
        for body in bodies {
            for header in headers {
                let line = Array(header.utf8) + body
                let parsed = try ParsedLine(line)
                #expect(parsed.event.raw.count == line.count)
                #expect(Array(parsed.batch.bytes[parsed.event.raw.range]) == line)
            }
        }
    }
}
