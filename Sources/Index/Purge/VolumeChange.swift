import Glibc

/// Changes of a volume that may be sealed: a mark in its folder says that sums and seal are to follow, also after a stop.
extension ArchiveLayout {
    private func mark(_ volume: ArchiveVolume) -> String { "\(path(volume))/CHANGING" }

    /// Lets a volume be changed.
    func beginChange(_ volume: ArchiveVolume) throws(StoreError) {
        protect(volume, isProtected: false)
        if unsafe access(mark(volume), F_OK) != 0 { try FileBytes.replace(mark(volume), with: []) }
        FaultPoint.reach("purge-volume-open")
    }

    /// Whether a change of the volume has begun, and not ended.
    func isChanging(_ volume: ArchiveVolume) -> Bool { unsafe access(mark(volume), F_OK) == 0 }

    /// Ends a change: sums and seal are those of the files that are there; a volume without any part goes.
    func endChange(_ volume: ArchiveVolume) throws {
        let parts = parts(of: volume)
        if parts.isEmpty { return removeFolder(volume) }
        try VolumeSums.update(self, volume)
        FaultPoint.reach("purge-summed")
        if isSealed(volume) {
            let events = parts.filter { hasIndex($0) }.reduce(0) { $0 + ((try? summary(of: $1).events) ?? 0) }
            try updateSeal(volume, events: events)
        }
        FaultPoint.reach("purge-sealed")
        _ = unsafe unlink(mark(volume))
        if isSealed(volume) { protect(volume, isProtected: true) }
    }

    private func removeFolder(_ volume: ArchiveVolume) {
        for path in [seal(volume), sums(volume), mark(volume)] { _ = unsafe unlink(path) }
        // Fails where somebody has put something else there, which stays.
        _ = unsafe rmdir(path(volume))
    }
}
