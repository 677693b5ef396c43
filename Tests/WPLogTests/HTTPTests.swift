import Foundation
import Testing

struct HTTPTests {
    private static func serverWithLines(_ folder: ScratchFolder) async throws -> RunningServer {
        let server = try await RunningServer(folder.path("data"))
        try Wire.deliver(
            Array("<13>1 - h1 app - - - one two\n<13>1 - h2 app - - - two & three\n".utf8), port: server.tcp)
        #expect(try await server.search("two", until: 2).count == 2)
        return server
    }

    @Test func `every parameter, from the URL and from a form`() async throws {
        let folder = try ScratchFolder()
        let server = try await Self.serverWithLines(folder)
        let cases: [(parameters: String, lines: Int, type: String)] = [
            ("query=two", 2, "application/x-ndjson"),
            ("q=two", 2, "application/x-ndjson"),
            ("query=host%3Ah1", 1, "application/x-ndjson"),
            ("query=one+two", 1, "application/x-ndjson"),
            ("query=%22two%20%26%20three%22", 1, "application/x-ndjson"),
            ("query=two&limit=1", 1, "application/x-ndjson"),
            ("query=two&since=1h&until=now", 2, "application/x-ndjson"),
            ("query=two&start=1h&end=now", 2, "application/x-ndjson"),
            ("query=two&since=2000&until=2001", 0, "application/x-ndjson"),
            ("query=two&since=&until=", 2, "application/x-ndjson"),
            ("query=two&output=text&zone=Europe/Berlin", 2, "text/plain; charset=utf-8"),
            ("query=two&output=raw", 2, "application/octet-stream"),
            ("query=two&meta=1", 3, "application/x-ndjson"),
            ("query=two&meta=0", 2, "application/x-ndjson"),
            ("query=two&zone=%2B01:00", 2, "application/x-ndjson"),
            ("query=two+%7C+count+by+host", 2, "application/x-ndjson"),
            ("", 2, "application/x-ndjson"),
        ]
        let form = ["Content-Type: application/x-www-form-urlencoded"]
        for (parameters, lines, type) in cases {
            let got = try server.get("/api/v1/search?\(parameters)")
            let posted = try HTTPAnswer.of(
                "POST", "/api/v1/search", headers: form, body: parameters, port: server.http)
            #expect(got.status == 200 && posted.status == 200, "\(parameters): \(got.text) \(posted.text)")
            // How long it took differs.
            if !parameters.contains("meta=1") { #expect(got.text == posted.text, "\(parameters)") }
            #expect(got.text.split(separator: "\n").count == lines, "\(parameters): \(got.text)")
            #expect(got.headers["content-type"] == type && posted.headers["content-type"] == type)
        }
        let one = try server.get("/api/v1/search?query=two&limit=1&meta=1")
        #expect(one.headers["wplog-truncated"] == "true" && one.headers["wplog-partial"] == "false")
        let last = try one.text.split(separator: "\n").last.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect((last??["_meta"] as? [String: Any])?["truncated"] as? Bool == true)
    }

    @Test func `zones move the clock of text output`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let day = Date(timeIntervalSinceNow: -86_400).formatted(.iso8601.year().month().day())
        let before = Date(timeIntervalSinceNow: -2 * 86_400).formatted(.iso8601.year().month().day())
        try Wire.deliver(Array("<13>1 \(day)T03:04:05Z h app - - - noon\n".utf8), port: server.tcp)
        #expect(try await server.search("noon", until: 1).count == 1)
        let target = "/api/v1/search?query=noon&since=2000&until=2100&output=text&zone="
        for (zone, time) in [
            ("UTC", "\(day) 03:04:05.000"), ("%2B01:00", "\(day) 04:04:05.000"),
            ("Asia/Tokyo", "\(day) 12:04:05.000"), ("-0530", "\(before) 21:34:05.000"),
        ] {
            let text = try server.get(target + zone).text
            #expect(text == "\(time) h app noon\n", "\(zone)")
        }
    }

    @Test(arguments: [
        ("GET", "/nope", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("GET", "/../../etc/passwd", 404, "not_found"),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404, "not_found"),
        ("GET", "/%00", 404, "not_found"),
        ("GET", "//", 404, "not_found"),
        ("GET", "/api/v1/nope", 404, "not_found"),
        ("PUT", "/api/v1/search", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/search?query=a", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", "/readyz", 405, "method_not_allowed"),
        ("DELETE", "/metrics", 405, "method_not_allowed"),
        ("PUT", "/api/v1/status", 405, "method_not_allowed"),
        ("GET", "/api/v1/search?query=a&foo=1", 400, "bad_parameter"),
        ("GET", "/api/v1/search?query=%zz", 400, "bad_form"),
        ("GET", "/api/v1/search?query=a&query=b", 400, "bad_form"),
        ("GET", "/api/v1/search?limit=0", 400, "bad_parameter"),
        ("GET", "/api/v1/search?limit=-1", 400, "bad_parameter"),
        ("GET", "/api/v1/search?limit=10001", 400, "bad_parameter"),
        ("GET", "/api/v1/search?limit=99999999999999999999", 400, "bad_parameter"),
        ("GET", "/api/v1/search?limit=NaN", 400, "bad_parameter"),
        ("GET", "/api/v1/search?limit=", 400, "bad_parameter"),
        ("GET", "/api/v1/search?output=xml", 400, "bad_parameter"),
        ("GET", "/api/v1/search?meta=yes", 400, "bad_parameter"),
        ("GET", "/api/v1/search?zone=Mars/Olympus", 400, "bad_parameter"),
        ("GET", "/api/v1/search?zone=../../etc/passwd", 400, "bad_parameter"),
        ("GET", "/api/v1/search?since=soon", 400, "bad_time"),
        ("GET", "/api/v1/search?until=soon", 400, "bad_time"),
        ("GET", "/api/v1/search?since=1h&until=2h", 400, "bad_time"),
        ("GET", "/api/v1/search?query=a+stauts:1", 400, "unknown_field"),
        ("GET", "/api/v1/search?query=(a", 400, "query_syntax"),
        ("GET", "/api/v1/search?query=status:abc", 400, "bad_value"),
        ("GET", "/api/v1/search?query=a+%7C+cuont", 400, "unknown_stage"),
    ])
    func `every refusal has the one shape`(
        _ method: String, _ target: String, _ status: Int, _ code: String
    ) async throws {
        let server = try await SharedServer.get()
        let answer = try HTTPAnswer.of(method, target, port: server.http)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.object["code"] as? String == code)
        #expect((answer.object["error"] as? String)?.isEmpty == false)
        #expect(Set(answer.object.keys).isSubset(of: ["error", "code", "pos", "hint"]))
        #expect(answer.text.hasSuffix("}\n"))
        if status == 405 { #expect(answer.headers["allow"]?.contains("GET") == true) }
    }

    @Test func `a query error says where in the query`() async throws {
        let server = try await SharedServer.get()
        let answer = try server.get("/api/v1/search?query=a+stauts:1")
        #expect(answer.object["pos"] as? Int == 2)
        #expect((answer.object["hint"] as? String)?.contains("did you mean status?") == true)
        #expect(
            (answer.object["error"] as? String)?.contains("\n  a stauts:1\n    ^") == true, "\(answer.text)")
    }

    @Test(arguments: [
        ("application/json", "{\"query\":\"x\"}", 415, "bad_content_type"),
        ("application/x-www-form-urlencoded", "{\"query\":\"x\"}", 400, "bad_form"),
        ("application/x-www-form-urlencoded", "query=%zz", 400, "bad_form"),
        ("application/x-www-form-urlencoded", "query=a&query=b", 400, "bad_form"),
        ("application/x-www-form-urlencoded", "query[=a", 400, "bad_form"),
        ("application/x-www-form-urlencoded", "nope=1", 400, "bad_parameter"),
        ("application/x-www-form-urlencoded", "query=(", 400, "query_syntax"),
        ("text/plain", "query=a", 415, "bad_content_type"),
    ])
    func `a bad body is refused`(_ type: String, _ body: String, _ status: Int, _ code: String) async throws {
        let server = try await SharedServer.get()
        let answer = try HTTPAnswer.of(
            "POST", "/api/v1/search", headers: ["Content-Type: \(type)"], body: body, port: server.http)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.object["code"] as? String == code, "\(answer.text)")
    }

    @Test func `a body over 1 MiB is refused, one of 1 MiB is read`() async throws {
        let server = try await SharedServer.get()
        let start = "query="
        for (size, status, code) in [(1 << 20, 400, "query_too_complex"), ((1 << 20) + 1, 413, "too_large")] {
            let body = start + String(repeating: "a", count: size - start.utf8.count)
            let answer = try HTTPAnswer.of("POST", "/api/v1/search", body: body, port: server.http)
            #expect(answer.status == status, "\(size)")
            #expect(answer.object["code"] as? String == code, "\(size): \(answer.text.prefix(300))")
        }
    }

    @Test func `requests that are no HTTP are refused and the server lives`() async throws {
        let server = try await SharedServer.get()
        func head(_ lines: String) -> String {
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(lines)\r\n"
        }
        func fields(_ count: Int) -> String { (0..<count).map { "X-\($0): y\r\n" }.joined() }
        let requests: [(name: String, text: String, status: ClosedRange<Int>)] = [
            ("300 fields", head(fields(300)), 200...431),
            ("100,000 fields", head(fields(100_000)), 400...431),
            ("a field of 81 KiB", head("X: " + String(repeating: "a", count: 81 << 10) + "\r\n"), 400...431),
            ("no HTTP", "hello\r\n\r\n", 400...400),
            ("length -1", head("Content-Length: -1\r\n"), 400...400),
            ("length +5", head("Content-Length: +5\r\n"), 400...400),
            ("length 5, 6", head("Content-Length: 5, 6\r\n"), 400...400),
            ("length and chunks", head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400...400),
        ]
        for (name, text, status) in requests {
            // The server may close while the rest is still under way, which takes its answer with it.
            if let answer = try? HTTPAnswer.of(text, port: server.http) {
                #expect(status.contains(answer.status), "\(name): \(answer.status)")
            }
            #expect(try server.get("/healthz").status == 200, "\(name)")
        }
        #expect(!server.process.hasEnded)
    }

    @Test func `health, readiness and metrics`() async throws {
        let server = try await SharedServer.get()
        let health = try server.get("/healthz")
        #expect(health.status == 200 && health.text == "ok\n")
        #expect(health.headers["content-type"] == "text/plain; charset=utf-8")
        let ready = try server.get("/readyz")
        #expect(ready.status == 200 && ready.text == "ready\n")
        let metrics = try server.get("/metrics")
        #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let status = try server.get("/api/v1/status")
        #expect(
            status.headers["content-type"] == "application/json"
                && status.object["state"] as? String == "ready")
        for path in ["/healthz", "/readyz", "/metrics"] {
            let head = try HTTPAnswer.of("HEAD", path, port: server.http)
            #expect(head.status == 200 && head.body.isEmpty, "\(path)")
        }
    }

    @Test func `docs and metrics name the same metrics`() async throws {
        let server = try await SharedServer.get()
        let text = try server.get("/metrics").text
        let exposed = Set(RunningServer.metrics(Data(text.utf8)).map(\.name))
        let listed = Set(
            try Binary.text("docs/metrics.md").split(separator: "\n")
                .filter { $0.hasPrefix("| `wplog_") }
                .compactMap { $0.split(separator: "`").dropFirst().first }
                .map { String($0.prefix { $0 != "{" }) })
        #expect(exposed.subtracting(listed) == [], "not in docs/metrics.md")
        #expect(listed.subtracting(exposed) == [], "not in /metrics")
        #expect(exposed.count > 10)
        // Each metric has one HELP with words, and the TYPE that its name says.
        for name in exposed {
            let help = text.split(separator: "\n").filter { $0.hasPrefix("# HELP \(name) ") }
            #expect(
                help.count == 1 && help.first.map { $0.count > "# HELP \(name) ".count + 5 } == true,
                "\(name)")
            let type = name.hasSuffix("_total") ? "counter" : "gauge"
            #expect(text.contains("# TYPE \(name) \(type)\n"), "\(name)")
        }
    }
}
