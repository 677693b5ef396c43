import Glibc

extension Store {
    /// Makes a copy of the store as it is at one instant, while events come in: every event that was taken
    /// before this was called, and each once.
    ///
    /// Nothing has the name `destination` (an absolute path) before the copy is whole, on the disk, and
    /// verified; where this throws, nothing is left.
    package func backup(
        to destination: String, progress: @escaping BackupProgress.Listener = { _ in true }
    ) throws -> BackupReport {
        let target = try BackupTarget(destination, of: layout)
        let needed = try backupBytes()
        // Room for a page or two more in each file.
        try BackupTarget.checkSpace(
            PartialFolder.parent(of: target.path), needed: needed + needed / 100 + 1_000_000)
        let partial = try PartialFolder(for: target.path, kind: "partial")
        do {
            let report = try fill(partial, needed, progress)
            try BackupTarget.checkIsFree(target.path)
            try partial.publish()
            return report
        } catch {
            partial.discard()
            throw error
        }
    }

    private func fill(
        _ partial: borrowing PartialFolder, _ needed: UInt64, _ progress: @escaping BackupProgress.Listener
    ) throws -> BackupReport {
        for folder in ["days", "journal"] { try partial.makeFolder(folder) }
        var report = BackupReport(folder: partial.destination)
        var work = BackupWork(self, to: partial.path, BackupMeter(.copy, all: needed, progress))
        let days = try work.run(&report)
        try partial.syncFolders()
        report.bytes = try Self.verify(partial.path, days, progress)
        report.days = days.count
        report.events = days.values.reduce(0) { $0 &+ $1.events }
        try partial.syncFolders()
        return report
    }

    /// Reads all of a copy again, and writes down the sums of its files.
    ///
    /// Returns how many bytes they are.
    private static func verify(
        _ folder: String, _ days: [Day: SegmentFacts], _ progress: @escaping BackupProgress.Listener
    ) throws -> UInt64 {
        let layout = StoreLayout(directory: folder)
        let files = try FolderListing(folder)
        let meter = BackupMeter(.verify, all: files.bytes, progress)
        var flaws: [String] = []
        for (day, facts) in days.sorted(by: { $0.key < $1.key }) {
            if let flaw = try SegmentView.flaw(of: layout.segment(day), day: day, facts: facts) {
                flaws.append(flaw)
            }
            try meter.add(0)
        }
        guard flaws.isEmpty else {
            throw BackupError.damaged(
                flaws + ["there is no backup before this is mended: wplog doctor looks at the data directory"]
            )
        }
        var sums = BackupSums()
        for file in files.files {
            sums.sums[file.path] = try PlainFile(folder, file.path).digest(meter)
        }
        try FileBytes.replace(layout.sums, with: Array(sums.text.utf8))
        return files.bytes
    }

    /// What the files take that a backup copies.
    private func backupBytes() throws -> UInt64 {
        var bytes = try ArchiveCopy.bytes(of: layout)
        for name in FileBytes.names(in: layout.days) {
            var state = stat()
            guard unsafe stat("\(layout.days)/\(name)", &state) == 0 else { continue }
            bytes &+= UInt64(max(0, state.st_size))
        }
        return bytes
    }
}
