/// Why there is no backup, or why one was not restored.
package enum BackupError: Error, CustomStringConvertible, Equatable {
    /// A folder cannot be what it was named for.
    case folder(String)
    /// The disk is too small.
    ///
    /// Bytes.
    case noSpace(folder: String, needed: UInt64, free: UInt64)
    /// A file that wplog does not make, or whose name could lead elsewhere.
    case foreignFile(path: String, what: String)
    /// What is wrong, a line each.
    case damaged([String])
    /// The one who asked does not want it any more.
    case stopped

    /// A word that programs can rely on.
    package var code: String {
        switch self {
        case .folder: "bad_folder"
        case .noSpace: "no_space"
        case .foreignFile: "foreign_file"
        case .damaged: "damaged"
        case .stopped: "stopped"
        }
    }

    package var description: String {
        switch self {
        case .folder(let text): text
        case .noSpace(let folder, let needed, let free):
            "\(folder) has too little room: \(Self.megabytes(needed)) are needed, \(Self.megabytes(free)) are "
                + "free. Make room, or choose a folder on another disk"
        case .foreignFile(let path, let what):
            "\(path.debugDescription) is \(what), which wplog does not make; move it away"
        case .damaged(let lines): lines.joined(separator: "\n")
        case .stopped: "stopped; nothing is left of it"
        }
    }

    /// Rounded up, so that what is needed is never said to be less than it is.
    private static func megabytes(_ bytes: UInt64) -> String {
        "\(bytes / 1_000_000 + (bytes % 1_000_000 == 0 ? 0 : 1)) MB"
    }
}
