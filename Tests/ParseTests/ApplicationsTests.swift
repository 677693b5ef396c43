import Testing

@testable import Parse

/// Salt, Python, Rails, GlusterFS, Haka.
@Suite struct ApplicationsTests {
    static let python = [
        FormatLine(
            "salt-minion", "2026-11-22 10:45:26,921 [salt.state       :1902][INFO    ][14671] Executing [x]",
            "salt",
            level: 6, at: "2026-11-22T10:45:26.921Z",
            [
                "log_time=2026-11-22 10:45:26,921", "logger=salt.state", "file_line=1902", "level_text=INFO",
                "message=Executing [x]",
            ]),
        FormatLine(
            "salt-master",
            "2026-11-22 10:45:26,921 [salt.loaded.int][ERROR   ] Failed\nTraceback (most recent call last):\n"
                + "  File \"/x.py\", line 1, in f\n    g()\nValueError: bad: thing", "salt", level: 3,
            [
                "log_time=2026-11-22 10:45:26,921", "logger=salt.loaded.int", "level_text=ERROR",
                "message=Failed\nTraceback (most recent call last):\n  File \"/x.py\", line 1, in f\n    g()\n"
                    + "ValueError: bad: thing",
                "stack_trace=Traceback (most recent call last):\n  File \"/x.py\", line 1, in f\n    g()\n"
                    + "ValueError: bad: thing", "exception=ValueError", "error_message=bad: thing",
            ]),
        FormatLine(
            "python3", "2026-11-22 10:45:26,921 INFO app.views: saved", "python", level: 6,
            ["log_time=2026-11-22 10:45:26,921", "level_text=INFO", "logger=app.views", "message=saved"]),
        FormatLine(
            "python3", "[I 261122 10:45:26 web:2239] 200 GET /", "python", level: 6,
            at: "2026-11-22T10:45:26Z",
            [
                "level_text=I", "log_time=261122 10:45:26", "logger=web", "file_line=2239",
                "message=200 GET /",
            ]),
        FormatLine(
            "uvicorn", #"INFO:     127.0.0.1:5555 - "GET /a HTTP/1.1" 200 OK"#, "python-uvicorn", level: 6,
            [
                #"message=INFO:     127.0.0.1:5555 - "GET /a HTTP/1.1" 200 OK"#, "level_text=INFO",
                "client_ip=127.0.0.1", "client_port=5555", "request_line=GET /a HTTP/1.1", "method=GET",
                "path=/a", "http_version=1.1", "status=200",
            ]),
        FormatLine(
            "python3", "2026-11-22 10:45:26,921 - app - ERROR - not saved", "python", level: 3,
            ["log_time=2026-11-22 10:45:26,921", "logger=app", "level_text=ERROR", "message=not saved"]),
        FormatLine(
            "hypothesis", "2026-11-22 10:45:26,921 WARNI [h.app:12][MainThread] slow", "python", level: 4,
            [
                "log_time=2026-11-22 10:45:26,921", "level_text=WARNI", "logger=h.app", "file_line=12",
                "thread=MainThread", "message=slow",
            ]),
        FormatLine(
            "hypothesis", "2026-11-22 10:45:26,921 [7] [h.search:INFO] x", "python", level: 6,
            ["log_time=2026-11-22 10:45:26,921", "logger=h.search", "level_text=INFO", "message=x"]),
        FormatLine(
            "gunicorn",
            "[2026-11-22 10:45:26 +0000] [1234] [INFO] Listening at: http://127.0.0.1:8000 (1234)",
            "python", level: 6, at: "2026-11-22T10:45:26Z",
            [
                "log_time=2026-11-22 10:45:26 +0000", "level_text=INFO",
                "message=Listening at: http://127.0.0.1:8000 (1234)",
            ]),
        FormatLine(
            "celery", "[2026-11-22 10:45:26,921: CRITICAL/MainProcess] x", "python", level: 2,
            ["log_time=2026-11-22 10:45:26,921", "level_text=CRITICAL", "process=MainProcess", "message=x"]),
        FormatLine(
            "flask", "[2026-11-22 10:45:26,921] ERROR in app: Exception on / [GET]", "python", level: 3,
            [
                "log_time=2026-11-22 10:45:26,921", "level_text=ERROR", "logger=app",
                "message=Exception on / [GET]",
            ]),
        FormatLine(
            "logmsgbot", "WARNING:root:text: with colons", "python", level: 4,
            ["level_text=WARNING", "logger=root", "message=text: with colons"]),
        FormatLine(
            "gunicorn", #"10.1.1.1 - - [22/Nov/2026:10:45:26 +0000] "GET /a HTTP/1.1" 200 12 "-" "x""#,
            "python-access",
            [
                #"message=10.1.1.1 - - [22/Nov/2026:10:45:26 +0000] "GET /a HTTP/1.1" 200 12 "-" "x""#,
                "client_ip=10.1.1.1", "log_time=22/Nov/2026:10:45:26 +0000", "request_line=GET /a HTTP/1.1",
                "method=GET", "path=/a", "http_version=1.1", "status=200", "bytes=12", "agent=x",
            ]),
    ]

    static let others = [
        FormatLine(
            "discourse", #"Started GET "/latest.json?page=2" for 203.0.113.8 at 2026-11-22 10:59:45 +0200"#,
            "rails",
            at: "2026-11-22T08:59:45Z",
            [
                #"message=Started GET "/latest.json?page=2" for 203.0.113.8 at 2026-11-22 10:59:45 +0200"#,
                "method=GET", "path=/latest.json?page=2", "client_ip=203.0.113.8",
                "log_time=2026-11-22 10:59:45 +0200",
            ]),
        FormatLine(
            "rails",
            "[0a1b2c3d-0000-4000-8000-00000000beef] Processing by Admin::TopicsController#show as HTML",
            "rails",
            [
                "request_id=0a1b2c3d-0000-4000-8000-00000000beef",
                "message=Processing by Admin::TopicsController#show as HTML",
                "controller=Admin::TopicsController",
                "action=show", "reply_format=HTML",
            ]),
        FormatLine(
            "rails", "Completed 500 Internal Server Error in 3ms (ActiveRecord: 0.4ms)", "rails",
            [
                "message=Completed 500 Internal Server Error in 3ms (ActiveRecord: 0.4ms)", "status=500",
                "duration_ms=3",
            ]),
        FormatLine(
            "unicorn", "E, [2026-11-22T10:59:45.123456 #4711] ERROR -- : worker=0 timeout", "rails", level: 3,
            at: "2026-11-22T10:59:45.123456Z",
            ["log_time=2026-11-22T10:59:45.123456", "level_text=ERROR", "message=worker=0 timeout"]),
        FormatLine(
            "rails",
            "I, [2026-11-22T10:59:45.1 #4711]  INFO -- : method=GET path=/x status=200 duration=58.33",
            "rails-lograge", level: 6,
            [
                "message=I, [2026-11-22T10:59:45.1 #4711]  INFO -- : method=GET path=/x status=200 duration=58.33",
                "log_time=2026-11-22T10:59:45.1", "level_text=INFO", "method=GET", "path=/x", "status=200",
                "duration_ms=58.33",
            ]),
        FormatLine(
            "rails", "ActionController::RoutingError (No route matches [GET] \"/x\"):\n  lib/a.rb:1:in `b'",
            "rails-error",
            [
                "message=ActionController::RoutingError (No route matches [GET] \"/x\"):\n  lib/a.rb:1:in `b'",
                "exception=ActionController::RoutingError", "error_message=No route matches [GET] \"/x\"",
                "stack_trace=  lib/a.rb:1:in `b'",
            ]),

        FormatLine(
            "sidekiq", "2026-11-22T10:59:45.123Z 4711 TID-ox1 Jobs::Pull JID-5c1 INFO: done: 0.012 sec",
            "rails",
            level: 6, at: "2026-11-22T10:59:45.123Z",
            [
                "log_time=2026-11-22T10:59:45.123Z", "tid=ox1", "worker=Jobs::Pull JID-5c1",
                "level_text=INFO",
                "message=done: 0.012 sec",
            ]),

        FormatLine(
            "glusterd",
            "[2026-11-22 10:59:45.123456] E [client.c:2280:client_rpc_notify] 0-vol-client-0: gone",
            "gluster", level: 3, at: "2026-11-22T10:59:45.123456Z",
            [
                "log_time=2026-11-22 10:59:45.123456", "level_text=E", "file=client.c", "file_line=2280",
                "function=client_rpc_notify", "component=0-vol-client-0", "message=gone",
            ]),
        FormatLine(
            "glusterfs", "[2026-11-22 10:59:45.1 +0000] M [MSGID: 114031] [a.c:1:b] 0-: x", "gluster",
            level: 0,
            [
                "log_time=2026-11-22 10:59:45.1 +0000", "level_text=M", "file=a.c", "file_line=1",
                "function=b",
                "component=0-", "message=x",
            ]),

        FormatLine(
            "haka",
            "alert: id = 7\n\ttime = 2026/11/22 10:59:45\n\tseverity = high\n\tdescription = filtered IP\n"
                + "\tmethod = {\n\t\tdescription = x\n\t}\n\tsources = {\n\t\taddress: 192.168.10.10, 10.1.1.1\n"
                + "\t\tservice: tcp/80\n\t}\n\ttargets = {\n\t\taddress: 10.0.0.1\n\t}\n\trefs = { 3, 4 }",
            "haka",
            level: 3, at: "2026-11-22T10:59:45Z",
            [
                "alert_id=7", "log_time=2026/11/22 10:59:45", "alert_severity=high", "message=filtered IP",
                "alert_method={\n\t\tdescription = x\n\t}", "client_ip=192.168.10.10", "client_ip=10.1.1.1",
                "source_service=tcp/80", "dst_ip=10.0.0.1", "alert_refs={ 3, 4 }",
            ]),
        FormatLine(
            "haka",
            "alert: update id = 7 time = 2026/11/22 10:59:45 severity = low description = a b sources = { address: 10.1.1.1 }",
            "haka", level: 5,
            [
                "action=update", "alert_id=7", "log_time=2026/11/22 10:59:45", "alert_severity=low",
                "message=a b",
                "client_ip=10.1.1.1",
            ]),
        FormatLine(
            "haka",
            #"{"time":"2026/11/22 10:59:45","severity":"medium","description":"d","method":{"description":"m","ref":["a"]},"sources":{"address":["10.1.1.1"]},"targets":{"address":["10.0.0.1"]}}"#,
            "haka-json", level: 4, at: "2026-11-22T10:59:45Z",
            [
                "log_time=2026/11/22 10:59:45", "alert_severity=medium", "message=d", "alert_method=m",
                "alert_refs=a",
                "client_ip=10.1.1.1", "dst_ip=10.0.0.1",
            ]),
    ]

    @Test(arguments: python) func `a line of Python's logging is taken apart`(_ line: FormatLine) throws {
        try line.check()
    }

    @Test(arguments: others) func `a line is taken apart`(_ line: FormatLine) throws { try line.check() }

    /// GlusterFS writes UTC wherever it runs.
    @Test func `the zone of a listener does not move a volume's clock`() throws {
        let line = try ParsedLine(
            "<0>1 - h glusterd - - - [2026-11-22 10:59:45.5] I [a.c:1:b] 0-x: y",
            zone: ZoneRule(offsetSeconds: 7_200))
        #expect(line.event.time == 1_795_345_185_500_000_000)
    }

    @Test(arguments: [
        ("salt-minion", "  File \"/x.py\", line 1"),
        ("python3", "2026-11-22 10:45:26,921 something else"), ("python3", "WARNINGS:root:x"),
        ("rails", "SELECT 1"),
        ("rails", "Completed in 3ms"), ("glusterd", "pending frames:"),
        ("glusterd", "[2026-11-22 10:59:45.1] Q [a] x"),
        ("haka", "alert: nothing"), ("haka", "alerting id = 7"),
    ]) func `what no format knows fails`(_ program: String, _ text: String) throws {
        #expect(try FormatLine.read(program, text).event.outcome == .failed)
    }

    @Test func `lines belong together`() {
        #expect(
            FormatLine.places(
                PythonMessage.place,
                [
                    "2026-11-22 10:45:26,921 INFO x", "Traceback (most recent call last):", "[2026-11-22 1",
                    "INFO:a:b", "INFO",
                ])
                == "b--b-")
        #expect(
            FormatLine.places(
                RailsMessage.place,
                [
                    "Started GET \"/\"", "  Parameters: {}", "Completed 200 OK",
                    "E, [2026-11-22T10:59:45.1 #1] x", "",
                    "A::B (c):", "  lib/a.rb", "method=GET",
                ]) == "b-bb-b-b")
    }
}
