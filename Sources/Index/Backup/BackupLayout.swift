/// The names that only backups know.
extension StoreLayout {
    /// The SHA-256 sums of all other files of a backup, as `sha256sum -c` reads them.
    static let sumsName = "SHA256SUMS"

    /// What a backup can hold at its top.
    static let backupNames: Set<String> = ["format", "imports", "journal", "days", "archive", sumsName]

    var sums: String { "\(directory)/\(Self.sumsName)" }

    /// Archives of days that are no segments any more: files that never change, in a folder a year.
    var archiveRoot: String { directory + "/archive" }

    /// The part of a path below the directory; nil for one that is not below it.
    func relative(_ path: String) -> String? {
        path.hasPrefix(directory + "/") ? String(path.dropFirst(directory.utf8.count + 1)) : nil
    }

    /// Whether a file comes and goes with readers and writers of a directory, and says nothing of its own.
    static func isCompanion(_ name: String) -> Bool {
        name == "lock" || name.hasSuffix(".sqlite-wal") || name.hasSuffix(".sqlite-shm")
    }
}
