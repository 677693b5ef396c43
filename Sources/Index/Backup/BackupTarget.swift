import Glibc

/// Where a backup goes: a folder that is not there yet, or is empty.
struct BackupTarget {
    /// Absolute, without links in it.
    let path: String

    /// - `layout`: what is backed up.
    init(_ text: String, of layout: StoreLayout) throws(BackupError) {
        var text = text
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        guard text.hasPrefix("/"), let slash = text.lastIndex(of: "/") else {
            throw .folder("\(text.debugDescription) is no absolute path, and a backup needs one")
        }
        let name = String(text[text.index(after: slash)...])
        let parent = PartialFolder.parent(of: text)
        guard PlainFile.isPlain(name) else {
            throw .folder("\(text.debugDescription) does not end in the name of a new folder")
        }
        guard let resolved = Self.resolved(parent), Self.isFolder(resolved) else {
            throw .folder("there is no folder \(parent), in which the backup could be made: mkdir it first")
        }
        path = resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
        let data = Self.resolved(layout.directory) ?? layout.directory
        guard !(path + "/").hasPrefix(data + "/") else {
            throw .folder("\(path) is in the data directory \(data); choose a folder outside of it")
        }
        try Self.checkIsFree(path)
        guard unsafe access(resolved, W_OK | X_OK) == 0 else {
            throw .folder(
                "\(resolved) cannot be written by process \(getpid()) (user \(geteuid())): give it the right, "
                    + "or choose another folder")
        }
    }

    /// Throws unless nothing, or an empty folder, is there.
    static func checkIsFree(_ path: String) throws(BackupError) {
        var state = stat()
        guard unsafe lstat(path, &state) == 0 else { return }
        guard state.st_mode & S_IFMT == S_IFDIR, FileBytes.names(in: path).isEmpty,
            unsafe access(path, R_OK) == 0
        else { throw .folder("\(path) exists, and is no empty folder; choose another name") }
    }

    /// The path without links in it; nil where there is nothing.
    static func resolved(_ path: String) -> String? {
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    static func isFolder(_ path: String) -> Bool {
        var state = stat()
        return unsafe lstat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFDIR
    }

    /// Throws where a folder's disk has less room than is needed.
    static func checkSpace(_ folder: String, needed: UInt64) throws {
        var state = statvfs()
        guard unsafe statvfs(folder, &state) == 0 else { throw StoreError.system("statvfs", folder) }
        let (free, isHuge) = UInt64(state.f_bavail).multipliedReportingOverflow(by: UInt64(state.f_frsize))
        guard isHuge || free >= needed else {
            throw BackupError.noSpace(folder: folder, needed: needed, free: free)
        }
    }
}
