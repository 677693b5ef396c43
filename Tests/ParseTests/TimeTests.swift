import Parse
import TestSupport
import Testing

@Suite struct TimeTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        /// Nanoseconds; nil for a time that cannot be read.
        let nanoseconds: Int64?
        var isExact = true
        var testDescription: String { text }
    }

    static let iso = [
        Case(text: "1970-01-01T00:00:00Z", nanoseconds: 0),
        Case(text: "1969-12-31T23:59:59.999999999Z", nanoseconds: -1),
        Case(text: "2026-11-21T10:00:00.5+02:00", nanoseconds: 1_795_248_000_500_000_000),
        Case(text: "2026-11-21T10:00:00.000-00:30", nanoseconds: 1_795_257_000_000_000_000),
        Case(text: "2026-11-21T10:00:00", nanoseconds: 1_795_255_200_000_000_000),
        Case(text: "2026-11-21T10:00:00+00:00", nanoseconds: 1_795_255_200_000_000_000),
        Case(text: "2026-11-21T10:00:00-00:00", nanoseconds: 1_795_255_200_000_000_000, isExact: false),
        Case(text: "2026-11-21T10:00:00+0000", nanoseconds: 1_795_255_200_000_000_000, isExact: false),
        Case(text: "2026-11-21T09:59:60Z", nanoseconds: 1_795_255_200_000_000_000, isExact: false),
        Case(text: "2024-02-29T00:00:00Z", nanoseconds: 1_709_164_800_000_000_000),
        Case(text: "2023-02-29T00:00:00Z", nanoseconds: nil),
        Case(text: "2026-13-01T00:00:00Z", nanoseconds: nil),
        Case(text: "2026-00-01T00:00:00Z", nanoseconds: nil),
        Case(text: "2026-11-31T00:00:00Z", nanoseconds: nil),
        Case(text: "2026-11-21T24:00:00Z", nanoseconds: nil),
        Case(text: "2026-11-21T10:60:00Z", nanoseconds: nil),
        Case(text: "2026-11-21T10:00:61Z", nanoseconds: nil),
        Case(text: "2026-11-21T10:00:00.Z", nanoseconds: nil),
        Case(text: "2026-11-21T10:00:00+24:00", nanoseconds: nil),
        Case(text: "2026-11-21T10:00:00Zx", nanoseconds: nil),
        Case(text: "2026-11-21T10:00", nanoseconds: nil),
        Case(text: "2026-1١-21T10:00:00Z", nanoseconds: nil),
    ]

    @Test(arguments: iso)
    func `an RFC 3339 time is read, or the time of receipt stands in`(_ test: Case) throws {
        let line = try ParsedLine("<13>1 \(test.text) h a - - - m", listener: .file)
        #expect(line.event.time == test.nanoseconds ?? ParsedLine.received)
        #expect(line.reasons == (test.nanoseconds == nil ? ["bad_time"] : []))
        #expect(line["header_time"] == test.text)
        #expect(line.role("header_time") == (test.nanoseconds != nil && test.isExact ? .time : .hole))
    }

    @Test(arguments: [
        ("9999-12-31T23:59:59.999999Z", false), ("0000-01-01T00:00:00Z", false),
        ("2262-04-11T23:47:17Z", false),
        ("1969-07-20T20:17:40Z", true), ("2026-10-22T11:59:59Z", true), ("2026-11-23T12:00:01Z", true),
    ])
    func `a network time out of the window is kept and marked`(_ text: String, _ fits: Bool) throws {
        let line = try ParsedLine("<13>1 \(text) h a - - - m", listener: .udp)
        #expect(line.reasons == ["time_suspect"])
        #expect(line["header_time"] == text)
        #expect(line.event.time == ParsedLine.received)
        #expect(line.role("header_time") == (fits ? .time : .hole))
        #expect(
            try ParsedLine("<13>1 \(text) h a - - - m", listener: .file).reasons
                == (fits ? [] : ["time_suspect"]))
    }

    @Test(arguments: ["2026-10-23T12:00:00Z", "2026-11-23T12:00:00Z"])
    func `the ends of the window belong to it`(_ text: String) throws {
        #expect(try ParsedLine("<13>1 \(text) h a - - - m", listener: .udp).reasons == [])
    }

    @Test(arguments: [
        ("Nov  1 10:00:00", "2026-11-01T10:00:00Z", true), ("Nov 21 10:00:00", "2026-11-21T10:00:00Z", true),
        ("Nov 21 10:00:00.250", "2026-11-21T10:00:00.25Z", true),
        ("Nov 1 10:00:00", "2026-11-01T10:00:00Z", false),
        ("NOV 21 10:00:00", "2026-11-21T10:00:00Z", false),
        ("Nov 01 10:00:00", "2026-11-01T10:00:00Z", false),
        ("Nov 21 2025 10:00:00", "2025-11-21T10:00:00Z", false),
        ("Nov 21 10:00:60", "2026-11-21T10:01:00Z", false),
        ("Jun  1 00:00:00", "2026-06-01T00:00:00Z", true), ("Feb  1 00:00:00", "2026-02-01T00:00:00Z", true),
    ])
    func `an RFC 3164 time is read in the latest year that its receipt allows`(
        _ text: String, _ same: String, _ isExact: Bool
    ) throws {
        let line = try ParsedLine("<13>\(text) h t: m", listener: .file)
        #expect(line.event.time == (try ParsedLine("<13>1 \(same) h a - - - m", listener: .file).event.time))
        #expect(line["header_time"] == text)
        #expect(line.role("header_time") == (isExact ? .time : .hole))
        #expect(line.reasons == [])
    }

    @Test(arguments: [
        ("Dec 31 23:59:59", "2027-01-01T00:00:01Z", "2026-12-31T23:59:59Z"),
        ("Jan  1 00:00:01", "2026-12-31T23:59:59Z", "2027-01-01T00:00:01Z"),
        ("Dec 31 23:59:59", "2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"),
        ("Apr 12 10:00:00", "2026-11-22T00:00:00Z", "2026-04-12T10:00:00Z"),
        ("Nov 29 10:00:00", "2026-11-22T00:00:00Z", "2026-11-29T10:00:00Z"),
        ("Nov 30 10:00:00", "2026-11-22T00:00:00Z", "2025-11-30T10:00:00Z"),
        ("Feb 29 12:00:00", "2028-01-31T00:00:00Z", "2028-02-29T12:00:00Z"),
        ("Feb 29 12:00:00", "2027-12-31T00:00:00Z", "2028-02-29T12:00:00Z"),
    ])
    func `the year is right around its end`(_ text: String, _ receipt: String, _ expected: String) throws {
        let received = try ParsedLine("<13>1 \(receipt) h a - - - m", listener: .file).event.time
        let line = try ParsedLine("<13>\(text) h t: m", listener: .file, received: received)
        #expect(
            line.event.time == (try ParsedLine("<13>1 \(expected) h a - - - m", listener: .file).event.time))
    }

    @Test func `a leap day that no near year has is of the latest that has it`() throws {
        #expect(try ParsedLine("<13>Feb 29 12:00:00 h t: m").reasons == ["time_suspect"])
        let ofFile = try ParsedLine("<13>Feb 29 12:00:00 h t: m", listener: .file)
        #expect(ofFile.event.time == TimeReading.rfc3339(Array("2024-02-29T12:00:00Z".utf8))?.nanoseconds)
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max])
    func `any time of receipt is survived`(_ received: Int64) throws {
        for text in ["<13>Feb 28 12:00:00 h t: m", "<13>1 2026-11-22T10:00:00 h a - - - m", "<13>x"] {
            _ = try ParsedLine(text, received: received, zone: ZoneRule(offsetSeconds: -43_200))
        }
    }

    // MARK: Writing times again

    static let styles: [(TimeLayout.Style, [TimeLayout.Zone])] = [
        (.iso, [.unwritten, .z, .colon]), (.bsd, [.unwritten]), (.http, [.blank]),
    ]

    @Test func `what is written is read again, and written again the same`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var renderer = TimeRenderer()
        for _ in 0..<3_000 {
            let (style, zones) = try #require(Self.styles.randomElement(using: &random))
            let zone = try #require(zones.randomElement(using: &random))
            let isOffset = zone == .colon || zone == .blank || zone == .unwritten
            let offset = isOffset ? Int16.random(in: -1_439...1_439, using: &random) : 0
            let digits = style == .http ? 0 : UInt8.random(in: 0...9, using: &random)
            let layout = TimeLayout(style, zone: zone, fractionDigits: digits, offsetMinutes: offset)
            // Near the receipt for the year-less style, anywhere for the others; often close to the one
            // before.
            let day: Int64 = 86_400_000_000_000
            // A year-less time lies at most a week ahead.
            let reach = style == .bsd ? 350 * day : 100_000 * day
            let ahead = style == .bsd ? 6 * day : reach
            let near = ParsedLine.received
            let time = near &+ Int64.random(in: -reach...min(ahead, Int64.max - near), using: &random)

            var text: [UInt8] = []
            renderer.render(time, as: layout, into: &text)
            var fresh: [UInt8] = []
            layout.render(time, into: &fresh)
            #expect(text == fresh, "seed \(seed)")

            let shown = String(decoding: text, as: UTF8.self)
            let frame =
                switch style {
                case .bsd: "<13>\(shown) h t: m"
                case .http: "<13>1 - h nginx - - - 1.2.3.4 - - [\(shown)] \"GET / HTTP/1.1\" 200 5"
                default: "<13>1 \(shown) h a - - - m"
                }
            let zoneRule = ZoneRule(offsetSeconds: Int(offset) * 60)
            let line = try ParsedLine(frame, listener: .file, zone: zoneRule)
            let value = try #require(
                line.batch.fields(of: line.event).first { $0.role == .time }, "\(shown), seed \(seed)")
            #expect(value.layout == layout, "\(shown), seed \(seed)")
            var again: [UInt8] = []
            value.layout.render(line.event.time, into: &again)
            #expect(again == text, "seed \(seed)")
        }
    }

    @Test func `a renderer that moves in small steps writes what a fresh one writes`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var renderer = TimeRenderer()
        let layouts = [
            TimeLayout(.iso, zone: .z, fractionDigits: 6), TimeLayout(.bsd), TimeLayout(.http, zone: .blank),
            TimeLayout(.iso, zone: .colon, fractionDigits: 3, offsetMinutes: -570), .none,
        ]
        var time: Int64 = -2_000_000_000_000
        for _ in 0..<5_000 {
            time += Int64.random(in: -5_000_000...40_000_000_000, using: &random)
            for layout in layouts where Bool.random(using: &random) {
                var text: [UInt8] = [1]
                renderer.render(time, as: layout, into: &text)
                var fresh: [UInt8] = [1]
                layout.render(time, into: &fresh)
                #expect(text == fresh, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [Int64.min, Int64.max]) func `the ends of 64 bits are written`(_ time: Int64) {
        var text: [UInt8] = []
        TimeLayout(.iso, zone: .z, fractionDigits: 9, offsetMinutes: .max).render(time, into: &text)
        TimeLayout(.http, zone: .blank, offsetMinutes: .min).render(time, into: &text)
        #expect(text.count == 30 + 26)
    }

    // MARK: Which time is the event's

    @Test(arguments: [
        // The message's own time wins.
        ("2026-11-22T11:00:05.250Z", "22/Nov/2026:11:00:00 +0000", "2026-11-22T11:00:00Z"),
        // In the same second the header's digits are taken.
        ("2026-11-22T11:00:00.250Z", "22/Nov/2026:11:00:00 +0000", "2026-11-22T11:00:00.25Z"),
        ("2026-11-22T11:00:00.250Z", "22/Nov/2026:12:00:00 +0100", "2026-11-22T11:00:00.25Z"),
        // One that is no time leaves the header's.
        ("2026-11-22T11:00:00.250Z", "22/Nox/2026:11:00:00 +0000", "2026-11-22T11:00:00.25Z"),
        ("-", "22/Nov/2026:11:00:00 +0000", "2026-11-22T11:00:00Z"),
    ])
    func `the time of an access line`(_ header: String, _ own: String, _ expected: String) throws {
        let line = try ParsedLine(
            "<13>1 \(header) h nginx - - - 1.2.3.4 - - [\(own)] \"GET / HTTP/1.1\" 200 5")
        #expect(line.event.time == (try ParsedLine("<13>1 \(expected) h a - - - m").event.time))
        #expect(line["log_time"] == own)
        #expect(line.reasons == (own.contains("Nox") ? ["bad_time"] : []))
        #expect(line.role("log_time") == (own.contains("Nox") ? .hole : .time))
    }
}
