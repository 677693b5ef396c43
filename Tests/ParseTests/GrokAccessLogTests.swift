import Testing

@testable import Parse

@Suite struct GrokAccessLogTests {
    struct Case: CustomTestStringConvertible {
        let line: String
        let fields: [String: String]

        init(_ line: String, _ fields: [String: String]) {
            self.line = line
            self.fields = fields
        }

        var testDescription: String { line }
    }

    static let time = "22/Nov/2026:10:56:29 +0000"

    /// A line around a request, with the fields that every such line has.
    static func simple(_ request: String, _ fields: [String: String]) -> Case {
        var all = ["client_ip": "127.0.0.1", "log_time": time, "status": "400", "bytes": "157"]
        all.merge(fields) { $1 }
        return Case(#"127.0.0.1 - - [\#(time)] "\#(request)" 400 157 "-" "-""#, all)
    }

    /// A line that begins as told, with the fields of the rest.
    static func head(_ head: String, _ fields: [String: String]) -> Case {
        var all = ["log_time": time, "status": "200", "bytes": "6", "request_line": "GET / HTTP/1.1"]
        all.merge(["method": "GET", "path": "/", "http_version": "1.1", "agent": "curl/7.26.0"]) { $1 }
        all.merge(fields) { $1 }
        return Case(#"\#(head) [\#(time)] "GET / HTTP/1.1" 200 6 "-" "curl/7.26.0""#, all)
    }

    /// A line that ends as told behind the request.
    static func tail(_ tail: String, _ fields: [String: String]) -> Case {
        var all = ["client_ip": "::1", "log_time": time, "request_line": "GET / HTTP/1.1"]
        all.merge(["method": "GET", "path": "/", "http_version": "1.1"]) { $1 }
        all.merge(fields) { $1 }
        return Case(#"::1 - - [\#(time)] "GET / HTTP/1.1" \#(tail)"#, all)
    }

    @Test(arguments: [
        // Who asked.
        head("127.0.0.1 - -", ["client_ip": "127.0.0.1"]),
        head("fd00:68::5 - -", ["client_ip": "fd00:68::5"]),
        head("::1 - -", ["client_ip": "::1"]),
        head("client.example.org - -", ["client_ip": "client.example.org"]),
        head("unix: - -", ["client_ip": "unix:"]), head("- - -", [:]),
        head("127.0.0.1 -", ["client_ip": "127.0.0.1"]),
        head("127.0.0.1 - alice", ["client_ip": "127.0.0.1", "user": "alice"]),
        head("127.0.0.1 id frank", ["client_ip": "127.0.0.1", "ident": "id", "user": "frank"]),
        head("127.0.0.1 -x -y", ["client_ip": "127.0.0.1", "ident": "-x", "user": "-y"]),
        head("127.0.0.1 - mallory x", ["client_ip": "127.0.0.1", "user": "mallory x"]),
        head(#"127.0.0.1 - bob \x22x\x22"#, ["client_ip": "127.0.0.1", "user": #"bob \x22x\x22"#]),
        head(#"127.0.0.1 - bob \"x\""#, ["client_ip": "127.0.0.1", "user": #"bob \"x\""#]),
        head("127.0.0.1 - a [b] c", ["client_ip": "127.0.0.1", "user": "a [b] c"]),
        head("127.0.0.1 - - -", ["client_ip": "127.0.0.1", "user": "- -"]),
        head(#"127.0.0.1 - """#, ["client_ip": "127.0.0.1"]),
        head("127.0.0.1 - [127.0.0.1] - -", ["client_ip": "127.0.0.1"]),
        head("127.0.0.1 - [127.0.0.1] - bob", ["client_ip": "127.0.0.1", "user": "bob"]),
        head(
            #"127.0.0.1 - a [22/Nov/2026:00:00:00 +0000] \"GET"#,
            ["client_ip": "127.0.0.1", "user": #"a [22/Nov/2026:00:00:00 +0000] \"GET"#]),
        // Virtual hosts.
        head(
            "wiki.example.test:80 ::1 - -", ["vhost": "wiki.example.test", "port": "80", "client_ip": "::1"]),
        head(
            "docs:8080 client.example.org - bob",
            ["vhost": "docs", "port": "8080", "client_ip": "client.example.org", "user": "bob"]),
        head("docs.example.org 10.0.0.1 - -", ["vhost": "docs.example.org", "client_ip": "10.0.0.1"]),
        head("10.0.0.9 10.0.0.1 - -", ["vhost": "10.0.0.9", "client_ip": "10.0.0.1"]),
        head("[fd00::1]:443 fd00::2 - -", ["vhost": "[fd00::1]", "port": "443", "client_ip": "fd00::2"]),
        head("- 10.0.0.1 - -", ["client_ip": "10.0.0.1"]),
        head("_:80 10.0.0.1 - -", ["vhost": "_", "port": "80", "client_ip": "10.0.0.1"]),
        // Lists of addresses: the first public one, else the first.
        head("203.0.113.7, 10.0.0.1 - -", ["client_ip": "203.0.113.7"]),
        head("10.0.0.2, 10.0.0.1, 203.0.113.7 - -", ["client_ip": "203.0.113.7"]),
        head("10.0.0.2, 10.0.0.1 - -", ["client_ip": "10.0.0.2"]),
        head("localhost, localhost - alice", ["client_ip": "localhost", "user": "alice"]),
        head(#""10.5.0.1, 203.0.113.7, 203.0.113.8" 10.2.1.185 - -"#, ["client_ip": "203.0.113.7"]),
        head("2001:db8::8000, 10.225.192.17 10.2.2.121 - -", ["client_ip": "2001:db8::8000"]),
        head(
            "docs.example.org 203.0.113.7, 10.0.0.1 - -",
            ["vhost": "docs.example.org", "client_ip": "203.0.113.7"]),
        // Requests.
        simple(
            "GET /a%00b HTTP/1.1",
            ["request_line": "GET /a%00b HTTP/1.1", "method": "GET", "path": "/a%00b", "http_version": "1.1"]),
        simple(
            "CONNECT example.com:443 HTTP/2.0",
            [
                "request_line": "CONNECT example.com:443 HTTP/2.0", "method": "CONNECT",
                "path": "example.com:443", "http_version": "2.0",
            ]),
        simple(
            #"GET /\" HTTP/1.0"#,
            ["request_line": #"GET /\" HTTP/1.0"#, "method": "GET", "path": #"/\""#, "http_version": "1.0"]),
        simple("", [:]), simple("-", [:]), simple("--", ["request_line": "--"]),
        simple("GET /", ["request_line": "GET /", "method": "GET", "path": "/"]),
        simple("GET", ["request_line": "GET"]),
        simple("hello", ["request_line": "hello"]),
        simple("GET /x y z HTTP/1.1", ["request_line": "GET /x y z HTTP/1.1"]),
        simple("GET  HTTP/1.1", ["request_line": "GET  HTTP/1.1"]),
        simple(#"\x16\x03\x01\x22\x5C"#, ["request_line": #"\x16\x03\x01\x22\x5C"#]),
        simple(#"a \"b\" \\"#, ["request_line": #"a \"b\" \\"#]),
        // What came of it.
        tail("200 6", ["status": "200", "bytes": "6"]), tail("- 7908", ["bytes": "7908"]),
        tail("408 -", ["status": "408"]),
        tail("- -", [:]),
        tail(#"000 0 "" """#, ["status": "000", "bytes": "0"]),
        tail(#"200 6 "-" "-""#, ["status": "200", "bytes": "6"]),
        tail(#"200 6 "-foo" "--""#, ["status": "200", "bytes": "6", "referrer": "-foo", "agent": "--"]),
        tail(
            #"200 6 "\"\\x22\"" "bad \"quoted\" agent""#,
            ["status": "200", "bytes": "6", "referrer": #"\"\\x22\""#, "agent": #"bad \"quoted\" agent"#]),
        tail(
            #"200 6 "-" "é" "203.0.113.7, 10.0.0.2""#,
            ["status": "200", "bytes": "6", "agent": "é", "forwarded_for": "203.0.113.7, 10.0.0.2"]),
        tail(#"200 6 "-" "-" "-" rt=1"#, ["status": "200", "bytes": "6", "tail": "rt=1"]),
        tail(#"200 6 "-" "-" "2.75""#, ["status": "200", "bytes": "6", "tail": #""2.75""#]),
        tail(
            #"200 6 "-" "" rt=0.000 uct="-, -" cs=-"#,
            ["status": "200", "bytes": "6", "tail": #"rt=0.000 uct="-, -" cs=-"#]),
        tail("200 6 rt=0.1", ["status": "200", "bytes": "6", "tail": "rt=0.1"]),
        tail(
            #"200 6 "-" "a" "unknown, 203.0.113.7""#,
            ["status": "200", "bytes": "6", "agent": "a", "forwarded_for": "unknown, 203.0.113.7"]),
        tail(
            #"200 6 "-" "a" "10.0.0.1" "docs.example.org:443" sn="_" rt=0.1"#,
            [
                "status": "200", "bytes": "6", "agent": "a", "forwarded_for": "10.0.0.1",
                "vhost": "docs.example.org", "port": "443", "tail": #"sn="_" rt=0.1"#,
            ]),
        tail(#"200 6 "(null)" "(null)""#, ["status": "200", "bytes": "6"]),
    ])
    func `an access line gives these fields and no other`(_ test: Case) throws {
        #expect(try grokFields("%{ACCESSLOG}", test.line) == test.fields)
    }

    @Test func `fields stand in the order of the line`() throws {
        let program = try GrokProgram("%{ACCESSLOG}", library: .embedded, wholeLine: true)
        #expect(
            program.captures.map(\.field) == [
                "vhost", "port", "client_ip", "ident", "user", "log_time", "request_line", "method", "path",
                "http_version", "status", "bytes", "referrer", "agent", "forwarded_for", "tail",
            ])
        for capture in program.captures where capture.field != "tail" {
            #expect(Fields.definition(of: capture.field)?.name == capture.field)
        }
    }

    @Test func `a line of 64 KiB is no burden`() throws {
        let path = "/" + String(repeating: "x", count: 65_536)
        let line = #"127.0.0.1 - - [\#(Self.time)] "GET \#(path) HTTP/1.1" 414 0 "-" "-""#
        #expect(try grokFields("%{ACCESSLOG}", line)?["path"] == path)
    }
}
