import Parse

/// Equal steps of the reader's clock.
///
/// Steps of up to an hour count from the full hour, or day, of the zone's offset at the time; longer ones begin at
/// midnight, whatever the clock did that day; weeks begin on Monday.
struct ClockSteps {
    /// Nanoseconds.
    let step: Int64
    private let zone: ZoneRule

    private static let second: Int64 = 1_000_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute

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
            self.step = choices.first { width / $0 <= 60 } ?? 7 * 24 * Self.hour
        }
    }

    /// The beginning of the step that holds a time.
    ///
    /// Nanoseconds since the Unix epoch; the least that there are where it lies before them.
    func start(of time: Int64) -> Int64 {
        guard let local = time.plus(offset(at: time)) else { return floor(time, 0) }
        if step <= Self.hour { return floor(local, offset(at: time)) }
        // 1970-01-05 was a Monday.
        let shift = step % (7 * 24 * Self.hour) == 0 ? 4 * 24 * Self.hour : 0
        guard let shifted = local.minus(shift) else { return floor(time, 0) }
        let start = shifted.floorQuotient(step).times(step)?.plus(shift)
        guard let start else { return .min }
        let seconds = start.floorQuotient(Self.second)
        let offset = Int64(zone.offset(atLocal: seconds, received: .min)) * Self.second
        return start.minus(offset) ?? .min
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

    private func floor(_ local: Int64, _ offset: Int64) -> Int64 {
        local.floorQuotient(step).times(step)?.minus(offset) ?? .min
    }
}
