import FoundationEssentials
import Glibc

/// Puts a backup into the place of a data directory.
///
///     DIR.restore-4711   the backup's files, on the disk and verified
///     DIR              ──► DIR.before-restore-20261122T110000Z
///     DIR.restore-4711 ──► DIR
///
/// At every instant one of the first and the last has the whole store; a second run ends in the same way.
package struct StoreRestore {
    private let backup: BackupFolder
    /// The data directory: absolute, without links in it.
    package let directory: String
    /// What is there now.
    private let present: Present

    private enum Present {
        case nothing, emptyFolder, store
    }

    /// Looks at both folders; reads no file of the backup yet.
    ///
    /// Throws where a process writes to the directory, or where it holds something else than a store.
    package init(_ backup: String, to directory: String) throws {
        self.backup = try BackupFolder(backup)
        if let owner = LockOwner(directory: directory) {
            throw StoreError.locked(path: directory, pid: owner.pid)
        }
        if let resolved = BackupTarget.resolved(directory) {
            self.directory = resolved
            guard BackupTarget.isFolder(resolved) else {
                throw BackupError.folder("\(resolved) is no folder")
            }
            let isStore = StoreLayout.isStore(resolved)
            guard isStore || FileBytes.names(in: resolved).isEmpty else {
                throw BackupError.folder(
                    "\(resolved) holds files, but no wplog data; choose another directory with --data")
            }
            present = isStore ? .store : .emptyFolder
        } else {
            let parent = PartialFolder.parent(of: directory)
            let name = directory.split(separator: "/").last.map { String($0) } ?? ""
            guard directory.hasPrefix("/"), PlainFile.isPlain(name),
                let resolved = BackupTarget.resolved(parent)
            else { throw BackupError.folder("there is no folder \(parent), in which the data could be put") }
            self.directory = resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
            present = .nothing
        }
        for (one, other) in [(self.directory, self.backup.path), (self.backup.path, self.directory)]
        where (one + "/").hasPrefix(other + "/") {
            throw BackupError.folder("\(one) is in \(other), which would be moved; copy the backup elsewhere")
        }
        guard present == .nothing || !isMountPoint else {
            throw BackupError.folder(
                "\(self.directory) is where a disk is mounted, so it cannot be renamed: restore into a new folder "
                    + "on that disk, and serve that")
        }
    }

    /// The backup's files below `days/`, and the bytes of all.
    package var size: (days: Int, bytes: UInt64) {
        (backup.files.count { $0.path.hasPrefix("days/") }, backup.bytes)
    }

    /// Whether there is a store that will be kept under another name.
    package var hasPresentStore: Bool { present == .store }

    /// Reads the whole backup; throws what is damaged.
    package func verify(_ progress: @escaping BackupProgress.Listener = { _ in true }) throws {
        try backup.verify(BackupMeter(.verify, all: backup.bytes, progress))
    }

    /// Verifies the backup, copies it, and puts the copy in the directory's place.
    ///
    /// - `stamp`: what the name of the present store gets behind it, a time.
    /// - Returns: where the store is now that was there before; nil where there was none.
    package func run(
        stamp: String, _ progress: @escaping BackupProgress.Listener = { _ in true }
    ) throws -> String? {
        // Held to the end: no server can begin with the present store.
        let lock = try present == .store ? DirectoryLock(StoreLayout(directory: directory)) : nil
        defer { lock?.release() }
        try verify(progress)
        try BackupTarget.checkSpace(
            PartialFolder.parent(of: directory), needed: backup.bytes + backup.bytes / 100 + 1_000_000)
        let partial = try PartialFolder(for: directory, kind: "restore")
        do {
            let meter = BackupMeter(.copy, all: backup.bytes, progress)
            for folder in backup.folders { try partial.makeFolder(folder) }
            for file in backup.files { try PlainFile(backup.path, file.path).copy(to: partial.path, meter) }
            try backup.verify(copy: partial.path, BackupMeter(.verify, all: backup.bytes, progress))
            try giveToOwner(partial.path)
            try partial.syncFolders()
            guard present == .store else {
                try partial.publish()
                return nil
            }
            return try exchange(partial, stamp)
        } catch {
            partial.discard()
            throw error
        }
    }

    /// Keeps the present store under another name, and gives its own to the copy.
    private func exchange(_ partial: borrowing PartialFolder, _ stamp: String) throws -> String {
        var old = "\(directory).before-restore-\(stamp)"
        var number = 1
        while unsafe access(old, F_OK) == 0 {
            number += 1
            old = "\(directory).before-restore-\(stamp)-\(number)"
        }
        guard unsafe rename(directory, old) == 0 else { throw StoreError.system("rename", directory) }
        do {
            try partial.publish()
        } catch {
            // A server may have begun a new store at just this moment.
            guard unsafe rename(old, directory) == 0 else {
                throw BackupError.folder("\(error); what was in \(directory) is in \(old)")
            }
            throw error
        }
        return old
    }

    /// Root restores for the one whom the directory belongs to.
    private func giveToOwner(_ folder: String) throws {
        var state = stat()
        guard geteuid() == 0, present != .nothing, unsafe stat(directory, &state) == 0, state.st_uid != 0
        else {
            return
        }
        let listing = try FolderListing(folder)
        for path in [folder] + (listing.folders + listing.files.map(\.path)).map({ "\(folder)/\($0)" }) {
            guard unsafe lchown(path, state.st_uid, state.st_gid) == 0 else {
                throw StoreError.system("chown", path)
            }
        }
    }

    private var isMountPoint: Bool {
        var own = stat()
        var parent = stat()
        guard unsafe stat(directory, &own) == 0,
            unsafe stat(PartialFolder.parent(of: directory), &parent) == 0
        else { return false }
        return own.st_dev != parent.st_dev
    }
}
