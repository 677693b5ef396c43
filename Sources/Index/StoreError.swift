/// What can go wrong with the data directory.
///
/// Texts name files, never log content.
package enum StoreError: Error, CustomStringConvertible, Equatable {
    /// A file says what cannot be.
    case damaged(String)
    /// The lines of an archived block cannot be read; those of others can.
    case unreadableBlock(path: String, block: Int64, reason: String)
    /// A system call failed.
    case system(operation: String, path: String, code: Int32, reason: String)
    /// SQLite refused.
    case database(path: String, reason: String)
    /// Written by a newer wplog.
    case newerFormat(found: Int, supported: Int)
    /// Another process writes here.
    case locked(path: String, pid: String)
    /// What was asked for cannot be done; the text says why, and what can.
    case refused(String)
    /// The store was told to stop, or lost its journal.
    case stopped(String)

    package var description: String {
        switch self {
        case .damaged(let what): "damaged data: \(what)"
        case .unreadableBlock(let path, let block, let reason):
            "damaged archive: block \(block) of \(path): \(reason); wplog archive verify lists all that is damaged"
        case .system(let operation, let path, _, let reason): "\(operation) \(path): \(reason)"
        case .database(let path, let reason): "\(path): \(reason)"
        case .newerFormat(let found, let supported):
            "the data directory has format \(found), and this wplog knows up to \(supported): use a newer wplog"
        case .locked(let path, let pid):
            "\(path) is in use by process \(pid): stop it, or choose another directory with --data"
        case .refused(let why): why
        case .stopped(let why): "the store takes no more events: \(why)"
        }
    }
}
