import Parse
import Testing

/// The general rule for dates, and what stands in for them in files.
struct LineDateTests {
    private static let june: Int64 = 1_750_775_785_000_000_000  // 2025-06-24T14:36:25Z
    private static let hour: Int64 = 3_600_000_000_000

    /// Lines and their time: nanoseconds after `june`.
    private static let dated: [(String, Int64)] = [
        ("2025-06-24 14:36:25 status installed libc6:amd64 2.36", 0),
        ("2025-06-24T14:36:25Z x", 0), ("2025-06-24T14:36:25,250 x", 250_000_000),
        ("2025-06-24 14:36:25.5+02:00 x", 500_000_000 - 2 * hour), ("2025-06-24 14:36:25 -0500 x", 5 * hour),
        ("2025-06-24 14:36:25+02 x", -2 * hour),
        ("2025-06-24 14:36:25.125 UTC [1234] LOG:  ready", 125_000_000),
        ("2025-06-24 14:36:25 CEST [1234] LOG:  ready", -2 * hour),
        // No zone, though it begins like one.
        ("2025-06-24 14:36:25 Zebra", 0), ("2025-06-24 14:36:25 WARN x", 0), ("2025-06-24 14:36:25 -5 x", 0),
        ("2025/06/24 14:36:25 x", 0), ("2025.06.24 14:36:25: x", 0), ("20250624 14:36:25 x", 0),
        ("24/Jun/2025:14:36:25 +0000 x", 0), ("24/Jun/2025:16:36:25 +0200] x", 0),
        ("24.06.2025 14:36:25 x", 0),
        ("24-Jun-2025 14:36:25.125 x", 125_000_000), ("24 Jun 2025 14:36:25.125 * x", 125_000_000),
        ("[24-Jun-2025 14:36:25] x", 0), ("[2025-06-24 14:36:25] x", 0), ("(2025-06-24 14:36:25) x", 0),
        ("[Tue Jun 24 14:36:25 2025] usb 1-1: new device", 0), ("Tue Jun 24 14:36:25 UTC 2025 x", 0),
        ("Tue Jun 24 16:36:25 CEST 2025\tweb1\tx", 0), ("Tue, 24 Jun 2025 16:36:25 +0200 x", 0),
        ("Jun 24, 2025 2:36:25 PM org.apache.catalina", 0), ("Jun 24 14:36:25 2025 x", 0),
        ("1750775785 x", 0), ("1750775785.250 x", 250_000_000), ("1750775785250 x", 250_000_000),
        // A few words before it, in a file.
        ("update-alternatives 2025-06-24 14:36:25: run with", 0), ("Start-Date: 2025-06-24  14:36:25", 0),
        ("Log started: 2025-06-24  14:36:25", 0), ("[INFO] [x] [2025-06-24 14:36:25] x", 0),
        ("10.0.0.1 - - - [24/Jun/2025:14:36:25 +0000] \"GET /\"", 0),
        // A day, or a minute.
        ("2025-06-24: x", -(14 * 3_600 + 36 * 60 + 25) * 1_000_000_000),
        ("2025-06-24 14:36 x", -25_000_000_000),
    ]

    private static let undated = [
        "", "no date", "2025-06-24-foo.log", "2025-13-24 14:36:25 x", "2025-02-30 14:36:25 x",
        "2025-06-24T25:36:25 x", "2025-06-24 14:36:25x", "2099-01-01 00:00:00 x", "123456 x", "1.2.3 x",
        "Jun x", "Jun 24", "Jun 24 14:36 x", "12345678 x", "99999999999999999999 x",
        "[    0.000000] Linux version",
        "a b c d e 2025-06-24 14:36:25", "  AND touched > 2025-06-24 14:36:25", "expires 2025-06-24", "-1 x",
        "24",
        "2025", "2025-", "2025-06-2", "24/Jun", "24/Jun/2025:1", "Tue, ", "[", "[2", "1750775785abc",
    ]

    private func line(_ text: String, _ listener: Peer.Listener = .file) throws -> ParsedLine {
        try ParsedLine(text, listener: listener)
    }

    @Test(arguments: dated) func `a date at the begin of a line is its time`(_ text: String, _ after: Int64)
        throws
    {
        let line = try line(text)
        #expect(line.event.time - Self.june == after)
        #expect(line["message"] == text || line.format != "raw")
        #expect(line.event.outcome == .partial)
        #expect(line.reasons.contains("general_time"))
    }

    @Test func `a zone by its name in the zone database, before a bracket`() throws {
        var parser = LineParser(
            formats: try #require(ParsedLine.formats), zone: .utc,
            zones: { $0 == "Europe/Berlin" ? ZoneRule(offsetSeconds: 7_200) : nil })
        var batch = EventBatch()
        batch.received = ParsedLine.received
        batch.peers = [Peer(.file, "")]
        batch.bytes = Array("[24-Jun-2025 16:36:25 Europe/Berlin] x".utf8)
        parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
        #expect(batch.events.map(\.time) == [Self.june])
    }

    @Test(arguments: undated) func `what is no date, or one that no log tells of, is none`(_ text: String)
        throws
    {
        let line = try line(text)
        #expect(line.event.time == ParsedLine.received)
        #expect(!line.reasons.contains("general_time"))
    }

    @Test func `every cut of a date is read without harm`() throws {
        for (text, _) in Self.dated {
            for count in 0...text.utf8.count {
                _ = try line(String(decoding: text.utf8.prefix(count), as: UTF8.self))
            }
        }
    }

    /// From the network only what stands at the begin of a message without any other time, within the window.
    @Test func `lines from the network take a date that can be believed`() throws {
        let near = try line("2026-11-22 10:00:00 x", .udp)
        #expect(near.event.time == ParsedLine.received - 2 * Self.hour)
        #expect(near.reasons.contains("general_time"))
        let tagged = try line("<13>app: [2026-11-22 10:00:00] x", .tcp)
        #expect(tagged.event.time == ParsedLine.received - 2 * Self.hour)
        for text in [
            "2025-06-24 14:36:25 x", "2026-11-22 x", "word 2026-11-22 10:00:00 x",
            "<13>Nov 22 12:00:00 h app: 2026-11-22 10:00:00 x",
        ] {
            let line = try line(text, .udp)
            #expect(line.event.time == ParsedLine.received, "\(text)")
            #expect(!line.reasons.contains("general_time"), "\(text)")
        }
    }

    @Test func `a time before 1970, or after the day of receipt, is not taken`() throws {
        #expect(try line("1969-12-31 23:59:59 x").event.time == ParsedLine.received)
        #expect(try line("2026-11-23 11:00:00 x").event.time == ParsedLine.received + 23 * Self.hour)
        #expect(try line("2026-11-23 13:00:00 x").event.time == ParsedLine.received)
    }
}
