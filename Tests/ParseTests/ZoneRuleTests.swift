import Foundation
import Parse
import TestSupport
import Testing

@Suite struct ZoneRuleTests {
    static let folder = "/usr/share/zoneinfo/"
    static let isInstalled = FileManager.default.fileExists(atPath: folder + "Europe/Berlin")

    private static func bytes(_ zone: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder + zone)))
    }

    /// Seconds since 1970 of `2026-11-22 10:00:00` as if it were UTC.
    private static func clock(_ text: String) throws -> Int64 {
        let stamp = text.replacingOccurrences(of: " ", with: "T") + "Z"
        return try ParsedLine("<13>1 \(stamp) h a - - - m", listener: .file).event.time / 1_000_000_000
    }

    static let local: [(String, String, Int)] = [
        ("Europe/Berlin", "2026-01-15 12:00:00", 3_600), ("Europe/Berlin", "2026-07-15 12:00:00", 7_200),
        // Behind the table the footer's rule holds.
        ("Europe/Berlin", "2090-01-15 12:00:00", 3_600), ("Europe/Berlin", "2090-07-15 12:00:00", 7_200),
        ("America/New_York", "2026-11-22 12:00:00", -18_000),
        ("America/New_York", "2090-07-01 12:00:00", -14_400),
        // South of the equator summer crosses the end of the year.
        ("Australia/Sydney", "2090-01-15 12:00:00", 39_600),
        ("Australia/Sydney", "2090-07-15 12:00:00", 36_000),
        ("Asia/Kolkata", "2026-07-15 12:00:00", 19_800), ("UTC", "2026-07-15 12:00:00", 0),
        // The clock jumps from 2 to 3 on 29 March 2026: 02:30 is read with the offset before.
        ("Europe/Berlin", "2026-03-29 01:59:59", 3_600), ("Europe/Berlin", "2026-03-29 02:30:00", 3_600),
        ("Europe/Berlin", "2026-03-29 03:00:00", 7_200), ("Europe/Berlin", "2090-03-26 02:59:59", 3_600),
        ("Europe/Berlin", "2090-03-26 03:00:00", 7_200),
        // Twice on 25 October 2026, received long after: the earlier one.
        ("Europe/Berlin", "2026-10-25 02:30:00", 7_200), ("Europe/Berlin", "2026-10-25 03:00:00", 3_600),
    ]

    @Test(.enabled(if: isInstalled, "no zone data in /usr/share/zoneinfo"), arguments: local)
    func `offsets of real zones`(_ zone: String, _ local: String, _ expected: Int) throws {
        let rule = try ZoneRule(tzif: try Self.bytes(zone))
        let clock = try Self.clock(local)
        #expect(rule.offset(atLocal: clock, received: clock + 400 * 86_400) == expected)
        if local.contains("-15 ") { #expect(rule.offset(at: clock - Int64(expected)) == expected) }
    }

    @Test(.enabled(if: isInstalled, "no zone data in /usr/share/zoneinfo"))
    func `an hour that comes twice is the one nearest to the receipt`() throws {
        let rule = try ZoneRule(tzif: try Self.bytes("Europe/Berlin"))
        let clock = try Self.clock("2026-10-25 02:30:00")
        #expect(rule.offset(atLocal: clock, received: clock - 7_200 + 1) == 7_200)
        #expect(rule.offset(atLocal: clock, received: clock - 3_600 + 1) == 3_600)
        #expect(rule.offset(atLocal: clock, received: .max) == 7_200)
        #expect(rule.offset(atLocal: clock, received: .min) == 7_200)
        // Also through a parser, whose cache must not keep the first answer.
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: rule)
        var batch = EventBatch()
        batch.bytes = Array("<13>Oct 25 02:30:00 h t: m".utf8)
        batch.peers = [Peer(.tcp, "::1")]
        for receipt in [clock - 7_200, clock - 3_600] {
            batch.received = receipt * 1_000_000_000
            parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
        }
        #expect(batch.events.map { $0.time / 1_000_000_000 } == [clock - 7_200, clock - 3_600])
    }

    @Test(.enabled(if: isInstalled, "no zone data in /usr/share/zoneinfo"))
    func `every instant of a real zone is what the system says`() throws {
        for name in [
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
            "America/St_Johns",
        ] {
            let rule = try ZoneRule(tzif: try Self.bytes(name))
            let zone = try #require(TimeZone(identifier: name))
            for instant in stride(from: Int64(0), to: 2_100_000_000, by: 1_234_567) {
                #expect(
                    rule.offset(at: instant)
                        == zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))),
                    "\(name) at \(instant)")
            }
        }
    }

    @Test(.enabled(if: isInstalled, "no zone data in /usr/share/zoneinfo"))
    func `a damaged zone file is refused or read, never a trap`() throws {
        let whole = try Self.bytes("Europe/Berlin")
        for length in 0..<whole.count {
            #expect(throws: ZoneError.self, "\(length) bytes") {
                try ZoneRule(tzif: Array(whole.prefix(length)))
            }
        }
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<3_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(
                    in: 0..<min(bytes.count, Bool.random(using: &random) ? 44 : bytes.count), using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            guard let rule = try? ZoneRule(tzif: bytes) else { continue }
            for instant in [Int64.min, -1, 0, 4_102_444_800, Int64.max] {
                _ = rule.offset(at: instant)
                _ = rule.offset(atLocal: instant, received: 0)
            }
        }
    }

    @Test func `errors name what is wrong`() {
        let error = #expect(throws: ZoneError.self) { try ZoneRule(tzif: Array(repeating: 65, count: 44)) }
        #expect(error == .notAZoneFile)
        #expect(
            ZoneError.truncated(offset: 60, size: 44).description
                == "zone file: ends at byte 44, 60 were announced. Install the zone data again")
    }

    @Test(arguments: [(0, 0), (3_600, 3_600), (-90_000, -86_399), (Int.max, 86_399)])
    func `a fixed offset is less than a day`(_ given: Int, _ expected: Int) {
        #expect(ZoneRule(offsetSeconds: given).offset(atLocal: 0, received: 0) == expected)
    }

    @Test func `a time without a zone gets the rule's, and writes itself again`() throws {
        for zone in [ZoneRule(offsetSeconds: -18_000), ZoneRule(offsetSeconds: 19_800)] {
            let line = try ParsedLine("<13>Nov 22 07:00:00 h t: m", zone: zone)
            #expect(
                line.event.time == (ParsedLine.received / 1_000_000_000 - 18_000 - Int64(zone.offset(at: 0)))
                    * 1_000_000_000)
            let value = try #require(line.batch.fields(of: line.event).first { $0.role == .time })
            var text: [UInt8] = []
            value.layout.render(line.event.time, into: &text)
            #expect(String(decoding: text, as: UTF8.self) == "Nov 22 07:00:00")
        }
        // An offset of seconds cannot be written as minutes: the text is kept.
        #expect(
            try ParsedLine("<13>Nov 22 07:00:00 h t: m", zone: ZoneRule(offsetSeconds: 61)).role(
                "header_time") == .hole)
    }
}
