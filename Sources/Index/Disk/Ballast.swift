import Glibc

/// A file that only takes room, and is let go of when the disk is full: commits, checkpoints and deletes still
/// run then.
struct Ballast: Sendable {
    /// What became of an attempt to make it.
    enum Outcome: Equatable {
        case made
        /// There is no room for it.
        case noRoom
        /// It cannot be made here, for a reason that more room does not mend.
        case impossible(String)
    }

    let path: String

    /// Its length; 0 where there is none.
    ///
    /// Not its blocks: where the file system compresses, these say less for ever.
    var bytes: UInt64 {
        var state = stat()
        guard unsafe lstat(path, &state) == 0 else { return 0 }
        return UInt64(max(0, state.st_size))
    }

    /// Makes it `size` bytes long, each of them really allocated.
    func make(_ size: UInt64) -> Outcome {
        guard let length = off_t(exactly: size), length > 0 else { return .impossible("\(size) bytes") }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return Self.outcome(errno, "open", path) }
        defer { close(descriptor) }
        // It says what is wrong by its result, not in errno.
        var code = posix_fallocate(descriptor, 0, length)
        if code == 0, ftruncate(descriptor, length) != 0 { code = errno }
        guard code == 0 else {
            // Half of it would help nobody.
            release()
            return Self.outcome(code, "allocate", path)
        }
        return .made
    }

    /// Gives its room back.
    func release() {
        // First the room: the name may not go away on a disk that is full to the last byte.
        _ = unsafe truncate(path, 0)
        unsafe unlink(path)
    }

    private static func outcome(_ code: Int32, _ operation: String, _ path: String) -> Outcome {
        if StoreError.outOfSpaceCodes.contains(code) { return .noRoom }
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return .impossible("\(operation) \(path): \(reason)")
    }
}
