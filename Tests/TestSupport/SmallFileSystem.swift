import Foundation
import Glibc

/// A file system in memory that is soon full.
///
/// It goes with the object.
package final class SmallFileSystem: Sendable {
    /// Where it is mounted.
    package let path: String

    /// Why a test that needs one is skipped where `isPossible` is false.
    package static let reason = "mounting a tmpfs needs root"

    /// Whether this process may mount one.
    package static let isPossible: Bool = (try? SmallFileSystem(bytes: 1 << 20)) != nil

    package struct CannotMount: Error, CustomStringConvertible {
        package let description: String
    }

    /// - `inodes`: files and folders that it has room for; nil for many.
    package init(bytes: Int, inodes: Int? = nil) throws {
        path = try Folder.temporary()
        let options = "size=\(bytes),mode=0700" + (inodes.map { ",nr_inodes=\($0)" } ?? "")
        guard unsafe mount("tmpfs", path, "tmpfs", 0, options) == 0 else {
            let code = errno
            Folder.remove(path)
            throw CannotMount(description: "\(Self.reason): error \(code)")
        }
    }

    deinit {
        // Gone from the tree at once, and from memory when the last file is closed.
        unsafe umount2(path, Int32(MNT_DETACH))
        Folder.remove(path)
    }

    package var freeBytes: Int {
        var state = statvfs()
        unsafe statvfs(path, &state)
        return Int(state.f_bavail) * Int(state.f_frsize)
    }

    private var filler: String { path + "/filler" }

    /// Takes room until only so many bytes are free.
    package func fill(leaving bytes: Int) throws {
        let descriptor = unsafe open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        var size = stat()
        unsafe fstat(descriptor, &size)
        let code = posix_fallocate(descriptor, 0, size.st_size + off_t(max(0, freeBytes - bytes)))
        guard code == 0 else { throw CannotMount(description: "cannot fill \(path): error \(code)") }
    }

    /// Gives the room back.
    package func empty() { unsafe unlink(filler) }
}
