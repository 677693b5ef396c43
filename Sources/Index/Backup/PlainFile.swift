import Glibc

/// One ordinary file below a folder, reached without a symbolic link.
struct PlainFile {
    /// Bytes that one `read` takes.
    private static let partBytes = 1 << 20

    let root: String
    /// Names with `/` between them, none of them hidden from `isPlain`.
    let path: String

    init(_ root: String, _ path: String) throws(BackupError) {
        guard path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isPlain) else {
            throw .foreignFile(path: "\(root)/\(path)", what: "a file with an unusual name")
        }
        self.root = root
        self.path = path
    }

    /// Whether a name leads nowhere else, and can stand in a line of its own.
    static func isPlain(_ name: some StringProtocol) -> Bool {
        guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255 else { return false }
        // U+FFFD: the name was no UTF-8, and this text is not the name.
        return name.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" && $0 != "/" && $0 != "\u{FFFD}"
        }
    }

    /// Opens it for reading, the caller's to close.
    func open() throws -> Int32 {
        var names = path.split(separator: "/").map { String($0) }
        let name = names.removeLast()
        var folder = unsafe Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw StoreError.system("open", root) }
        defer { Glibc.close(folder) }
        for name in names {
            let next = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw failure() }
            Glibc.close(folder)
            folder = next
        }
        // Opening a pipe that nobody writes to would wait for ever.
        let descriptor = unsafe openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        var state = stat()
        guard unsafe fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw BackupError.foreignFile(path: "\(root)/\(path)", what: "no ordinary file")
        }
        return descriptor
    }

    private func failure() -> any Error {
        errno == ELOOP || errno == ENOTDIR
            ? BackupError.foreignFile(path: "\(root)/\(path)", what: "a symbolic link, or below one")
            : StoreError.system("open", "\(root)/\(path)")
    }

    /// Calls `body` with one part after the other.
    func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = try open()
        defer { Glibc.close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: Self.partBytes)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { return }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw StoreError.system("read", "\(root)/\(path)")
            }
            try unsafe buffer.withUnsafeBytes {
                try unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        }
    }

    /// Its SHA-256 sum.
    func digest(_ meter: BackupMeter) throws -> String {
        var digest = FileDigest()
        try unsafe read { part in
            unsafe digest.update(part)
            try meter.add(part.count)
        }
        return digest.hex()
    }

    /// Copies it to the same place below another folder, for its owner alone, onto the disk.
    func copy(to other: String, _ meter: BackupMeter) throws {
        let target = "\(other)/\(path)"
        let descriptor = unsafe Glibc.open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.system("open", target) }
        defer { Glibc.close(descriptor) }
        try unsafe read { part in
            var written = 0
            while written < part.count {
                let count = unsafe write(
                    descriptor, part.baseAddress.map { unsafe $0 + written }, part.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreError.system("write", target) }
                written += count
            }
            try meter.add(part.count)
        }
        guard fsync(descriptor) == 0 else { throw StoreError.system("fsync", target) }
        // What is read back comes from the disk then.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    /// Brings a file to the disk, and lets go of what the kernel remembers of it.
    static func sync(_ path: String) throws(StoreError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }
}
