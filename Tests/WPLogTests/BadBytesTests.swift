import Foundation
import Testing

/// Bad input over the real ports.
///
/// Each case stands between two good lines: both must be there afterwards, except where the connection cannot
/// be framed any further and is closed.
struct BadBytesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        /// The lines that must be stored for it, byte for byte.
        var stored: [[UInt8]] = []
        /// A reason that each of them has.
        var reason: String?
        /// Why the connection is closed.
        var closed: String?

        var testDescription: String { name }

        init(
            _ name: String, _ bytes: [UInt8], stored: [[UInt8]] = [], reason: String? = nil,
            closed: String? = nil
        ) {
            self.name = name
            self.bytes = bytes
            self.stored = stored
            self.reason = reason
            self.closed = closed
        }

        /// One line with LF behind it that is stored as it is.
        static func line(_ name: String, _ line: [UInt8], reason: String? = nil) -> Case {
            Case(name, line + [0x0A], stored: [line], reason: reason)
        }

        static func line(_ name: String, _ line: String, reason: String? = nil) -> Case {
            .line(name, Array(line.utf8), reason: reason)
        }
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let cases: [Case] = [
        Case(
            "N1 a count of 20 digits", bytes("99999999999999999999 <13>1 - - - - - - x\n"),
            closed: "bad_octet_count"),
        Case("N2 a count of 2³¹", bytes("2147483648 <13>x\n"), closed: "frame_too_large"),
        Case("N2 a count of 2⁶³", bytes("9223372036854775808 <13>x\n"), closed: "frame_too_large"),
        Case("N3 a count above the limit", bytes("1048577 <13>x\n"), closed: "frame_too_large"),
        Case("N4 a count of 0", bytes("0 <13>1 - - - - - - x\n"), closed: "bad_octet_count"),
        .line("N5 a count that begins with 0", "007 <13>1 - - - - - - x", reason: "no_pri"),
        .line("N5 a count with a plus", "+25 <13>1 - - - - - - x", reason: "no_pri"),
        .line("N5 a count in Arabic digits", "٢٥ <13>1 - - - - - - x", reason: "no_pri"),
        .line("N5 a count and a tab", "25\t<13>1 - - - - - - x", reason: "no_pri"),
        Case(
            "N7 a count that is too small", bytes("5 <13>hello world\n"), stored: [bytes("<13>h")],
            closed: "lost_framing"),
        Case(
            "N8 counted and lines mixed", bytes("8 <13>mix1<13>mix2\n9 <13>mix\n3<13>mix4\n"),
            stored: [
                bytes("<13>mix1"), bytes("<13>mix2"), bytes("<13>mix\n3"), bytes("<13>mix4"),
            ]),
        .line("N10 64 KiB", bytes("<13>") + [UInt8](repeating: 0x4C, count: (64 << 10) - 4)),
        Case(
            "N10 64 KiB and a byte", bytes("<13>") + [UInt8](repeating: 0x4D, count: (64 << 10) - 3) + [0x0A],
            stored: [bytes("<13>") + [UInt8](repeating: 0x4D, count: (64 << 10) - 4)], reason: "truncated"),
        Case(
            "N10 4 MiB without an end", bytes("<13>") + [UInt8](repeating: 0x4E, count: 4 << 20) + [0x0A],
            stored: [bytes("<13>") + [UInt8](repeating: 0x4E, count: (64 << 10) - 4)], reason: "truncated"),
        Case("N11 empty lines", bytes("\n\n\n\r\n\r\n\0\n")),
        .line("N12 NUL inside", "<13>a\0b"),
        .line("N13 CR at the end", "<13>carriage\r"),
        .line("no priority", "nothing like syslog", reason: "no_pri"),
        .line("all bytes but LF", bytes("<13>") + (0...255).filter { $0 != 0x0A }.map { UInt8($0) }),
        .line("ANSI escapes", "<13>\u{1B}]0;X\u{7}\u{1B}]52;c;WA==\u{7}\u{1B}[31m"),
        .line("H11 Latin-1", bytes("<13>caf") + [0xE9], reason: "bad_utf8"),
        .line("H11 overlong", bytes("<13>") + [0xC0, 0xAF], reason: "bad_utf8"),
        .line("H11 a surrogate", bytes("<13>") + [0xED, 0xA0, 0x80], reason: "bad_utf8"),
        .line("H11 a BOM", bytes("<13>1 - - - - - - ") + [0xEF, 0xBB, 0xBF, 0x78]),
        .line("H1 an empty priority", "<>x", reason: "bad_pri"),
        .line("H1 a priority of letters", "<x>x", reason: "bad_pri"),
        .line("H1 an open priority", "<13", reason: "bad_pri"),
        .line("H1 a negative priority", "<-1>x", reason: "bad_pri"),
        .line("H2 priority 192", "<192>x", reason: "bad_pri"),
        .line("H2 priority 2147483648", "<2147483648>x", reason: "bad_pri"),
        .line("H3 ends in the time", "<13>Jan", reason: "bad_time"),
        .line("H3 ends behind the time", "<13>Jan  1 00:00:00"),
        .line("H4 February 30", "<13>Feb 30 25:61:61 h t: m", reason: "bad_time"),
        .line("H6 the year 9999", "<13>1 9999-12-31T23:59:59.999999Z h a - - - m", reason: "time_suspect"),
        .line("H6 a year of 12 digits", "<13>1 292277026597-01-01T00:00:00Z h a - - - m", reason: "bad_time"),
        .line("H7 only a version", "<13>1"),
        .line("H7 nothing but nil", "<13>1 - - - - - -"),
        .line("H7 version 2", "<13>2 - - - - - - x"),
        .line("H8 a long host", "<13>1 - " + String(repeating: "h", count: 60_000) + " a - - - m"),
        .line("H9 open structured data", "<13>1 - - - - - [x@1 a=\"", reason: "bad_sd"),
        .line("H9 empty structured data", "<13>1 - - - - - []", reason: "bad_sd"),
        .line(
            "H9 5,000 elements",
            "<13>1 - - - - - " + String(repeating: "[x@1 a=\"b\"]", count: 5_000) + " m"),
        .line("H15 a tag of brackets", "<13>Nov 22 10:00:00 h [][[]]x[: m"),
    ]

    @Test(arguments: cases)
    func `a bad line harms only itself`(_ bad: Case) async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let before = "<13>1 - before good - - - line"
        let after = "<13>1 - after good - - - line"
        try Wire.deliver(Self.bytes(before + "\n") + bad.bytes + Self.bytes(after + "\n"), port: server.tcp)
        let isClosed = bad.closed != nil
        let expected = bad.stored.count + (isClosed ? 1 : 2)
        let found = try await server.search("*", until: expected)

        #expect(found.map(\.raw).filter { $0 == Data(before.utf8) }.count == 1)
        #expect(found.map(\.raw).filter { $0 == Data(after.utf8) }.count == (isClosed ? 0 : 1))
        let rest = found.filter { $0["program"] != "good" }
        #expect(rest.map(\.raw) == bad.stored.map { Data($0) })
        if let reason = bad.reason {
            for line in rest { #expect(line["reason"]?.contains(reason) == true, "\(line["reason"] ?? "-")") }
        }
        if let closed = bad.closed {
            let reasons = RunningServer.metrics(try server.get("/metrics").body)
            #expect(reasons.contains { $0.labels == "reason=\"\(closed)\"" && $0.value == 1 })
            #expect(try server.metric("wplog_discarded_bytes_total") > 0)
        }
        // Found again as it came, also by the command line.
        let raw = try ChildProcess(
            Binary.path,
            ["search", "-program:good", "--data", server.data, "-o", "raw"] + RunningServer.anyTime)
        #expect(try await raw.wait() == .exit(0))
        #expect(raw.standardOutput == bad.stored.reduce(Data()) { $0 + Data($1) + Data([0x0A]) })
        #expect(!server.process.hasEnded)
    }

    @Test func `N14 a connection that ends in a line, N15 one that is reset`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        try Wire.deliver(Self.bytes("<13>1 - - whole - - - x\n<13>half"), port: server.tcp)
        let half = try await server.search("half", until: 1)
        #expect(half.first?["reason"]?.contains("unterminated") == true)
        #expect(half.first?.raw == Data("<13>half".utf8))

        var wire: Wire? = try Wire(.tcp, port: server.tcp)
        wire?.send(String(repeating: "<13>1 - - reset - - - x\n", count: 10))
        #expect(try await holds { try server.metric("wplog_events_received_total") == 12 })
        wire?.reset()
        wire = nil
        #expect(try await server.search("program:reset", until: 10).count == 10)
        #expect(try await holds { try server.metric("wplog_connections_open") == 0 })
    }

    @Test func `N16 TLS and N17 HTTP on the syslog port are closed and named`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let tls = try Wire(.tcp, port: server.tcp)
        tls.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03])
        #expect(tls.receive().isClosed)
        let http = try Wire(.tcp, port: server.tcp)
        http.send("GET / HTTP/1.1\r\n" + (1...20).map { "H\($0): v\r\n" }.joined() + "\r\n")
        #expect(http.receive().isClosed)
        let text = try server.get("/metrics").text
        #expect(text.contains("wplog_connections_closed_total{reason=\"tls_on_plain_port\"} 1\n"))
        #expect(text.contains("wplog_connections_closed_total{reason=\"http_on_syslog\"} 1\n"))
        #expect(server.process.standardError.contains("the sender speaks TLS"))
        #expect(server.process.standardError.contains("the sender speaks HTTP"))
        let lines = try await server.search("*", until: 8)
        #expect(lines.count == 8 && lines.first?.raw == Data("GET / HTTP/1.1\r".utf8))
        try Wire.deliver(Self.bytes("<13>1 - - good - - - x\n"), port: server.tcp)
        #expect(try await server.search("program:good", until: 1).count == 1)
    }

    @Test func `N22 datagrams: one is one line, whatever is in it`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let wire = try Wire(.udp, port: server.udp)
        let large = Self.bytes("<13>") + [UInt8](repeating: 0x78, count: 65_503)
        let lines = [
            Self.bytes("<13>1 - h udp - - - a\nb\nc"), Self.bytes("<13>tail\n"), [0x00, 0xFF, 0x1B], large,
            Self.bytes("<13>1 - h udp - - - <0>1 - forged root - - - x"),
        ]
        for line in lines { #expect(wire.send(line)) }
        #expect(wire.send([]))
        let found = try await server.search("*", until: lines.count)
        let raw = found.map(\.raw)
        for line in lines where line != Self.bytes("<13>tail\n") {
            #expect(raw.contains(Data(line)), "\(line.prefix(30))")
        }
        #expect(found.count == lines.count)
        #expect(found.allSatisfy { $0["peer"] == "127.0.0.1" && $0["listener"] == "udp" })
        #expect(found.allSatisfy { $0["host"] != "forged" })
        #expect(try server.metric("wplog_frames_empty_total") == 1)
    }

    @Test func `text output can do nothing to a terminal`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let all = (0...255).filter { $0 != 0x0A }.map { UInt8($0) }
        let marks = Self.bytes("\u{9B}31m\u{202E}\u{2066}\u{200F}\u{2028}\u{85}")
        let hostile = Self.bytes("\u{1B}]0;X\u{7}")
        var bytes: [UInt8] = []
        for field in [all, marks, hostile] {
            bytes +=
                Self.bytes("<13>1 - ") + field.filter { $0 > 0x20 } + Self.bytes(" app - - - ") + field + [
                    0x0A
                ]
        }
        try Wire.deliver(bytes, port: server.tcp)
        #expect(try await server.search("*", until: 3).count == 3)
        for query in ["*", "* | count by host", "* | count by message"] {
            let search = try ChildProcess(Binary.path, ["search", query, "--data", server.data])
            #expect(try await search.wait() == .exit(0), "\(search.standardError)")
            let output = search.standardOutput
            #expect(output.count > 100)
            let text = try #require(String(data: output, encoding: .utf8), "\(query): not UTF-8")
            let forbidden = text.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x09, 0x0A: false
                case ..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
                default: false
                }
            }
            #expect(forbidden.isEmpty, "\(query): \(forbidden.map { String($0.value, radix: 16) })")
            #expect(text.contains("<U+202E>"), "\(query)")
            if !query.hasSuffix("host") { #expect(text.contains("\\x1b]0;X\\x07"), "\(query)") }
        }
        // Neither do the words of a mistaken query.
        let wrong = try ChildProcess(
            Binary.path, ["search", "\u{1B}]0;X\u{7}stauts:1 (", "--data", server.data])
        #expect(try await wrong.wait() == .exit(2))
        #expect(!wrong.standardError.contains("\u{1B}") && !wrong.standardError.contains("\u{7}"))
    }
}
