import Testing

@testable import Parse

/// Lines of Varnish 7.1 as captured, of Fastly and of OpenStack Swift.
@Suite struct ProxiesTests {
    private func read(_ text: String, _ program: String) throws -> ParsedLine {
        try ParsedLine("<190>Nov 22 10:59:45 web1 \(program): \(text)")
    }

    @Test func `varnishncsa's own form is read`() throws {
        let line = try read(
            #"127.0.0.1 - user [22/Nov/2026:10:59:44 +0000] "GET http://127.0.0.1:6081/ HTTP/1.1" 200 6 "http://ref/" "Mozilla/5.0 \"q\"""#,
            "varnishncsa")
        #expect(line.format == "varnish-access")
        #expect(line["user"] == "user")
        #expect(line["path"] == "http://127.0.0.1:6081/")
        #expect(line["agent"] == #"Mozilla/5.0 "q""#)

        let purge = try read(
            #"127.0.0.1 - - [22/Nov/2026:10:59:45 +0000] "PURGE http://127.0.0.1:6081/x HTTP/1.1" - - "-" "-""#,
            "varnishncsa")
        #expect(purge["method"] == "PURGE")
        #expect(purge["status"] == nil)
        #expect(purge["bytes"] == nil)
        #expect(purge.event.outcome == .ok)
    }

    @Test func `varnishncsa with tabs is read`() throws {
        let line = try read(
            "2026-11-22T10:59:45\t127.0.0.1\t0.000106\tsynth\t751\t237\tGET\thttp://127.0.0.1:6081/synth\ttext/html; charset=utf-8\thttp://ref/\t203.0.113.8, 127.0.0.1\tMozilla/5.0",
            "varnishncsa")
        #expect(line.format == "varnish-tabs")
        #expect(
            line.body.dropFirst() == [
                "log_time=2026-11-22T10:59:45", "client_ip=127.0.0.1", "ttfb=0.000106", "cache_status=synth",
                "status=751", "bytes=237", "method=GET", "url=http://127.0.0.1:6081/synth",
                "vhost=127.0.0.1:6081", "path=/synth", "content_type=text/html; charset=utf-8",
                "referrer=http://ref/", "forwarded_for=203.0.113.8, 127.0.0.1", "agent=Mozilla/5.0",
            ])
    }

    @Test func `words with values between tabs are read`() throws {
        let line = try read(
            "side d\turl /\tcache_status hit-local\thttp_status 200\thttp_method HEAD\tcache_control -\tinm -\tttfb 0.000061\tcache_int -",
            "varnishncsa")
        #expect(
            line.body.dropFirst() == [
                "side=d", "path=/", "cache_status=hit-local", "status=200", "method=HEAD", "ttfb=0.000061",
            ])
        #expect(try read("side c", "varnishncsa").event.outcome == .failed)
        #expect(try read("side c\turl", "varnishncsa").event.outcome == .failed)
        #expect(try read("Child (1234) Started", "varnishd").event.outcome == .ok)
    }

    @Test func `a web request of Wikimedia is read`() throws {
        let line = try read(
            #"{"hostname":"cp1.example.net","dt":"2026-11-22T10:59:44Z","time_firstbyte":0.0003,"ip":"10.0.0.1","cache_status":"hit-front","http_status":"200","response_size":670,"http_method":"GET","uri_host":"docs.example.org","uri_path":"/a","uri_query":"","referer":"-","user_agent":"x"}"#,
            "webrequest")
        let expected = [
            "client_ip": "10.0.0.1", "ttfb": "0.0003", "cache_status": "hit-front", "status": "200",
            "bytes": "670", "method": "GET", "vhost": "docs.example.org", "path": "/a", "agent": "x",
            "host": "web1", "body.host": "cp1.example.net",
        ]
        for (name, value) in expected { #expect(line[name] == value, "\(name)") }
        #expect(line["referrer"] == nil)
        #expect(line.event.time == 1_795_345_184_000_000_000)
    }

    private static let object =
        #"{  "timestamp": "2026-11-22T10:59:44+0000", "client_ip": "203.0.113.7", "host": "docs.example.org", "url": "/a?b=c", "request_method": "GET", "request_protocol": "HTTP/1.1", "request_referer": "(null)", "request_user_agent": "x", "response_state": "MISS", "response_status": 404, "response_reason": "Not Found", "response_body_size": 564, "fastly_server": "cache-cdg-CDG" }"#

    @Test(arguments: ["", "2026-11-22T10:59:46.500000+00:00 192.0.2.1  "])
    func `Fastly's object is read`(_ head: String) throws {
        let line = try read(head + Self.object, "fastly")
        #expect(line.format == "fastly-json")
        #expect(line.event.outcome == .ok)
        let expected = [
            "client_ip": "203.0.113.7", "vhost": "docs.example.org", "path": "/a?b=c", "method": "GET",
            "http_version": "1.1", "agent": "x", "cache_status": "MISS", "status": "404",
            "status_text": "Not Found", "bytes": "564", "cache_server": "cache-cdg-CDG",
        ]
        for (name, value) in expected { #expect(line[name] == value, "\(name)") }
        #expect(line["referrer"] == nil)
        #expect(line.event.time == 1_795_345_184_000_000_000)
    }

    @Test func `Fastly's older form is an access line`() throws {
        let line = try read(
            #"203.0.113.7 "-" "-" [22/Nov/2026:10:59:44 +0000] "GET / HTTP/1.1" 200 5"#, "fastly-docs")
        #expect(line.format == "fastly-access")
        #expect(line["client_ip"] == "203.0.113.7")
        #expect(line["status"] == "200")
        #expect(line["ident"] == nil)
        #expect(line["user"] == nil)
        #expect(try read("words", "fastly").event.outcome == .failed)
    }

    @Test(arguments: ["GET /a 200", #""GET /a" 200"#, #""GET /a HTTP/1.1" 200 512"#])
    func `Fastly's line of before it knew formats is read`(_ request: String) throws {
        let line = try read(#"203.0.113.7 "-" "-" Sun, 22 Nov 2026 10:59:44 GMT "# + request, "fastly-docs")
        #expect(line.format == "fastly-access")
        #expect(line["client_ip"] == "203.0.113.7")
        #expect(line["method"] == "GET")
        #expect(line["path"] == "/a")
        #expect(line["status"] == "200")
        #expect(line.event.time == 1_795_345_184_000_000_000)
    }

    @Test func `Fastly's older object is read`() throws {
        let line = try read(
            #"{"time_start":"2026-11-22T10:59:44Z","client_ip":"203.0.113.7","request":"GET","url":"/a","#
                + #""cache_status":"HIT","status":"200","resp_body_size":"3"}"#, "fastly")
        #expect(line["method"] == "GET")
        #expect(line["bytes"] == "3")
        #expect(line["cache_status"] == "HIT")
        #expect(line.event.time == 1_795_345_184_000_000_000)
    }

    // MARK: Swift

    private static let fields = [
        "10.0.7.1", "10.0.7.2", "22/Nov/2026/10/59/44", "PUT", "/v1/AUTH_admin/a%20b", "HTTP/1.0",
        "201",
        "http://ref/", "curl/7.58.0", "AUTH_tk...", "5", "-", "d41d8", "tx4711", "-", "1.2345", "-", "-",
        "1795345183.100000000", "1795345184.300000000", "0", "extra",
    ]

    @Test(arguments: 17...22)
    func `the proxy's lines have from 17 fields on`(_ count: Int) throws {
        let line = try read(Self.fields.prefix(count).joined(separator: " "), "srv-object-1-swift-proxy")
        #expect(line.format == "swift-proxy")
        #expect(line.event.outcome == .ok)
        #expect(line["client_ip"] == "10.0.7.1")
        #expect(line["remote_ip"] == "10.0.7.2")
        #expect(line["method"] == "PUT")
        #expect(line["path"] == "/v1/AUTH_admin/a%20b")
        #expect(line["status"] == "201")
        #expect(line["request_bytes"] == "5")
        #expect(line["bytes"] == nil)
        #expect(line["request_id"] == "tx4711")
        #expect(line["request_time"] == "1.2345")
        #expect(line["start_time"] == (count > 18 ? "1795345183.100000000" : nil))
        #expect(line["policy_index"] == (count > 20 ? "0" : nil))
        #expect(line["tail"] == (count > 21 ? "extra" : nil))
        #expect(line.event.time == 1_795_345_184_000_000_000)
    }

    @Test func `a cut proxy line is kept raw`() throws {
        let text = Self.fields.prefix(12).joined(separator: " ")
        let line = try read(text, "proxy-server")
        #expect(line.event.outcome == .failed)
        #expect(line["message"] == text)
    }

    @Test func `other lines of Swift are read`() throws {
        let server = try read(
            #"10.0.0.1 - - [22/Nov/2026:10:59:44 +0000] "PUT /sda1/123/AUTH_x/c/o" 201 - "PUT http://h/v1/AUTH_x/c/o" "tx12" "proxy-server 123" 0.0123 "-" 1234 0"#,
            "object-server")
        #expect(server.format == "swift-server")
        #expect(server["request_id"] == "tx12")
        #expect(server["pid"] == "1234")
        #expect(server["policy_index"] == "0")

        let words = try read("Object PUT returning 503 (txn: tx12) (client_ip: 10.0.0.1)", "proxy-server")
        #expect(words["message"] == "Object PUT returning 503")
        #expect(words["request_id"] == "tx12")
        #expect(words["client_ip"] == "10.0.0.1")
        #expect(try read("x (txn: tx12) y", "proxy-server")["message"] == "x (txn: tx12) y")
        #expect(try read("Started child (txn: ", "proxy-server")["request_id"] == nil)
    }
}
