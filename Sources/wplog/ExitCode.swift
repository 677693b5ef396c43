import Glibc

/// How a command ends, for scripts.
///
/// The numbers are part of the interface.
struct ExitCode: Error {
    let number: Int32
    /// One text for standard error; nil says nothing.
    let message: String?

    /// A mistake in the command line, the settings or the query.
    static func usage(_ message: String) -> ExitCode { ExitCode(number: 2, message: message) }

    /// No server, no data, or no right to them.
    static func unreachable(_ message: String) -> ExitCode { ExitCode(number: 3, message: message) }

    /// The answer is not whole.
    static func partial(_ message: String) -> ExitCode { ExitCode(number: 4, message: message) }

    /// Another process writes to the data directory.
    static func locked(_ message: String) -> ExitCode { ExitCode(number: 73, message: message) }

    /// Output could not be written.
    static func write(_ message: String) -> ExitCode { ExitCode(number: 74, message: message) }
}

/// Standard output and standard error by `write`, every result looked at: `print` says nothing of a full disk.
enum Output {
    /// Writes to standard output.
    ///
    /// A closed pipe ends the program quietly, as the reader has what it wanted.
    static func write(_ bytes: [UInt8]) throws {
        guard writeAll(bytes, to: STDOUT_FILENO) else {
            if errno == EPIPE { exit(0) }
            let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
            throw ExitCode.write("standard output: \(reason)")
        }
    }

    /// Writes one line to standard error.
    static func note(_ text: String) {
        _ = writeAll(Array("wplog: \(text)\n".utf8), to: STDERR_FILENO)
    }

    /// Writes to standard error as it is, for what is shown and overwritten.
    static func progress(_ text: String) { _ = writeAll(Array(text.utf8), to: STDERR_FILENO) }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
