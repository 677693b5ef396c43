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

    init(isWanted: Bool) { self.isWanted = isWanted }

    /// Shows some bytes.
    ///
    /// A user who has seen enough ends the program quietly.
    func write(_ bytes: [UInt8]) throws {
        guard isWanted else { return try Output.write(bytes) }
        let isShown = pipe.withLock { pipe -> Bool? in
            if pipe == nil { pipe = unsafe popen(Self.command, "w").map { UInt(bitPattern: $0) } }
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

    private static var command: String {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["WPLOG_PAGER"] ?? environment["PAGER"] ?? ""
        return named.isEmpty ? "less -FIRX" : named
    }
}
