import Foundation
import Testing

/// Lines from a socket such as `/dev/log`, from files and from the network, as rsyslog and syslog-ng forward them in
/// each of their forms: every line is one event, read as it was meant, and its raw line is what was on the wire.
struct ForwardingTests {
    /// A line that went in, and what must come out.
    private struct Line {
        let word: String
        let host: String
        let program: String
        let pid: String?
        let priority: String
        let message: String
        var status: String?
        /// Only where the form has a place for it.
        var msgid: String?
    }

    /// The built-in forms of rsyslog, where no name means its default, in each framing.
    private static let rsyslog = ["@", "@@", "@@(o)"].flatMap { way in
        [
            "", "RSYSLOG_TraditionalForwardFormat", "RSYSLOG_ForwardFormat", "RSYSLOG_SyslogProtocol23Format",
        ].map { Forwarder(program: .rsyslog, way: way, form: $0) }
    }
    /// RFC 3164 and RFC 5424 of syslog-ng.
    private static let syslogNG = ["network", "syslog"].flatMap { way in
        ["udp", "tcp"].map { Forwarder(program: .syslogNG, way: way, form: $0) }
    }
    private static let hasLogger = Binary.tool("logger") != nil

    private static func access(_ status: Int, _ word: String) -> String {
        "192.0.2.7 - - [\(FilledServer.clock())] \"GET /\(word) HTTP/1.1\" \(status) 571 \"-\" \"x\""
    }

    /// Writes all lines into the daemon, in each way that programs have.
    private static func feed(_ inputs: Forwarder.Inputs) async throws -> [Line] {
        var lines: [Line] = []
        func run(_ program: String, _ arguments: [String]) async throws {
            let process = try ChildProcess(Binary.tool(program) ?? program, arguments)
            #expect(try await process.wait() == .exit(0), "\(program): \(process.standardError)")
        }
        func logger(_ options: [String], _ text: String) async throws {
            try await run("logger", ["-u", inputs.socket] + options + ["--", text])
        }

        func expect(
            _ message: String, _ word: String, of program: String, _ pid: String?, host: String = "web1",
            priority: String, status: String? = nil, msgid: String? = nil
        ) {
            lines.append(
                Line(
                    word: word, host: host, program: program, pid: pid, priority: priority, message: message,
                    status: status, msgid: msgid))
        }

        var text = "rsync: 3 files left w01"
        try await logger(["-t", "backup", "--id=4711", "-p", "local3.err"], text)
        expect(text, "w01", of: "backup", "4711", priority: "155")
        text = "connect from w02.example.test[192.0.2.4]"
        try await logger(["-t", "postfix/smtpd", "--id=4712", "-p", "mail.info"], text)
        expect(text, "w02", of: "postfix/smtpd", "4712", priority: "22")
        text = access(500, "w03")
        try await logger(["-t", "apache2", "-p", "local7.notice"], text)
        expect(text, "w03", of: "apache2", nil, priority: "189", status: "500")
        text = "a\ttab w04"
        try await logger(["-t", "import", "--id=9", "-p", "user.debug"], text)
        expect(text, "w04", of: "import", "9", priority: "15")

        // Python's handler ends each datagram with NUL.
        if Binary.tool("python3") != nil {
            let script = """
                import logging, logging.handlers, sys
                handler = logging.handlers.SysLogHandler(sys.argv[1])
                handler.ident = "shop[77]: "
                logging.getLogger().addHandler(handler)
                logging.warning("payment of w05 failed")
                """
            try await run("python3", ["-c", script, inputs.socket])
            expect("payment of w05 failed", "w05", of: "shop", "77", priority: "12")
        }
        if DevLog.isPossible, let php = Binary.tool("php") {
            let script = "openlog('wiki', LOG_PID, LOG_LOCAL2); syslog(LOG_WARNING, 'slow query of w06');"
            let process = try DevLog.start(inputs.socket, php, ["-n", "-r", script])
            #expect(try await process.wait() == .exit(0), "\(process.standardError)")
            expect("slow query of w06", "w06", of: "wiki", "\(process.pid)", priority: "148")
        }

        text = access(404, "w07")
        try append(text + "\n", inputs.file("nginx"))
        expect(text, "w07", of: "nginx", nil, priority: "190", status: "404")
        try append("job w08 done\njob w09 failed: code 3\n", inputs.file("jobs"))
        expect("job w08 done", "w08", of: "jobs", nil, priority: "190")
        expect("job w09 failed: code 3", "w09", of: "jobs", nil, priority: "190")

        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.timeZone = TimeZone(identifier: "UTC")
        clock.dateFormat = "MMM d HH:mm:ss"
        var time = clock.string(from: Date())
        // A day of one digit has a space before it.
        if time.utf8.count < 15 { time.replace(" ", with: "  ", maxReplacements: 1) }
        text = access(502, "w10")
        try Wire(.udp, port: inputs.udp).send("<166>\(time) web7 nginx[31]: \(text)")
        expect(text, "w10", of: "nginx", "31", host: "web7", priority: "166", status: "502")
        let structured =
            "<165>1 \(Date().formatted(.iso8601)) web8 shop 4242 ID47 [x@32473 a=\"b\"] order w11 shipped"
        try Wire(.tcp, port: inputs.tcp).send("\(structured.utf8.count) \(structured)")
        expect(
            "order w11 shipped", "w11", of: "shop", "4242", host: "web8", priority: "165", msgid: "ID47")
        return lines
    }

    private static func append(_ text: String, _ path: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    /// Without the end that the sender's template has put behind a line.
    private static func text(_ frame: Data) -> String {
        var bytes = frame[...]
        while let last = bytes.last, [0x00, 0x0A, 0x0D].contains(last) { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        .enabled(
            if: hasLogger && Binary.tool("rsyslogd") != nil,
            "rsyslogd is missing: scripts/install-test-clients"),
        arguments: rsyslog)
    func `what rsyslog forwards is read as it was meant`(_ forwarder: Forwarder) async throws {
        try await Self.check(forwarder)
    }

    @Test(
        .enabled(
            if: hasLogger && Binary.tool("syslog-ng") != nil,
            "syslog-ng is missing: scripts/install-test-clients"),
        arguments: syslogNG)
    func `what syslog-ng forwards is read as it was meant`(_ forwarder: Forwarder) async throws {
        try await Self.check(forwarder)
    }

    private static func check(_ forwarder: Forwarder) async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let tap = try WireTap(to: server)
        let inputs = try Forwarder.Inputs(folder)
        let daemon = try await forwarder.start(inputs, files: ["nginx", "jobs"], to: tap.port)
        let lines = try await feed(inputs)
        let query = "NOT program:rsyslogd NOT program:syslog-ng"
        _ = try await server.search(query, until: lines.count)
        daemon.send(SIGTERM)
        _ = try await daemon.wait()
        let found = try await server.search(query, until: lines.count)

        #expect(found.count == lines.count, "\(daemon.standardError)")
        let names = [" rsyslogd", " syslog-ng"]
        let sent = tap.frames.map { text($0) }.filter { frame in !names.contains { frame.contains($0) } }
        #expect(found.map { text($0.raw) }.sorted() == sent.sorted())
        for line in lines {
            let events = found.filter { String(decoding: $0.raw, as: UTF8.self).contains(line.word) }
            #expect(events.count == 1, "\(line)")
            guard let event = events.first else { continue }
            let raw = text(event.raw)
            #expect(event["host"] == line.host, "\(raw)")
            #expect(event["program"] == line.program, "\(raw)")
            #expect(event["pid"] == line.pid, "\(raw)")
            #expect(event["pri"] == line.priority, "\(raw)")
            #expect(event["message"] == line.message, "\(raw)")
            #expect(event["status"] == line.status, "\(raw)")
            #expect(event["parse"] == "ok", "\(raw): \(event["reason"] ?? "")")
            #expect(event["listener"] == (forwarder.isUDP ? "udp" : "tcp"))
            if forwarder.isStructured { #expect(event["msgid"] == line.msgid, "\(raw)") }
        }
    }
}
