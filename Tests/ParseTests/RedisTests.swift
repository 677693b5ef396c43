import Testing

@testable import Parse

/// Lines as Debian's Redis 7.0 and Memcached 1.6 wrote them, and as older servers did.
@Suite struct RedisTests {
    static let lines = [
        FormatLine(
            "redis-server", "18474:M 22 Nov 2026 10:59:47.817 - Accepted 127.0.0.1:48418", "redis", level: 6,
            at: "2026-11-22T10:59:47.817Z",
            [
                "pid=18474", "role=master", "log_time=22 Nov 2026 10:59:47.817", "level_text=verbose",
                "message=Accepted 127.0.0.1:48418", "client_ip=127.0.0.1", "client_port=48418",
            ].withoutPid),
        FormatLine(
            "redis", "18474:C 22 Nov 2026 10:54:44.043 # Redis version=7.0.15, pid=18474, just started",
            "redis",
            level: 4,
            [
                "role=child", "log_time=22 Nov 2026 10:54:44.043", "level_text=warning",
                "message=Redis version=7.0.15, pid=18474, just started",
            ]),
        FormatLine(
            "redis", "18474:M 22 Nov 2026 10:59:47.817 - Accepted [::1]:48418", "redis", level: 6,
            [
                "role=master", "log_time=22 Nov 2026 10:59:47.817", "level_text=verbose",
                "message=Accepted [::1]:48418", "client_ip=::1", "client_port=48418",
            ]),
        FormatLine(
            "redis", "[18474 | signal handler] (1795345104) Received SIGTERM, scheduling shutdown...",
            "redis",
            at: "2026-11-22T10:58:24Z",
            ["log_time=1795345104", "message=Received SIGTERM, scheduling shutdown..."]),
        FormatLine(
            "redis", "21779:S 22 Nov 2026 10:59:50.137 * Connecting to MASTER 127.0.0.1:6379", "redis",
            level: 5,
            [
                "role=slave", "log_time=22 Nov 2026 10:59:50.137", "level_text=notice",
                "message=Connecting to MASTER 127.0.0.1:6379",
            ]),
        FormatLine(
            "redis", "[512] 22 Nov 06:07:08 * The server is now ready", "redis", level: 5,
            at: "2026-11-22T06:07:08Z",
            ["log_time=22 Nov 06:07:08", "level_text=notice", "message=The server is now ready"]),
        FormatLine(
            "redis", "22 Nov 10:05:20 . 0 clients connected (0 slaves)", "redis", level: 7,
            ["log_time=22 Nov 10:05:20", "level_text=debug", "message=0 clients connected (0 slaves)"]),
        FormatLine(
            "redis", "733:X 22 Nov 10:05:20.001 # +sdown master m 10.0.0.1 6379", "redis", level: 4,
            [
                "role=sentinel", "log_time=22 Nov 10:05:20.001", "level_text=warning",
                "message=+sdown master m 10.0.0.1 6379",
            ]),
        FormatLine(
            "redis", "733:signal-handler (1795345104) Received SIGTERM", "redis",
            at: "2026-11-22T10:58:24Z",
            ["log_time=1795345104", "message=Received SIGTERM"]),
        FormatLine(
            "redis", #"1795345104.107412 [15 10.1.2.3:41001] "set" "a b" "c""#, "redis-monitor",
            at: "2026-11-22T10:58:24.107412Z",
            [
                #"message=1795345104.107412 [15 10.1.2.3:41001] "set" "a b" "c""#,
                "log_time=1795345104.107412",
                "database=15", "client_ip=10.1.2.3", "client_port=41001", "command=set", #"params="a b" "c""#,
            ]),
        FormatLine(
            "redis", #"1795345104.107412 [0 [::1]:41001] "ping""#, "redis-monitor",
            [
                #"message=1795345104.107412 [0 [::1]:41001] "ping""#, "log_time=1795345104.107412",
                "database=0",
                "client_ip=::1", "client_port=41001", "command=ping",
            ]),

        FormatLine(
            "memcached", "<23 server listening (auto-negotiate)", "memcached",
            ["message=<23 server listening (auto-negotiate)", "direction=<", "fd=23"]),
        FormatLine(
            "memcached", "<24 set wiki:page 0 0 3", "memcached",
            ["message=<24 set wiki:page 0 0 3", "direction=<", "fd=24", "command=set", "key=wiki:page"]),
        FormatLine("memcached", ">24 END", "memcached", ["message=>24 END", "direction=>", "fd=24"]),
    ]

    @Test(arguments: lines) func `a line is taken apart`(_ line: FormatLine) throws { try line.check() }

    @Test func `the process of the message is nearer than that of the header`() throws {
        #expect(try FormatLine.read("redis", "[512] 22 Nov 06:07:08 * ready")["pid"] == "512")
    }

    @Test(arguments: [
        "*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***", "      _._", "18474:Q 22 Nov 2026 10:59:47.817 - x",
        "18474:M 22 Nov 2026 10:59:47.817 + x", "18474:M 22 Foo 2026 10:59:47.817 - x",
        "[512 22 Nov 06:07:08 * x",
        "733:signal-handler (soon) x", "7", "",
    ]) func `what is no line of the server fails`(_ text: String) throws {
        let line = try FormatLine.read("redis", text)
        #expect(line.event.outcome == (text.isEmpty ? .ok : .failed))
        #expect(line.format == "syslog")
    }

    @Test func `a line with a time begins an event`() {
        let places = FormatLine.places(
            RedisLine.place,
            [
                "18474:C 22 Nov 2026 10:54:44.043 # x", "      _._", "22 Nov 10:05:20 . x", "Port: 6379",
                "1:signal-handler (1) x",
            ])
        #expect(places == "b-b-b")
    }
}

extension [String] {
    /// What a body shows of these: the process counts to the header.
    fileprivate var withoutPid: [String] { filter { !$0.hasPrefix("pid=") } }
}
