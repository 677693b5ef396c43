import Foundation

/// A running `wplog serve` on ports that the kernel chose.
struct Server {
    let child: Child
    let syslog: Int
    let http: Int
    /// Seconds from its start until it said that it is ready.
    let startSeconds: Double

    init(binary: String, directory: String) throws {
        let begin = Clocks.wall
        let any = "127.0.0.1:0"
        child = try Child(
            binary,
            ["serve", "--data", directory, "--syslog-tcp", any, "--syslog-udp", "off", "--http", any],
            reading: .errors)
        var syslog: Int?
        var http: Int?
        var said: [String] = []
        while let line = child.line() {
            said.append(line)
            let port = line.split(separator: ":").last.flatMap { Int($0) }
            if line.contains("syslog tcp listening") { syslog = port }
            if line.contains("http listening") { http = port }
            if line.contains("ready") { break }
        }
        startSeconds = Clocks.wall - begin
        guard let syslog, let http else {
            throw Failure("\(binary) serve did not get ready; it said: \(said.joined(separator: " / "))")
        }
        self.syslog = syslog
        self.http = http
        child.drain()
    }

    var figures: ProcessFigures { get throws { try ProcessFigures(child.pid) } }
}

extension HTTPClient {
    /// Values of metrics without labels, by name.
    mutating func metrics() throws -> [String: Int] {
        var values: [String: Int] = [:]
        for line in try get("/metrics").split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            if parts.count == 2, let value = Int(parts[1]) { values[String(parts[0])] = value }
        }
        return values
    }
}
