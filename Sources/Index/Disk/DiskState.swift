/// How much room there is, as far as the server acts on it.
package enum DiskState: Int, Sendable, CaseIterable, Comparable, CustomStringConvertible {
    case ok
    /// Time to move days away: less than twice the reserve, or the reserve is reached within a day.
    case low
    /// Nothing is taken.
    case full

    package static func < (left: DiskState, right: DiskState) -> Bool { left.rawValue < right.rawValue }

    package var description: String {
        switch self {
        case .ok: "ok"
        case .low: "low"
        case .full: "full"
        }
    }
}

/// What a state other than ok comes from.
package enum DiskCause: Sendable, Equatable {
    case bytes, inodes
    /// A write found no room, whatever the file system says: a quota, a limit of the process.
    case shortWrite
    case forecast
}

/// From readings to states, and no clock: a state is left only with some room more than it was entered with, so
/// that it does not come and go with each block.
struct DiskStateMachine {
    /// One look at the disk.
    struct Reading {
        /// Bytes that are free without those that the ballast still has to get; negative where it would not fit.
        var usable: Int64
        var reserve: UInt64
        /// Nil where inodes do not run out.
        var freeInodes: UInt64?
        var inodeReserve: UInt64 = 0
        /// Whether a write found no room since the last look.
        var hasShortWrite = false
        /// Days until `usable` is down to `reserve`; nil where nobody knows.
        var daysLeft: Double?
    }

    private(set) var state = DiskState.ok
    /// Nil in the state ok.
    private(set) var cause: DiskCause?
    /// Looks for which the last short write still counts.
    private var shortLooks = 0

    /// Takes a reading, and goes to the state that it means.
    mutating func take(_ reading: Reading) {
        shortLooks = reading.hasShortWrite ? DiskLimits.looksAfterShortWrite : max(0, shortLooks - 1)
        let next = next(reading)
        // What can be seen says more than that a write failed.
        (state, cause) = shortLooks > 0 && next.0 != .full ? (.full, .shortWrite) : next
    }

    /// The ballast could not be made: there is less room than the file system says.
    mutating func noteShortWrite() {
        shortLooks = DiskLimits.looksAfterShortWrite
        (state, cause) = (.full, .shortWrite)
    }

    private func next(_ reading: Reading) -> (DiskState, DiskCause?) {
        let reserve = Int64(clamping: reading.reserve)
        let isFull = state == .full
        if isBelow(reading.usable, reserve, margin: isFull ? Self.margin(reserve) : 0, wasShort: isFull) {
            return (.full, .bytes)
        }
        if isShortOfInodes(reading, times: 1, isInside: isFull) { return (.full, .inodes) }
        let isLow = state != .ok
        let (double, overflow) = reserve.multipliedReportingOverflow(by: 2)
        if reserve > 0, !overflow,
            isBelow(reading.usable, double, margin: isLow ? Self.margin(reserve) : 0, wasShort: false)
        {
            return (.low, .bytes)
        }
        if isShortOfInodes(reading, times: 2, isInside: isLow) { return (.low, .inodes) }
        if let days = reading.daysLeft, days < (isLow ? DiskLimits.enoughDays : DiskLimits.lowDays) {
            return (.low, .forecast)
        }
        return (.ok, nil)
    }

    /// Without a reserve only a short write makes the disk full, and any room ends it.
    private func isBelow(_ usable: Int64, _ limit: Int64, margin: Int64, wasShort: Bool) -> Bool {
        guard limit > 0 || wasShort else { return false }
        let (sum, overflow) = limit.addingReportingOverflow(margin)
        return usable < (overflow ? .max : sum)
    }

    private func isShortOfInodes(_ reading: Reading, times: UInt64, isInside: Bool) -> Bool {
        guard let free = reading.freeInodes, reading.inodeReserve > 0 else { return false }
        let limit = reading.inodeReserve &* times
        return free < (isInside ? limit + reading.inodeReserve / 4 : limit)
    }

    /// Bytes beyond the limit that end a state: an eighth of the reserve, and at least a MiB.
    private static func margin(_ reserve: Int64) -> Int64 { max(reserve / 8, 1 << 20) }
}
