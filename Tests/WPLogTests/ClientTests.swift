import Foundation
import Testing

/// The clients that machines have: rsyslog and util-linux logger.
struct ClientTests {
    struct Forward: Sendable, CustomTestStringConvertible {
        let target: String
        let template: String
        let listener: String

        var testDescription: String { "\(target) \(template)" }
    }

    /// Two access logs, as a web server's machine forwards them.
    private static let logs = [
        (program: "nginx", file: "docs-nginx"), (program: "nginx", file: "www-nginx"),
        (program: "apache2", file: "blog-apache2"), (program: "apache2", file: "wiki-apache2"),
    ]

    /// An access line as if it were written now: one of another season has a suspect time.
    private static func recent(_ line: String) -> String {
        guard let start = line.firstIndex(of: "["), let end = line[start...].firstIndex(of: "]") else {
            return line
        }
        return "\(line[...start])\(FilledServer.clock())\(line[end...])"
    }

    /// `TCP` and `UDP` stand for the server's ports.
    ///
    /// The template `wire` is RSYSLOG_TraditionalForwardFormat with a line end, for the file that says what
    /// was sent.
    @Test(
        .enabled(if: Binary.tool("rsyslogd") != nil, "rsyslogd is not installed: apt-get install rsyslog"),
        arguments: [
            Forward(target: "@@127.0.0.1:TCP", template: "RSYSLOG_SyslogProtocol23Format", listener: "tcp"),
            Forward(
                target: "@@(o)127.0.0.1:TCP", template: "RSYSLOG_SyslogProtocol23Format", listener: "tcp"),
            Forward(target: "@@127.0.0.1:TCP", template: "RSYSLOG_TraditionalForwardFormat", listener: "tcp"),
            Forward(target: "@127.0.0.1:UDP", template: "RSYSLOG_TraditionalForwardFormat", listener: "udp"),
            Forward(target: "@127.0.0.1:UDP", template: "RSYSLOG_SyslogProtocol23Format", listener: "udp"),
        ])
    func `rsyslog forwards access logs`(_ forward: Forward) async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let target = forward.target.replacing("TCP", with: "\(server.tcp)").replacing(
            "UDP", with: "\(server.udp)")
        var lines: [(program: String, line: String)] = []
        var inputs = ""
        for (program, file) in Self.logs {
            let text = try Binary.example(file).map { Self.recent($0) }
            lines += text.map { (program, $0) }
            let path = try folder.write(text.joined(separator: "\n") + "\n", "\(file).log")
            inputs +=
                "input(type=\"imfile\" File=\"\(path)\" Tag=\"\(program):\""
                + " Facility=\"local7\" Severity=\"info\")\n"
        }
        let isTraditional = forward.template == "RSYSLOG_TraditionalForwardFormat"
        let configuration = try folder.write(
            """
            module(load="imfile")
            global(workDirectory="\(folder.path)" localHostname="docs")
            template(name="wire" type="string"
              string="<%PRI%>%TIMESTAMP% %HOSTNAME% %syslogtag:1:32%%msg:::sp-if-no-1st-sp%%msg%\\n")
            \(inputs)*.* \(folder.path("wire"));\(isTraditional ? "wire" : forward.template)
            *.* \(target);\(forward.template)

            """, "rsyslog.conf")
        let rsyslogd = try ChildProcess(
            Binary.tool("rsyslogd") ?? "", ["-n", "-f", configuration, "-i", folder.path("pid")])
        let found = try await server.search("-program:rsyslogd", until: lines.count, seconds: 40)
        rsyslogd.send(SIGTERM)
        _ = try await rsyslogd.wait()

        #expect(found.count == lines.count, "\(rsyslogd.standardError)")
        let sent = String(decoding: try Data(contentsOf: URL(filePath: folder.path("wire"))), as: UTF8.self)
        // A counted frame holds the template's line end too; it belongs to the line as it was sent.
        let raw = found.map { String(decoding: $0.raw, as: UTF8.self) }.map {
            $0.hasSuffix("\n") ? String($0.dropLast()) : $0
        }
        #expect(
            raw.sorted()
                == sent.split(separator: "\n").map { String($0) }.filter { $0.hasPrefix("<190>") }.sorted())
        #expect(
            found.allSatisfy {
                $0["host"] == "docs" && $0["listener"] == forward.listener && $0["pri"] == "190"
            })
        #expect(found.allSatisfy { $0["level"] == "info" && $0["facility"] == "local7" })

        // What stands in an ordinary request line, told by the quotes alone.
        var byMessage: [String: [FoundLine]] = [:]
        for line in found { byMessage[line["message"] ?? "", default: []].append(line) }
        var checked = 0
        for (program, line) in lines {
            let match = try #require(byMessage[line]?.first { $0["program"] == program }, "\(line)")
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            let request = parts.count > 2 ? parts[1].split(separator: " ") : []
            guard request.count == 3, !line.contains("\\") else { continue }
            #expect(match["status"] == parts[2].split(separator: " ").first.map { String($0) }, "\(line)")
            #expect(match["method"] == String(request[0]) && match["path"] == String(request[1]), "\(line)")
            #expect(match["parse"] == "ok" && match["parser"]?.hasSuffix("-access") == true, "\(line)")
            checked += 1
        }
        #expect(checked > lines.count / 2)
        let failures = try await server.search("status:5xx host:docs", until: 1)
        #expect(failures.count == lines.count { $0.line.contains("\" 50") })
    }

    struct Logger: Sendable, CustomTestStringConvertible {
        let options: [String]
        var msgid: String?
        var structured: String?

        var testDescription: String { options.joined(separator: " ") }
        var listener: String { options.contains("--udp") ? "udp" : "tcp" }
    }

    @Test(
        .enabled(if: Binary.tool("logger") != nil, "logger is not installed: apt-get install bsdutils"),
        arguments: [
            Logger(options: ["--rfc3164", "--udp"]),
            Logger(options: ["--rfc3164", "--tcp"]),
            Logger(options: ["--rfc3164", "--tcp", "--octet-count"]),
            Logger(options: ["--rfc5424", "--udp"]),
            Logger(options: ["--rfc5424", "--tcp"]),
            Logger(options: ["--rfc5424", "--tcp", "--octet-count"]),
            Logger(options: ["--rfc5424=notime", "--udp"]),
            Logger(options: ["--rfc5424=notime,nohost", "--tcp"]),
            Logger(options: ["--rfc5424", "--tcp", "--msgid", "ID47"], msgid: "ID47"),
            Logger(
                options: ["--rfc5424=notq", "--udp", "--sd-id", "x@1", "--sd-param", "a=\"b c\""],
                structured: "[x@1 a=\"b c\"]"),
        ])
    func `logger sends in all its forms`(_ logger: Logger) async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        let port = logger.listener == "udp" ? server.udp : server.tcp
        for (priority, text) in [
            ("local3.err", "first message: one"), ("mail.debug", "second message"), ("daemon.crit", "third"),
        ] {
            let child = try ChildProcess(
                Binary.tool("logger") ?? "",
                logger.options + [
                    "--server", "127.0.0.1", "--port", "\(port)", "-t", "backup", "--id=4711", "-p", priority,
                    "--", text,
                ])
            #expect(try await child.wait() == .exit(0), "\(child.standardError)")
        }
        let found = try await server.search("program:backup", until: 3)
        #expect(found.compactMap { $0["message"] } == ["first message: one", "second message", "third"])
        #expect(found.compactMap { $0["level"] } == ["err", "debug", "crit"])
        #expect(found.compactMap { $0["facility"] } == ["local3", "mail", "daemon"])
        #expect(
            found.allSatisfy {
                $0["pid"] == "4711" && $0["listener"] == logger.listener && $0["parse"] == "ok"
            })
        let name = ProcessInfo.processInfo.hostName.split(separator: ".").first.map { String($0) }
        if !logger.options.contains(where: { $0.contains("nohost") }) {
            #expect(found.allSatisfy { $0["host"]?.split(separator: ".").first.map { String($0) } == name })
        }
        #expect(found.allSatisfy { $0["msgid"] == logger.msgid })
        if let structured = logger.structured { #expect(found.allSatisfy { $0["sd"] == structured }) }
    }

    @Test func `a line is found within a second of being sent`() async throws {
        let folder = try ScratchFolder()
        let server = try await RunningServer(folder.path("data"))
        for (kind, port) in [(Wire.Kind.tcp, server.tcp), (.udp, server.udp)] {
            let wire = try Wire(kind, port: port)
            let start = ContinuousClock.now
            wire.send("<13>1 - h fresh - - - \(kind)\n")
            let isFound = try await holds {
                try server.get("/api/v1/search?query=program:fresh+message:\(kind)").text.contains(
                    "\"host\":\"h\"")
            }
            #expect(isFound)
            print("freshness: a line over \(kind) was found after \(ContinuousClock.now - start)")
        }
    }
}
