/// Follows the kernel's drop counter, and paces the reports of its increases.
struct DropCount {
    /// The counter as last seen, modulo 2³².
    private var seen: UInt32 = 0
    /// Drops that no report has named yet.
    private(set) var unreported: UInt64 = 0
    private var nextReport: ContinuousClock.Instant
    private let interval: Duration

    init(now: ContinuousClock.Instant, interval: Duration = .seconds(1)) {
        nextReport = now
        self.interval = interval
    }

    /// Takes a reading.
    ///
    /// Returns the increase; 0 for a reading that is older than one before.
    mutating func read(_ counter: UInt32) -> Int {
        let increase = Int32(bitPattern: counter &- seen)
        guard increase > 0 else { return 0 }
        seen = counter
        unreported &+= UInt64(increase)
        return Int(increase)
    }

    /// The drops to report now, all since the last report; nil where there are none or it is too early.
    mutating func takeReport(at now: ContinuousClock.Instant) -> UInt64? {
        guard unreported > 0, now >= nextReport else { return nil }
        return takeLast(at: now)
    }

    /// The drops that no report has named, whatever the time is; nil where there are none.
    mutating func takeLast(at now: ContinuousClock.Instant) -> UInt64? {
        guard unreported > 0 else { return nil }
        defer { unreported = 0 }
        nextReport = now + interval
        return unreported
    }

    /// Milliseconds until a report is due; nil where nothing waits for one.
    func delay(from now: ContinuousClock.Instant) -> Int? {
        guard unreported > 0 else { return nil }
        return max(1, Int((nextReport - now).nanoseconds / 1_000_000))
    }
}
