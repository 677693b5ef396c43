import Glibc

/// The right to write to a data directory: an advisory lock on one file, which the kernel gives back when the
/// process ends, however it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Makes the directory where it is missing, with access for its owner alone, and takes the lock.
    init(_ layout: StoreLayout) throws(StoreError) {
        for folder in [layout.directory, layout.journal, layout.days] {
            if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST { throw .system("mkdir", folder) }
        }
        descriptor = unsafe open(layout.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", layout.lock) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .locked(path: layout.directory, pid: LockOwner(layout)?.pid ?? "unknown")
        }
        announce("")
    }

    /// Says under which address the owner of the directory answers.
    func announce(_ address: String) {
        let text = Array("\(getpid())\n\(address)\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    func release() { flock(descriptor, LOCK_UN) }

    deinit { Glibc.close(descriptor) }
}

/// The process that writes to a data directory now.
package struct LockOwner {
    package let pid: String
    /// Where it answers HTTP, as `http://HOST:PORT`; empty before it does.
    package let address: String

    /// Nil when nobody holds the lock, or when it may not be read.
    package init?(directory: String) {
        self.init(StoreLayout(directory: directory))
    }

    init?(_ layout: StoreLayout) {
        let descriptor = unsafe open(layout.lock, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        // A shared lock is granted only when no writer holds the file.
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        guard let bytes = try? FileBytes.read(layout.lock) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        pid = lines.first.map { String($0) } ?? ""
        address = lines.count > 1 ? String(lines[1]) : ""
    }
}

/// The file that says which version of wplog's formats a data directory has.
enum StoreFormat {
    /// Reads the version, or writes ours into a new directory.
    static func check(_ layout: StoreLayout, isReadOnly: Bool) throws(StoreError) {
        let found = unsafe access(layout.format, F_OK) == 0 ? try FileBytes.read(layout.format) : []
        // An empty file: the first start was cut off before it wrote the version.
        if !found.isEmpty {
            let text = String(decoding: found, as: UTF8.self)
            guard let found = Int(text.filter { $0.isNumber }) else {
                throw .damaged("\(layout.format) holds no version number")
            }
            guard found <= StoreLayout.formatVersion else {
                throw .newerFormat(found: found, supported: StoreLayout.formatVersion)
            }
            return
        }
        guard !isReadOnly else {
            throw .system(
                operation: "open", path: layout.directory, code: ENOENT, reason: "no wplog data here")
        }
        let descriptor = unsafe open(layout.format, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", layout.format) }
        defer { Glibc.close(descriptor) }
        let text = Array("wplog \(StoreLayout.formatVersion)\n".utf8)
        let written = unsafe text.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.count, fsync(descriptor) == 0 else { throw .system("write", layout.format) }
    }
}
