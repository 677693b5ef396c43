import Parse
import Testing

/// What others put around a line is taken off, and the line stays as it came.
@Suite struct EnvelopeTests {
    private static let access =
        #"192.0.2.8 - - [22/Nov/2026:11:59:30 +0000] "GET /t4 HTTP/1.1" 404 153 "-" "curl/8""#

    /// A line, and the fields that must come of it.
    struct Case: CustomTestStringConvertible {
        let name: String
        let line: String
        var program = ""
        let fields: [String: String?]
        var time: Int64 = 1_795_348_770
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "a header inside the message",
            line:
                "<13>Nov 22 12:00:00 relay1 <38>Nov 22 11:59:30 web1 sshd[7]: Connection closed by 192.0.2.8 port 22",
            fields: [
                "host": "web1", "relay_host": "relay1", "program": "sshd", "pid": "7",
                "client_ip": "192.0.2.8",
            ]),
        Case(
            name: "the line of a file, forwarded with its header",
            line: "<133>1 2026-11-22T12:00:00Z relay1 syslog - - - Nov 22 11:59:30 web1 nginx: \(access)",
            fields: [
                "host": "web1", "relay_host": "relay1", "program": "nginx", "status": "404", "path": "/t4",
            ]),
        Case(
            name: "CRI", line: "2026-11-22T12:59:30.5+01:00 stdout F \(access)", program: "nginx",
            fields: ["stream": "stdout", "status": "404", "program": "nginx"]),
        Case(
            name: "CRI, and a text", line: "2026-11-22T11:59:30.5Z stderr F listening on 80", program: "shop",
            fields: ["stream": "stderr", "message": "listening on 80"]),
        Case(
            name: "Docker's json-file",
            line:
                #"{"log":"192.0.2.8 - - [22/Nov/2026:11:59:30 +0000] \"GET /t4 HTTP/1.1\" 404 153 \"-\" \"curl/8\"\n","stream":"stdout","time":"2026-11-22T11:59:31.5Z"}"#,
            program: "nginx",
            fields: ["stream": "stdout", "status": "404", "agent": "curl/8", "message": access]),
        Case(
            name: "the journal",
            line:
                #"{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1795348770250000","_HOSTNAME":"web1","PRIORITY":"6","SYSLOG_FACILITY":"4","SYSLOG_IDENTIFIER":"sshd","_PID":"7","_SYSTEMD_UNIT":"ssh.service","MESSAGE":"Connection closed by 192.0.2.8 port 22"}"#,
            fields: [
                "host": "web1", "program": "sshd", "pid": "7", "_SYSTEMD_UNIT": "ssh.service",
                "client_ip": "192.0.2.8",
                "__CURSOR": nil,
            ]),
        Case(
            name: "the journal, a text that is none",
            line:
                #"{ "MESSAGE" : [ 104, 105, 10, 255 ], "__REALTIME_TIMESTAMP" : "1795348770250000", "_COMM" : "app" }"#,
            fields: ["program": "app", "host": nil]),
        Case(
            name: "line feeds and tabs that rsyslog wrote",
            line: "<11>Nov 22 11:59:30 web1 app[5]: Error: x#012#011at pay (a.js:1:1)#012#303#251t#303#251",
            fields: ["program": "app", "message": "Error: x\n\tat pay (a.js:1:1)\nété"]),
        Case(
            name: "what only looks like an escape",
            line: "<14>Nov 22 11:59:30 web1 app[5]: color:#012345; issue #303 and #000",
            fields: ["message": "color:#012345; issue #303 and #000"]),
        Case(
            name: "an object that is none of these",
            line: #"<14>Nov 22 11:59:30 web1 app[5]: {"log":"x","level":"warn"}"#,
            fields: ["parser": "json", "stream": nil]),
    ]

    @Test(arguments: cases) func `what stands around a line is taken off`(_ test: Case) throws {
        let bytes = Array(test.line.utf8)
        let line =
            try test.line.hasPrefix("<")
            ? ParsedLine(test.line) : ParsedLine.ofFile(bytes, program: test.program)
        for (name, value) in test.fields {
            let got = name == "parser" ? line.format : line[name]
            if let value { #expect(got == value, "\(name)") } else { #expect(got == nil, "\(name)") }
        }
        #expect(line.event.time / 1_000_000_000 == test.time)
        #expect(line.event.outcome == .ok || line.reasons == ["bad_utf8"])
        #expect(line.batch.bytes[line.event.raw.range].elementsEqual(bytes))
    }

    @Test func `the journal gives level and facility`() throws {
        let line = try ParsedLine.ofFile(Array(Self.cases[5].line.utf8))
        #expect(line.event.severity == 6)
        #expect(line.event.facility == 4)
        #expect(line.event.time == 1_795_348_770_250_000_000)
    }

    /// The host of a frame decides about a user's format, also where its text is not that of the frame.
    @Test func `a format for some hosts reads what was unfolded`() throws {
        var shop = UserFormat(name: "shop", place: "test")
        shop.programs = ["app"]
        shop.hosts = ["web1*"]
        shop.patterns = ["%{GREEDYDATA:note}"]
        let formats = try FormatSet(library: .embedded, users: [shop])
        let lines = [
            ("<14>Nov 22 11:59:30 web1.with.a.long.name app[5]: a#012b", "shop"),
            ("<14>Nov 22 11:59:30 web2.with.a.long.name app[5]: a#012b", "syslog"),
            (
                #"{"MESSAGE":"a","__REALTIME_TIMESTAMP":"1795348770250000","_COMM":"app","_HOSTNAME":"web1"}"#,
                "shop"
            ),
        ]
        for (text, format) in lines {
            #expect(try ParsedLine(Array(text.utf8), formats: formats).format == format)
        }
    }

    /// Cut anywhere, a line stays a line.
    @Test func `no cut of an envelope is lost or traps`() throws {
        for test in Self.cases {
            let bytes = Array(test.line.utf8)
            for end in 1..<bytes.count {
                let line = try ParsedLine.ofFile(Array(bytes[..<end]), program: test.program)
                #expect(line.event.raw.count == end)
            }
        }
    }
}
