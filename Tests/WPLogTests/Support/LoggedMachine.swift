import Foundation
import Glibc
import Testing

/// A machine `web1` whose rsyslog has the settings of README.md, and the server that it forwards to.
///
/// rsyslog takes lines from log files and from a socket that stands for `/dev/log`, and keeps a copy of what came
/// through the socket.
final class LoggedMachine {
    let folder: ScratchFolder
    let server: RunningServer
    private let rsyslogd: ChildProcess

    static let isPossible = Binary.tool("rsyslogd") != nil
    static let reason = "rsyslogd is missing: scripts/install-test-clients"

    var socket: String { folder.path("log") }
    func path(_ name: String) -> String { folder.path(name) }

    /// - `files`: names of log files, each with the program that writes it.
    init(files: [String: String] = [:]) async throws {
        folder = try ScratchFolder()
        // Daemons that give up root write here too.
        unsafe chmod(folder.path, 0o755)
        server = try await RunningServer(folder.path("data"))
        let readme = try Binary.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(readme.firstIndex { $0.contains("global(maxMessageSize") })
        let last = try #require(readme[first...].firstIndex { $0.contains("call wplog") })
        let settings = readme[first...last].joined(separator: "\n")
            .replacing("\"loghost\" port=\"5514\"", with: "\"127.0.0.1\" port=\"\(server.tcp)\"")
        var inputs = ""
        for (name, program) in files.sorted(by: { $0.key < $1.key }) {
            _ = try folder.write("", name)
            unsafe chmod(folder.path(name), 0o666)
            inputs +=
                "input(type=\"imfile\" file=\"\(folder.path(name))\" tag=\"\(program):\" facility=\"local7\""
                + " severity=\"info\" ruleset=\"wplog\")\n"
        }
        let configuration = try folder.write(
            """
            global(workDirectory="\(folder.path)" localHostname="web1")
            module(load="imuxsock" SysSock.Use="off")
            module(load="imfile")
            \(settings)
            # The kernel's time of arrival is today's, also where make test-dates moves the clock.
            input(type="imuxsock" Socket="\(folder.path("log"))" UseSysTimeStamp="off")
            template(name="copy" type="string" string="%APP-NAME% %PROCID%%msg%\\n")
            *.* \(folder.path("copy"));copy
            \(inputs)
            """, "rsyslog.conf")
        rsyslogd = try ChildProcess(
            Binary.tool("rsyslogd") ?? "", ["-n", "-f", configuration, "-i", folder.path("rsyslog.pid")])
        let (process, path) = (rsyslogd, folder.path("log"))
        let isReady = try await holds { process.hasEnded || FileManager.default.fileExists(atPath: path) }
        guard isReady, !process.hasEnded else {
            throw ChildProcess.Failure(description: "rsyslogd did not start: \(process.standardError)")
        }
        unsafe chmod(path, 0o666)
    }

    func text(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: folder.path(name)))) ?? Data(), as: UTF8.self)
    }

    /// The lines of a log file.
    func lines(_ name: String) -> [String] { Self.lines(text(name)) }

    /// What a program has written to the socket: number of the process, space, message.
    func written(by program: String) -> [String] {
        lines("copy").filter { $0.hasPrefix(program) }.map { line in
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            return words.dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
        }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Waits until the events of a program hold as many lines as its daemon wrote, and compares them: none may be
    /// missing, double or joined to what it does not belong to, and 99 % of the events must be parsed.
    ///
    /// - `hasPID`: whether the lines begin with the number of the process.
    /// - `begins`: what the first line of an event begins with; nil where every line is an event.
    func check(
        _ program: String, _ expected: () -> [String], hasPID: Bool = false, listener: String = "tcp",
        begins: Regex<Substring>? = nil, atLeast: Int = 1
    ) async throws {
        var events: [FoundLine] = []
        var found: [String] = []
        var parts: [[String]] = []
        _ = try await holds {
            events = try await server.search("listener:\(listener)", until: 1).filter {
                $0["program"] == program || $0["program"]?.hasPrefix(program + "/") == true
            }
            parts = events.map { Self.parts($0, hasPID: hasPID) }
            found = parts.flatMap { $0 }
            return found.count >= expected().count
        }
        let expected = expected()
        #expect(expected.count >= atLeast, "\(program) has written only \(expected)")
        let (missing, more) = Self.difference(expected, found)
        #expect(missing.isEmpty, "\(program): lines that no event has")
        #expect(more.isEmpty, "\(program): lines that the daemon did not write")
        for event in parts {
            guard let begins else {
                #expect(event.count == 1, "\(program): joined")
                continue
            }
            for line in event.dropFirst() {
                #expect(line.prefixMatch(of: begins) == nil, "\(program): an event within \(event)")
            }
        }
        let failed = events.filter { $0["parse"] != "ok" }
        #expect(
            failed.count * 100 <= events.count, "\(program): \(failed.count) of \(events.count) not parsed")
        for event in failed.prefix(5) {
            print(
                "not parsed: \(event["parse"] ?? "") \(event["reason"] ?? "") \(String(decoding: event.raw, as: UTF8.self))"
            )
        }
        #expect(events.allSatisfy { listener == "udp" || $0["host"] == "web1" })
    }

    /// The lines of an event without the header.
    private static func parts(_ event: FoundLine, hasPID: Bool) -> [String] {
        let raw = String(decoding: event.raw, as: UTF8.self)
        var words = raw.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
        if words.first?.hasSuffix(">1") != true {
            // RFC 3164: the message comes after the tag.
            guard let end = raw.firstRange(of: ": ") else { return [raw] }
            return lines(String(raw[end.upperBound...]))
        }
        guard words.count == 8 else { return [] }
        let process = hasPID ? words[4] + " " : ""
        return lines(String(words.removeLast())).map { process + $0 }
    }

    private static func difference(_ one: [String], _ other: [String]) -> (
        ArraySlice<String>, ArraySlice<String>
    ) {
        var counts: [String: Int] = [:]
        for line in one { counts[line, default: 0] += 1 }
        for line in other { counts[line, default: 0] -= 1 }
        let missing = counts.filter { $0.value > 0 }.map(\.key).sorted()
        let more = counts.filter { $0.value < 0 }.map(\.key).sorted()
        return (missing.prefix(5), more.prefix(5))
    }
}
