import Index

/// Counts events in equal steps of time.
///
/// Steps begin at multiples of the step since the Unix epoch, in UTC.
struct Histogram {
    let step: Int64
    private var counts: [Int64: UInt64] = [:]

    /// Steps in one result.
    static let stepLimit = 10_000
    private static let minute: Int64 = 60_000_000_000

    /// `step` in nanoseconds; nil chooses one that gives at most 60 steps.
    init(step: Int64?, window: TimeSpan) {
        let (difference, isEndless) = window.latest.subtractingReportingOverflow(window.earliest)
        let width = isEndless ? .max : max(0, difference)
        let hour = 60 * Self.minute
        let choices = [1, 5, 10, 30].map { $0 * Self.minute } + [1, 3, 6, 12, 24].map { $0 * hour }
        self.step = step ?? choices.first { width / $0 <= 60 } ?? 7 * 24 * hour
    }

    mutating func add(_ match: MatchedBlock) throws {
        if let span = match.span, floor(span.lowerBound) == floor(span.upperBound) {
            counts[floor(span.lowerBound), default: 0] += UInt64(match.rows.count)
            return
        }
        let times = try match.reader().times()
        // Events come nearly in order: mostly, the last step is the next one's too.
        var start = Int64.min
        var count: UInt64 = 0
        match.rows.forEach { row in
            let time = times[row]
            if count == 0 || time < start || time.subtractingReportingOverflow(start).partialValue >= step {
                if count > 0 { counts[start, default: 0] += count }
                start = floor(time)
                count = 0
            }
            count += 1
        }
        if count > 0 { counts[start, default: 0] += count }
    }

    private func floor(_ time: Int64) -> Int64 {
        let remainder = time % step
        let (start, overflow) = time.subtractingReportingOverflow(
            remainder < 0 ? remainder + step : remainder)
        return overflow ? .min : start
    }

    /// A row a step, from the first that has an event to the last, with those between that have none.
    var table: ResultTable {
        var rows: [[ResultTable.Cell]] = []
        if let first = counts.keys.min(), let last = counts.keys.max() {
            let (width, isEndless) = last.subtractingReportingOverflow(first)
            if !isEndless, width / step < Int64(Self.stepLimit) {
                for start in stride(from: first, through: last, by: Int(step)) {
                    rows.append([.time(start), .count(counts[start] ?? 0)])
                }
            } else {
                rows = counts.sorted { $0.key < $1.key }.map { [.time($0.key), .count($0.value)] }
            }
        }
        return ResultTable(columns: ["time", "count"], rows: rows)
    }
}
