import Foundation
import Testing

/// A server with some lines of two hosts, and commands that ask it.
struct FilledServer {
    let folder: ScratchFolder
    let server: RunningServer

    /// Access lines of `web1`, and lines of `db1` at all levels.
    static let requests = [
        ("/a", 200, "0.100"), ("/a", 200, "0.200"), ("/b", 404, "0.300"), ("/b", 500, "2.500"),
        ("/c", 502, "4.000"),
    ]

    init() async throws {
        folder = try ScratchFolder()
        server = try await RunningServer(folder.path("data"))
        var text = ""
        for (path, status, seconds) in Self.requests {
            text +=
                "<190>1 - web1 nginx - - - 192.0.2.1 - - [\(Self.clock())] \"GET \(path) HTTP/1.1\" \(status) 10 "
            text += "\"-\" \"curl\" rt=\(seconds)\n"
        }
        for level in 0..<8 { text += "<\(8 + level)>1 - db1 app 7 - - level \(level)\n" }
        let wire = try Wire(.tcp, port: server.tcp)
        wire.send(text)
        let count = Self.requests.count + 8
        #expect(try await server.search("*", until: count).count == count)
    }

    /// A time as access logs write it.
    static func clock(_ time: Date = Date()) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "dd/MMM/yyyy:HH:mm:ss +0000"
        return format.string(from: time)
    }

    /// Runs a command on the server's data.
    func run(_ arguments: String...) async throws -> CommandResult {
        try await CommandResult(arguments + ["--data", server.data])
    }
}

/// What became of one run of the program.
struct CommandResult {
    let code: Int32
    let output: String
    let error: String

    init(_ arguments: [String], environment: [String: String] = [:]) async throws {
        let process = try ChildProcess(Binary.path, arguments, environment: environment)
        let ending = try await process.wait(seconds: 60)
        guard case .exit(let code) = ending else {
            throw ChildProcess.Failure(description: "\(arguments): \(ending)")
        }
        self.code = code
        output = String(decoding: process.standardOutput, as: UTF8.self)
        error = process.standardError
    }

    /// The output as JSON.
    var json: Any { get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) } }

    var object: [String: Any] { (try? json as? [String: Any]) ?? [:] }

    var lines: [String] { output.split(separator: "\n").map { String($0) } }
}
