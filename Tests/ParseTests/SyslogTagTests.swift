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
            line: "<189>45: r1: *Nov 22 11:00:03.123: %LINK-3-UPDOWN: up", pri: "189",
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
            message: "2026-11-22T11:00:03.123+0000: 12.345: [GC x]", reasons: ["no_pri"]),
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

    @Test func `the word of BusyBox gives facility and severity`() throws {
        let line = try ParsedLine("Nov 22 11:00:00 box auth.err login[3]: x")
        #expect(line.event.facility == 4)
        #expect(line.event.severity == 3)
        let own = try ParsedLine("<13>Nov 22 11:00:00 box auth.err login[3]: x")
        #expect(own.event.facility == 1)
        #expect(own["program"] == "login")
    }
}
