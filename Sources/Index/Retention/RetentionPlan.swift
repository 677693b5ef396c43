/// What retention has to decide on: the days of a store and the parts of its archive.
package struct RetentionFacts: Sendable {
    /// A day of the store.
    package struct StoredDay: Sendable {
        package let day: Day
        package let events: Int
        package let bytes: Int
        /// The number of its newest event.
        package let lastSequence: UInt64
        /// Whether it was put back from the archive, to which it returns.
        package let isRestored: Bool

        package init(_ day: Day, events: Int, bytes: Int, lastSequence: UInt64 = 0, isRestored: Bool = false)
        {
            self.day = day
            self.events = events
            self.bytes = bytes
            self.lastSequence = lastSequence
            self.isRestored = isRestored
        }
    }

    /// A part of the archive.
    package struct StoredPart: Sendable {
        package let part: ArchivePart
        package let events: Int
        package let bytes: Int
        /// Whether its events are in the store again.
        package let isRestored: Bool

        package init(_ part: ArchivePart, events: Int, bytes: Int, isRestored: Bool = false) {
            self.part = part
            self.events = events
            self.bytes = bytes
            self.isRestored = isRestored
        }
    }

    package var days: [StoredDay]
    package var parts: [StoredPart]
    /// What rules have been applied to already: the digest of the classes, and the newest event then.
    package var applied: [Day: RetentionRecord]

    package init(days: [StoredDay], parts: [StoredPart], applied: [Day: RetentionRecord] = [:]) {
        self.days = days.sorted { $0.day < $1.day }
        self.parts = parts.sorted { $0.part < $1.part }
        self.applied = applied
    }

    /// The newest day that has an event.
    package var newestDay: Day? { (days.map(\.day) + parts.map(\.part.day)).max() }

    /// All events, each once.
    package var events: Int {
        days.reduce(0) { $0 + $1.events } + parts.reduce(0) { $0 + ($1.isRestored ? 0 : $1.events) }
    }
}

/// What retention is to do, decided from facts alone.
package struct RetentionPlan: Sendable {
    /// A day of the store, and the classes of events that are to go from it.
    package struct Sweep: Sendable {
        package let day: Day
        package let classes: [RetentionRules.Class]
        package let record: RetentionRecord
    }

    /// The day that ages are counted from.
    package let today: Day
    /// Days that belong into the archive, oldest first.
    package private(set) var archive: [Day] = []
    package private(set) var sweeps: [Sweep] = []
    /// Parts at the end of their life, oldest first.
    package private(set) var delete: [RetentionFacts.StoredPart] = []
    /// Years of the archive that would go whole.
    package private(set) var wholeYears: [Int] = []
    private let storedEvents: Int

    /// The largest part of the stored events that a pass may delete unasked: 1 / 5.
    private static let brake = 5
    /// A year of fewer days than this in the archive has gone day by day, and its last ones may go unasked.
    private static let yearDays = 8

    package init(_ facts: RetentionFacts, _ rules: RetentionRules, clock: Day) {
        today = Self.today(clock: clock, newest: facts.newestDay)
        storedEvents = facts.events
        planArchive(facts, rules)
        planSweeps(facts, rules)
        planEnd(facts, rules)
    }

    /// The day that ages are counted from: a clock that has jumped ahead alone makes nothing old.
    package static func today(clock: Day, newest: Day?) -> Day {
        guard let newest, newest.number < .max else { return clock }
        return min(clock, Day(number: newest.number + 1))
    }

    /// The day so many days before today.
    private func day(before days: Int) -> Day {
        Day(number: Int32(clamping: Int(today.number) - min(max(0, days), Int(Int32.max))))
    }

    private mutating func planArchive(_ facts: RetentionFacts, _ rules: RetentionRules) {
        let end = day(before: rules.hotDays)
        var left = facts.days.reduce(0) { $0 + $1.bytes }
        for stored in facts.days where !stored.isRestored && stored.day < today {
            guard stored.day < end || rules.hotSize.map({ left > $0 }) ?? false else { continue }
            archive.append(stored.day)
            left -= stored.bytes
        }
    }

    private mutating func planSweeps(_ facts: RetentionFacts, _ rules: RetentionRules) {
        for stored in facts.days where !stored.isRestored {
            let classes = rules.classes.filter { stored.day < day(before: $0.keep) }
            guard !classes.isEmpty else { continue }
            let record = RetentionRecord(
                digest: RetentionRules.digest(of: classes), lastSequence: stored.lastSequence)
            if facts.applied[stored.day]?.covers(record) ?? false { continue }
            sweeps.append(Sweep(day: stored.day, classes: classes, record: record))
        }
    }

    private mutating func planEnd(_ facts: RetentionFacts, _ rules: RetentionRules) {
        guard let keep = rules.archiveKeep else { return }
        let end = day(before: keep)
        // What was restored is in use; it goes when it has returned.
        delete = facts.parts.filter { $0.part.day < end && !$0.isRestored }
        let left = Set(facts.parts.filter { $0.part.day >= end || $0.isRestored }.map(\.part.day.year))
        let gone = Dictionary(grouping: delete, by: \.part.day.year)
            .filter { !left.contains($0.key) && Set($0.value.map(\.part.day)).count >= Self.yearDays }
        wholeYears = gone.keys.sorted()
    }

    /// Events of the archive that are deleted.
    package var deletedEvents: Int { delete.reduce(0) { $0 + $1.events } }

    /// Why the pass must not go on unasked; nil where it may.
    ///
    /// - `swept`: events of the store that the classes delete.
    package func brake(swept: Int) -> String? {
        let deleted = swept + deletedEvents
        if deleted > storedEvents / Self.brake {
            return "it would delete \(deleted) of \(storedEvents) stored events, more than a fifth"
        }
        guard !wholeYears.isEmpty else { return nil }
        return "it would delete all that the archive holds of "
            + wholeYears.map { "\($0)" }.joined(separator: ", ")
    }
}
