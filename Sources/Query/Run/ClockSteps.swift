import Parse

/// Equal steps of the reader's clock.
///
/// Steps that divide an hour begin at the full hour; whole hours that divide a day, and days, at midnight, whatever
/// the clock did that day; weeks on Monday. Any other steps are counted from 1970-01-01T00:00:00Z.
struct ClockSteps {
    /// Nanoseconds.
    let step: Int64
    private let zone: ZoneRule
    private let origin: Origin

    /// Where steps are counted from.
    private enum Origin { case epoch, hour, midnight }

    private static let second: Int64 = 1_000_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute
    private static let day = 24 * hour

    init(_ step: Aggregation.Step, window: TimeSpan, zone: ZoneRule) {
        self.zone = zone
        switch step {
        case .fixed(let length): self.step = max(1, length)
        case .automatic:
            let (difference, isEndless) = window.latest.subtractingReportingOverflow(window.earliest)
            let width = isEndless ? .max : max(0, difference)
            let choices =
                [1, 5, 10, 30].map { $0 * Self.second } + [1, 5, 10, 30].map { $0 * Self.minute }
                + [1, 3, 6, 12, 24].map { $0 * Self.hour }
            self.step = choices.first { width / $0 <= 60 } ?? 7 * Self.day
        }
        if Self.hour % self.step == 0 {
            origin = .hour
        } else {
            let isWhole = self.step % Self.day == 0 || self.step % Self.hour == 0 && Self.day % self.step == 0
            origin = isWhole ? .midnight : .epoch
        }
    }

    /// The beginning of the step that holds a time.
    ///
    /// Nanoseconds since the Unix epoch; the least that there are where it lies before them.
    func start(of time: Int64) -> Int64 {
        let offset = offset(at: time)
        guard origin != .epoch, let local = time.plus(offset) else { return floor(time) }
        if origin == .hour {
            guard let start = floor(local).minus(offset) else { return .min }
            return self.offset(at: start) == offset ? start : change(after: start, until: time)
        }
        // 1970-01-05 was a Monday.
        let shift = step % (7 * Self.day) == 0 ? 4 * Self.day : 0
        guard let start = local.minus(shift)?.floorQuotient(step).times(step)?.plus(shift) else {
            return .min
        }
        let seconds = start.floorQuotient(Self.second)
        return start.minus(Int64(zone.offset(atLocal: seconds, received: .min)) * Self.second) ?? .min
    }

    /// The second from which on the clock shows what it shows at the end.
    ///
    /// For zones whose clocks change by less than a step.
    private func change(after start: Int64, until end: Int64) -> Int64 {
        var before = start.floorQuotient(Self.second)
        var after = end.floorQuotient(Self.second)
        let offset = zone.offset(at: after)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if zone.offset(at: middle) == offset { after = middle } else { before = middle }
        }
        return after.times(Self.second) ?? .min
    }

    /// The beginning of the step behind the one that begins at `start`.
    func next(after start: Int64) -> Int64 {
        guard let end = start.plus(step) else { return .max }
        // Steps on both sides of a change of the clock are longer or shorter.
        for late in [0, Self.hour, 2 * Self.hour] {
            let next = self.start(of: end.plus(late) ?? .max)
            if next > start { return next }
        }
        return end
    }

    /// The step of each event.
    func codes(_ times: [Int64], _ rows: [Int]) -> FieldCodes {
        var builder = FieldCodesBuilder()
        // Events come nearly in order: mostly, the last step is the next one's too.
        var first = Int64.max
        var end = Int64.min
        for row in rows {
            let time = times[row]
            if time < first || time >= end {
                first = start(of: time)
                end = next(after: first)
            }
            builder.add(.time(first), row: row)
        }
        return builder.fieldCodes
    }

    private func offset(at time: Int64) -> Int64 {
        Int64(zone.offset(at: time.floorQuotient(Self.second))) * Self.second
    }

    private func floor(_ time: Int64) -> Int64 { time.floorQuotient(step).times(step) ?? .min }
}
