import Testing

@testable import Parse

/// Access lines that no pattern reads: cut ones, and longer ones than patterns see.
@Suite struct AccessCutTests {
    private func read(_ text: String, program: String = "apache2") throws -> ParsedLine {
        try FormatLine.read(program, text)
    }

    private static let head = #"192.0.2.7 - - [22/Nov/2026:11:00:00 +0000] "#

    @Test(arguments: [
        (#""GET /a"#, ["request_line=GET /a", "method=GET", "path=/a"]),
        (
            #""GET /a HTTP/1.1""#,
            ["request_line=GET /a HTTP/1.1", "method=GET", "path=/a", "http_version=1.1"]
        ),
        (
            #""GET /a HTTP/1.1" 200 5 "https://docs"#,
            [
                "request_line=GET /a HTTP/1.1", "method=GET", "path=/a", "http_version=1.1", "status=200",
                "bytes=5", "referrer=https://docs",
            ]
        ),
        (
            #""-" 408 - "-" "a \"quoted"#, ["status=408", #"agent=a "quoted"#]
        ),
    ])
    func `a cut line keeps what is there`(_ rest: String, _ fields: [String]) throws {
        for (program, format) in [
            ("apache2", "apache-access"), ("nginx", "nginx-access"), ("varnishncsa", "varnish-access"),
        ] {
            let line = try read(Self.head + rest, program: program)
            #expect(line.format == format)
            #expect(line.reasons == ["cut"])
            #expect(line.body.dropFirst(3).filter { !$0.hasPrefix("escaped=") } == fields)
            #expect(line["client_ip"] == "192.0.2.7")
        }
    }

    @Test(arguments: [
        ("192.0.2.7 - - ", ["client_ip=192.0.2.7"]), ("- - - ", []),
        ("192.0.2.7 - ", ["client_ip=192.0.2.7"]),
        ("docs.example.org:80 ::1 - - ", ["vhost=docs.example.org", "port=80", "client_ip=::1"]),
        ("docs.example.org 192.0.2.7 - - ", ["vhost=docs.example.org", "client_ip=192.0.2.7"]),
        (
            "docs.example.org:443 web.example.net - - ",
            ["vhost=docs.example.org", "port=443", "client_host=web.example.net"]
        ),
        ("web.example.net - - ", ["client_host=web.example.net"]),
        ("2001:db8::17 - bob smith ", ["client_ip=2001:db8::17", "user=bob smith"]),
        ("192.0.2.7, 10.0.0.1 - - ", ["client_ip=192.0.2.7"]),
        ("192.0.2.7 x [22/Nov/2026] ", ["client_ip=192.0.2.7", "ident=x", "user=[22/Nov/2026]"]),
        (#"192.0.2.7 - "" "#, ["client_ip=192.0.2.7"]),
    ])
    func `a long line begins as a short one does`(_ head: String, _ fields: [String]) throws {
        let path = "/" + String(repeating: "x", count: 3_000)
        let line = try read(
            head + #"[22/Nov/2026:11:00:00 +0000] "GET \#(path) HTTP/1.1" 200 5 "-" "a" k=1"#)
        #expect(
            Array(line.body.dropFirst()) == fields + [
                "log_time=22/Nov/2026:11:00:00 +0000", "request_line=GET \(path) HTTP/1.1", "method=GET",
                "path=\(path)", "http_version=1.1", "status=200", "bytes=5", "agent=a", "k=1",
            ])
        #expect(line.event.outcome == .ok)
    }

    @Test func `a long line of an ingress controller has its columns`() throws {
        let line = try read(
            Self.head + #""GET /\#(String(repeating: "x", count: 3_000)) HTTP/1.1" 200 5 "-" "a" "#
                + "412 0.031 [shop-docs-80] [] 10.2.0.7:8080 77 0.030 200 6fd2c9a1", program: "nginx")
        #expect(line["upstream_name"] == "shop-docs-80")
        #expect(line["request_id"] == "6fd2c9a1")
    }

    @Test func `a time that is none, and words for numbers, are no access line`() throws {
        let path = "/" + String(repeating: "x", count: 3_000)
        for text in [
            #"192.0.2.7 - - [00/aaa] "GET \#(path)"#,
            Self.head + #""GET \#(path) HTTP/1.1" two 5"#, Self.head + #""GET \#(path) HTTP/1.1" 200 five"#,
        ] {
            #expect(try read(text).event.outcome == .failed)
        }
    }
}
