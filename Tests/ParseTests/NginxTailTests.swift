import Testing

@testable import Parse

@Suite struct NginxTailTests {
    private func read(_ tail: String, program: String = "nginx") throws -> ParsedLine {
        let line = try ParsedLine(
            "<190>Nov 22 10:56:30 web1 \(program): "
                + #"10.0.0.1 - - [22/Nov/2026:10:56:30 +0000] "GET /a HTTP/1.1" 200 77 "-" "curl/7.26.0""#
                + tail)
        #expect(line.format == "nginx-access")
        return line
    }

    /// The fields behind the agent.
    private func tail(_ line: ParsedLine) -> [String] {
        Array(line.body.drop { !$0.hasPrefix("agent=") }.dropFirst())
    }

    @Test func `the columns of an ingress controller are fields`() throws {
        let line = try read(
            " 412 0.031 [shop-docs-80] [] 10.2.0.7:8080 77 0.030 200 6fd2c9a1e0b84f7795c3d1e2a4b60718")
        #expect(
            tail(line) == [
                "request_length=412", "request_time=0.031", "upstream_name=shop-docs-80",
                "upstream_alternative=", "ua=10.2.0.7:8080", "ul=77", "urt=0.030", "us=200",
                "request_id=6fd2c9a1e0b84f7795c3d1e2a4b60718",
            ])
        #expect(line.event.outcome == .ok)
    }

    @Test func `lists of upstreams are one text each`() throws {
        #expect(
            tail(
                try read(
                    " 1 0.1 [a] [b] 10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80 1, - : 3 0.1, 0.2 : - 502, 200 : 200 id x"
                ))
                == [
                    "request_length=1", "request_time=0.1", "upstream_name=a", "upstream_alternative=b",
                    "ua=10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80", "ul=1, - : 3", "urt=0.1, 0.2 : -",
                    "us=502, 200 : 200", "request_id=id", "tail=x",
                ])
    }

    @Test func `no upstream, and columns of old releases`() throws {
        #expect(
            tail(try read(" 0 0.000 [] [] - - - - 9b1e"))
                == [
                    "request_length=0", "request_time=0.000", "upstream_name=", "upstream_alternative=",
                    "request_id=9b1e",
                ])
        #expect(
            tail(try read(" 412 0.031 [shop-docs-80] 10.2.0.7:80 77 0.030 200")).suffix(4)
                == ["ua=10.2.0.7:80", "ul=77", "urt=0.030", "us=200"])
    }

    @Test func `a cut line keeps what it has`() throws {
        let line = try read(" 412 0.031 [shop-docs-80] [] 10.2.0.7:80, ")
        #expect(line["upstream_name"] == "shop-docs-80")
        #expect(line.reasons == ["cut"])
    }

    @Test(arguments: [" 412 0.031", " 412 [x] 0.1", " 1 2 3", " 412 0.031 [open"])
    func `numbers of another meaning are a tail`(_ text: String) throws {
        #expect(tail(try read(text)) == ["tail=\(text.dropFirst())"])
    }

    @Test func `a gzip ratio is read, other quotes are a tail`() throws {
        #expect(tail(try read(#" "2.75""#)) == ["gzip_ratio=2.75"])
        #expect(tail(try read(#" "203.0.113.7""#)) == ["forwarded_for=203.0.113.7"])
        #expect(tail(try read(#" "text""#)) == [#"tail="text""#])
        #expect(tail(try read(#" "2.75" x"#)) == [#"tail="2.75" x"#])
    }

    @Test func `a proxied stream is read`() throws {
        let line = try ParsedLine(
            #"<190>1 - h nginx - - - 192.0.2.7 [22/Nov/2026:10:56:30 +0000] TCP 200 1234 567 0.123 "10.0.0.9:3306""#
        )
        #expect(line.format == "nginx-access")
        #expect(
            line.body.dropFirst() == [
                "client_ip=192.0.2.7", "log_time=22/Nov/2026:10:56:30 +0000", "protocol=TCP", "status=200",
                "bytes=1234", "request_length=567", "request_time=0.123", "ua=10.0.0.9:3306",
            ])
    }

    @Test func `pairs are still pairs`() throws {
        #expect(tail(try read(#" rt=0.1 ua="-" cs=-"#)) == ["request_time=0.1", "ua=-"])
    }

    @Test func `Discourse's lines are read`() throws {
        let line = try ParsedLine(
            "<190>Nov 22 10:56:30 web1 nginx: "
                + #"[22/Nov/2026:10:56:30 +0000] "talk.example.org" 203.0.113.7 "GET /latest.json HTTP/1.1" "#
                + #""Mozilla/5.0" "list/latest" 200 4321 "-" 0.123 0.124 "alice" "-" "0.002" "12" "0.003" "20" "0.04""#
        )
        #expect(line.format == "discourse-access")
        #expect(line.event.outcome == .ok)
        #expect(
            line.body.dropFirst() == [
                "log_time=22/Nov/2026:10:56:30 +0000", "vhost=talk.example.org", "client_ip=203.0.113.7",
                "request_line=GET /latest.json HTTP/1.1", "method=GET", "path=/latest.json",
                "http_version=1.1",
                "agent=Mozilla/5.0", "route=list/latest", "status=200", "bytes=4321", "urt=0.123",
                "request_time=0.124", "user=alice", "queue_time=0.002", "redis_calls=12", "redis_time=0.003",
                "sql_calls=20", "sql_time=0.04",
            ])
    }

    @Test func `an error line begins an event that others continue`() throws {
        let format = try #require(FormatDefinition.nginx.first { $0.name == "nginx-error" })
        guard case .several = format.lines else {
            Issue.record("each line is an event")
            return
        }
        for (text, isFirst) in [
            ("2026/11/22 10:56:49 [error] 1#1: x", true), ("#0 /srv/www/test.php(3): inner()", false),
        ] {
            let bytes = Array(text.utf8)
            let passes = format.check.passes(bytes.span, from: 0, to: bytes.count)
            #expect(passes == isFirst)
        }
    }
}
