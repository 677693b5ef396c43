import Testing

@testable import Parse

@Suite struct TimeFormatTests {
    static let base: Int64 = 1_795_342_704  // 2026-11-22T10:18:24Z

    static let cases: [(TimeFormat, String, Int64)] = [
        (.slashed, "2026/11/22 10:18:24", 0), (.sql, "2026-11-22 10:18:24", 0),
        (.sql, "2026-11-22 10:18:24.250000", 250_000_000), (.sql, "2026-11-22 10:18:24,250", 250_000_000),
        (.sql, "2026-11-22 11:18:24+01:00", 0), (.sql, "2026-11-22 05:18:24 -0500", 0),
        (.sql, "2026-11-22 11:18:24+01", 0), (.dashed, "22-Nov-2026 10:18:24", 0),
        (.weekday, "Sun Nov 22 10:18:24.000001 2026", 1_000), (.weekday, "Sun Nov 22 10:18:24 2026", 0),
        (TimeFormat("%a %b %d %H:%M:%S %Z %Y"), "Sun Nov 22 5:18:24 EST 2026", 0),
        (TimeFormat("%d-%b-%Y %H:%M:%S %Z"), "22-Nov-2026 10:18:24 UTC", 0),
        (TimeFormat("%y%m%d %H:%M:%S"), "261122 10:18:24", 0),
        (TimeFormat("%d %b %Y %H:%M:%S%f"), "22 Nov 2026 10:18:24.817", 817_000_000),
        (TimeFormat("%d %b %H:%M:%S"), "22 Nov 10:18:24", 0),
        (.epoch, "1795342704", 0), (.epoch, "1795342704.5", 500_000_000),
        (.epoch, "1795342704817", 817_000_000),
        (.epoch, "1795342704817000001", 817_000_001),
    ]

    @Test(arguments: cases.indices) func `a time is read in its format`(_ index: Int) throws {
        let (format, text, fraction) = Self.cases[index]
        let bytes = Array("x\(text)x".utf8)
        var times = TimeReader(zone: .utc)
        times.received = ParsedLine.received
        let found = times.read([format], bytes.span, 1..<bytes.count - 1)
        let reading = try #require(found, "\(text)")
        #expect(reading.nanoseconds == Self.base * 1_000_000_000 + fraction, "\(text)")
        guard reading.layout.style != .none else { return }
        var again: [UInt8] = []
        reading.layout.render(reading.nanoseconds, into: &again)
        #expect(String(decoding: again, as: UTF8.self) == text)
        // One byte less, or one more, is no such time or another one.
        let more = times.read([format], bytes.span, 1..<bytes.count)
        #expect(more == nil)
    }

    @Test(arguments: [
        "2026/13/22 10:18:24", "2026/11/31 10:18:24", "2026/11/22 24:18:24", "2026/11/22",
        "26/11/22 10:18:24", "",
    ])
    func `what is no such time is none`(_ text: String) {
        let bytes = Array(text.utf8)
        var times = TimeReader(zone: .utc)
        let reading = times.read([.slashed], bytes.span, 0..<bytes.count)
        #expect(reading == nil)
    }

    @Test func `zones are looked up by name, and local time where nobody knows them`() throws {
        let format = TimeFormat("%d-%b-%Y %H:%M:%S %Z")
        let names = ZoneNames { $0 == "Asia/Here" ? ZoneRule(offsetSeconds: 7_200) : nil }
        var times = TimeReader(zone: ZoneRule(offsetSeconds: 3_600), zones: names)
        for (zone, hours) in [("Asia/Here", 2), ("PST", -8), ("Atlantis/None", 1), ("Asia/Here", 2)] {
            let bytes = Array("22-Nov-2026 10:18:24 \(zone)".utf8)
            let found = times.read([format], bytes.span, 0..<bytes.count)
            let reading = try #require(found)
            #expect(reading.nanoseconds == (Self.base - Int64(hours) * 3_600) * 1_000_000_000)
        }
    }

    @Test func `a format that is always UTC takes no zone of the listener`() throws {
        var times = TimeReader(zone: ZoneRule(offsetSeconds: 3_600))
        let bytes = Array("2026-11-22 10:18:24".utf8)
        times.isUTC = true
        let reading = times.read([.sql], bytes.span, 0..<bytes.count)
        #expect(reading?.nanoseconds == Self.base * 1_000_000_000)
    }
}

@Suite struct EscapesTests {
    @Test(arguments: [
        (Escapes.backslash, #"a\x22b\\c\"d\ne\tf\xC3\xA9\q\x1"#, "a\"b\\c\"d\ne\tfé\\q\\x1"),
        (.octal, "a#012b#011c#0 #999#300", "a\nb\tc#0 #999#300"), (.json, #"\u0041\/\u12"#, #"A/\u12"#),
        (.json, #"a\"#, #"a\"#), (.backslash, #"a\"#, #"a\"#),
    ])
    func `escapes are taken back`(_ escapes: Escapes, _ text: String, _ meant: String) {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        escapes.append(bytes.span, 0..<bytes.count, to: &result)
        #expect(String(decoding: result, as: UTF8.self) == meant)
        let occurs = escapes.occur(bytes.span, 0..<bytes.count)
        #expect(occurs)
    }
}

@Suite struct LevelTests {
    static let words: [(String, UInt8?)] = [
        ("emerg", 0), ("Emergency", 0), ("alert", 1), ("crit", 2), ("CRITICAL", 2), ("fatal", 2), ("err", 3),
        ("ERROR", 3), ("warn", 4), ("Warning", 4), ("notice", 5), ("NOTE", 5), ("info", 6),
        ("Informational", 6),
        ("debug", 7), ("trace", 7), ("trace8", 7), ("loud", nil), ("", nil), ("3", 3), ("7", 7), ("8", nil),
        ("10", 7), ("30", 6), ("40", 4), ("60", 2), ("100", 7), ("250", 5), ("600", 0), ("601", nil),
        ("1000", nil),
    ]

    @Test(arguments: words) func `a level is a severity`(_ word: String, _ severity: UInt8?) {
        let bytes = Array(word.utf8)
        let found = LevelScale.any.severity(bytes.span, 0..<bytes.count)
        #expect(found == severity)
    }

    @Test func `a scale reads its own numbers only`() {
        for (scale, text, severity) in [
            (LevelScale.syslog, "4", 4), (.bunyan, "50", 3), (.monolog, "400", 3),
        ] {
            let bytes = Array(text.utf8)
            let found = scale.severity(bytes.span, 0..<bytes.count)
            #expect(found == UInt8(severity))
            for other in [LevelScale.syslog, .bunyan, .monolog] where other != scale {
                let none = other.severity(bytes.span, 0..<bytes.count)
                #expect(none == nil)
            }
        }
    }
}

@Suite struct LineSourceTests {
    private func read(_ text: String, _ source: LineSource) throws -> (EventBatch, Event) {
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        var batch = EventBatch()
        batch.bytes = Array(text.utf8)
        batch.received = ParsedLine.received
        batch.peers = [Peer(.file, "", source: source)]
        parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
        let event = try #require(batch.events.first)
        #expect(batch.events.count == 1)
        return (batch, event)
    }

    private func value(_ name: FieldID, _ batch: EventBatch, _ event: Event) -> String? {
        batch.fields(of: event).first { $0.field == name }.map {
            String(decoding: batch.bytes(of: $0), as: UTF8.self)
        }
    }

    @Test func `a line without a header is a message of its program`() throws {
        let text = "2026/11/22 10:54:44 [notice] 1#2: exit"
        let (batch, event) = try read(text, LineSource(program: "nginx", host: "web1"))
        #expect(Formats.names.name(of: event.format) == "nginx-error")
        #expect(value(.host, batch, event) == "web1")
        #expect(value(.program, batch, event) == "nginx")
        #expect(value(.message, batch, event) == "exit")
        #expect(event.severity == 5)
        #expect(event.facility == Event.unknown)
        #expect(event.reasons == [])
    }

    @Test func `a line with a header is read with it, unless it is a message for certain`() throws {
        let text = "<13>Nov 22 11:00:00 h sshd[7]: text"
        let (batch, event) = try read(text, LineSource(program: "nginx", host: "web1"))
        #expect(value(.host, batch, event) == "h")
        #expect(value(.program, batch, event) == "sshd")
        #expect(value(.message, batch, event) == "text")
        let (whole, message) = try read(text, LineSource(program: "x", isMessage: true))
        #expect(value(.message, whole, message) == text)
    }

    @Test func `one format alone may be asked for`() throws {
        let text = "2026/11/22 10:54:44 [notice] 1#2: exit"
        let (_, event) = try read(text, LineSource(program: "", format: "nginx-error"))
        #expect(Formats.names.name(of: event.format) == "nginx-error")
        let (_, other) = try read(text, LineSource(program: "nginx", format: "apache-access"))
        #expect(other.outcome == .failed)
    }
}
