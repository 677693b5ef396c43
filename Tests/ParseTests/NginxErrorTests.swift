import Testing

@testable import Parse

@Suite struct NginxErrorTests {
    private func read(_ rest: String) throws -> ParsedLine {
        try ParsedLine("<187>Nov 22 10:56:30 web1 nginx: 2026/11/22 10:56:30 [warn] 12#34: *56 " + rest)
    }

    @Test func `head and tail are read`() throws {
        let line = try read(
            "connect() failed (111: Connection refused) while connecting to upstream, client: 10.68.16.5, "
                + "server: wiki.example.test, request: \"HEAD /dead/x HTTP/1.1\", "
                + "upstream: \"http://127.0.0.1:9/dead/x\", host: \"wiki.example.test:8080\", referrer: \"-\""
        )
        #expect(
            line.body == [
                "log_time=2026/11/22 10:56:30", "level_text=warn", "tid=34", "connection_id=56",
                "message=connect() failed (111: Connection refused) while connecting to upstream",
                "client_ip=10.68.16.5", "server=wiki.example.test", "request_line=HEAD /dead/x HTTP/1.1",
                "method=HEAD", "path=/dead/x", "http_version=1.1", "upstream=http://127.0.0.1:9/dead/x",
                "vhost=wiki.example.test:8080",
            ])
        #expect(line["pid"] == "12")
        #expect(line.event.severity == 4)
        #expect(line.role("log_time") == .time)
        #expect(line.event.outcome == .ok)
        #expect(line.format == "nginx-error")
    }

    /// What clients wrote into a message must not be taken for nginx's own words.
    @Test func `the tail is told from the right`() throws {
        let line = try read(
            #"user "x", client: 6.6.6.6, server: evil, request: "GET /" was not found, client: 10.0.0.1, "#
                + #"server: , request: "GET /a HTTP/1.1", host: "real", referrer: "x", host: "fake""#)
        #expect(
            line["message"] == #"user "x", client: 6.6.6.6, server: evil, request: "GET /" was not found"#)
        #expect(line["client_ip"] == "10.0.0.1")
        #expect(line["server"] == "")
        #expect(line["vhost"] == "real")
        #expect(line["request_line"] == "GET /a HTTP/1.1")
        #expect(line["referrer"] == #"x", host: "fake"#)
    }

    @Test func `a line cut inside its tail keeps what it has`() throws {
        let line = try read(#"x while reading, client: 10.0.0.1, server: s, request: "GET /long"#)
        #expect(line["message"] == "x while reading")
        #expect(line["request_line"] == "GET /long")
        #expect(line.reasons == ["cut"])
        #expect(
            try read("x, client: 10.0.0.1, server: s, requ").body.contains(
                "message=x, client: 10.0.0.1, server: s, requ"))
    }

    @Test func `line feeds, written or escaped, stay in the message`() throws {
        let tail = "\" while reading response header from upstream, client: 10.0.0.1, server: s"
        let plain = try read("FastCGI sent in stderr: \"a\nb\(tail)")
        #expect(
            plain["message"] == "FastCGI sent in stderr: \"a\nb\" while reading response header from upstream"
        )
        let escaped = try read("FastCGI sent in stderr: \"a#012b\(tail)")
        #expect(escaped["message"] == plain["message"])
        #expect(escaped.role("message") == .derived)
        #expect(escaped.role("outer") == .hole)
    }

    @Test func `a message longer than what patterns see is whole`() throws {
        let text = String(repeating: "x", count: 5_000)
        let line = try read("\(text), client: 10.0.0.1, server: s")
        #expect(line["message"] == text)
        #expect(line["client_ip"] == "10.0.0.1")
    }

    @Test func `the numbers of a limit are fields`() throws {
        let line = try read(#"limiting requests, excess: 1.998 by zone "perip", client: 1.2.3.4, server: s"#)
        #expect(line["message"] == #"limiting requests, excess: 1.998 by zone "perip""#)
        #expect(line["limit_excess"] == "1.998")
        #expect(line["limit_zone"] == "perip")
        #expect(
            try read(#"delaying requests, excess: 50.4, by zone "z", client: 1.2.3.4, server: s"#)["message"]
                == "delaying requests")
    }

    @Test func `the tail of a stream and of a mail session is read`() throws {
        let stream = try read(
            #"no live upstreams, udp client: 10.0.0.1, server: 0.0.0.0:53, upstream: "dns", "#
                + "bytes from/to client:30/0, bytes from/to upstream:0/0")
        #expect(stream["message"] == "no live upstreams")
        #expect(stream["client_ip"] == "10.0.0.1")
        #expect(stream["upstream"] == "dns")
        #expect(stream["tail"] == "bytes from/to client:30/0, bytes from/to upstream:0/0")
        #expect(stream.event.outcome == .ok)

        let mail = try read(
            #"client login failed: "535 failed", client: 10.0.0.1 using starttls, server: 0.0.0.0:25, login: "bob""#
        )
        #expect(mail["message"] == #"client login failed: "535 failed""#)
        #expect(mail["client_ip"] == "10.0.0.1")
        #expect(mail["user"] == "bob")
        #expect(mail.event.outcome == .ok)
        let session = try read(
            #"proxied, client: 10.0.0.1, server: 0.0.0.0:25, login: "bob", upstream: 10.0.0.2:25"#)
        #expect(session["upstream"] == "10.0.0.2:25")
        #expect(session["user"] == "bob")
    }

    @Test(arguments: ["", ",", ", up", ", upstream", ", upstream:", ", upstream: \""])
    func `a line that was cut in a key keeps the value before it`(_ end: String) throws {
        let line = try read(#"x, client: 10.0.0.1, server: s, request: "GET /a HTTP/1.1""# + end)
        #expect(line["request_line"] == "GET /a HTTP/1.1")
        #expect(line.reasons == (end.isEmpty ? [] : ["cut"]))
    }

    @Test func `what nginx says on standard error has a level`() throws {
        let text = "<30>1 - h nginx - - - nginx: "
        let line = try ParsedLine(text + #"[emerg] unknown directive "x" in /etc/nginx/nginx.conf:3"#)
        #expect(line.format == "nginx-error")
        #expect(line.event.severity == 0)
        #expect(line["message"] == #"unknown directive "x" in /etc/nginx/nginx.conf:3"#)
        let test = try ParsedLine(text + "configuration file /etc/nginx/nginx.conf test is successful")
        #expect(test.event.outcome == .ok)
    }

    @Test func `an object of access values is read as such`() throws {
        let line = try ParsedLine(
            #"<190>1 - h nginx - - - {"@timestamp":"2026-11-22T10:54:46+00:00","remote_addr":"127.0.0.1","#
                + #""remote_user":"","request":"GET /a?b=\"c\" HTTP/1.1","status":200,"host":"docs","#
                + #""request_time":0.006,"http_referer":"-","http_user_agent":"x"}"#)
        #expect(line.format == "nginx-json")
        #expect(line["client_ip"] == "127.0.0.1")
        #expect(line["user"] == nil)
        #expect(line["method"] == "GET")
        #expect(line["path"] == #"/a?b="c""#)
        #expect(line["vhost"] == "docs")
        #expect(line["host"] == "h")
        #expect(line["referrer"] == nil)
        #expect(line["agent"] == "x")
        #expect(line.event.time == 1_795_344_886_000_000_000)
    }
}
