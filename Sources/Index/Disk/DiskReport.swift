/// The room on the disk as the server sees it.
package struct DiskReport: Sendable {
    package var state: DiskState = .ok
    /// Nil in the state ok.
    package var cause: DiskCause?
    /// Nil where the kernel says nothing about the file system.
    package var space: DiskSpace?
    /// Bytes that stay free, and inodes.
    package var reserve: UInt64 = 0
    package var inodeReserve: UInt64 = 0
    /// Bytes of the ballast file now, and when there is room.
    package var ballast: UInt64 = 0
    package var wantedBallast: UInt64 = 0
    /// Writes that found no room since the start.
    package var shortWrites: UInt64 = 0
    /// How the store grows, where that is known.
    package var forecast: StoreForecast?

    package init() {}

    /// Bytes that are free without those that the ballast still has to get.
    package var usable: Int64? {
        guard let space else { return nil }
        let missing = wantedBallast > ballast ? wantedBallast - ballast : 0
        return Int64(clamping: space.free) - Int64(clamping: missing)
    }

    /// Days until the reserve is reached; nil where nobody knows, 0 where it is.
    package var daysLeft: Double? {
        guard let usable, let perDay = forecast?.bytesPerDay, perDay > 0 else { return nil }
        return max(0, Double(usable) - Double(reserve)) / perDay
    }
}
