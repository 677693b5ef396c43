import Glibc

/// A backup that lies on a disk.
struct BackupFolder {
    /// Absolute, without links in it.
    let path: String
    private let listing: FolderListing
    private let sums: BackupSums

    /// Finds out what it should hold; throws where that cannot be said.
    init(_ text: String) throws {
        guard let resolved = BackupTarget.resolved(text), BackupTarget.isFolder(resolved) else {
            throw BackupError.folder("there is no folder \(text)")
        }
        path = resolved
        let layout = StoreLayout(directory: resolved)
        guard unsafe access(layout.sums, F_OK) == 0 else {
            throw BackupError.folder(
                "\(resolved) holds no \(StoreLayout.sumsName), so it is no backup that wplog has finished")
        }
        sums = try BackupSums(FileBytes.read(layout.sums), path: layout.sums)
        listing = try FolderListing(resolved)
    }

    /// The files, without those that only a reader or a server has put there.
    var files: [FolderListing.Entry] { listing.files.filter { sums.sums[$0.path] != nil } }

    var folders: [String] { listing.folders }

    var bytes: UInt64 { files.reduce(0) { $0 &+ $1.bytes } }

    /// Reads every file; throws all that is damaged, each file with its name.
    func verify(_ meter: BackupMeter) throws {
        try Self.check(path, sums, meter, advice: "use another backup")
        var flaws: [String] = []
        for file in listing.files where sums.sums[file.path] == nil && file.path != StoreLayout.sumsName {
            let name = file.path.split(separator: "/").last.map { String($0) } ?? file.path
            if !StoreLayout.isCompanion(name) {
                flaws.append("\(file.path): has no line in \(StoreLayout.sumsName)")
            }
        }
        if sums.sums["format"] == nil { flaws.append("format: has no line in \(StoreLayout.sumsName)") }
        guard flaws.isEmpty else { throw Self.damage(path, flaws, advice: "use another backup") }
        try StoreFormat.check(StoreLayout(directory: path), isReadOnly: true)
    }

    /// Compares the files of a copy with the sums.
    func verify(copy: String, _ meter: BackupMeter) throws {
        try Self.check(copy, sums, meter, advice: "the disk does not keep what was written to it")
    }

    private static func check(
        _ folder: String, _ sums: BackupSums, _ meter: BackupMeter, advice: String
    ) throws {
        var flaws: [String] = []
        for (path, sum) in sums.sums.sorted(by: { $0.key < $1.key }) {
            do {
                let found = try PlainFile(folder, path).digest(meter)
                if found != sum { flaws.append("\(path): its SHA-256 sum is not the one it had") }
            } catch BackupError.stopped {
                throw BackupError.stopped
            } catch {
                flaws.append("\(path): \(error)")
            }
        }
        if !flaws.isEmpty { throw damage(folder, flaws, advice: advice) }
    }

    private static func damage(_ folder: String, _ flaws: [String], advice: String) -> BackupError {
        .damaged(["\(folder) is damaged; nothing was changed; \(advice)"] + flaws)
    }
}
