import Testing

@testable import Parse

/// The log of php-fpm 8.2 on Debian, and what older versions wrote otherwise.
@Suite struct PHPFPMTests {
    static func read(_ text: String, program: String = "php-fpm") throws -> ParsedLine {
        try ParsedLine("<13>Nov 22 11:00:00 web1 \(program): \(text)", listener: .file)
    }

    struct Case: CustomTestStringConvertible {
        let text: String
        let fields: [String]
        var severity: UInt8 = 4
        var reasons: Set<String> = []
        var testDescription: String { String(text.prefix(90)) }
    }

    static let words = [
        Case(
            text: "[22-Nov-2026 10:54:44] NOTICE: ready to handle connections",
            fields: [
                "log_time=22-Nov-2026 10:54:44", "level_text=NOTICE", "message=ready to handle connections",
            ], severity: 5),
        Case(
            text:
                "[22-Nov-2026 11:04:10.443527] NOTICE: pid 27670, fpm_init(), line 83: fpm is running, pid 27670",
            fields: [
                "log_time=22-Nov-2026 11:04:10.443527", "level_text=NOTICE", "function=fpm_init",
                "source_line=83",
                "message=fpm is running, pid 27670",
            ], severity: 5),
        Case(
            text:
                #"[22-Nov-2026 10:54:48] WARNING: [pool www] child 18485, script '/srv/www/w/index.php' (request: "GET /w/index.php") executing too slow (1.469164 sec), logging"#,
            fields: [
                "log_time=22-Nov-2026 10:54:48", "level_text=WARNING", "pool=www",
                #"message=child 18485, script '/srv/www/w/index.php' (request: "GET /w/index.php") executing too slow (1.469164 sec), logging"#,
                "child_pid=18485", "script=/srv/www/w/index.php", "method=GET", "path=/w/index.php",
                "duration=1.469164",
            ]),
        // It had not read a request yet.
        Case(
            text:
                #"[22-Nov-2026 10:54:48] WARNING: [pool www] child 7, script '(null)' (request: "(null) (null)") executing too slow (1.5 sec), logging"#,
            fields: [
                "log_time=22-Nov-2026 10:54:48", "level_text=WARNING", "pool=www",
                #"message=child 7, script '(null)' (request: "(null) (null)") executing too slow (1.5 sec), logging"#,
                "child_pid=7", "duration=1.5",
            ]),
        // The request is the client's.
        Case(
            text:
                #"[22-Nov-2026 10:57:00] WARNING: [pool wiki 2] child 7, script '/a' (request: "GET /a?x=") executing too slow (9.0 sec), logging" y") execution timed out (3.107265 sec), terminating"#,
            fields: [
                "log_time=22-Nov-2026 10:57:00", "level_text=WARNING", "pool=wiki 2",
                #"message=child 7, script '/a' (request: "GET /a?x=") executing too slow (9.0 sec), logging" y") execution timed out (3.107265 sec), terminating"#,
                "child_pid=7", "script=/a", "method=GET",
                #"path=/a?x=") executing too slow (9.0 sec), logging" y"#, "duration=3.107265",
            ]),
        Case(
            text:
                "[22-Nov-2026 10:57:00] WARNING: [pool www] child 7, script '/srv/a.php' executing too slow "
                + "(1.000001 sec), logging",
            fields: [
                "log_time=22-Nov-2026 10:57:00", "level_text=WARNING", "pool=www",
                "message=child 7, script '/srv/a.php' executing too slow (1.000001 sec), logging",
                "child_pid=7",
                "script=/srv/a.php", "duration=1.000001",
            ]),
        Case(
            text:
                "[22-Nov-2026 10:56:53] WARNING: [pool www] child 18563 exited on signal 11 (SIGSEGV) after "
                + "126.367381 seconds from start",
            fields: [
                "log_time=22-Nov-2026 10:56:53", "level_text=WARNING", "pool=www",
                "message=child 18563 exited on signal 11 (SIGSEGV) after 126.367381 seconds from start",
                "child_pid=18563", "signal=11", "signal_name=SIGSEGV", "uptime=126.367381",
            ]),
        Case(
            text:
                "[22-Nov-2026 10:56:53] WARNING: [pool www] child 3 exited on signal 6 (SIGABRT - core dumped) "
                + "after 1.5 seconds from start",
            fields: [
                "log_time=22-Nov-2026 10:56:53", "level_text=WARNING", "pool=www",
                "message=child 3 exited on signal 6 (SIGABRT - core dumped) after 1.5 seconds from start",
                "child_pid=3", "signal=6", "signal_name=SIGABRT", "uptime=1.5",
            ]),
        Case(
            text:
                "[22-Nov-2026 11:03:35] NOTICE: [pool wiki2] child 21510 exited with code 0 after 258.478964 "
                + "seconds from start",
            fields: [
                "log_time=22-Nov-2026 11:03:35", "level_text=NOTICE", "pool=wiki2",
                "message=child 21510 exited with code 0 after 258.478964 seconds from start",
                "child_pid=21510", "exit_code=0", "uptime=258.478964",
            ], severity: 5),
        Case(
            text: "[22-Nov-2026 10:56:53] NOTICE: [pool www] child 19713 started",
            fields: [
                "log_time=22-Nov-2026 10:56:53", "level_text=NOTICE", "pool=www",
                "message=child 19713 started",
                "child_pid=19713",
            ], severity: 5),
        Case(
            text: "[22-Nov-2026 10:54:48] NOTICE: about to trace 18485",
            fields: [
                "log_time=22-Nov-2026 10:54:48", "level_text=NOTICE", "message=about to trace 18485",
                "child_pid=18485",
            ], severity: 5),
        // Words that nobody foresaw.
        Case(
            text: "[22-Nov-2026 10:54:48] ALERT: [pool www] child 18485 went away",
            fields: [
                "log_time=22-Nov-2026 10:54:48", "level_text=ALERT", "pool=www", "child_pid=18485",
                "message=child 18485 went away",
            ], severity: 1),
        Case(
            text: "[22-Nov-2026 10:57:04] WARNING: [pool www] server reached pm.max_children setting (3), "
                + "consider raising it",
            fields: [
                "log_time=22-Nov-2026 10:57:04", "level_text=WARNING", "pool=www",
                "message=server reached pm.max_children setting (3), consider raising it",
            ]),
        // To syslog.
        Case(
            text: "[ERROR] [pool www] child 5 started",
            fields: ["level_text=ERROR", "pool=www", "message=child 5 started", "child_pid=5"], severity: 3),
        Case(
            text: "[99-Foo-2026 10:57:04] WARNING: x",
            fields: ["log_time=99-Foo-2026 10:57:04", "level_text=WARNING", "message=x"],
            reasons: ["bad_time"]),
    ]

    @Test(arguments: words)
    func `the words of the master are read`(_ example: Case) throws {
        let line = try Self.read(example.text)
        #expect(line.body == example.fields)
        #expect(line.event.severity == example.severity)
        #expect(line.reasons == example.reasons)
        #expect(line.format == "php-fpm")
    }

    @Test(arguments: [
        "[22-Nov-2026 10:57:04] Warning: x", "[22-Nov-2026 10:57:04 WARNING: x", "[INFO] x", "WARNING x",
        "line2",
        "wpdapp[18483]: %s percent", "[pool www] child 5 started", "", "[", "[22-Nov-2026 10:57:04] ",
    ])
    func `another line is not php-fpm's`(_ text: String) throws {
        #expect(try Self.read(text).format != "php-fpm")
    }

    // MARK: Output of workers

    static let head = #"[22-Nov-2026 10:56:49] WARNING: [pool www] child 18563 said into stderr: ""#

    @Test func `an error of PHP's has its own level, and the frame is not in the message`() throws {
        let line = try Self.read(
            Self.head + #"NOTICE: PHP message: PHP Fatal error:  a "b" in /srv/www/test.php on line 8""#)
        #expect(
            line.body == [
                "log_time=22-Nov-2026 10:56:49", "level_text=WARNING", "pool=www", "child_pid=18563",
                "stream=stderr", #"message=PHP Fatal error:  a "b" in /srv/www/test.php on line 8"#,
                "php_level=Fatal error", #"error_message=a "b""#, "file=/srv/www/test.php", "file_line=8",
            ])
        #expect(line.event.severity == 3)
        #expect(line.role("error_message") == .hole)
    }

    @Test func `the frame at the debug level is read`() throws {
        let line = try Self.read(
            #"[22-Nov-2026 11:04:10.487366] WARNING: pid 27670, (null)(), line 0: [pool dbg] child 27673 said into "#
                + #"stderr: "NOTICE: sapi_cgi_log_message(), line 632: PHP message: PHP Warning:  Undefined variable "#
                + #"$undef in /srv/www/test.php on line 8""#)
        #expect(line["message"] == "PHP Warning:  Undefined variable $undef in /srv/www/test.php on line 8")
        #expect(line["pid"] == "27670")
        #expect(line["child_pid"] == "27673")
        #expect(line["function"] == "(null)")
        #expect(line.event.time == 1_795_345_450_487_366_000)
    }

    @Test func `texts of workers are kept as they are`() throws {
        #expect(
            try Self.read(Self.head + #"wpdapp[19673]: %s "percent"""#)["message"]
                == #"wpdapp[19673]: %s "percent""#)
        let empty = try Self.read(Self.head + #"", pipe is closed"#)
        #expect(empty["message"] == "")
        #expect(empty.reasons == [])
        let own = try Self.read(Self.head + #"NOTICE: Access to the script '/x' has been denied""#)
        #expect(own["message"] == "NOTICE: Access to the script '/x' has been denied")
        #expect(own.event.severity == 5)
        let closed = try Self.read(
            #"[22-Nov-2026 10:56:49] WARNING: [pool www] child 1 said into stdout: "a", pipe is closed"#)
        #expect(closed["message"] == "a")
        #expect(closed["stream"] == "stdout")
        let cut = try Self.read(Self.head + "NOTICE: PHP message: long tex...")
        #expect(cut["message"] == "long tex...")
        #expect(cut.reasons == ["cut"])
    }

    @Test func `frames of one message are one text`() throws {
        let lines = [
            "NOTICE: PHP message: PHP Fatal error:  Uncaught Foo: bar in /srv/www/test.php:2", "Stack trace:",
            "#0 /srv/www/test.php(3): inner()", "#1 {main}", "  thrown in /srv/www/test.php on line 2",
        ]
        let line = try Self.read(lines.map { Self.head + $0 + "\"" }.joined(separator: "\n") + "\n")
        #expect(
            line["message"]
                == lines.joined(separator: "\n").dropFirst("NOTICE: PHP message: ".count).description)
        #expect(line["exception"] == "Foo")
        #expect(line["error_message"] == "bar")
        #expect(line["file"] == "/srv/www/test.php")
        #expect(line["stack_trace"] == "#0 /srv/www/test.php(3): inner()\n#1 {main}")
        #expect(line["child_pid"] == "18563")
        #expect(line.event.severity == 3)
        #expect(line.reasons == [])
        #expect(line.role("message") == .derived)
        #expect(line.role("escaped") == .hole)
    }

    /// php-fpm splits what its `log_limit` does not hold: the lines are one byte short of it.
    @Test(arguments: [1_024, 2_048, 8_192])
    func `a split line is joined without a line feed`(_ limit: Int) throws {
        let start = Self.head + "NOTICE: PHP message: "
        let text = String(repeating: "0123456789", count: limit / 10 + 10)
        let fits = limit - 1 - start.utf8.count - 1
        let first = start + text.prefix(fits) + "\""
        #expect(first.utf8.count == limit - 1)
        let line = try Self.read("\(first)\n\(Self.head)\(text.dropFirst(fits))...\"\n\(Self.head)more\"")
        #expect(line["message"] == text + "...\nmore")
        // A byte less, and it was a line.
        let shorter = start + text.prefix(fits - 1) + "\""
        #expect(
            try Self.read("\(shorter)\n\(Self.head)x\"")["message"] == text.prefix(fits - 1) + "\nx")
    }

    /// Before 7.3 the master read 1,023 bytes at a time.
    @Test func `a piece of 1,023 bytes goes on in the next`() throws {
        let text = String(repeating: "x", count: 1_023)
        #expect(try Self.read("\(Self.head)\(text)\"\n\(Self.head)y\"")["message"] == text + "y")
    }

    @Test func `output without frames is read`() throws {
        let line = try Self.read("NOTICE: PHP message: PHP Warning:  a in /a.php on line 1")
        #expect(line["php_level"] == "Warning")
        #expect(line.event.severity == 4)
        let several = try Self.read("NOTICE: PHP message: fake\nline2\nline4")
        #expect(several["message"] == "fake\nline2\nline4")
        #expect(several.format == "php-fpm")
        // What else a worker writes so may be anybody's words.
        let own = try Self.read("ERROR: no such thing")
        #expect(own["message"] == "ERROR: no such thing")
        #expect(own.event.severity == 3)
        // Behind a frame, a line without one is text.
        #expect(try Self.read(Self.head + "a\"\nb")["message"] == "a\nb")
    }

    // MARK: Lines

    private func place(_ text: String, _ state: UInt8 = 0) -> (LineRule.Place, String?) {
        let bytes = Array(text.utf8)
        let place = PHPFPM.place(bytes.span, 0..<bytes.count, state)
        switch place {
        case .begins(let key?, _), .continues(let key?, _):
            return (place, String(decoding: bytes[key], as: UTF8.self))
        default: return (place, nil)
        }
    }

    @Test func `lines belong together by worker and second`() throws {
        let begins = place(Self.head + "NOTICE: PHP message: a\"")
        #expect(begins.1 == "18563")
        guard case .begins(_, let state) = begins.0 else {
            Issue.record("\(begins)")
            return
        }
        #expect(state != 0)
        let more = place(Self.head + "Stack trace:\"", state)
        guard case .continues(_, state) = more.0 else {
            Issue.record("\(more)")
            return
        }
        #expect(more.1 == "18563")
        // Of another second, or the next message.
        let later = Self.head.replacing("10:56:49", with: "10:56:50")
        if case .begins = place(later + "raw\"", state).0 {} else { Issue.record("a later line goes on") }
        if case .begins = place(Self.head + "NOTICE: PHP message: b\"", state).0 {
        } else {
            Issue.record("a message goes on")
        }
        // Of an event that is not there, the first line.
        if case .continues = place(Self.head + "raw\"").0 {} else { Issue.record("an output begins") }
    }

    @Test func `lines of the master stand alone, and others are not its`() {
        #expect(place("[22-Nov-2026 10:54:44] NOTICE: ready to handle connections").0 == .alone)
        #expect(place("[22-Nov-2026 10:54:44] NOTICE: [pool www] child 5 started").0 == .alone)
        #expect(place("NOTICE: PHP message: fake").0 == .begins())
        #expect(place("line2", 1).0 == .unknown)
        #expect(place("[22-Nov-2026 10:54:44 UTC] PHP Warning:  x").0 == .unknown)
        #expect(place("").0 == .unknown)
    }
}
