import Testing

@testable import Parse

/// Text lines of MediaWiki: groups in files and over UDP, errors of the database, Monolog's lines, the debug
/// log.
@Suite struct MediaWikiTests {
    static let head = "2026-11-22 10:58:17 web1 wpwiki: "

    /// Lines of LegacyLogger: the text behind the head, and its fields.
    static let texts: [(text: String, fields: [String])] = [
        ("Any text: of {no} channel", ["message=Any text: of {no} channel"]),
        ("", ["message="]),
        ("multi\nline custom message", ["message=multi\nline custom message"]),
        // Exceptions and errors.
        (
            "[b577facca68145d3a7cfec42] /w/index.php?title=Main_Page   MWException: outer "
                + "problem\nsecond line\n"
                + "#0 /usr/a.php(338): {closure}()\n#1 {main}\n",
            [
                "message=[b577facca68145d3a7cfec42] /w/index.php?title=Main_Page   MWException: outer "
                    + "problem\n"
                    + "second line", "request_id=b577facca68145d3a7cfec42",
                "url=/w/index.php?title=Main_Page", "exception=MWException",
                "error_message=outer problem\nsecond line", "channel=exception",
                "stack_trace=#0 /usr/a.php(338): {closure}()\n#1 {main}",
            ]
        ),
        (
            "[58594c57] /w/   PHP Warning: fopen(/x): Failed to open stream",
            [
                "message=[58594c57] /w/   PHP Warning: fopen(/x): Failed to open stream",
                "request_id=58594c57", "url=/w/",
                "error_message=PHP Warning: fopen(/x): Failed to open stream", "channel=error",
            ]
        ),
        (
            "[58594c57] [no req]   PHP Fatal Error: Allowed memory size exhausted",
            [
                "message=[58594c57] [no req]   PHP Fatal Error: Allowed memory size exhausted",
                "request_id=58594c57", "error_message=PHP Fatal Error: Allowed memory size exhausted",
                "channel=exception",
            ]
        ),
        (
            "[8a3b2c1d] /wiki/A   Exception from line 12 of /srv/w/Foo.php: Bad: thing",
            [
                "message=[8a3b2c1d] /wiki/A   Exception from line 12 of /srv/w/Foo.php: Bad: thing",
                "request_id=8a3b2c1d", "url=/wiki/A", "exception=Exception", "file_line=12",
                "file=/srv/w/Foo.php", "error_message=Bad: thing", "channel=exception",
            ]
        ),
        (
            "[8a3b2c1d] [no URL]   ErrorException from line 1 of /a.php: PHP Notice: Undefined index: x",
            [
                "message=[8a3b2c1d] [no URL]   ErrorException from line 1 of /a.php: PHP Notice: "
                    + "Undefined index: x", "request_id=8a3b2c1d", "exception=ErrorException", "file_line=1",
                "file=/a.php", "error_message=PHP Notice: Undefined index: x", "channel=error",
            ]
        ),
        // What only looks like one.
        ("[x] two  blanks only: y", ["message=[x] two  blanks only: y"]),
        ("[x y] /w/   A: b", ["message=[x y] /w/   A: b"]),
        ("[x] /w/   no class", ["message=[x] /w/   no class"]),
        ("[x", ["message=[x"]),
        // Errors of queries, as exceptions say them.
        (
            "[e] /w/   Wikimedia\\Rdbms\\DBQueryError: Error 1146: Table 'a.b' doesn't "
                + "exist\nFunction: T::run\n"
                + "Query: SELECT 1\n\n#0 /a.php(1): b()\n#1 {main}",
            [
                "message=[e] /w/   Wikimedia\\Rdbms\\DBQueryError: Error 1146: Table 'a.b' doesn't exist\n"
                    + "Function: T::run\nQuery: SELECT 1\n", "request_id=e", "url=/w/",
                "exception=Wikimedia\\Rdbms\\DBQueryError",
                "error_message=Error 1146: Table 'a.b' doesn't exist\nFunction: T::run\nQuery: SELECT 1\n",
                "error_code=1146", "function=T::run", "query=SELECT 1", "channel=exception",
                "stack_trace=#0 /a.php(1): b()\n#1 {main}",
            ]
        ),
        (
            "[e] /w/   DBQueryError: A database query error has occurred. Did you forget?\n\nPlease see "
                + "https://x and https://y for more.\n\nError 1205: Lock wait",
            [
                "message=[e] /w/   DBQueryError: A database query error has occurred. Did you "
                    + "forget?\n\nPlease "
                    + "see https://x and https://y for more.\n\nError 1205: Lock wait", "request_id=e",
                "url=/w/", "exception=DBQueryError", "error_message=Error 1205: Lock wait",
                "error_code=1205", "channel=exception",
            ]
        ),
        (
            // Not the advice of MediaWiki.
            "[e] /w/   DBQueryError: A database error.\nQuery: x",
            [
                "message=[e] /w/   DBQueryError: A database error.\nQuery: x", "request_id=e", "url=/w/",
                "exception=DBQueryError", "error_message=A database error.\nQuery: x", "channel=exception",
            ]
        ),
        (
            "[e] /w/   DBQueryError: Query: SELECT 1\nFunction: f\nError: 1205 Lock wait (10.0.0.5)\n",
            [
                "message=[e] /w/   DBQueryError: Query: SELECT 1\nFunction: f\nError: 1205 Lock wait "
                    + "(10.0.0.5)",
                "request_id=e", "url=/w/", "exception=DBQueryError",
                "error_message=Query: SELECT 1\nFunction: f\nError: 1205 Lock wait (10.0.0.5)",
                "query=SELECT 1", "function=f", "error_code=1205", "db_host=10.0.0.5", "channel=exception",
            ]
        ),
        // Queries.
        (
            "MediaWiki\\Storage\\NameTableStore::loadTable [0.001s] localhost: SELECT  a  FROM `b` ",
            [
                "message=MediaWiki\\Storage\\NameTableStore::loadTable [0.001s] localhost: SELECT  a  "
                    + "FROM `b` ",
                "function=MediaWiki\\Storage\\NameTableStore::loadTable", "query_time=0.001",
                "db_host=localhost", "query=SELECT  a  FROM `b`", "channel=DBQuery",
            ]
        ),
        ("a [1s] b c: d", ["message=a [1s] b c: d"]),
        // api
        (
            "API POST J%C3%BCrgen_B 203.0.113.9 T=580ms action=login format=json user=x "
                + "lgpassword=[redacted]",
            [
                "message=API POST J%C3%BCrgen_B 203.0.113.9 T=580ms action=login format=json user=x "
                    + "lgpassword=[redacted]", "method=POST", "escaped=J%C3%BCrgen_B", "user=Jürgen B",
                "client_ip=203.0.113.9", "escaped=580", "duration=0.580", "action=login",
                "param.format=json", "param.user=x", "lgpassword=[redacted]", "channel=api",
            ]
        ),
        (
            "API GET ::1 ::1 T=12345ms",
            [
                "message=API GET ::1 ::1 T=12345ms", "method=GET", "user=::1", "client_ip=::1",
                "escaped=12345", "duration=12.345", "channel=api",
            ]
        ),
        ("API is down", ["message=API is down"]),
        ("API GET a b T=ms x=y", ["message=API GET a b T=ms x=y"]),
        // Other channels.
        (
            #""main-account-login" "A \"B\"" "203.0.113.9" "" "curl/7.26.0""#,
            [
                #"message="main-account-login" "A \"B\"" "203.0.113.9" "" "curl/7.26.0""#,
                "feature=main-account-login", #"escaped=A \"B\""#, #"user=A "B""#, "client_ip=203.0.113.9",
                "agent=curl/7.26.0", "channel=api-feature-usage",
            ]
        ),
        (#""a" "b""#, [#"message="a" "b""#]),
        (
            "Login for A succeeded from 1.1.1.1 succeeded from 203.0.113.9",
            [
                "message=Login for A succeeded from 1.1.1.1 succeeded from 203.0.113.9",
                "user=A succeeded from 1.1.1.1", "client_ip=203.0.113.9", "outcome=success",
                "channel=authentication",
            ]
        ),
        ("Login for succeeded from x", ["message=Login for succeeded from x", "channel=authentication"]),
        (
            "Throttle password hit, throttled for 300 seconds due to 5 attempts from username Mallory "
                + "and IP ::1",
            [
                "message=Throttle password hit, throttled for 300 seconds due to 5 attempts from username "
                    + "Mallory and IP ::1", "user=Mallory", "client_ip=::1", "outcome=failure",
                "channel=throttler",
            ]
        ),
        (
            "Throttle a attempts from username and IP ::1",
            ["message=Throttle a attempts from username and IP ::1", "channel=throttler"]
        ),
        (
            "Parsing Bigpage was slow, took 8.88 seconds",
            ["message=Parsing Bigpage was slow, took 8.88 seconds", "duration=8.88", "channel=slow-parse"]
        ),
        (
            "htmlCacheUpdate Css/p1 table=pagelinks (id=9,timestamp=20261122105837) t=9 good",
            [
                "message=htmlCacheUpdate Css/p1 table=pagelinks (id=9,timestamp=20261122105837) t=9 good",
                "job=htmlCacheUpdate", "escaped=9", "duration=0.009", "outcome_text=good", "channel=runJobs",
            ]
        ),
        (
            "refreshLinks A (id=9) t=1200 error=DBError: x",
            [
                "message=refreshLinks A (id=9) t=1200 error=DBError: x", "job=refreshLinks", "escaped=1200",
                "duration=1.200", "outcome_text=error=DBError: x", "channel=runJobs",
            ]
        ),
        (
            "refreshLinks A (id=9) STARTING",
            [
                "message=refreshLinks A (id=9) STARTING", "job=refreshLinks", "outcome_text=STARTING",
                "channel=runJobs",
            ]
        ),
        ("STARTING", ["message=STARTING"]),
        (
            "HTTP complete: GET http://a/b code=200 size=5 total=0.25 connect=0.01",
            [
                "message=HTTP complete: GET http://a/b code=200 size=5 total=0.25 connect=0.01", "method=GET",
                "url=http://a/b", "status=200", "duration=0.25", "channel=http",
            ]
        ),
        (#"setcookie: "a", "b""#, [#"message=setcookie: "a", "b""#, "channel=cookie"]),
        ("{closure}() failed", ["message={closure}() failed"]),
        // What WANObjectCache and the client of memcached say.
        (
            "fetchOrRegenerate(wpwiki:a:1): volatile hit",
            ["message=fetchOrRegenerate(wpwiki:a:1): volatile hit", "channel=memcached"]
        ),
        ("delete wpwiki:a:1 (NOT_FOUND)", ["message=delete wpwiki:a:1 (NOT_FOUND)", "channel=memcached"]),
        ("add a new page (DONE)", ["message=add a new page (DONE)"]), ("set a ()", ["message=set a ()"]),
        (")", ["message=)"]),
        // exception-json
        (
            #"{"id":"e","type":"Error","file":"/a.php","line":12,"message":"x \"y\"","code":0,"url":"/w/","#
                + #""caught_by":"entrypoint","backtrace":[{"line":1}],"previous":{"type":"B"}}"#,
            [
                "request_id=e", "exception=Error", "file=/a.php", "file_line=12", #"escaped=x \"y\""#,
                "error_message=x \"y\"", "channel=exception-json", "error_code=0", "url=/w/",
                "caught_by=entrypoint", #"stack_trace=[{"line":1}]"#, "previous.type=B",
            ]
        ),
        (
            #"{"id":"e","type":"ErrorException","message":"PHP Notice: x"}"#,
            [
                "request_id=e", "exception=ErrorException", "error_message=PHP Notice: x",
                "channel=error-json",
            ]
        ),
    ]

    @Test(arguments: texts.indices) func `the text of a group's line is read`(_ index: Int) throws {
        let test = Self.texts[index]
        let line = try ParsedLine("<13>Nov 22 10:58:17 log mediawiki: " + Self.head + test.text)
        #expect(line.format == "mediawiki")
        #expect(line.event.outcome == .ok)
        let expected = ["log_time=2026-11-22 10:58:17", "body.host=web1", "wiki=wpwiki"] + test.fields
        #expect(Set(line.body.filter { !$0.hasPrefix("message=\(Self.head)") }) == Set(expected))
    }

    @Test func `a group's time is UTC whatever the zone of the listener`() throws {
        let line = try ParsedLine(
            "<13>Nov 22 05:58:17 web1 mediawiki: \(Self.head)x", zone: ZoneRule(offsetSeconds: -18_000))
        #expect(line.event.time == 1_795_345_097_000_000_000)
    }

    @Test(arguments: [
        ("2026-11-22 10:58:17  wpwiki: x", "log"), ("2026-11-22 10:58:17 wpwiki: x", "log"),
        ("2026-11-22 10:58:17 web1 wpwiki-pre_: x", "web1"),
    ])
    func `the host may be missing`(_ text: String, _ host: String) throws {
        let line = try ParsedLine("<13>Nov 22 10:58:17 log mediawiki: " + text)
        #expect(line["message"] == "x")
        #expect(line["body.host"] ?? line["host"] == host)
        #expect(line["wiki"]?.hasPrefix("wpwiki") == true)
    }

    @Test(arguments: [
        "2026-11-22 10:58:17", "2026-11-22 10:58:17 ", "2026-11-22 10:58:17 web1 wpwiki no colon",
        "2026-11-22 10:58 web1 wpwiki: x", "IP: 127.0.0.1", "Sun Nov 22 5:58:24 EST 2026 web1 wpwiki x",
        "exception #0 /a.php(1): b()", "[no end", "#1 /a.php(1): b()", "Start request", "12.3456  M  x",
    ])
    func `what is no line of MediaWiki fails, with all its bytes`(_ text: String) throws {
        let line = try ParsedLine("<13>Nov 22 10:58:17 web1 mediawiki: " + text)
        #expect(line.event.outcome == .failed)
        #expect(line["message"] == text)
    }

    @Test func `rsyslog's escapes are line feeds again`() throws {
        let line = try ParsedLine(
            "<13>Nov 22 10:58:17 web1 mediawiki: \(Self.head)[e] /w/   A: b#012#0 /a.php(1): c()#012#1 {main}"
        )
        #expect(line["error_message"] == "b")
        #expect(line["stack_trace"] == "#0 /a.php(1): c()\n#1 {main}")
        #expect(line["channel"] == "exception")
    }

    @Test func `a program's name tells the channel`() throws {
        let line = try ParsedLine("<13>Nov 22 10:58:17 web1 mw-captcha: \(Self.head)setcookie: x")
        #expect(line["channel"] == "captcha")
        #expect(try ParsedLine("<13>Nov 22 10:58:17 web1 enwiki: \(Self.head)x").format == "mediawiki")
    }

    @Test func `a text beyond what patterns see is whole`() throws {
        let text = String(repeating: "x", count: 5_000)
        #expect(try ParsedLine("<13>1 - h mediawiki - - - \(Self.head)\(text)")["message"] == text)
    }
}
