import Testing

@testable import Parse

/// Objects of web servers, whose members sites name as they like.
@Suite struct WebKeysTests {
    static let cases = [
        // A request as a whole and in parts, in any order.
        FormatLine(
            "nginx",
            #"{"request":"GET /a?b=c HTTP/1.1","request_method":"GET","request_uri":"/a?b=c","server_protocol":"HTTP/1.1","uri":"/index.php"}"#,
            "nginx-json",
            [
                "request_line=GET /a?b=c HTTP/1.1", "method=GET", "path=/a?b=c", "http_version=1.1",
                "uri=/index.php",
            ]),
        FormatLine(
            "nginx",
            #"{"server_protocol":"HTTP/2.0","request_method":"GET","request_uri":"/a","request":"GET /a HTTP/2.0"}"#,
            "nginx-json",
            ["http_version=2.0", "method=GET", "path=/a", "request_line=GET /a HTTP/2.0"]),
        FormatLine(
            "nginx",
            #"{"ts":"2026-11-22T10:59:44Z","remote_ip":"::1","method":"GET","uri":"/a","args":"b=c","response_code":"200","size":5,"bytes_sent":700,"xff":"10.0.0.1","referer":"-","protocol":"HTTP/3.0"}"#,
            "nginx-json", at: "2026-11-22T10:59:44Z",
            [
                "log_time=2026-11-22T10:59:44Z", "client_ip=::1", "method=GET", "path=/a", "url_query=b=c",
                "status=200", "bytes=5", "bytes_sent=700", "forwarded_for=10.0.0.1", "http_version=3.0",
            ]),
        FormatLine(
            "apache2",
            #"{"time":"22/Nov/2026:10:59:44 +0000","client":"192.0.2.1","request":"\\x16\\x03","status":400}"#,
            "apache-json", at: "2026-11-22T10:59:44Z",
            [
                "log_time=22/Nov/2026:10:59:44 +0000", "client_ip=192.0.2.1", #"request_line=\x16\x03"#,
                "status=400",
            ]),
        // Some sites call the method the request.
        FormatLine("nginx", #"{"request":"PURGE","url":"/a"}"#, "nginx-json", ["method=PURGE", "path=/a"]),
    ]

    @Test(arguments: cases)
    func `an object has its parts once`(_ test: FormatLine) throws {
        let line = try FormatLine.read(test.program, test.message)
        #expect(line.format == test.format)
        #expect(line.event.outcome == .ok)
        let fields = line.body.filter { !$0.hasPrefix("escaped=") && !$0.hasPrefix("message=") }
        #expect(fields == test.body)
        if let time = test.time {
            #expect(line.event.time == TimeReading.rfc3339(Array(time.utf8))?.nanoseconds)
        }
    }
}
