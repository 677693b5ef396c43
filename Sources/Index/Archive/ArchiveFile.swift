import Glibc

/// The .gz file of an archived day, open for reading.
///
/// Any number of threads may read at once.
final class ArchiveFile: Sendable {
    let path: String
    let size: Int
    private let descriptor: Int32

    init(_ path: String) throws(StoreError) {
        self.path = path
        // A link could lead anywhere.
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system("open", path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged("\(path) is no regular file") }
        size = Int(status.st_size)
    }

    deinit { Glibc.close(descriptor) }

    /// Some of its bytes; fewer where it ends before.
    func bytes(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
        let range = range.clamped(to: 0..<size)
        var failure: StoreError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(range.count, 1)) { target, filled in
            while filled < range.count {
                let count = unsafe pread(
                    descriptor, target.baseAddress?.advanced(by: filled), range.count - filled,
                    off_t(range.lowerBound + filled))
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = .system("read", path) }
                guard count > 0 else { return }
                filled += count
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The text of a member; throws what is wrong with it, with the file's name.
    func text(
        of member: ArchiveMember, _ expander: DeflateExpander, isThorough: Bool
    ) throws(StoreError) -> [UInt8] {
        let found = try bytes(member.offset..<member.offset + member.bytes)
        do throws(StoreError) { return try member.text(of: found, expander, isThorough: isThorough) } catch {
            guard case .damaged(let what) = error else { throw error }
            throw .damaged("\(path): \(what)")
        }
    }

    /// Lets the next reads come from the disk, and not from what the kernel remembers of the writes.
    func forgetCache() { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) }
}
