import Testing

@testable import Parse

/// Wikimedia's access lines of Apache, and Apache's other forms of them.
@Suite struct ApacheTabsTests {
    private func read(_ text: String, program: String = "apache2") throws -> ParsedLine {
        try ParsedLine("<190>Nov 22 10:56:39 web1 \(program): \(text)")
    }

    @Test func `a line with tabs is read`() throws {
        let line = try read(
            [
                "2026-11-22T10:56:39", "881", "127.0.0.1", "+/200", "3", "GET",
                "http://wiki.example.test/test.php?a=b", "-", "text/html",
                #"http://evil.example/\"><script>"#,
                "203.0.113.7, 10.0.0.2", "curl/7.26.0", "-", "WMF=1", "4711", "10.0.0.9",
            ].joined(separator: "\t"))
        #expect(line.format == "apache-tabs")
        #expect(line.event.outcome == .ok)
        #expect(
            line.body.dropFirst().filter { !$0.hasPrefix("escaped=") } == [
                "log_time=2026-11-22T10:56:39", "duration_us=881", "client_ip=127.0.0.1", "handler=+",
                "status=200", "bytes=3", "method=GET", "url=http://wiki.example.test/test.php?a=b",
                "vhost=wiki.example.test", "path=/test.php?a=b", "content_type=text/html",
                #"referrer=http://evil.example/"><script>"#, "forwarded_for=203.0.113.7, 10.0.0.2",
                "agent=curl/7.26.0", "x_analytics=WMF=1", "request_id=4711", "x_client_ip=10.0.0.9",
            ])
        #expect(line.event.time == 1_795_344_999_000_000_000)
    }

    @Test func `empty columns and dashes are none, a handler may hold slashes, and columns may be missing`()
        throws
    {
        let line = try read(
            "2026-11-22T10:56:39\t4711\t1.2.3.4\tproxy:unix:/run/php.sock|fcgi://www/200\t8150\tGET\thttp://--\t-",
            program: "api-mw-access")
        #expect(line["handler"] == "proxy:unix:/run/php.sock|fcgi://www")
        #expect(line["status"] == "200")
        #expect(line["url"] == "http://--")
        #expect(line["path"] == nil)
        #expect(line["content_type"] == nil)

        let empty = try read("2026-11-22T10:56:39\t-\t::1\t-/400\t-\t-\t-\t-\ttext/html\t\t\t\t-\t-\t-\t-")
        #expect(empty.format == "apache-tabs")
        #expect(empty["handler"] == "-")
        for name in ["duration_us", "bytes", "referrer", "forwarded_for", "agent", "x_client_ip"] {
            #expect(empty[name] == nil)
        }
    }

    @Test(arguments: [
        "2026-11-22T10:56:39\t881\t127.0.0.1\t+/200\t3", "2026-11-22T10:56:39 881 127.0.0.1 +/200 3 GET",
    ])
    func `a line that is cut before the URL or has no tabs is none`(_ text: String) throws {
        #expect(try read(text).event.outcome == .failed)
    }

    @Test(arguments: ["", "@cee: "])
    func `an object with the names of the schema is read`(_ cookie: String) throws {
        let line = try read(
            cookie + #"{"client.ip":"10.0.0.1","ecs.version":"1.7.0","event.category":["network","web"],"#
                + #""event.duration":"4713","http.request.method":"GET","http.request.referrer":"-","#
                + #""http.response.bytes":"815","http.response.status_code":"200","labels.handler":"httpd-proxy","#
                + #""timestamp":"2026-11-22T10:56:39","url.domain":"code.example.org","#
                + #""url.full":"http://code.example.org/r/a?b=c","url.path":"/r/a","url.query":"?b=c","#
                + #""user.name":"-","user_agent.original":"git/2.1.0"}"#)
        #expect(line.format == "apache-json")
        #expect(line.event.outcome == .ok)
        let expected = [
            "client_ip": "10.0.0.1", "duration_us": "4713", "method": "GET", "bytes": "815",
            "status": "200",
            "handler": "httpd-proxy", "vhost": "code.example.org", "path": "/r/a", "url_query": "?b=c",
            "agent": "git/2.1.0", "url": "http://code.example.org/r/a?b=c",
        ]
        for (name, value) in expected { #expect(line[name] == value, "\(name)") }
        #expect(line["user"] == nil)
        #expect(line["referrer"] == nil)
        #expect(line.event.time == 1_795_344_999_000_000_000)
    }

    @Test func `a request line of mod_ssl is read`() throws {
        let line = try read(
            #"[22/Nov/2026:10:56:41 +0000] 203.0.113.7 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "GET / HTTP/1.1" 231"#
        )
        #expect(line.format == "apache-access")
        #expect(line["tls_version"] == "TLSv1.2")
        #expect(line["tls_cipher"] == "ECDHE-RSA-AES128-GCM-SHA256")
        #expect(line["path"] == "/")
        #expect(line["bytes"] == "231")
    }

    @Test(arguments: [
        "[2026-11-22T10:56:39Z]", "[22/Nov/2026:10:56:39.000 +0000]", "[22/Nov/2026:11:56:39 +0100]",
    ])
    func `the time of an access line may be written in several ways`(_ time: String) throws {
        let line = try read(#"10.0.0.1 - - \#(time) "GET / HTTP/1.1" 200 5"#)
        #expect(line.format == "apache-access")
        #expect(line.reasons == [])
        #expect(line.event.time == 1_795_344_999_000_000_000)
    }

    /// Longer than patterns see.
    @Test func `a long line has the columns of a short one`() throws {
        for length in [5, 3_000] {
            let path = "/w/load.php?" + String(repeating: "x", count: length)
            let columns = [
                "2026-11-22T10:54:46", "177200", "::1", "proxy:unix:/run/a.sock|fcgi://www/200", "19", "GET",
                "http://docs.example.org" + path, "-", "text/html", "-", "10.0.0.1", "curl", "-", "-", "id",
                "-",
            ]
            let line = try FormatLine.read("apache2", columns.joined(separator: "\t"))
            #expect(line.format == "apache-tabs")
            #expect(line.event.outcome == .ok)
            let names = ["duration_us", "client_ip", "handler", "status", "bytes", "method", "vhost", "path"]
            #expect(
                names.map { line[$0] } == [
                    "177200", "::1", "proxy:unix:/run/a.sock|fcgi://www", "200", "19", "GET",
                    "docs.example.org", path,
                ])
            #expect(line["url"] == "http://docs.example.org" + path)
            #expect(line["user"] == nil)
            #expect(line["agent"] == "curl")
            #expect(line["request_id"] == "id")

            let tabs = [
                "2026-11-22T10:59:45", "::1", "0.1", "hit", "200", "237", "GET", path, "-", "-", "-", "a",
            ]
            let varnish = try FormatLine.read("varnishncsa", tabs.joined(separator: "\t"))
            #expect(varnish.format == "varnish-tabs")
            #expect(varnish["url"] == path)
            #expect(varnish["status"] == "200")
            #expect(varnish["agent"] == "a")
        }
    }
}
