import Testing

@testable import Parse

extension SyslogHeaderTests {
    /// Tags that are more than a program and its number.
    static let unusual = [
        Case(
            line: "<14>Nov 22 11:00:00 mac Google Chrome Helper (Renderer)[85]: x", pri: "14", host: "mac",
            program: "Google Chrome Helper (Renderer)", pid: "85", message: "x"),
        Case(
            line: "<14>Nov 22 11:00:00 mac com.apple.xpc.launchd[1] (com.apple.quicklook[21]): x", pri: "14",
            host: "mac", program: "com.apple.xpc.launchd[1] (com.apple.quicklook[21])", message: "x"),
        Case(
            line: "Nov 22 11:00:00 mac Slack Helper[5]: x", pri: nil, host: "mac", program: "Slack Helper",
            pid: "5", message: "x", reasons: ["no_pri"]),
        // syslogd of itself.
        Case(
            line: "Nov 22 11:00:00 web1 last message repeated 2 times", pri: nil, host: "web1",
            message: "last message repeated 2 times", reasons: ["no_pri"]),
        Case(
            line: "Nov 22 11:00:00 web1 exiting on signal 15", pri: nil, host: "web1",
            message: "exiting on signal 15", reasons: ["no_pri"]),
        Case(
            line: "Nov 22 11:00:00 web1 syslogd 1.5.0#5: restart.", pri: nil, host: "web1",
            program: "syslogd",
            message: "restart.", reasons: ["no_pri"]),
        // Cisco: a number, perhaps a name and a mark before the time, a zone behind it, a colon of its own.
        Case(
            line: "<189>45: Nov 22 11:00:03.123 UTC: %LINK-3-UPDOWN: up", pri: "189",
            program: "%LINK-3-UPDOWN",
            message: "up"),
        Case(
            line: "<189>45: r1: *Nov 22 11:00:03.123: %LINK-3-UPDOWN: up", pri: "189", host: "r1",
            program: "%LINK-3-UPDOWN", message: "up"),
        Case(
            line: "Nov 22 2026 11:00:03 fw1 : %ASA-6-302013: Built", pri: nil, host: "fw1",
            program: "%ASA-6-302013", message: "Built", reasons: ["no_pri"]),
        // The clock of a database behind a PRI.
        Case(
            line: "<14>2026-11-22 11:00:03.5 web1 app[7]: x", pri: "14", host: "web1", program: "app",
            pid: "7",
            message: "x"),
        Case(
            line: "<14>2026-11-22 11:00:03x web1 app: x", pri: "14",
            message: "2026-11-22 11:00:03x web1 app: x", reasons: ["bad_time"]),
        // Java's collector is no program, though a colon stands behind its clock.
        Case(
            line: "2026-11-22T11:00:03.123+0000: 12.345: [GC x]", pri: nil,
            message: "2026-11-22T11:00:03.123+0000: 12.345: [GC x]", reasons: ["no_pri", "general_time"]),
        Case(
            line: "<14>Nov 22 11:00:00 web1 tag text[1]: x", pri: "14", host: "web1", program: "tag",
            message: "text[1]: x"),
        Case(
            line: "<14>Nov 22 11:00:00 web1 Tag Text[a]: x", pri: "14", host: "web1", program: "Tag",
            message: "Text[a]: x"),
        Case(
            line: "<14>Nov 22 11:00:00 web1 tag[1] (a b): x", pri: "14", host: "web1", program: "tag",
            pid: "1",
            message: "(a b): x"),
        Case(
            line: "Nov 22 11:00:00 box auth.err login[3]: x", pri: nil, host: "box", program: "login",
            pid: "3", message: "x", reasons: ["no_pri"]),
        Case(
            line: "<13>Nov 22 11:00:00 box user.other text", host: "box", program: "user.other",
            message: "text"),
        Case(
            line: "<38>Nov 22 11:00:00 Message forwarded from aix1: sshd[6]: x", pri: "38", host: "aix1",
            program: "sshd", pid: "6", message: "x"),
        Case(
            line: "<38>Nov 22 11:00:00 Message forwarded from", pri: "38", host: "Message",
            program: "forwarded", message: "from"),
        Case(
            line: "<190>.Nov 22 11:00:00: %SYS-5-CONFIG_I: x", pri: "190", program: "%SYS-5-CONFIG_I",
            message: "x"),
        Case(
            line: "<190>*Nov 22 11:00:00.123: %SYS-5-CONFIG_I: x", pri: "190", program: "%SYS-5-CONFIG_I",
            message: "x"),
        Case(
            line: "Nov 22 11:00:00 mac --- last message repeated 1 time ---", pri: nil, host: "mac",
            message: "--- last message repeated 1 time ---", reasons: ["no_pri"]),
        Case(line: "<190>.hidden file", pri: "190", message: ".hidden file", reasons: ["bad_time"]),
        Case(
            line: "<46>Nov 22 11:00:00 h -- MARK --", pri: "46", host: "h", program: "--", message: "MARK --"),
        Case(
            line: "Nov 22 11:00:00 h -- MARK --", pri: nil, host: "h", program: "--", message: "MARK --",
            reasons: ["no_pri"]),
    ]

    /// What network devices and appliances put before the mnemonic, and hosts and tags with colons.
    static let devices = [
        Case(
            line: "<187>: 2026 Nov 22 11:00:03 GMT: %AUTHPRIV-3-SYSTEM_MSG: login refused", pri: "187",
            program: "%AUTHPRIV-3-SYSTEM_MSG", message: "login refused"),
        Case(
            line: "<189>core-1: 7001: Nov 22 11:00:03.5 UTC: %SYS-5-RESTART: up", pri: "189", host: "core-1",
            program: "%SYS-5-RESTART", message: "up"),
        Case(
            line: "<189>7002: core-1: Nov 22 2026 11:00:03.5 UTC: %SYS-5-RESTART: up", pri: "189",
            host: "core-1",
            program: "%SYS-5-RESTART", message: "up"),
        Case(line: "<189>82: 3w2d: %SYS-5-RESTART: up", pri: "189", program: "%SYS-5-RESTART", message: "up"),
        Case(
            line: "<189>82: 00:12:45: %SYS-5-RESTART: up", pri: "189", program: "%SYS-5-RESTART",
            message: "up"),
        Case(
            line: "<189>82: core-1: 1d03h: %SYS-5-RESTART: up", pri: "189", host: "core-1",
            program: "%SYS-5-RESTART", message: "up"),
        Case(
            line: "<189>82: three: of them: %", pri: "189", program: "82", message: "three: of them: %",
            reasons: ["bad_time"]),
        Case(
            line: "<166>Nov 22 11:00:03 192.0.2.5: %ASA-6-302013: Built", pri: "166", host: "192.0.2.5",
            program: "%ASA-6-302013", message: "Built"),
        Case(
            line: "<166>Nov 22 11:00:03 fw-2: %ASA-6-302013: Built", pri: "166", host: "fw-2",
            program: "%ASA-6-302013", message: "Built"),
        Case(
            line: "<4>Nov 22 11:00:03 AP6,00005e005301,v6.5: hostapd: wlan0: left", pri: "4",
            host: "AP6,00005e005301,v6.5", program: "hostapd", message: "wlan0: left"),
        Case(
            line: "<38>Nov 22 11:00:03 gw gw[-]:  sshd[77]: Accepted", pri: "38", host: "gw", program: "sshd",
            pid: "77", message: "Accepted"),
        Case(
            line: "<38>Nov 22 11:00:03 web1 web1 app: ok", pri: "38", host: "web1", program: "app",
            message: "ok"),
        Case(
            line: "<14>Nov 22 11:00:03 gw CEF:0|Vendor|Box|1|5|x|3|src=192.0.2.1", pri: "14", host: "gw",
            message: "CEF:0|Vendor|Box|1|5|x|3|src=192.0.2.1"),
        Case(
            line: "<14>Nov 22 11:00:03 gw LEEF:1.0|Vendor|Box|1|5|a=b", pri: "14", host: "gw",
            message: "LEEF:1.0|Vendor|Box|1|5|a=b"),
        Case(
            line: "<30>Nov 22 11:00:03 d1 hub.example.test/lib/proxy:1.2-slim/p.1/ab12[9]: up", pri: "30",
            host: "d1",
            program: "hub.example.test/lib/proxy:1.2-slim/p.1/ab12", pid: "9", message: "up"),
        Case(line: "<30>Nov 22 11:00:03 - app[9]: up", pri: "30", program: "app", pid: "9", message: "up"),
        Case(
            line: "<30>Nov 22 11:00:03 h /usr/sbin/cron[9]: up", pri: "30", host: "h",
            program: "/usr/sbin/cron",
            pid: "9", message: "up"),
        Case(
            line: "<30>Nov 22 11:00:03 h su:pam_unix(su:auth): failed", pri: "30", host: "h", program: "su",
            message: "pam_unix(su:auth): failed"),
    ]

    /// Times in other layouts than those of the two RFCs.
    static let layouts = [
        "2026 Nov 22 11:00:03", "Nov 22 2026 11:00:03+00:00", "2026:11:22-11:00:03", "2026-11-22 11:00:03",
        "2026-11-22 11:00:03,250", "2026-11-22 11:00:03 +0000", "2026/11/22 11:00:03", "22 Nov 2026 11:00:03",
        "22/Nov/2026:11:00:03 +0000", "22.11.2026 11:00:03", "Sun Nov 22 11:00:03 2026",
        "Sun Nov 22 11:00:03 UTC 2026",
        "Sun, 22 Nov 2026 11:00:03 +0000", "Sun 2026-11-22 11:00:03 UTC", "nov/22/2026 11:00:03",
        "1795345203.5",
        "Nov 22 11:00:03 GMT", "Nov 22 12:00:03 CET", "2026-11-22 12:00:03 CET", "2026-11-22T11:00:03.25Z",
    ].map { Case(line: "<13>\($0) web1 app[9]: up", host: "web1", program: "app", pid: "9", message: "up") }

    @Test(arguments: layouts) func `a time in any layout is the event's`(_ test: Case) throws {
        let second: Int64 = 1_795_345_203_000_000_000
        #expect(try ParsedLine(test.line).event.time / 1_000_000_000 == second / 1_000_000_000)
        // The line of a file needs no PRI.
        let bytes = Array(test.line.utf8.dropFirst(4))
        let line = try ParsedLine.ofFile(bytes)
        #expect(line["host"] == "web1")
        #expect(line["program"] == "app")
        #expect(line.event.time / 1_000_000_000 == second / 1_000_000_000)
        #expect(line.event.severity == Event.unknown)
        #expect(line.event.facility == Event.unknown)
        #expect(line.event.outcome == .ok)
        #expect(line.reasons == [])
    }

    /// A zone that the line names beats that of the source.
    @Test func `a zone of the line beats the listener's`() throws {
        let zone = ZoneRule(offsetSeconds: -5 * 3_600)
        for text in ["Nov 22 11:00:03 UTC", "Nov 22 12:00:03.0 CET", "Nov 22 2026 11:00:03 UTC"] {
            let line = try ParsedLine("<189>\(text): %SYS-5-RESTART: up", zone: zone)
            #expect(line.event.time / 1_000_000_000 == 1_795_345_203, "\(text)")
        }
    }

    @Test func `a day that no year near has leaves host and tag readable`() throws {
        for text in ["Feb 29 00:00:01", "Feb 30 00:00:01"] {
            let line = try ParsedLine("<30>\(text) host1 dhcpd[5]: lease")
            #expect(line["host"] == "host1")
            #expect(line["program"] == "dhcpd")
            #expect(line["message"] == "lease")
            #expect(line.event.time == ParsedLine.received)
            #expect(line.event.outcome == .partial)
        }
    }

    @Test func `the word of BusyBox gives facility and severity`() throws {
        let line = try ParsedLine("Nov 22 11:00:00 box auth.err login[3]: x")
        #expect(line.event.facility == 4)
        #expect(line.event.severity == 3)
        let own = try ParsedLine("<13>Nov 22 11:00:00 box auth.err login[3]: x")
        #expect(own.event.facility == 1)
        #expect(own["program"] == "login")
    }
}
