import Foundation
import Testing

/// A syslog daemon of a machine `web1`, as a row of a table: how it forwards what it gets.
struct Forwarder: Sendable, CustomTestStringConvertible {
    enum Program: String {
        case rsyslog = "rsyslogd"
        case syslogNG = "syslog-ng"
    }

    let program: Program
    /// What stands before the address in rsyslog's line; the driver of syslog-ng.
    let way: String
    /// The template in rsyslog's line, which may be empty; the transport of syslog-ng.
    let form: String
    var isStructured: Bool { form.contains("Protocol23") || way == "syslog" }
    var isUDP: Bool { way == "@" || form == "udp" }

    var testDescription: String { "\(program.rawValue) \(way) \(form)" }

    /// Where it listens.
    struct Inputs {
        let folder: ScratchFolder
        let udp: UInt16
        let tcp: UInt16

        init(_ folder: ScratchFolder) throws {
            self.folder = folder
            udp = try WireTap.freePort(.udp)
            tcp = try WireTap.freePort(.tcp)
        }

        /// What programs know as `/dev/log`.
        var socket: String { folder.path("log") }
        /// A log file, by the program that writes it.
        func file(_ program: String) -> String { folder.path("\(program).log") }
    }

    /// Starts it, and waits until it takes lines.
    ///
    /// - `files`: the programs whose log files it reads, with facility local7 and severity info.
    func start(_ inputs: Inputs, files: [String], to port: UInt16) async throws -> ChildProcess {
        for file in files { _ = try inputs.folder.write("", "\(file).log") }
        let text =
            program == .rsyslog
            ? rsyslog(inputs, files: files, to: port) : syslogNG(inputs, files: files, to: port)
        let configuration = try inputs.folder.write(text, "\(program.rawValue).conf")
        var arguments = ["-n", "-f", configuration, "-i", inputs.folder.path("pid")]
        if program == .syslogNG {
            arguments = ["-F", "--no-caps", "-f", configuration]
            for (option, name) in [("-R", "persist"), ("-p", "pid"), ("-c", "control")] {
                arguments += [option, inputs.folder.path(name)]
            }
            if let modules = Self.modules { arguments += ["--module-path", modules] }
        }
        let daemon = try ChildProcess(Binary.tool(program.rawValue) ?? "", arguments)
        let isReady = try await holds {
            daemon.hasEnded
                || FileManager.default.fileExists(atPath: inputs.socket)
                    && (try? Wire(.tcp, port: inputs.tcp)) != nil
        }
        guard isReady, !daemon.hasEnded else {
            throw ChildProcess.Failure(description: "\(self) did not start: \(daemon.standardError)")
        }
        return daemon
    }

    private func rsyslog(_ inputs: Inputs, files: [String], to port: UInt16) -> String {
        var text = """
            global(workDirectory="\(inputs.folder.path)" localHostname="web1"
                   parser.permitSlashInProgramname="on")
            module(load="imuxsock" SysSock.Use="off")
            module(load="imudp")
            module(load="imtcp")
            module(load="imfile")
            # The kernel's time of arrival is today's, also where make test-dates moves the clock.
            input(type="imuxsock" Socket="\(inputs.socket)" UseSysTimeStamp="off")
            input(type="imudp" Address="127.0.0.1" Port="\(inputs.udp)")
            input(type="imtcp" Address="127.0.0.1" Port="\(inputs.tcp)")

            """
        for file in files {
            text +=
                "input(type=\"imfile\" File=\"\(inputs.file(file))\" Tag=\"\(file):\""
                + " Facility=\"local7\" Severity=\"info\")\n"
        }
        return text + "*.* \(way)127.0.0.1:\(port)\(form.isEmpty ? "" : ";" + form)\n"
    }

    private func syslogNG(_ inputs: Inputs, files: [String], to port: UInt16) -> String {
        var text = """
            @version: 3.38
            options { keep-hostname(yes); use-dns(no); chain-hostnames(no); stats-freq(0); };
            source local { unix-dgram("\(inputs.socket)" host-override("web1")); };
            source net {
                network(ip("127.0.0.1") port(\(inputs.udp)) transport("udp"));
                syslog(ip("127.0.0.1") port(\(inputs.tcp)) transport("tcp"));
            };
            source files {

            """
        for file in files {
            text +=
                "file(\"\(inputs.file(file))\" program-override(\"\(file)\") host-override(\"web1\")"
                + " default-facility(local7) default-priority(info) flags(no-parse) follow-freq(0.1));\n"
        }
        return text + """
            };
            destination wplog { \(way)("127.0.0.1" port(\(port)) transport("\(form)")); };
            log { source(local); source(net); source(files); destination(wplog); };

            """
    }

    /// Where the modules of a fetched syslog-ng are.
    private static let modules: String? = {
        let folder = Binary.repository.appending(path: ".build-clients/usr/lib/syslog-ng")
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.first { $0.first?.isNumber == true }
            .map { folder.appending(path: $0).path(percentEncoded: false) }
    }()
}
