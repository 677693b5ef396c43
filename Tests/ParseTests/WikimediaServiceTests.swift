import Testing

@testable import Parse

/// Services on Node.js, Gerrit, Icinga, the bots of IRC.
@Suite struct WikimediaServiceTests {
    static let lines = [
        FormatLine(
            "restbase",
            #"{"rsyslog.hostname":"r1","facility":"local0","hostname":"b","level":50,"root_req":{"method":"put","uri":"/v1/x?a=1","headers":{"user-agent":"App/1"}},"msg":"500: error","latency":31,"time":"2026-11-22T10:59:07.250Z","name":"restbase","res":{"name":"HTTPError","msg":"failed","status":500},"pid":213,"stack":"HTTPError: x\n    at y"}"#,
            "node-json", level: 3, at: "2026-11-22T10:59:07.250Z",
            [
                "body.host=r1", "body.hostname=b", "level_text=50", "method=put", "path=/v1/x?a=1",
                "agent=App/1",
                "message=500: error", "latency=31", "log_time=2026-11-22T10:59:07.250Z", "service=restbase",
                "exception=HTTPError", "error_message=failed", "status=500",
                "stack_trace=HTTPError: x\n    at y",
            ]),
        FormatLine(
            "node",
            #"{"level":30,"time":1795345104107,"request":{"url":"/img/a.png","remoteAddress":"10.9.8.7","remotePort":40123,"query":{"domain":"docs.example.org"}},"req":{"headers":{"host":"h"}},"err":{"name":"E","message":"m","stack":"s"},"message":"x"}"#,
            "node-json", level: 6, at: "2026-11-22T10:58:24.107Z",
            [
                "level_text=30", "log_time=1795345104107", "path=/img/a.png", "client_ip=10.9.8.7",
                "client_port=40123", "vhost=docs.example.org", "req.headers.host=h", "exception=E",
                "error_message=m", "stack_trace=s", "message=x",
            ]),
        // mozlog: nanoseconds that a double cannot hold, levels of syslog.
        FormatLine(
            "fxa-auth-server",
            #"{"EnvVersion":"2.0","Timestamp":1795345104107323647,"Logger":"l","Type":"a.b","Severity":2,"Pid":12,"Hostname":"f","Fields":{"n":"1","msg":"text"}}"#,
            "node-json", level: 2, at: "2026-11-22T10:58:24.107323647Z",
            [
                "log_time=1795345104107323647", "logger=l", "op=a.b", "level_text=2", "body.host=f",
                "Fields.n=1",
                "message=text",
            ]),

        FormatLine(
            "gerrit",
            #"{"timestamp":"2026-11-22T10:07:01.250+0000","session":"1","thread":"SSH x","user":"u","account_id":"a/7","message":"git-upload-pack./x.git","wait_time":"4ms","exec_time":"336ms","status":"0"}"#,
            "gerrit-json", at: "2026-11-22T10:07:01.250Z",
            [
                "log_time=2026-11-22T10:07:01.250+0000", "session=1", "thread=SSH x", "user=u", "user_id=a/7",
                "message=git-upload-pack./x.git", "wait_time=4ms", "exec_time=336ms", "exit_code=0",
            ]),
        FormatLine(
            "gerrit",
            #"{"@timestamp":"2026-11-22T10:36:07.500+0000","source_host":"10.0.0.1","message":"Internal error","file":"C.java","line_number":"23","class":"o.e.C","method":"log","logger_name":"o.e.r","level":"WARN","thread_name":"HTTP","@version":2,"exception":{"stacktrace":"o.E\n\tat x","exception_class":"o.E"}}"#,
            "gerrit-json", level: 4,
            [
                "log_time=2026-11-22T10:36:07.500+0000", "source_host=10.0.0.1", "message=Internal error",
                "file=C.java", "file_line=23", "logger=o.e.C", "function=log", "logger_class=o.e.r",
                "level_text=WARN", "thread=HTTP", "stack_trace=o.E\n\tat x", "exception=o.E",
            ]),
        FormatLine(
            "gerrit",
            "[2026-11-22T10:59:45.123+0000] [HTTP POST /r/x (N/A from [10.0.0.1])] ERROR o.e.X : Internal error\na.b.C: d\n\tat e",
            "gerrit-error", level: 3,
            [
                "log_time=2026-11-22T10:59:45.123+0000", "thread=HTTP POST /r/x (N/A from [10.0.0.1])",
                "level_text=ERROR", "logger=o.e.X", "message=Internal error\na.b.C: d\n\tat e",
                "stack_trace=a.b.C: d\n\tat e", "exception=a.b.C", "error_message=d",
            ]),
        FormatLine(
            "gerrit", "[2026-11-22 10:59:45,123 +0000] 1a2b3c4d wp a/1000 git-upload-pack./core 4ms 336ms 0",
            "gerrit",
            at: "2026-11-22T10:59:45.123Z",
            [
                "message=[2026-11-22 10:59:45,123 +0000] 1a2b3c4d wp a/1000 git-upload-pack./core 4ms 336ms 0",
                "log_time=2026-11-22 10:59:45,123 +0000", "session=1a2b3c4d", "user=wp", "user_id=a/1000",
                "command=git-upload-pack./core", "wait_time=4ms", "exec_time=336ms", "exit_code=0",
            ]),

        FormatLine(
            "gerrit",
            "[2026-11-22 10:59:45,123 +0000] 1a2b3c4d bob - AUTH FAILURE FROM 10.0.0.1 no-matching-key",
            "gerrit",
            [
                "message=[2026-11-22 10:59:45,123 +0000] 1a2b3c4d bob - AUTH FAILURE FROM 10.0.0.1 no-matching-key",
                "log_time=2026-11-22 10:59:45,123 +0000", "session=1a2b3c4d", "user=bob",
                "command=AUTH FAILURE FROM 10.0.0.1 no-matching-key", "client_ip=10.0.0.1", "outcome=failure",
            ]),
        FormatLine(
            "icinga",
            #"{"message":"SERVICE NOTIFICATION: irc;h1;Unmerged \"x\";CRITICAL;notify-by-irc;one; two"}"#,
            "icinga-json",
            [
                "alert_kind=SERVICE NOTIFICATION", "contact=irc", "target_host=h1",
                "check_name=Unmerged \"x\"",
                "check_status=CRITICAL", "notification_command=notify-by-irc", "message=one; two",
            ]),
        FormatLine(
            "icinga", "[1795345104] HOST ALERT: db7;DOWN;HARD;2;no answer for 9 s",
            "icinga",
            at: "2026-11-22T10:58:24Z",
            [
                "log_time=1795345104",
                "message=HOST ALERT: db7;DOWN;HARD;2;no answer for 9 s",
                "alert_kind=HOST ALERT", "target_host=db7", "check_status=DOWN", "state_type=HARD",
                "attempt=2",
                "output=no answer for 9 s",
            ]),
        FormatLine(
            "icinga2", "[2026-11-22 10:59:45 +0100] warning/PluginCheckTask: Check command failed", "icinga2",
            level: 4, at: "2026-11-22T09:59:45Z",
            [
                "log_time=2026-11-22 10:59:45 +0100", "level_text=warning", "component=PluginCheckTask",
                "message=Check command failed",
            ]),
        FormatLine(
            "nagios", "[1795345104] LOG ROTATION: DAILY", "icinga",
            ["log_time=1795345104", "message=LOG ROTATION: DAILY"]),

        FormatLine(
            "tcpircbot-logmsgbot",
            #"{"log.level":"INFO","log.origin.file.line":113,"log.origin.file.name":"t.py","log.origin.function":"f","message":"welcome","timestamp":"2026-11-22T10:55:44.012345"}"#,
            "ircbot", level: 6, at: "2026-11-22T10:55:44.012345Z",
            [
                "level_text=INFO", "file_line=113", "file=t.py", "function=f", "message=welcome",
                "log_time=2026-11-22T10:55:44.012345",
            ]),
    ]

    @Test(arguments: lines) func `a line is taken apart`(_ line: FormatLine) throws { try line.check() }

    @Test func `the facility of an object counts where no header has one`() throws {
        func facility(_ name: String) throws -> UInt8 {
            var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
            var batch = EventBatch()
            batch.bytes = Array("{\"facility\":\"\(name)\",\"msg\":\"x\"}".utf8)
            batch.peers = [Peer(.file, "", source: LineSource(program: "node"))]
            parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
            return try #require(batch.events.first).facility
        }
        #expect(try facility("local0") == 16)
        #expect(try facility("local7") == 23)
        #expect(try facility("daemon") == 3)
        #expect(try facility("23") == 23)
        for name in ["local8", "24", "locale", "", "x"] { #expect(try facility(name) == Event.unknown) }
        #expect(try FormatLine.read("node", #"{"facility":"local0"}"#).event.facility == 0)
    }

    @Test func `an alert that ends too early is cut`() throws {
        let line = try FormatLine.read("icinga", "SERVICE ALERT: h1;Disk;CRIT")
        #expect(line["check_status"] == "CRIT")
        #expect(line.reasons == ["cut"])
    }

    @Test(arguments: [
        ("icinga", "Auto-save of retention data completed"), ("gerrit", "[2026-11-22 10:59:45,123] text"),
        ("gerrit", "\tat e"), ("node", "Error: x"),
    ]) func `what no format knows fails`(_ program: String, _ text: String) throws {
        #expect(try FormatLine.read(program, text).event.outcome == .failed)
    }
}
