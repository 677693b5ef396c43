/// How much room of the disk is left alone.
package struct DiskPolicy: Sendable, Equatable {
    /// Bytes that stay free.
    package enum Reserve: Sendable, Equatable {
        /// The larger of 200 MiB and 2 %, but no more than a quarter of a small file system.
        case standard
        case bytes(UInt64)
        /// A share of the file system, 0 to 1.
        case share(Double)
        /// None: the disk is full when a write finds no room.
        case off
    }

    package var reserve: Reserve
    /// Bytes of the ballast file; 0 is none.
    package var ballast: UInt64

    package init(reserve: Reserve = .standard, ballast: UInt64 = 64 << 20) {
        self.reserve = reserve
        self.ballast = ballast
    }

    /// The reserve on a file system of `total` bytes.
    package func reserve(of total: UInt64) -> UInt64 {
        switch reserve {
        case .off: 0
        case .bytes(let bytes): bytes
        case .share(let share): Self.part(share, of: total)
        case .standard:
            min(
                max(DiskLimits.reserveBytes, Self.part(DiskLimits.reserveShare, of: total)),
                Self.part(DiskLimits.reserveShareMost, of: total))
        }
    }

    /// The ballast on a file system of `total` bytes.
    package func ballast(of total: UInt64) -> UInt64 {
        min(ballast, Self.part(DiskLimits.ballastShareMost, of: total))
    }

    /// The inodes that stay free of `total`.
    package func inodes(of total: UInt64) -> UInt64 {
        reserve == .off ? 0 : min(DiskLimits.inodes, Self.part(DiskLimits.inodeShareMost, of: total))
    }

    private static func part(_ share: Double, of total: UInt64) -> UInt64 {
        UInt64(exactly: (share * Double(total)).rounded(.down)) ?? total
    }
}
