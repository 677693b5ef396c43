import Testing

@testable import Parse

/// Fields hold what was meant, and lines what was written.
@Suite struct EscapedValueTests {
    struct Case: CustomTestStringConvertible {
        let program: String
        let text: String
        /// As `name=value`.
        let fields: [String]
        init(_ program: String, _ text: String, _ fields: [String]) {
            (self.program, self.text, self.fields) = (program, text, fields)
        }
        var testDescription: String { "\(program): \(text.prefix(100))" }
    }

    private static let head = "203.0.113.9 - - [22/Nov/2026:10:56:29 +0000] "

    static let cases: [Case] = [
        Case(
            "nginx", head + #""GET / HTTP/1.1" 200 5 "-" "say \x22hi\x22 \xC3\xBC""#,
            [#"agent=say "hi" ü"#, "path=/"]),
        Case(
            "apache2", head + #""GET / HTTP/1.1" 200 5 "http://x/\"" "say \"hi\" \\ \xc3\xbc""#,
            [#"agent=say "hi" \ ü"#, #"referrer=http://x/""#]),
        Case("varnishncsa", head + #""GET http://x/ HTTP/1.1" 200 5 "-" "say \"hi\"""#, [#"agent=say "hi""#]),
        Case(
            "nginx", #"{"remote_addr":"203.0.113.9","http_user_agent":"say \"hi\"","status":200}"#,
            [#"agent=say "hi""#]),
        Case(
            "nginx",
            #"203.0.113.9 - bob \x22x\x22 [22/Nov/2026:10:56:29 +0000] "GET /a\x22b?c HTTP/1.1" 200 5 "-" "-""#,
            [
                #"user=bob "x""#, #"path=/a"b?c"#, #"request_line=GET /a"b?c HTTP/1.1"#, "method=GET",
                "http_version=1.1",
            ]),
        Case(
            "apache2",
            #"203.0.113.9 - bob\"x\" [22/Nov/2026:10:56:29 +0000] "GET /h\xc3\xa9 HTTP/1.1" 200 5 "-" "a\tb""#,
            [#"user=bob"x""#, "path=/hé", "request_line=GET /hé HTTP/1.1", "agent=a\tb"]),
        // What is no text stays as it is written.
        Case(
            "nginx", head + #""\x16\x03\x01\x02\x00" 400 157 "-" "-""#,
            [#"request_line=\x16\x03\x01\x02\x00"#]),
        Case(
            "nginx", head + #""GET /bad\xFF HTTP/1.1" 400 157 "\x1B[31m" "\xFF\xC3(""#,
            [#"path=/bad\xFF"#, #"agent=\xFF\xC3("#, #"referrer=\x1B[31m"#]),
        // Behind the agent.
        Case(
            "nginx", head + #""GET / HTTP/1.1" 200 5 "-" "a" rt=0.1 ref="x\x22y""#,
            [#"ref=x"y"#, "request_time=0.1"]),
        // Longer than what patterns see.
        Case(
            "nginx",
            head + "\"GET /\(String(repeating: "a", count: 2_100)) HTTP/1.1\" 200 5 "
                + #""-" "say \x22hi\x22""#, [#"agent=say "hi""#]),
        Case(
            "nginx",
            head + "\"GET /\\x22\(String(repeating: "a", count: 2_100)) HTTP/1.1\" 200 5 "
                + #""-" "say \x22hi\x22""#,
            ["path=/\"" + String(repeating: "a", count: 2_100), #"agent=say "hi""#]),
        Case(
            "mw-access",
            "2026-11-22T10:54:46\t4879\t203.0.113.9\t+/200\t3\tGET\thttp://x/a\\\"b\t-\ttext/html\t-\t-\tsay \\\"hi\\\"\t-\t-\t-\t-",
            [#"agent=say "hi""#, #"path=/a"b"#, #"url=http://x/a"b"#, "vhost=x"]),
        Case(
            "haproxy",
            #"203.0.113.9:40005 [22/Nov/2026:10:00:00.123] fe be/s1 0/0/1/6/7 200 649 - - ---- 1/1/1/1/0 0/0 {say #22hi#22} "GET /a#22b#23c HTTP/1.1""#,
            [#"captured_request=say "hi""#, #"path=/a"b#c"#]),
        // nginx writes its error log as it is.
        Case(
            "nginx",
            #"2026/11/22 10:56:41 [error] 7#7: *5 open() failed, client: 203.0.113.9, server: x, request: "GET /a\x22b HTTP/1.1", host: "x", referrer: "http://x/\x22""#,
            [#"path=/a\x22b"#, #"referrer=http://x/\x22"#]),
    ]

    @Test(arguments: cases)
    func `escapes are undone in fields`(_ item: Case) throws {
        let line = try ParsedLine(
            "<190>1 2026-11-22T10:00:00Z h \(item.program) - - - \(item.text)", listener: .file)
        for field in item.fields {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            #expect(line[parts[0]] == parts[1], "\(parts[0])")
        }
        #expect(line.event.outcome == .ok)
        let bytes = Array("<190>1 - h \(item.program) - - - \(item.text)".utf8)
        for end in stride(from: 20, to: bytes.count, by: 7) { _ = try ParsedLine(Array(bytes[..<end])) }
    }
}
