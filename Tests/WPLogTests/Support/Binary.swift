import Foundation

/// The program under test, and the files of the repository that tests use.
enum Binary {
    /// `WPLOG_BINARY`, or the one that was built beside the tests.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["WPLOG_BINARY"] { return path }
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let places = [
            tests, repository.appending(path: ".build/debug"), repository.appending(path: ".build/release"),
        ]
        return places.map { $0.appending(path: "wplog").path(percentEncoded: false) }
            .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "wplog was not built"
    }()

    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: repository.appending(path: path)), as: UTF8.self)
    }

    /// The lines of one of the log files in `Examples`.
    static func example(_ name: String) throws -> [String] {
        try text("Examples/\(name).log").split(separator: "\n").map { String($0) }
    }

    /// Where a program is that `scripts/install-test-clients` has fetched, or that the machine has; nil where neither.
    static func tool(_ name: String) -> String? {
        let fetched = repository.appending(path: ".build-clients/bin/").path(percentEncoded: false)
        return [fetched, "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
