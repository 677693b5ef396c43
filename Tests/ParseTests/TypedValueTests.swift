import TestSupport
import Testing

@testable import Parse

/// Fields of numbers and addresses hold nothing else.
@Suite struct TypedValueTests {
    struct Case: CustomTestStringConvertible {
        let program: String
        let text: String
        let fields: [String]
        let missing: [String]
        init(_ program: String, _ text: String, _ fields: [String], without missing: String...) {
            (self.program, self.text, self.fields, self.missing) = (program, text, fields, missing)
        }
        var testDescription: String { "\(program): \(text.prefix(100))" }
    }

    static let cases: [Case] = [
        Case(
            "mediawiki",
            #"{"channel":"authevents","message":"Login attempt","status":"Failed","level":"INFO"}"#,
            ["authevents.status=Failed"], without: "status"),
        Case(
            "mediawiki",
            "2026-11-22 05:59:06 [r1] web1 wpwiki 1.39 authevents INFO: Login attempt {\"status\":\"Failed\",\"x\":1} ",
            ["authevents.status=Failed", "channel=authevents"], without: "status"),
        Case("shop", #"{"status":"Failed","msg":"x"}"#, ["body.status=Failed"], without: "status"),
        Case("shop", #"{"status":200,"msg":"x"}"#, ["status=200"]),
        Case("shop", #"{"status":"200","bytes":1.5e3}"#, ["status=200", "bytes=1.5e3"]),
        Case("shop", #"{"status":["200","none"]}"#, ["status=200", "body.status=none"]),
        Case("shop", #"{"status":true}"#, ["body.status=true"], without: "status"),
        Case("shop", #"{"status":{"code":5}}"#, ["status.code=5"], without: "status"),
        Case("shop", "status=Failed bytes=12", ["body.status=Failed", "bytes=12"], without: "status"),
        Case(
            "shop", "duration=12ms status=ok", ["body.duration=12ms", "body.status=ok"], without: "duration",
            "status"),
        Case(
            "shop", #"{"client_ip":"203.0.113.9:443","b":1}"#, ["client_ip=203.0.113.9", "client_port=443"]),
        Case(
            "shop", #"{"client_ip":"[2001:db8::1]:443","b":1}"#, ["client_ip=2001:db8::1", "client_port=443"]),
        Case(
            "shop", #"{"client_ip":"web.example.org","b":1}"#, ["client_host=web.example.org"],
            without: "client_ip"),
        Case(
            "shop", #"{"client_ip":"203.0.113.9, 10.0.0.1","b":1}"#, ["body.client_ip=203.0.113.9, 10.0.0.1"],
            without: "client_ip"),
        Case(
            "nginx", #"{"remote_addr":"unix:","http_status":"none","status":200}"#,
            ["client_host=unix:", "http_status=none", "status=200"]),
        Case(
            "apache2", #"web.example.org - - [22/Nov/2026:10:56:29 +0000] "GET / HTTP/1.1" 200 5"#,
            ["client_host=web.example.org"], without: "client_ip"),
        Case(
            "sshd",
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=web.example.org  user=alice",
            ["client_host=web.example.org", "user=alice"], without: "client_ip"),
        Case(
            "shop", #"{"syslog_level":"info","pri":"5"}"#, ["body.syslog_level=info", "body.pri=5"],
            without: "syslog_level"),
    ]

    @Test(arguments: cases)
    func `a value of another type has a name of its own`(_ item: Case) throws {
        let line = try ParsedLine(
            "<190>1 2026-11-22T10:00:00Z h \(item.program) - - - \(item.text)", listener: .file)
        for field in item.fields {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            #expect(line[parts[0]] == parts[1], "\(parts[0])")
        }
        for name in item.missing { #expect(line[name] == nil, "\(name)") }
    }

    @Test func `a capture of a user's format is typed by the catalogue`() throws {
        var user = UserFormat(name: "shop", place: "test.toml:1")
        user.programs = ["shop"]
        user.patterns = ["%{WORD:status} %{IP:client_ip} %{NUMBER:bytes}"]
        let formats = try FormatSet(library: .embedded, users: [user])
        let line = try ParsedLine(
            Array("<14>1 - h shop - - - Failed 203.0.113.9 12".utf8), listener: .file, formats: formats)
        #expect(line["shop.status"] == "Failed")
        #expect(line["status"] == nil)
        #expect(line["client_ip"] == "203.0.113.9")
        #expect(line["bytes"] == "12")
    }

    @Test(arguments: [
        ("203.0.113.9", true), ("0.0.0.0", true), ("256.1.1.1", false), ("1.2.3", false),
        ("1.2.3.4.5", false),
        ("1.2.3.4:5", false), ("::", true), ("::1", true), ("1::", true), ("2001:db8::1", true),
        ("fe80::1%eth0", true),
        ("fe80::1%", false), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false),
        ("1:2:3:4:5:6:7:8:9", false),
        ("::ffff:192.0.2.1", true), ("1::2::3", false), (":1", false), ("12345::", false), ("1:", false),
        (":::", false),
        ("unix:", false), ("dead", false), ("a.b.c.d", false), ("", false), ("1:2:3:4:5:6:7::", true),
        ("::x", false),
    ])
    func `addresses are told from names`(_ text: String, _ isAddress: Bool) {
        let bytes = Array(text.utf8)
        #expect(bytes.span.isAddress(0..<bytes.count) == isAddress)
    }

    /// Every captured line of the repository, as its program would send it.
    @Test func `fields of numbers and addresses hold nothing else`() throws {
        var wrong: Set<String> = []
        for (program, text) in try Repository.formatLines() {
            let line = try ParsedLine(Array("<14>1 - h \(program) - - - ".utf8) + text, listener: .file)
            for value in line.batch.fields(of: line.event) {
                let bytes = Array(line.batch.bytes(of: value))
                if !ValueType(of: value.field).admits(bytes.span, 0..<bytes.count) {
                    wrong.insert(
                        "\(line.format): \(Fields.table.name(of: value.field.rawValue))=\(String(decoding: bytes, as: UTF8.self))"
                    )
                }
            }
        }
        #expect(wrong.sorted() == [])
    }
}
