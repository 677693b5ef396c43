import Parse
import Testing

@Suite struct SyslogHeaderTests {
    struct Case: CustomTestStringConvertible {
        let line: String
        var pri: String? = "13"
        var host: String? = "10.1.2.3"
        var program: String?
        var pid: String?
        var msgid: String?
        var sd: String?
        var message: String?
        var reasons: Set<String> = []
        var testDescription: String { String(line.prefix(70)) }
    }

    static let rfc5424 = [
        Case(
            line:
                #"<165>1 2026-11-22T11:14:15.003Z web1.example.test su 77 ID47 [a@1 k="v"][b@1] 'su root' failed"#,
            pri: "165", host: "web1.example.test", program: "su", pid: "77", msgid: "ID47",
            sd: #"[a@1 k="v"][b@1]"#, message: "'su root' failed"),
        Case(line: "<13>1 - - - - - - text", message: "text"),
        Case(line: "<13>1 - - - - - - \u{FEFF}text", message: "text"),
        Case(line: "<13>1 - - - - - -"),
        Case(line: "<13>1 - h a - - - ", host: "h", program: "a"),
        Case(
            line: #"<13>1 - h a - - [a x="\"\]\\ \n"] m"#, host: "h", program: "a", sd: #"[a x="\"\]\\ \n"]"#,
            message: "m"),
        Case(
            line: #"<13>1 - h a - - [a x= "y"] m"#, host: "h", program: "a", sd: #"[a x= "y"]"#, message: "m"),
        Case(
            line: "<13>1 - h a - -  two blanks", host: "h", program: "a", message: "two blanks",
            reasons: ["bad_sd"]),
        // As rsyslog writes what came from /dev/log: a blank that stood after the tag.
        Case(line: "<13>1 - h a 7 - -  text", host: "h", program: "a", pid: "7", message: "text"),
        Case(line: "<13>1 - h a - - -   indented", host: "h", program: "a", message: " indented"),
        Case(
            line: #"<13>1 - h a - - [x@1 a="b"]  text"#, host: "h", program: "a", sd: #"[x@1 a="b"]"#,
            message: "text"),
        Case(
            line: "<13>1 - h a - -  \u{FEFF}text", host: "h", program: "a", message: "text",
            reasons: ["bad_sd"]),
        // Docker's tags are longer than the 48 bytes of an APP-NAME.
        Case(
            line:
                "<30>1 2026-11-22T11:00:00Z dock1 registry.example.test/team/shop-frontend:2.4.1/web.1/0a1b2c3d4e5f 9 - - up",
            pri: "30", host: "dock1",
            program: "registry.example.test/team/shop-frontend:2.4.1/web.1/0a1b2c3d4e5f",
            pid: "9", message: "up"),
        // Ends of lines inside of a counted frame, and what pads a datagram.
        Case(line: "<13>1 - h a - - - text\r\n", host: "h", program: "a", message: "text"),
        Case(line: "<13>1 - h a - - - text\n\0\0", host: "h", program: "a", message: "text"),
    ]

    static let rfc3164 = [
        Case(
            line: "<38>Nov 22 11:00:03 web1 sshd[21961]: Accepted publickey for alice", pri: "38",
            host: "web1",
            program: "sshd", pid: "21961", message: "Accepted publickey for alice"),
        Case(
            line: "<22>Nov 22 10:59:57 postfix/smtp[21874]: connect to 127.0.0.1[127.0.0.1]:9", pri: "22",
            program: "postfix/smtp", pid: "21874", message: "connect to 127.0.0.1[127.0.0.1]:9"),
        Case(
            line: "<14>2026-11-22T11:00:00.605850+01:00 web1 cron[9]: (root) CMD", pri: "14", host: "web1",
            program: "cron", pid: "9", message: "(root) CMD"),
        Case(
            line: "<14>Nov 2 05:06:07 web1 wiki: {}", pri: "14", host: "web1", program: "wiki", message: "{}",
            reasons: []),
        Case(
            line: "<85>Nov 22 11:00:03 web1 sudo:    alice : PWD=/ ; USER=root", pri: "85", host: "web1",
            program: "sudo", message: "   alice : PWD=/ ; USER=root"),
        Case(
            line: "<13>Nov 22 11:00:00 web1 tag[1]:text", host: "web1", program: "tag", pid: "1",
            message: "text"),
        Case(line: "<13>Nov 22 11:00:00 web1 tag text", host: "web1", program: "tag", message: "text"),
        Case(line: #"<13>Nov 22 11:00:00 web1 {"a":1}"#, host: "web1", message: #"{"a":1}"#),
        Case(line: "<13>Nov 22 11:00:00 web1 Foo::Bar x", host: "web1", message: "Foo::Bar x"),
        Case(line: "<13>Nov 22 11:00:00 fe80::1 tag: text", host: "fe80::1", program: "tag", message: "text"),
        Case(line: "<13>Nov 22 11:00:00 web1", host: "web1"),
        Case(line: "<13>Nov 22 11:00:00: web1 tag: x", host: "web1", program: "tag", message: "x"),
        Case(line: "<13>Nov 22 2026 11:00:00 web1 tag: x", host: "web1", program: "tag", message: "x"),
        Case(line: "<13>Nov 22 11:00:00 2026 web1 tag: x", host: "web1", program: "tag", message: "x"),
        Case(
            line: "<15> openvpn[2499]: up", pri: "15", program: "openvpn", pid: "2499", message: "up",
            reasons: ["bad_time"]),
        Case(line: "<13>just text: here", message: "just text: here", reasons: ["bad_time"]),
    ]

    static let without = [
        Case(
            line: "plain words: no header", pri: nil, message: "plain words: no header", reasons: ["no_pri"]),
        Case(
            line: "Nov 22 11:00:00 web1 cron[9]: x", pri: nil, host: "web1", program: "cron", pid: "9",
            message: "x"),
        Case(
            line: "2026-11-22T11:00:00.1Z web1 cron[9]: x", pri: nil, host: "web1", program: "cron", pid: "9",
            message: "x"),
        Case(
            line: "2026-11-22T11:00:00Z INFO started the server", pri: nil,
            message: "2026-11-22T11:00:00Z INFO started the server", reasons: ["no_pri", "general_time"]),
        Case(line: "", pri: nil, reasons: ["no_pri"]),
    ]

    static let crafted = [
        // H1, H2: PRI.
        Case(line: "<>x", pri: nil, message: "<>x", reasons: ["bad_pri"]),
        Case(line: "<x>", pri: nil, message: "<x>", reasons: ["bad_pri"]),
        Case(line: "<13", pri: nil, message: "<13", reasons: ["bad_pri"]),
        Case(line: "<13x>", pri: nil, message: "<13x>", reasons: ["bad_pri"]),
        Case(line: "< 13>", pri: nil, message: "< 13>", reasons: ["bad_pri"]),
        Case(line: "<-1>", pri: nil, message: "<-1>", reasons: ["bad_pri"]),
        Case(line: "<٣>", pri: nil, message: "<٣>", reasons: ["bad_pri"]),
        Case(
            line: "<99999999999999999999999>x", pri: nil, message: "<99999999999999999999999>x",
            reasons: ["bad_pri"]),
        Case(line: "<192>a: x", pri: "192", program: "a", message: "x", reasons: ["bad_pri", "bad_time"]),
        Case(line: "<999>x", pri: "999", message: "x", reasons: ["bad_pri", "bad_time"]),
        Case(line: "<2147483648>x", pri: "2147483648", message: "x", reasons: ["bad_pri", "bad_time"]),
        Case(line: "<00013>x", pri: "00013", message: "x", reasons: ["bad_pri", "bad_time"]),
        // H3, H4: times.
        Case(line: "<13>Jan", message: "Jan", reasons: ["bad_time"]),
        Case(line: "<13>Nov 22 11:00:00", reasons: ["bad_time"]),
        Case(line: "<13>Feb 30 25:61:61 h t: m", message: "Feb 30 25:61:61 h t: m", reasons: ["bad_time"]),
        Case(line: "<13>Foo 99", message: "Foo 99", reasons: ["bad_time"]),
        // H6: RFC 5424 times that are none.
        Case(
            line: "<13>1 292277026597-01-01T00:00:00Z h a - - - m", host: "h", program: "a", message: "m",
            reasons: ["bad_time"]),
        Case(
            line: "<13>1 2026-11-22T11:00:00+99:99 h a - - - m", host: "h", program: "a", message: "m",
            reasons: ["bad_time"]),
        Case(
            line: "<13>1 2026-11-22T11:00:00.1234567890Z h a - - - m", host: "h", program: "a", message: "m",
            reasons: ["bad_time"]),
        Case(
            line: "<13>1 2026-11-22t11:00:00z h a - - - m", host: "h", program: "a", message: "m",
            reasons: ["bad_time"]),
        // H7: incomplete.
        Case(line: "<13>1 -", reasons: ["bad_sd"]),
        Case(line: "<13>1", message: "1", reasons: ["bad_time"]),
        Case(line: "<13>2 - h a - - - m", message: "2 - h a - - - m", reasons: ["bad_time"]),
        Case(line: "<13>1  - - x", message: "1  - - x", reasons: ["bad_time"]),
        Case(line: "<13>1 - h  a - - m", host: "h", message: " a - - m", reasons: ["bad_sd"]),
        // H8: hosts.
        Case(line: "<13>1 - ../../etc a - - - m", host: "../../etc", program: "a", message: "m"),
        Case(line: "<13>1 - <script> a - - - m", host: "<script>", program: "a", message: "m"),
        Case(line: "<13>1 - =cmd()\u{1B}[0m a - - - m", host: "=cmd()\u{1B}[0m", program: "a", message: "m"),
        // H9: structured data.
        Case(
            line: #"<13>1 - h a - - [x@1 a=""#, host: "h", program: "a", message: #"[x@1 a=""#,
            reasons: ["bad_sd"]),
        Case(
            line: #"<13>1 - h a - - [x@1 a="\"]"#, host: "h", program: "a", message: #"[x@1 a="\"]"#,
            reasons: ["bad_sd"]),
        Case(
            line: "<13>1 - h a - - [] m", host: "h", program: "a", sd: "[]", message: "m", reasons: ["bad_sd"]
        ),
        Case(
            line: "<13>1 - h a - - [x a=1] m", host: "h", program: "a", sd: "[x a=1]", message: "m",
            reasons: ["bad_sd"]),
        Case(
            line: #"<13>1 - h a - - [x@1 a="]"] m"#, host: "h", program: "a", sd: #"[x@1 a="]"]"#,
            message: "m",
            reasons: ["bad_sd"]),
        Case(
            line: "<13>1 - h a - - [i][j][i] m", host: "h", program: "a", sd: "[i][j][i]", message: "m",
            reasons: ["bad_sd"]),
        Case(
            line: "<13>1 - h a - - []] m", host: "h", program: "a", sd: "[]", message: "] m",
            reasons: ["bad_sd"]),
        Case(line: "<13>1 - h a - - X m", host: "h", program: "a", message: "X m", reasons: ["bad_sd"]),
        // H15: tags.
        Case(line: "<13>Nov 22 11:00:00 h a[b]c]: x", host: "h", message: "a[b]c]: x"),
        Case(line: "<13>Nov 22 11:00:00 h a[: x", host: "h", message: "a[: x"),
        Case(line: "<13>Nov 22 11:00:00 h ]: x", host: "h", message: "]: x"),
        Case(line: "<13>Nov 22 11:00:00 h a[]: x", host: "h", message: "a[]: x"),
    ]

    @Test(arguments: rfc5424 + rfc3164 + unusual + devices + layouts + without + crafted)
    func `a header is read into its fields`(_ test: Case) throws {
        let line = try ParsedLine(test.line)
        #expect(line["pri"] == test.pri)
        #expect(line["host"] == test.host)
        #expect(line["program"] == test.program)
        #expect(line["pid"] == test.pid)
        #expect(line["msgid"] == test.msgid)
        #expect(line["sd"] == test.sd)
        #expect(line["message"] == test.message)
        #expect(line.reasons == test.reasons)
        #expect(line.event.outcome == (test.reasons.isEmpty ? .ok : .partial))
        #expect((line.format == "json") == (test.message == #"{"a":1}"#))
        #expect(line.role("host") == (test.host == ParsedLine.sender ? .derived : .hole))
    }

    @Test(arguments: [(0, 0, 0), (13, 1, 5), (190, 23, 6), (191, 23, 7), (192, 1, 5), (777, 1, 5)])
    func `PRI gives facility and severity, 13 stands in`(_ pri: Int, _ facility: UInt8, _ severity: UInt8)
        throws
    {
        let line = try ParsedLine("<\(pri)>1 - - - - - - x")
        #expect(line.event.facility == facility)
        #expect(line.event.severity == severity)
    }

    @Test(arguments: [("host", 255), ("program", 255), ("pid", 128), ("msgid", 32)])
    func `a header name is read up to its limit and is text beyond it`(_ field: String, _ limit: Int) throws {
        let position = ["host", "program", "pid", "msgid"].firstIndex(of: field) ?? 0
        for length in [limit, limit + 1, 60_000] {
            let value = String(repeating: "h", count: length)
            var words = ["-", "-", "-", "-", "-"]
            words[position] = value
            let line = try ParsedLine("<13>1 - " + words.joined(separator: " ") + " text")
            let fits = length == limit
            #expect(line[field] == (fits ? value : field == "host" ? ParsedLine.sender : nil))
            #expect(line.reasons == (fits ? [] : ["limit"]))
            #expect(line["message"] == (fits ? "text" : words[position...].joined(separator: " ") + " text"))
        }
    }

    @Test func `a tag of 10,000 bytes is text`() throws {
        let tag = String(repeating: "t", count: 10_000)
        let line = try ParsedLine("<13>Nov 22 11:00:00 h \(tag): m")
        #expect(line["program"] == nil)
        #expect(line["message"] == "\(tag): m")
    }

    @Test(arguments: [64, 65, 5_000])
    func `structured data has 64 elements at most`(_ count: Int) throws {
        let data = (0..<count).map { #"[e\#($0) k="v"]"# }.joined()
        let line = try ParsedLine("<13>1 - h a - - \(data) m")
        #expect(line["sd"] == data)
        #expect(line["message"] == "m")
        #expect(line.reasons == (count <= 64 ? [] : ["bad_sd"]))
    }

    @Test func `a name of 1,000 bytes in structured data is a flaw`() throws {
        let name = String(repeating: "n", count: 1_000)
        #expect(try ParsedLine("<13>1 - h a - - [x \(name)=\"v\"] m").reasons == ["bad_sd"])
    }

    @Test(arguments: ["\r", "\n", "\r\n"])
    func `a line end stays in the raw line and out of the message`(_ end: String) throws {
        let line = try ParsedLine("<13>1 - h a - - - text" + end)
        #expect(line["message"] == "text")
        #expect(line.event.raw.count == 22 + end.utf8.count)
    }

    @Test func `a line feed inside a datagram is text`() throws {
        #expect(try ParsedLine("<13>1 - h a - - - one\ntwo")["message"] == "one\ntwo")
    }

    static let encodings: [(bytes: [UInt8], isUTF8: Bool)] = [
        (Array("café 日本 🦊".utf8), true), ([0x63, 0x61, 0x66, 0xE9], false), ([0xFF, 0xFE, 0x41], false),
        ([0xC0, 0xAF], false), ([0xED, 0xA0, 0x80], false), ([0xF4, 0x90, 0x80, 0x80], false),
        ([0xE2, 0x82], false), ([0x41, 0x00, 0x42], true), ([0xF0, 0x9F, 0xA6], false),
        ([0xED, 0x9F, 0xBF], true),
        ([0xE0, 0x9F, 0x80], false), ([0xF0, 0x8F, 0x80, 0x80], false), ([0x80], false),
        ([0xF4, 0x8F, 0xBF, 0xBF], true),
    ]

    @Test(arguments: encodings)
    func `bad UTF-8 is marked, wherever it stands`(_ bytes: [UInt8], _ isUTF8: Bool) throws {
        for padding in 0..<9 {
            let text =
                Array("<13>1 - h a - - - \u{FEFF}".utf8) + Array(repeating: 0x20, count: padding) + bytes
            let line = try ParsedLine(text + [0x20])
            #expect(line.reasons == (isUTF8 ? [] : ["bad_utf8"]))
            #expect(try ParsedLine(text).reasons == (isUTF8 ? [] : ["bad_utf8"]))
            #expect(Array(line.batch.bytes[line.event.raw.range]) == text + [0x20])
        }
    }

    @Test func `composed and decomposed hosts stay two hosts`() throws {
        #expect(
            try Array(ParsedLine("<13>1 - \u{E9} - - - - m")["host"].map { Array($0.utf8) } ?? [])
                != Array(ParsedLine("<13>1 - e\u{301} - - - - m")["host"].map { Array($0.utf8) } ?? []))
    }

    @Test func `what the listener noted is kept`() throws {
        let line = try ParsedLine(Array("<13>1 - h a - - - m".utf8), noted: .unterminated)
        #expect(line.reasons == ["unterminated"])
        #expect(line.event.outcome == .partial)
    }

    @Test func `a frame outside of the batch is cut`() throws {
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        var batch = EventBatch()
        batch.bytes = Array("<13>1 - h a - - - m".utf8)
        for frame in [0..<400, 19..<30, 5..<5, 1_000..<1_001, -3..<4] {
            parser.parse(frame, peer: 7, in: &batch)
        }
        #expect(batch.events.map { $0.raw.range } == [0..<19, 19..<19, 5..<5, 19..<19, 0..<4])
        for event in batch.events { #expect(flaws(in: batch, event) == []) }
    }
}
