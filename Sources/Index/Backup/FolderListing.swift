import Glibc

/// The ordinary files below a folder, and the folders that they are in.
struct FolderListing: Equatable {
    /// Folders within folders.
    ///
    /// Archives are one level deep; beyond this somebody else's tree is in the way.
    private static let depthMost = 4

    struct Entry: Equatable {
        /// Below the folder.
        let path: String
        let bytes: UInt64
        /// What changes when another file takes its place.
        let inode: UInt64
        let modified: Int64
    }

    private(set) var files: [Entry] = []
    /// Each behind the one that it is in.
    private(set) var folders: [String] = []

    /// Looks below `root`; throws at anything that is neither file nor folder.
    init(_ root: String) throws {
        try add("", of: root, depth: 0)
        files.sort { $0.path < $1.path }
        folders.sort()
    }

    var bytes: UInt64 { files.reduce(0) { $0 &+ $1.bytes } }

    private mutating func add(_ folder: String, of root: String, depth: Int) throws {
        let path = folder.isEmpty ? root : "\(root)/\(folder)"
        guard unsafe access(path, R_OK | X_OK) == 0 else { throw StoreError.system("open", path) }
        for name in FileBytes.names(in: path) {
            let file = try PlainFile(root, folder.isEmpty ? name : "\(folder)/\(name)")
            var state = stat()
            guard unsafe lstat("\(path)/\(name)", &state) == 0 else {
                // It went while we looked.
                if errno == ENOENT { continue }
                throw StoreError.system("lstat", "\(path)/\(name)")
            }
            switch state.st_mode & S_IFMT {
            case S_IFREG:
                files.append(
                    Entry(
                        path: file.path, bytes: UInt64(max(0, state.st_size)), inode: UInt64(state.st_ino),
                        modified: Int64(state.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(state.st_mtim.tv_nsec)
                    ))
            case S_IFDIR where depth < Self.depthMost:
                folders.append(file.path)
                try add(file.path, of: root, depth: depth + 1)
            case S_IFDIR:
                throw BackupError.foreignFile(
                    path: "\(path)/\(name)", what: "a folder more than \(Self.depthMost) folders deep")
            case S_IFLNK: throw BackupError.foreignFile(path: "\(path)/\(name)", what: "a symbolic link")
            default: throw BackupError.foreignFile(path: "\(path)/\(name)", what: "no ordinary file")
            }
        }
    }
}
