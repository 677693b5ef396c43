import FoundationEssentials
import Glibc

/// A folder in the making: it has its own name only once it is whole.
///
///     DEST.partial-4711 ──(all on the disk, and verified)──► DEST
///
/// It is locked (flock) while somebody works on it, so that what a killed process left behind can be told apart.
struct PartialFolder: ~Copyable {
    /// What it will be: an absolute path without links in it.
    let destination: String
    let path: String
    private let descriptor: Int32

    /// Makes it beside `destination`, and removes what killed processes left there.
    ///
    /// - `kind`: what stands between name and process number.
    init(for destination: String, kind: String) throws {
        self.destination = destination
        Self.removeStale(in: Self.parent(of: destination), infix: ".\(kind)-")
        path = "\(destination).\(kind)-\(getpid())"
        descriptor = try Self.make(path)
    }

    /// Makes a folder and locks it.
    private static func make(_ path: String) throws(StoreError) -> Int32 {
        guard unsafe mkdir(path, 0o700) == 0 else { throw .system("mkdir", path) }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            defer { close(descriptor) }
            throw .system("flock", path)
        }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Makes a folder in it.
    func makeFolder(_ name: String) throws(StoreError) {
        guard unsafe mkdir("\(path)/\(name)", 0o700) == 0 || errno == EEXIST else {
            throw .system("mkdir", "\(path)/\(name)")
        }
    }

    /// Brings the names of all its files to the disk.
    func syncFolders() throws {
        for folder in try FolderListing(path).folders.reversed() {
            try FileBytes.syncFolder(of: "\(path)/\(folder)/")
        }
        try FileBytes.syncFolder(of: path + "/")
    }

    /// Gives it its name, which nothing but an empty folder may have; it holds through a power cut.
    func publish() throws(StoreError) {
        guard unsafe rename(path, destination) == 0 else { throw .system("rename", destination) }
        try FileBytes.syncFolder(of: destination)
    }

    /// Takes it away again.
    func discard() { try? FileManager.default.removeItem(atPath: path) }

    static func parent(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// Removes folders of processes that have ended; never one that holds anything which is not ours.
    static func removeStale(in parent: String, infix: String) {
        for name in FileBytes.names(in: parent) {
            let number = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
            guard number > 0, name.dropLast(number).hasSuffix(infix),
                name.utf8.count > infix.utf8.count + number
            else { continue }
            let path = parent == "/" ? "/\(name)" : "\(parent)/\(name)"
            let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0,
                FileBytes.names(in: path).allSatisfy({ name in
                    StoreLayout.backupNames.contains(name.hasSuffix(".tmp") ? String(name.dropLast(4)) : name)
                })
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
