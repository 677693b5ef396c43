import FoundationEssentials
import Glibc
import Synchronization

/// Shows output page by page: `$WPLOG_PAGER`, `$PAGER`, or `less -FIRX`.
///
/// Begins with the first byte, so that errors come without one. A pager reads when its user does: a server that
/// streams waits as long.
final class Pager: Sendable {
    /// The pipe to a program; a number, as it goes from one thread to another.
    private let pipe = Mutex<UInt?>(nil)
    private let isWanted: Bool

    init(isWanted: Bool) { self.isWanted = isWanted && Self.isInstalled }

    /// Shows some bytes.
    ///
    /// A user who has seen enough ends the program quietly.
    func write(_ bytes: [UInt8]) throws {
        guard isWanted else { return try Output.write(bytes) }
        let isShown = pipe.withLock { pipe -> Bool? in
            if pipe == nil {
                pipe = unsafe popen(Self.command, "w").map { UInt(bitPattern: $0) }
                // Ctrl-C is the pager's from here on; its q ends both.
                signal(SIGINT, SIG_IGN)
            }
            guard let number = pipe, let file = unsafe UnsafeMutablePointer<FILE>(bitPattern: number) else {
                return nil
            }
            return unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
                == bytes.count
        }
        switch isShown {
        case nil: try Output.write(bytes)
        case true?: return
        case false?:
            close()
            exit(0)
        }
    }

    /// Waits until the user has seen all of it.
    func close() {
        let number = pipe.withLock { pipe in
            defer { pipe = nil }
            return pipe
        }
        if let number, let file = unsafe UnsafeMutablePointer<FILE>(bitPattern: number) {
            unsafe pclose(file)
        }
    }

    /// Whether there is such a program; a command that is more than a name is believed.
    private static var isInstalled: Bool {
        let name = command.prefix { $0 != " " }
        guard !name.contains("/"), !name.contains("=") else { return true }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { unsafe access("\($0)/\(name)", X_OK) == 0 }
    }

    private static var command: String {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["WPLOG_PAGER"] ?? environment["PAGER"] ?? ""
        return named.isEmpty ? "less -FIRX" : named
    }
}
