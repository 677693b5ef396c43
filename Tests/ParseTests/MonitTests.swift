import Testing

@testable import Parse

@Suite struct MonitTests {
    static let lines: [(String, String)] = [
        ("monit", "[2026-11-22T11:03:15+0000] error    : 'ghost' process is not running"),
        (
            "monit",
            "[PDT Apr 16 21:05:29] error    : Warning: Client '69.93.127.111' supplied unknown user 'foo' accessing monit httpd"
        ),
        ("monit", "'ghost' trying to restart"),
        ("monit", "HttpRequest: access denied -- client [192.0.2.1]: wrong password for user 'bob'"),
        ("monit", "[2026-11-22T11:03:15+0000] info     : 'web1' Monit 5.33.0 started\n  second line"),
    ]

    private func read(_ index: Int) throws -> ParsedLine {
        try ParsedLine("<30>Nov 22 11:03:15 web1 monit[5731]: \(Self.lines[index].1)")
    }

    @Test func `a line of its log file has time, level and service`() throws {
        let line = try read(0)
        #expect(line.format == "monit")
        #expect(line.event.severity == 3)
        #expect(line["log_time"] == "2026-11-22T11:03:15+0000")
        #expect(line["service"] == "ghost")
        #expect(line["message"] == "'ghost' process is not running")
        #expect(line.event.time == 1_795_345_395_000_000_000)
    }

    @Test func `the older form begins with the zone`() throws {
        let line = try read(1)
        #expect(line["log_time"] == "PDT Apr 16 21:05:29")
        #expect(line["client_ip"] == "69.93.127.111")
        #expect(line["user"] == "foo")
        #expect(line["message"]?.hasPrefix("Warning: Client") == true)
    }

    @Test func `over syslog there is the message alone`() throws {
        let line = try read(2)
        #expect(line["service"] == "ghost")
        #expect(line["message"] == "'ghost' trying to restart")
        #expect(try read(3)["client_ip"] == "192.0.2.1")
        #expect(try read(3)["user"] == "bob")
        #expect(try read(4)["message"] == "'web1' Monit 5.33.0 started\n  second line")
    }

    @Test func `a line that begins with a blank continues the one before`() {
        func place(_ text: String, _ state: UInt8 = 0) -> LineRule.Place {
            let bytes = Array(text.utf8)
            return Monit.place(bytes.span, 0..<bytes.count, state)
        }
        #expect(place("[2026-11-22T11:03:15+0000] info     : x") == .begins())
        #expect(place("  more", 1) == .continues())
        #expect(place("  more") == .unknown)
        #expect(place("'ghost' x") == .alone)
        #expect(place("") == .unknown)
    }
}
