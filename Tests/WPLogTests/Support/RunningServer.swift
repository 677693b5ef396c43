import Foundation
import Glibc

/// `wplog serve` on free ports of 127.0.0.1.
///
/// Killed with the object.
final class RunningServer: Sendable {
    let process: ChildProcess
    let data: String
    let tcp: UInt16
    let udp: UInt16
    let http: UInt16

    /// Starts and waits until it says that it is ready.
    init(_ data: String, _ arguments: [String] = [], environment: [String: String] = [:]) async throws {
        self.data = data
        let ports = ["--syslog-udp", "--syslog-tcp", "--http"].flatMap { [$0, "127.0.0.1:0"] }
        // However full the disk of this machine is.
        let disk = ["WPLOG_DISK_RESERVE": "1MiB", "WPLOG_DISK_BALLAST": "1MiB"]
        let process = try ChildProcess(
            Binary.path, ["serve", "--data", data] + ports + arguments,
            environment: disk.merging(environment) { $1 })
        self.process = process
        let isReady = try await holds { process.hasEnded || process.standardError.contains("wplog: ready") }
        guard isReady, !process.hasEnded else {
            throw ChildProcess.Failure(description: "the server did not start: \(process.standardError)")
        }
        tcp = try Self.port("syslog tcp", process.standardError)
        udp = try Self.port("syslog udp", process.standardError)
        http = try Self.port("http", process.standardError)
    }

    /// Stops it in good order.
    func stop(_ signal: Int32 = SIGTERM) async throws -> ChildProcess.Ending {
        process.send(signal)
        return try await process.wait(seconds: 20)
    }

    /// `kill -9`.
    func kill() async throws {
        process.send(SIGKILL)
        _ = try await process.wait()
    }

    // MARK: Questions

    /// One value of `/metrics`, all labels summed up.
    func metric(_ name: String) throws -> Int {
        try Self.metrics(get("/metrics").body).filter { $0.name == name }.reduce(0) { $0 + $1.value }
    }

    static func metrics(_ body: Data) -> [(name: String, labels: String, value: Int)] {
        String(decoding: body, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap
        { line in
            guard let space = line.lastIndex(of: " "), let value = Int(line[line.index(after: space)...])
            else {
                return nil
            }
            let parts = line[..<space].split(separator: "{", maxSplits: 1)
            guard let name = parts.first else { return nil }
            return (String(name), parts.count > 1 ? String(parts[1].dropLast()) : "", value)
        }
    }

    func get(_ target: String) throws -> HTTPAnswer { try HTTPAnswer.of("GET", target, port: http) }

    func search(_ arguments: String...) async throws -> [FoundLine] {
        try await Self.search(data, arguments)
    }

    /// The window of a search that must find lines of any date; the default is the last day.
    static let anyTime = ["--since", "2000", "--until", "2100"]

    /// Searches until `count` lines are found, or in vain.
    ///
    /// Returns the last answer.
    func search(_ query: String, until count: Int, seconds: Double = 20) async throws -> [FoundLine] {
        var found: [FoundLine] = []
        _ = try await holds(within: seconds) {
            found = try await Self.search(data, [query, "-n", "10000"] + Self.anyTime)
            return found.count >= count
        }
        return found
    }

    /// `wplog search --data DIR --output json`.
    static func search(_ data: String, _ arguments: [String]) async throws -> [FoundLine] {
        let search = try ChildProcess(
            Binary.path, ["search", "--data", data, "--output", "json"] + arguments)
        let ending = try await search.wait(seconds: 60)
        guard ending == .exit(0) else {
            throw ChildProcess.Failure(description: "search \(arguments): \(ending), \(search.standardError)")
        }
        return try FoundLine.read(search.standardOutput)
    }

    private static func port(_ name: String, _ text: String) throws -> UInt16 {
        let start = "wplog: \(name) listening on 127.0.0.1:"
        for line in text.split(separator: "\n") where line.hasPrefix(start) {
            if let port = UInt16(line.dropFirst(start.count)) { return port }
        }
        throw ChildProcess.Failure(description: "no port of \(name) in: \(text)")
    }
}

/// One line of a search's JSON, every value as text.
struct FoundLine: Equatable {
    var values: [String: String]
    /// The line as it was received.
    var raw: Data

    subscript(_ name: String) -> String? { values[name] }

    static func read(_ output: Data) throws -> [FoundLine] {
        try output.split(separator: UInt8(ascii: "\n")).map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else {
                throw ChildProcess.Failure(
                    description: "no JSON object: \(String(decoding: line, as: UTF8.self))")
            }
            let values = object.mapValues { value in
                (value as? String) ?? (value as? NSNumber)?.stringValue ?? String(describing: value)
            }
            let exact = values["raw_base64"].flatMap { Data(base64Encoded: $0) }
            return FoundLine(values: values, raw: exact ?? Data((values["raw"] ?? "").utf8))
        }
    }
}
