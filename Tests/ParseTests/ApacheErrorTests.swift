import Testing

@testable import Parse

/// Lines as Debian's apache2 2.4 wrote them, with mod_proxy_fcgi and mod_php, and lines of 2.2.
@Suite struct ApacheErrorTests {
    private func read(_ text: String, program: String = "apache2") throws -> ParsedLine {
        let line = try ParsedLine("<187>Nov 22 10:56:30 web1 \(program): " + text)
        #expect(line.format == "apache-error")
        #expect(line.event.outcome == .ok)
        return line
    }

    @Test func `head, client, code, message and referrer are read`() throws {
        let line = try read(
            "[Sun Nov 22 10:56:39.625171 2026] [core:info] [pid 18500:tid 18534] [client 127.0.0.1:47824] "
                + #"AH00128: File does not exist: /srv/www/forbidden/x, referer: http://evil.example/"><script>"#
        )
        #expect(
            line.body == [
                "log_time=Sun Nov 22 10:56:39.625171 2026", "module=core", "level_text=info", "tid=18534",
                "client_ip=127.0.0.1", "client_port=47824",
                "message=AH00128: File does not exist: /srv/www/forbidden/x", "error_code=AH00128",
                #"referrer=http://evil.example/"><script>"#,
            ])
        #expect(line["pid"] == "18500")
        #expect(line.event.severity == 6)
        #expect(line.event.time == 1_795_344_999_625_171_000)
        #expect(line.role("log_time") == .time)
        #expect(line.role("message") == .span)
    }

    @Test func `an error of the system stands before the client in 2.4 and behind it in 2.2`() throws {
        let new = try read(
            "[Sun Nov 22 10:56:40.296771 2026] [proxy:error] [pid 18499:tid 18515] (111)Connection refused: "
                + "[client 10.0.0.1:4711] AH00957: http: attempt to connect to 127.0.0.1:9 (127.0.0.1:9) failed"
        )
        #expect(new["os_error"] == "111")
        #expect(new["os_message"] == "Connection refused")
        #expect(new["client_ip"] == "10.0.0.1")
        #expect(new["error_code"] == "AH00957")
        #expect(new["message"]?.hasPrefix("(111)Connection refused: [client") == true)

        let old = try read(
            "[Sun Nov 22 01:21:43 2026] [error] [client 203.0.113.7] (13)Permission denied: access to /x denied"
        )
        #expect(old["client_ip"] == "203.0.113.7")
        #expect(old["client_port"] == nil)
        #expect(old["os_error"] == "13")
        #expect(old["message"] == "(13)Permission denied: access to /x denied")
        #expect(old["module"] == nil)
        #expect(old.event.severity == 3)

        let lookup = try read("[proxy:error] [pid 1] (EAI 2)Name or service not known: AH00965: x")
        #expect(lookup["os_error"] == "EAI 2")
        #expect(lookup["pid"] == "1")
    }

    /// What `ErrorLog syslog:local7` sends has no date.
    @Test func `without a date the header's time counts`() throws {
        let line = try read("[php:warn] [pid 26385:tid 26385] [client 127.0.0.1:45620] PHP Warning:  x")
        #expect(line["module"] == "php")
        #expect(line.event.time == 1_795_344_990_000_000_000)
        #expect(line.event.severity == 4)
        #expect(try read("[error] [client 10.0.0.1] x", program: "httpd")["message"] == "x")
        #expect(try read("[notice] caught SIGTERM, shutting down").event.severity == 5)
    }

    @Test(arguments: [
        ("127.0.0.1:48060", "127.0.0.1", "48060"), ("::1:32840", "::1", "32840"),
        ("fd00:68::5:58556", "fd00:68::5", "58556"), ("1:2:3:4:5:6:7:8:24001", "1:2:3:4:5:6:7:8", "24001"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", nil), ("::1", "::1", nil), ("fe80::1", "fe80::1", nil),
        ("10.0.0.1", "10.0.0.1", nil),
    ])
    func `a port is told from the last group of an address`(
        _ text: String, _ address: String, _ port: String?
    )
        throws
    {
        let line = try read("[:error] [pid 4711] [client \(text)] script not found")
        #expect((line["client_ip"] ?? line["client_host"]) == address)
        #expect(line["client_port"] == port)
        #expect(line["message"] == "script not found")
        #expect(line["module"] == nil)
    }

    @Test func `the source of a message for developers is read`() throws {
        let line = try read(
            "[Sun Nov 22 10:20:59.121000 2026] [rewrite:trace3] [pid 12:tid 139912] mod_rewrite.c(482): "
                + "[client 192.0.2.9:40123] 192.0.2.9 - - [a/sid#55][rid#7f/initial] applying pattern")
        #expect(line["file"] == "mod_rewrite.c")
        #expect(line["file_line"] == "482")
        #expect(line["client_port"] == "40123")
        #expect(line["level_text"] == "trace3")
        #expect(line.event.severity == 7)
        #expect(line["message"]?.hasPrefix("mod_rewrite.c(482): [client") == true)
        #expect(try read("[core:error] [pid 1] f(x): y")["file"] == nil)
    }

    @Test func `a client that the message repeats is one`() throws {
        let line = try read(
            "[:error] [pid 1:tid 2] [client 10.0.0.1:80] [client 10.0.0.1] ModSecurity: Warning.")
        #expect(line.body.filter { $0.hasPrefix("client_ip=") } == ["client_ip=10.0.0.1"])
        #expect(line["message"] == "[client 10.0.0.1] ModSecurity: Warning.")
    }

    @Test func `a message of PHP keeps its written line feeds`() throws {
        let text =
            #"PHP Fatal error:  Uncaught Error: x in /srv/www/test.php:7\nStack trace:\n#0 {main}\n  thrown in /srv/www/test.php on line 7"#
        let line = try read(
            "[Sun Nov 22 11:03:32.336684 2026] [php:error] [pid 26384:tid 26384] [client 127.0.0.1:45616] "
                + text + ", referer: http://ref/")
        #expect(line["message"] == text)
        #expect(line["referrer"] == "http://ref/")
    }

    @Test(arguments: ["-", ""])
    func `no referrer is none`(_ text: String) throws {
        let line = try read("[core:info] [pid 1:tid 2] AH00128: File does not exist: /x, referer: \(text)")
        #expect(line["referrer"] == nil)
        #expect(line["message"] == "AH00128: File does not exist: /x")
    }

    @Test func `a message longer than what patterns see is whole`() throws {
        let text = String(repeating: "x", count: 5_000)
        let line = try read("[core:info] [pid 1:tid 2] [client ::1:80] \(text), referer: http://a/")
        #expect(line["message"] == text)
        #expect(line["referrer"] == "http://a/")
    }

    @Test(arguments: [
        "[Sun Nov 22 10:56:30 2026] [core:error] [pid 1] x",
        "[22/Nov/2026:11:56:30 +0100] [core:error] [pid 1] x",
        "[2026-11-22 10:56:30.000000] [core:error] [pid 1] x",
    ])
    func `the time may be written in several ways`(_ text: String) throws {
        #expect(try read(text).event.time == 1_795_344_990_000_000_000)
    }

    @Test(arguments: [
        "[core:error", "[Sun Nov 22 10:56:39.625171 2026]", "[client 10.0.0.1] x", "plain words",
        "[Sun Nov 22 10:56:39.625171 2026] [pid 1] x", "[12345678] x",
    ])
    func `what is no error line is kept raw`(_ text: String) throws {
        let line = try ParsedLine("<187>Nov 22 10:56:30 web1 apache2: \(text)")
        #expect(line.event.outcome == .failed)
        #expect(line["message"] == text)
    }

    @Test func `what is said before the log opens is read`() throws {
        #expect(try read("AH00558: apache2: Could not determine the name")["error_code"] == "AH00558")
        let line = try read(
            "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80")
        #expect(line["os_error"] == "98")
        #expect(line["error_code"] == "AH00072")
    }

    /// No beginning of a line may be read as something else than the line, or break the rules of fields.
    @Test func `a cut line gives no wrong client`() throws {
        let whole =
            "[Sun Nov 22 10:56:40.296771 2026] [proxy:error] [pid 18499:tid 18515] (111)Connection refused: "
            + "[client 10.0.0.1:4711] AH00957: http: attempt, referer: http://a/"
        for length in 1..<whole.utf8.count {
            let line = try ParsedLine("<187>Nov 22 10:56:30 web1 apache2: " + whole.prefix(length))
            #expect(line["client_ip"] == nil || line["client_ip"] == "10.0.0.1")
            #expect(line["os_error"] == nil || line["os_error"] == "111")
        }
    }
}
