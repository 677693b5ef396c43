import Foundation
import Glibc
import Synchronization

/// A program that a test has started.
///
/// Its output goes to files, so that it never waits for a reader. It is killed with the object.
final class ChildProcess: Sendable {
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    /// Where standard output goes.
    enum Destination {
        case file
        case path(String)
        /// A pipe that nobody reads.
        case closedPipe
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let pid: pid_t
    private let folder: ScratchFolder
    private let ending = Mutex<Ending?>(nil)

    /// What `make test-dates` moves the clock with.
    private static let clock = ProcessInfo.processInfo.environment.filter {
        $0.key.contains("FAKE") || $0.key == "LD_PRELOAD" && $0.value.contains("faketime")
    }

    /// Whether `make test-dates` has moved the clock.
    static var isClockMoved: Bool { !clock.isEmpty }

    /// - `environment`: added to a fixed one, in which nothing of the machine's settings is left but the clock.
    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        output: Destination = .file
    ) throws {
        folder = try ScratchFolder()
        let surroundings = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8",
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(Self.clock) { $1 }.merging(environment) { $1 }

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, folder.path("stderr"), writing, 0o600)
        var pipeEnds: [Int32] = [-1, -1]
        switch output {
        case .file:
            unsafe posix_spawn_file_actions_addopen(&actions, 1, folder.path("stdout"), writing, 0o600)
        case .path(let path): unsafe posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY, 0)
        case .closedPipe:
            // No other child may get an end of it, and `pipe` alone cannot promise that.
            let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard unsafe socketpair(AF_UNIX, type, 0, &pipeEnds) == 0 else {
                throw Failure(description: "socketpair: error \(errno)")
            }
            close(pipeEnds[0])
            unsafe posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], 1)
        }
        defer { if pipeEnds[1] >= 0 { close(pipeEnds[1]) } }

        // Threads of the tests may block signals, and a child would inherit it.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var child: pid_t = 0
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        var variables = unsafe surroundings.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        let result = unsafe posix_spawn(&child, program, &actions, &attributes, &words, &variables)
        guard result == 0 else { throw Failure(description: "cannot start \(program): error \(result)") }
        pid = child
    }

    deinit {
        guard !hasEnded else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    var hasEnded: Bool { poll() != nil }

    var standardOutput: Data { (try? Data(contentsOf: URL(filePath: folder.path("stdout")))) ?? Data() }

    var standardError: String {
        String(
            decoding: (try? Data(contentsOf: URL(filePath: folder.path("stderr")))) ?? Data(), as: UTF8.self)
    }

    func send(_ signal: Int32) {
        if !hasEnded { kill(pid, signal) }
    }

    /// How it ended.
    ///
    /// Throws when it has not after `seconds`, and kills it.
    func wait(seconds: Double = 30) async throws -> Ending {
        let isOver = try await holds(within: seconds) { hasEnded }
        guard isOver, let ending = poll() else {
            send(SIGKILL)
            throw Failure(description: "process \(pid) had not ended after \(seconds) s; \(standardError)")
        }
        return ending
    }

    private func poll() -> Ending? {
        ending.withLock { ending in
            if ending != nil { return ending }
            var status: Int32 = 0
            guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7F
            ending = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
            return ending
        }
    }
}

/// Whether a condition comes true in time.
///
/// Asked every few milliseconds.
func holds(within seconds: Double = 20, _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        if try await condition() { return true }
        if ContinuousClock.now > end { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A folder that goes with the object.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "wplog-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = url.path(percentEncoded: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        return path(name)
    }
}
