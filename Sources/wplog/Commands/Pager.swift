import FoundationEssentials
import Glibc

/// Shows output page by page: `$WPLOG_PAGER`, `$PAGER`, or `less -FIRX`.
///
/// Begins with the first byte, so that errors come without one. A pager reads when its user does: a server that
/// streams waits as long.
final class Pager {
    private let isWanted: Bool
    private var pipe: UnsafeMutablePointer<FILE>?

    init(isWanted: Bool) { self.isWanted = isWanted }

    /// Shows some bytes.
    ///
    /// A user who has seen enough ends the program quietly.
    func write(_ bytes: [UInt8]) throws {
        guard isWanted else { return try Output.write(bytes) }
        if unsafe pipe == nil { unsafe pipe = popen(Self.command, "w") }
        guard let pipe = unsafe pipe else { return try Output.write(bytes) }
        let written = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, pipe) }
        guard written == bytes.count else {
            close()
            exit(0)
        }
    }

    /// Waits until the user has seen all of it.
    func close() {
        if let pipe = unsafe pipe { unsafe pclose(pipe) }
        unsafe pipe = nil
    }

    private static var command: String {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["WPLOG_PAGER"] ?? environment["PAGER"] ?? ""
        return named.isEmpty ? "less -FIRX" : named
    }
}
