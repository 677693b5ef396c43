import Glibc

extension StoreError {
    /// No room on the file system, in the quota, or under the limit of the process (`ulimit -f`).
    static let outOfSpaceCodes: Set<Int32> = [ENOSPC, EDQUOT, EFBIG]

    /// Whether the disk has no room: this mends itself, unlike other failures.
    package var isOutOfSpace: Bool {
        switch self {
        case .system(_, _, let code, _): Self.outOfSpaceCodes.contains(code)
        // The result code stands in front of what SQLite says: 13 is SQLITE_FULL.
        case .database(_, let reason): reason.hasPrefix("SQLite error 13:")
        default: false
        }
    }
}
