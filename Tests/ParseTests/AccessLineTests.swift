import Parse
import Testing

/// Lines as Debian's nginx 1.22 and apache2 2.4 wrote them.
@Suite struct AccessLineTests {
    struct Case: CustomTestStringConvertible {
        let program: String
        let line: String
        let fields: [String: String]
        var testDescription: String { String(line.prefix(90)) }
    }

    static let cases = [
        Case(
            program: "nginx",
            line:
                #"127.0.0.1 - - [22/Nov/2026:10:56:29 +0000] "GET /test.php?t=notice&x=%22q%22 HTTP/1.1" 200 5 "" "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Firefox/24.0""#,
            fields: [
                "client_ip": "127.0.0.1", "log_time": "22/Nov/2026:10:56:29 +0000",
                "request_line": "GET /test.php?t=notice&x=%22q%22 HTTP/1.1", "method": "GET",
                "path": "/test.php?t=notice&x=%22q%22", "http_version": "1.1", "status": "200", "bytes": "5",
                "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Firefox/24.0",
            ]),
        Case(
            program: "nginx",
            line:
                #"127.0.0.1 - - [22/Nov/2026:10:56:34 +0000] "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\xAB\xCD\x00\x00\x22\x5C" 400 157 "-" "-""#,
            fields: [
                "client_ip": "127.0.0.1", "log_time": "22/Nov/2026:10:56:34 +0000", "status": "400",
                "bytes": "157",
                "request_line": #"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\xAB\xCD\x00\x00\x22\x5C"#,
            ]),
        Case(
            program: "nginx_access",
            line:
                #"127.0.0.1 - bob \x22x\x22 [22/Nov/2026:10:56:34 +0000] "GET /secret HTTP/1.1" 404 153 "-" "curl/7.26.0""#,
            fields: [
                "client_ip": "127.0.0.1", "user": #"bob "x""#, "log_time": "22/Nov/2026:10:56:34 +0000",
                "request_line": "GET /secret HTTP/1.1", "method": "GET", "path": "/secret",
                "http_version": "1.1",
                "status": "404", "bytes": "153", "agent": "curl/7.26.0",
            ]),
        Case(
            program: "nginx",
            line:
                #"127.0.0.1 - - [22/Nov/2026:10:56:30 +0000] "HEAD /dead/x HTTP/1.1" 502 0 "-" "curl/7.26.0" rt=0.000 uct="-, -" uht="-, -" urt="0.000, 0.000" ua="127.0.0.1:9, 127.0.0.1:10" us="502, 502" cs=-"#,
            fields: [
                "client_ip": "127.0.0.1", "log_time": "22/Nov/2026:10:56:30 +0000",
                "request_line": "HEAD /dead/x HTTP/1.1", "method": "HEAD", "path": "/dead/x",
                "http_version": "1.1",
                "status": "502", "bytes": "0", "agent": "curl/7.26.0", "request_time": "0.000", "uct": "-, -",
                "uht": "-, -", "urt": "0.000, 0.000", "ua": "127.0.0.1:9, 127.0.0.1:10", "us": "502, 502",
            ]),
        Case(
            program: "nginx",
            line:
                #"127.0.0.1 - - [22/Nov/2026:10:56:29 +0000] "GET / HTTP/1.1" 200 6 "-" "x" rt=0.000 uct="-" uht="-" urt="-" ua="-" us="-" cs=-"#,
            fields: [
                "client_ip": "127.0.0.1", "log_time": "22/Nov/2026:10:56:29 +0000",
                "request_line": "GET / HTTP/1.1",
                "method": "GET", "path": "/", "http_version": "1.1", "status": "200", "bytes": "6",
                "agent": "x", "request_time": "0.000",
                // Lists of upstreams, which were none.
                "uct": "-", "uht": "-", "urt": "-", "ua": "-", "us": "-",
            ]),
        Case(
            program: "apache2",
            line:
                #"docs.webplatform.test:80 127.0.0.1 - "" [22/Nov/2026:10:56:41 +0000] "" 400 535 "" """#,
            fields: [
                "vhost": "docs.webplatform.test", "port": "80", "client_ip": "127.0.0.1",
                "log_time": "22/Nov/2026:10:56:41 +0000", "status": "400", "bytes": "535",
            ]),
        Case(
            program: "nginx",
            line:
                #"wiki.example.test:80 ::1 - - [22/Nov/2026:10:56:30 +0000] "HEAD / HTTP/1.1" 200 0 "-" "-""#,
            fields: [
                "vhost": "wiki.example.test", "port": "80", "client_ip": "::1",
                "log_time": "22/Nov/2026:10:56:30 +0000", "request_line": "HEAD / HTTP/1.1", "method": "HEAD",
                "path": "/", "http_version": "1.1", "status": "200", "bytes": "0",
            ]),
        Case(
            program: "apache2",
            line: #"127.0.0.1 - - [22/Nov/2026:10:56:41 +0000] "GET /auth/ HTTP/1.1" 404 480"#,
            fields: [
                "client_ip": "127.0.0.1", "log_time": "22/Nov/2026:10:56:41 +0000",
                "request_line": "GET /auth/ HTTP/1.1", "method": "GET", "path": "/auth/",
                "http_version": "1.1",
                "status": "404", "bytes": "480",
            ]),
        Case(
            program: "apache2-access",
            line:
                #"127.0.0.1 - bob \"x\" [22/Nov/2026:10:56:41 +0000] "GET /secret HTTP/1.1" 401 712 "-" "bad \"quoted\" agent""#,
            fields: [
                "client_ip": "127.0.0.1", "user": #"bob "x""#, "log_time": "22/Nov/2026:10:56:41 +0000",
                "request_line": "GET /secret HTTP/1.1", "method": "GET", "path": "/secret",
                "http_version": "1.1",
                "status": "401", "bytes": "712", "agent": #"bad "quoted" agent"#,
            ]),
    ]

    @Test(arguments: cases)
    func `an access line is taken apart`(_ test: Case) throws {
        for header in [
            "<190>1 2026-11-22T10:57:00Z web1 \(test.program) - - - ",
            "<190>Nov 22 10:57:00 web1 \(test.program): ",
        ] {
            let line = try ParsedLine(header + test.line)
            #expect(line.format == (test.program.hasPrefix("nginx") ? "nginx-access" : "apache-access"))
            #expect(line.event.outcome == .ok)
            #expect(line.reasons == [])
            #expect(line["message"] == test.line)
            #expect(line.role("message") == .span)
            let own = Set(line.names).subtracting([
                "pri", "header_time", "host", "program", "message", "escaped",
            ])
            #expect(own == Set(test.fields.keys))
            for (name, value) in test.fields { #expect(line[name] == value, "\(name)") }
            #expect(line.role("log_time") == .time)
            if test.fields["request_line"] != nil {
                #expect(line.role("request_line") == (test.fields["method"] == nil ? .hole : .span))
            }
        }
    }

    private func access(_ end: String, path: String = "/") throws -> ParsedLine {
        let request = #"1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET \#(path) HTTP/1.1" 200 5 "-" "-""#
        return try ParsedLine("<190>1 2026-11-22T11:00:00Z h nginx - - - " + request + end)
    }

    @Test(arguments: [
        (" rid=ab rt=0.5", ["request_id": "ab", "request_time": "0.5"]),
        (" new.key-1=v other=\"a \\\" b\"", ["new.key-1": "v", "other": #"a " b"#]),
        (" e=\"\" n= m=-", ["e": ""]), (" d=\"-\"", ["d": "-"]),
        (" k=1 rest of it", ["k": "1", "tail": "rest of it"]),
        (" free text", ["tail": "free text"]),
        (" k=\"open", ["tail": "k=\"open"]),
        (" k=\"a\"b c=1", ["tail": "k=\"a\"b c=1"]),
        (" =x", ["tail": "=x"]),
        (" a=1   b=2 ", ["a": "1", "b": "2"]),
    ])
    func `pairs behind the line are fields, the rest is one`(_ end: String, _ fields: [String: String]) throws
    {
        let line = try access(end)
        #expect(line.event.outcome == .ok)
        let names = line.names.drop { $0 != "bytes" }.dropFirst().filter { $0 != "escaped" }
        #expect(names.sorted() == fields.keys.sorted())
        for (name, value) in fields { #expect(line[name] == value) }
    }

    @Test func `a key cannot stand for a column or for the header`() throws {
        let line = try access(" time=1 host=evil level=3 raw=x message=y @timestamp=5")
        #expect(line["host"] == "h")
        #expect(line["tail.host"] == "evil")
        #expect(line["tail.level"] == "3")
        #expect(line["tail.raw"] == "x")
        #expect(line["tail.message"] == "y")
        #expect(line["tail.time"] == "1")
        #expect(!line.names.contains("time") && !line.names.contains("level") && !line.names.contains("raw"))
    }

    @Test func `an event has 256 fields at most, and loses no text`() throws {
        let pairs = (0..<400).map { "k\($0 % 50)=\($0)" }.joined(separator: " ")
        let line = try access(" " + pairs)
        #expect(line.event.fieldCount == 256)
        #expect(line.reasons == ["too_many_fields"])
        #expect(line.event.outcome == .partial)
        #expect(line["tail"]?.hasSuffix("k49=399") == true)
    }

    @Test func `a key of more than 128 bytes is text`() throws {
        let key = String(repeating: "k", count: 129)
        #expect(try access(" \(key)=1")["tail"] == "\(key)=1")
    }

    @Test func `behind 2 KB only what is certain is a field`() throws {
        let long = try access(" a=1 b=\(String(repeating: "x", count: 5_000)) c=3")
        #expect(long.event.outcome == .ok)
        #expect(long["b"]?.utf8.count == 5_000)
        #expect(long["c"] == "3")

        let path = try access(" a=1", path: "/" + String(repeating: "x", count: 5_000))
        #expect(path.event.outcome == .ok)
        #expect(path["path"]?.utf8.count == 5_001)
        #expect(path["a"] == "1")

        // The cut falls into the agent: what stands before it looks like a short line with a tail.
        let agent =
            #"1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "\#(String(repeating: "x", count: 3_000))" k=1"#
        let line = try ParsedLine("<190>1 - h nginx - - - " + agent)
        #expect(line["agent"]?.utf8.count == 3_000)
        #expect(line["k"] == "1")
        // A pattern that nothing else stands behind ends there.
        let swift =
            "10.0.0.1 10.0.0.2 22/Nov/2026/11/00/00 GET /\(String(repeating: "x", count: 3_000)) HTTP/1.0 200"
        #expect(try ParsedLine("<190>1 - h proxy-server - - - " + swift).reasons == ["limit"])
    }

    @Test(arguments: [
        "2026/11/22 10:56:49 [error] upstream timed out (110: Connection timed out)",
        "2026/11/22 [notice] 18486#18486: using the \"epoll\" event method",
        "1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] GET / HTTP/1.1",
        "1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] \"GET / HTTP/1.1\" two 5",
    ])
    func `a line that no format of its program reads is kept raw with the reason`(_ text: String) throws {
        let line = try ParsedLine("<190>1 2026-11-22T11:00:00Z h nginx - - - \(text)")
        #expect(line.event.outcome == .failed)
        #expect(line.reasons == ["no_match"])
        #expect(line["message"] == text)
        #expect(line.format == "syslog")
    }

    @Test(arguments: ["unheard", "nginx-extra", "apache2-other", "myapp"])
    func `a program without formats is a plain event`(_ program: String) throws {
        let line = try ParsedLine(
            #"<190>1 - h \#(program) - - - 1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] "GET / HTTP/1.1" 200 5"#)
        #expect(line.event.outcome == .ok)
        #expect(line.format == "syslog")
        #expect(line.role("message") == .hole)
    }

    @Test func `many programs and keys go through one parser`() throws {
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        var batch = EventBatch()
        batch.peers = [Peer(.udp, "::1")]
        for index in 0..<5_000 {
            batch.recycle(consumed: batch.bytes.count)
            let program = index % 2 == 0 ? "p\(index)" : "nginx"
            let text =
                "<13>1 - h \(program) - - - 1.2.3.4 - - [22/Nov/2026:11:00:00 +0000] \"-\" 200 5 \"-\" \"-\" key\(index % 100)=v"
            batch.bytes = Array(text.utf8)
            parser.parse(0..<batch.bytes.count, peer: 0, in: &batch)
            let event = try #require(batch.events.first)
            #expect(flaws(in: batch, event) == [])
            let isAccess = Formats.names.name(of: event.format) == "nginx-access"
            #expect(isAccess == (index % 2 == 1))
        }
    }
}
