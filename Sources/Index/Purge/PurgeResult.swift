/// Where events stand.
package enum PurgePlace: String, Sendable, CaseIterable, Codable {
    case store
    case archive
}

/// How many events of a day were deleted, or would be.
package struct PurgedDay: Sendable, Equatable, Codable {
    package let day: String
    package let place: PurgePlace
    package let events: Int

    package init(_ day: Day, _ place: PurgePlace, events: Int) {
        self.day = "\(day)"
        self.place = place
        self.events = events
    }
}

/// What came of deleting events for good.
package struct PurgeResult: Sendable, Equatable {
    /// Days and places with such events, oldest day first.
    ///
    /// A restored day is in both places, each with the same events.
    package var days: [PurgedDay] = []
    /// Archived parts that went, with those that stand in for them.
    package var parts: [Replacement] = []
    /// What could not be read, and so was not looked at: one line each.
    package var unread: [String] = []
    /// Files that go as soon as a query that began before lets go of them.
    package var stillRead = 0
    /// Whether the journal holds nothing any more of what was there at the start.
    package var isJournalEmpty = true
    /// Whether all days were looked at.
    package var isWhole = true

    /// An archived part that went.
    package struct Replacement: Sendable, Equatable, Codable {
        package let old: String
        /// Nil where nothing was left of it.
        package let new: String?

        package init(old: String, new: String?) {
            self.old = old
            self.new = new
        }
    }

    package init() {}

    /// Events that were deleted; those of a restored day count twice.
    package var events: Int { days.reduce(0) { $0 + $1.events } }
}
