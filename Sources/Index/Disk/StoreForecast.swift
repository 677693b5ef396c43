/// How the store grows, and who makes it grow.
package struct StoreForecast: Sendable {
    /// Bytes of segments that a day adds; nil where nothing is known of a day yet.
    package var bytesPerDay: Double?
    /// Events of a day.
    package var eventsPerDay: Double
    /// Whole days that this is taken of; 0: of the part of today that has passed.
    package var wholeDays: Int
    /// Whose bytes they are; nil where there are none.
    package var cost: StoreCost?

    package init(bytesPerDay: Double?, eventsPerDay: Double, wholeDays: Int, cost: StoreCost?) {
        self.bytesPerDay = bytesPerDay
        self.eventsPerDay = eventsPerDay
        self.wholeDays = wholeDays
        self.cost = cost
    }
}

/// Whose bytes a day holds: its largest hosts and programs.
package struct StoreCost: Sendable {
    /// One host or program.
    package struct Share: Sendable, Equatable {
        package var name: [UInt8]
        package var events: UInt64
        /// Bytes of the lines as they came.
        package var rawBytes: UInt64
        /// Bytes of the segment's file, as far as they go back to it.
        package var storedBytes: UInt64
    }

    package var day: Day
    /// Whether the day is over.
    package var isWhole: Bool
    package var events: UInt64
    package var rawBytes: UInt64
    package var storedBytes: UInt64
    /// The largest, by the bytes that they take.
    package var hosts: [Share]
    package var programs: [Share]
}

/// What a day has in its segment, in numbers that cost nothing to find out.
struct DayUsage: Sendable, Equatable {
    var day: Day
    /// Bytes of the file, with what SQLite has not moved into it yet.
    var fileBytes: UInt64
    var events: UInt64
    var rawBytes: UInt64
    /// The earliest event.
    var firstTime: Int64
}

extension StoreForecast {
    /// From the days' numbers to a rate; pure.
    ///
    /// - `past`: whole days, the latest ones, in order; days without a segment had nothing.
    /// - `today`: nil where it has nothing.
    /// - `oldest`: the first day of the store, which had only a part of a day to fill.
    init(past: [DayUsage], today: DayUsage?, oldest: Day?, now: Int64, cost: StoreCost?) {
        let day = Double(Day.nanoseconds)
        if let first = past.first?.day {
            let last = Day(containing: now)
            var length = Double(Int64(last.number) - Int64(first.number))
            if first == oldest, let begin = past.first?.firstTime {
                // An hour at least: ten minutes before midnight say little.
                length -= min(max(Double(begin &- first.start) / day, 0), 23.0 / 24)
            }
            length = max(length, 1.0 / 24)
            self.init(
                bytesPerDay: past.reduce(0) { $0 + Double($1.fileBytes) } / length,
                eventsPerDay: past.reduce(0) { $0 + Double($1.events) } / length, wholeDays: past.count,
                cost: cost)
            return
        }
        guard let today, today.events > 0 else {
            self.init(bytesPerDay: nil, eventsPerDay: 0, wholeDays: 0, cost: cost)
            return
        }
        // A server that has run for seconds knows nothing of a day: it is taken for some minutes old.
        let passed = Double(max(now &- max(today.day.start, today.firstTime), DiskLimits.leastPartOfDay))
        let scale = max(1, day / passed)
        self.init(
            bytesPerDay: today.fileBytes > 0 ? Double(today.fileBytes) * scale : nil,
            eventsPerDay: Double(today.events) * scale, wholeDays: 0, cost: cost)
    }
}
