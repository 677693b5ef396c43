import Testing

@testable import Parse

@Suite struct ProxiesHAProxyTests {
    private func read(_ text: String) throws -> ParsedLine {
        try ParsedLine("<134>Nov 22 10:56:30 lb1 haproxy[32450]: \(text)")
    }

    private static let head = "192.0.2.4:40005 [22/Nov/2026:10:56:30.726] incoming~ docs/web1 "

    @Test func `a session of HTTP is read`() throws {
        let line = try read(
            Self.head
                + #"0/1/2/3/6 304 168 - x=1 ---- 6/5/4/3/2 1/0 {docs.example.org||curl#22} {|||} "GET /a?b HTTP/1.1""#
        )
        #expect(line.format == "haproxy")
        #expect(line.event.outcome == .ok)
        #expect(
            line.body.dropFirst() == [
                "client_ip=192.0.2.4", "client_port=40005", "log_time=22/Nov/2026:10:56:30.726",
                "frontend=incoming~", "backend=docs", "server=web1", "request_ms=0", "queue_ms=1",
                "connect_ms=2", "response_ms=3", "total_ms=6", "status=304", "bytes=168", "request_cookie=-",
                "response_cookie=x=1", "termination=----", "active_connections=6", "frontend_connections=5",
                "backend_connections=4", "server_connections=3", "retries=2", "server_queue=1",
                "backend_queue=0", "captured_request=docs.example.org", "captured_request=",
                "escaped=curl#22", "captured_request=curl\"", "request_line=GET /a?b HTTP/1.1", "method=GET",
                "path=/a?b",
                "http_version=1.1",
            ])
        #expect(line.event.time == 1_795_344_990_726_000_000)
    }

    @Test func `a session of TCP is read`() throws {
        let line = try read(
            "192.0.2.4:40001 [22/Nov/2026:10:56:30.285] web docs/<NOSRV> -1/-1/+3 +187 SC 1/1/0/0/0 0/0")
        #expect(line.event.outcome == .ok)
        #expect(line["server"] == "<NOSRV>")
        #expect(line["queue_ms"] == "-1")
        #expect(line["total_ms"] == "3")
        #expect(line["bytes"] == "187")
        #expect(line["termination"] == "SC")
        #expect(line["retries"] == "0")
        #expect(line["status"] == nil)
    }

    @Test func `a host of its own, no address, a bad request and the state of TLS`() throws {
        let host = try read(
            #"-:40002 [22/Nov/2026:10:56:30.222] tls~ docs/n2 docs.example.org 0/0/0/21/22 200 310 - - ---- 2/2/2/0/0 0/0 "OPTIONS / HTTP/1.1""#
        )
        #expect(host["vhost"] == "docs.example.org")
        #expect(host["client_ip"] == nil)
        #expect(host["client_port"] == "40002")
        #expect(host["total_ms"] == "22")
        let bad = try read(Self.head + #"-1/-1/-1/-1/0 400 187 - - PR-- 1/1/1/1/0 0/0 "<BADREQ>""#)
        #expect(bad["request_line"] == "<BADREQ>")
        #expect(bad["method"] == nil)
        #expect(bad.event.outcome == .ok)
        let tls = try read(
            Self.head
                + #"0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/2.0" 0/0000000000000000/0/0/0 -/TLSv1.3/X"#
        )
        #expect(tls["tail"] == "0/0000000000000000/0/0/0 -/TLSv1.3/X")
        #expect(tls["http_version"] == "2.0")
        #expect(
            try read("fd00::1:4711 [22/Nov/2026:10:56:30.222] f b/s 0/0/1 2 -- 1/1/1/1/0 0/0")["client_ip"]
                == "fd00::1")
    }

    @Test func `a failed connection is read`() throws {
        let line = try read(
            "192.0.2.4:40004 [22/Nov/2026:10:56:30.914] fe/1: Connection error during SSL handshake")
        #expect(line.event.outcome == .ok)
        #expect(line["frontend"] == "fe")
        #expect(line["bind"] == "1")
        #expect(line["error_message"] == "Connection error during SSL handshake")
        #expect(try read("127.0.0.1:1 [22/Nov/2026:10:56:30.914] fe: x")["frontend"] == "fe")
    }

    @Test func `a session in the form of an access line is read`() throws {
        let line = try read(
            #"192.0.2.4 - - [22/Nov/2026:10:56:30 +0000] "GET / HTTP/1.1" 200 5 "" "" 40005 726 "in" "docs" "web1" 0 0 0 1 2"#
        )
        #expect(line.format == "haproxy-clf")
        #expect(line["status"] == "200")
        #expect(line["tail"]?.hasPrefix("40005 726") == true)
    }

    @Test(arguments: [
        ("Pausing frontend fe.", ["backend=fe"]),
        ("Proxy fe stopped (FE: 1 conns, BE: 0 conns).", ["backend=fe"]),
        (
            "docs/web1 changed its IP from 10.0.0.1 to 10.0.0.2 by DNS cache.",
            ["backend=docs", "server=web1"]
        ),
        ("Loading success.", []),
    ])
    func `words about proxies, addresses and the process are read`(_ text: String, _ fields: [String]) throws
    {
        let line = try read(text)
        #expect(line.format == "haproxy-notice")
        #expect(line.body.dropFirst() == fields[...])
    }

    @Test func `what HAProxy says in words is read`() throws {
        let connect = try read("Connect from 192.0.2.4:40003 to 127.0.0.1:8080 (web/HTTP)")
        #expect(connect.format == "haproxy-notice")
        #expect(
            connect.body.dropFirst() == [
                "client_ip=192.0.2.4", "client_port=40003", "dst_ip=127.0.0.1", "dst_port=8080",
                "frontend=web", "mode=HTTP",
            ])
        let down = try read(
            #"Server docs/web1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms."#
        )
        #expect(down["backend"] == "docs")
        #expect(down["server"] == "web1")
        #expect(down["server_state"] == "DOWN")
        #expect(try read("Server docs/web1 is going DOWN for maintenance.")["server_state"] == "DOWN")
        #expect(try read("Health check for server app/n1 failed, reason: x")["server"] == "n1")
        #expect(try read("backend app has no server available!")["backend"] == "app")
        let warning = try read("[WARNING] 325/105630 (4711) : Server docs/web1 is DOWN.")
        #expect(warning["pid"] == "4711")
        #expect(warning["header_pid"] == "32450")
        #expect(warning.event.severity == 4)
    }

    @Test func `a line that is cut anywhere keeps what it has`() throws {
        let whole =
            Self.head
            + #"0/1/2/3/6 304 168 - - ---- 6/5/4/3/2 1/0 {docs.example.org|a b} {|} "GET /a?b HTTP/1.1""#
        let known = ["client_ip", "frontend", "connect_ms", "status", "path"]
        for length in 1..<whole.utf8.count {
            let line = try read(String(whole.prefix(length)))
            if length > 60 {
                #expect(line.event.outcome != .failed)
                #expect(line.reasons.contains("cut"))
            }
            for name in known where line[name] != nil {
                #expect(whole.contains(try #require(line[name])))
            }
            #expect(line["connect_ms"] == nil || line["connect_ms"] == "2")
        }
    }

    @Test(arguments: [
        "words", "192.0.2.4:x [22/Nov/2026:10:56:30.726] f b/s", "1.2.3.4:5 [22/Nov] f b/s", "", " : [",
        "a:1 [b] ",
    ])
    func `what is no line of HAProxy is kept raw`(_ text: String) throws {
        let line = try read(text)
        #expect(line.event.outcome == (text.isEmpty ? .ok : .failed))
        #expect(line["message"] == (text.isEmpty ? nil : text))
    }

    @Test func `a word that is no number is marked`() throws {
        let line = try read(Self.head + "0/1/x 304 168")
        #expect(line.reasons == ["malformed"])
        #expect(line["tail"] == "304 168")
        #expect(line["vhost"] == "0/1/x")
    }
}
