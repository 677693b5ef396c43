import Foundation

/// Where the log lines come from: the generator in C, where it is at hand, or `AccessLines`.
///
/// Both send twelve hosts' access lines over one day, each with an id that no other has; event i is a
/// function of i, the count and the day.
struct Load {
    private enum Maker {
        case wpgen(program: String, lines: String)
        case own
    }

    enum Frame: String {
        case rfc5424 = "5424"
        case rfc3164 = "3164"
    }

    private let maker: Maker
    private let folder: TemporaryFolder
    /// What the table calls it.
    let name: String
    /// The whole UTC day before this one, so that it is over when it was sent.
    ///
    /// Seconds since the Unix epoch.
    let day: Int

    init(_ options: Options, _ folder: TemporaryFolder) throws {
        self.folder = folder
        day = (Int(Date().timeIntervalSince1970) / 86_400 - 1) * 86_400
        let source = options.generator + "/wpgen.c"
        let lines = options.generator + "/access-lines.txt"
        let files = FileManager.default
        let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first(where: files.isExecutableFile)
        guard !options.usesOwnLoad, files.fileExists(atPath: source), files.fileExists(atPath: lines),
            let compiler
        else {
            maker = .own
            name = "AccessLines (in this package)"
            return
        }
        let program = folder.path + "/wpgen"
        try Child(compiler, ["-O3", "-w", "-o", program, source]).waitForSuccess()
        maker = .wpgen(program: program, lines: lines)
        name = "wpgen with access-lines.txt"
    }

    /// The first `count` of `total` lines, each with a newline behind it.
    func lines(_ frame: Frame, count: Int, of total: Int) throws -> [UInt8] {
        switch maker {
        case .own:
            var bytes: [UInt8] = []
            let lines = AccessLines(count: total, day: day)
            for index in 0..<count { lines.append(index, frame, to: &bytes) }
            return bytes
        case .wpgen(let program, let lines):
            let path = folder.path + "/lines"
            let arguments = ["-l", "\(count)", "-f", frame.rawValue, "-F", "lf", "-T", "stdout", "-q"]
            try Child(program, common(total, lines) + arguments, output: path).waitForSuccess()
            defer { try? FileManager.default.removeItem(atPath: path) }
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        }
    }

    /// Sends `count` lines, RFC 5424 with newlines, over one TCP connection; returns when the server has closed it.
    func send(_ count: Int, port: Int) throws {
        switch maker {
        case .own:
            let lines = AccessLines(count: count, day: day)
            var connection = try Connection(port: port)
            var bytes: [UInt8] = []
            for index in 0..<count {
                lines.append(index, .rfc5424, to: &bytes)
                if bytes.count >= 1 << 18 || index == count - 1 {
                    try connection.write(bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
            try connection.finish()
        case .wpgen(let program, let lines):
            let arguments = ["-f", "5424", "-F", "lf", "-T", "tcp", "-p", "\(port)", "-q"]
            try Child(program, common(count, lines) + arguments).waitForSuccess()
        }
    }

    /// The id of one of `count` events.
    func id(_ index: Int, of count: Int) throws -> String {
        switch maker {
        case .own: return AccessLines(count: count, day: day).id(index)
        case .wpgen(let program, let lines):
            let path = folder.path + "/id"
            try Child(program, common(count, lines) + ["-Q", "\(index)"], output: path).waitForSuccess()
            let answer = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
            guard let id = answer.split(separator: " ").first else {
                throw Failure("wpgen -Q \(index) said nothing")
            }
            return String(id)
        }
    }

    private func common(_ count: Int, _ lines: String) -> [String] {
        ["-n", "\(count)", "-x", lines, "-t", "\(day)"]
    }
}
