import FoundationEssentials
import Glibc

/// Copies `archive/`, whose files never change, but come and go as days are archived and years sealed.
struct ArchiveCopy {
    /// Times that the folder may change while it is copied.
    private static let attemptsMost = 5

    private let source: StoreLayout
    private let target: String

    init(_ source: StoreLayout, to target: String) {
        self.source = source
        self.target = target
    }

    static func bytes(of layout: StoreLayout) throws -> UInt64 {
        BackupTarget.isFolder(layout.archiveRoot) ? try FolderListing(layout.archiveRoot).bytes : 0
    }

    /// Copies all files; what is there afterwards was there together at one instant.
    ///
    /// Returns how many they are.
    func run(_ meter: BackupMeter) throws -> Int {
        let root = source.archiveRoot
        var state = stat()
        guard unsafe lstat(root, &state) == 0 else { return 0 }
        guard state.st_mode & S_IFMT == S_IFDIR else {
            throw BackupError.foreignFile(path: root, what: "no folder")
        }
        let copyRoot = target + "/archive"
        var copied: [FolderListing.Entry] = []
        for _ in 0..<Self.attemptsMost {
            let listing = try FolderListing(root)
            for folder in [""] + listing.folders where unsafe mkdir("\(copyRoot)/\(folder)", 0o700) != 0 {
                if errno != EEXIST { throw StoreError.system("mkdir", "\(copyRoot)/\(folder)") }
            }
            // What is gone, or another file by now, is in no archive any more.
            for old in copied where !listing.files.contains(old) {
                try FileManager.default.removeItem(atPath: "\(copyRoot)/\(old.path)")
            }
            copied = copied.filter(listing.files.contains)
            for file in listing.files where !copied.contains(file) {
                guard try copy(file, root, copyRoot, meter) else { continue }
                copied.append(file)
            }
            guard copied.count == listing.files.count, try FolderListing(root) == listing else { continue }
            for folder in try FolderListing(copyRoot).folders where !listing.folders.contains(folder) {
                try FileManager.default.removeItem(atPath: "\(copyRoot)/\(folder)")
            }
            return copied.count
        }
        throw BackupError.damaged([
            "\(root) changed \(Self.attemptsMost) times while it was copied; try again when no archive is made"
        ])
    }

    /// False where the file has gone.
    private func copy(
        _ file: FolderListing.Entry, _ root: String, _ copyRoot: String, _ meter: BackupMeter
    ) throws -> Bool {
        do {
            try PlainFile(root, file.path).copy(to: copyRoot, meter)
            return true
        } catch let error as StoreError {
            guard case .system(_, _, ENOENT, _) = error else { throw error }
            return false
        }
    }
}
