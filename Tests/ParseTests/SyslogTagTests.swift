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
