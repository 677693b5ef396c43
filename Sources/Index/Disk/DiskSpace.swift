import Glibc

/// The room on the file system of a folder at one moment.
package struct DiskSpace: Sendable, Equatable {
    /// Bytes of the whole file system.
    package var total: UInt64
    /// Bytes that a process without special rights may still take.
    package var free: UInt64
    /// The same in inodes; nil where the file system has no fixed number of them.
    package var freeInodes: UInt64?
    /// Inodes of the whole file system; nil as above.
    package var inodes: UInt64?

    package init(total: UInt64, free: UInt64, freeInodes: UInt64? = nil, inodes: UInt64? = nil) {
        self.total = total
        self.free = free
        self.freeInodes = freeInodes
        self.inodes = inodes
    }

    /// Asks the kernel; nil where it does not say.
    package init?(of folder: String) {
        var state = statvfs()
        guard unsafe statvfs(folder, &state) == 0, state.f_blocks > 0 else { return nil }
        let size = UInt64(state.f_frsize)
        total = Self.bytes(UInt64(state.f_blocks), size)
        free = Self.bytes(UInt64(state.f_bavail), size)
        // Btrfs makes inodes as they are needed and says 0 of both.
        let hasInodes = state.f_files > 0
        inodes = hasInodes ? UInt64(state.f_files) : nil
        freeInodes = hasInodes ? UInt64(state.f_favail) : nil
    }

    private static func bytes(_ blocks: UInt64, _ size: UInt64) -> UInt64 {
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: size)
        return overflow ? .max : bytes
    }
}
