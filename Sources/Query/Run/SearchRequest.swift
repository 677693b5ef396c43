package import Index
package import Parse

/// One query with its window and its budget.
package struct SearchRequest: Sendable {
    package var query: Query
    /// Events from `earliest` to `latest`, both included.
    ///
    /// Nanoseconds since the Unix epoch.
    package var window: TimeSpan
    /// Whether to say what lies ahead of the window, as it ends now only because nobody named its end.
    package var looksAhead = false
    /// Events at most where no stage says: the newest ones are kept.
    package var limit: Int
    /// The reader's clock: where steps of time begin.
    package var zone: ZoneRule
    /// Nanoseconds since the Unix epoch: where a window without an end is taken to end.
    package var now: Int64

    package init(query: Query, window: TimeSpan, limit: Int, zone: ZoneRule = .utc, now: Int64 = .max) {
        self.query = query
        self.window = window
        self.limit = limit
        self.zone = zone
        self.now = now
    }
}

/// What a query gives: events, or what its stages made of them.
package struct SearchResult: Sendable {
    package enum Rows: Sendable {
        /// Oldest first.
        case events([FoundEvent])
        case table(ResultTable)
    }

    package var rows: Rows
    package var work: SearchWork
}

/// Rows of values under named columns.
package struct ResultTable: Sendable {
    package enum Cell: Hashable, Sendable {
        case text([UInt8])
        case count(UInt64)
        /// What a function of numbers gave; finite.
        case number(Double)
        /// Nanoseconds since the Unix epoch.
        case time(Int64)
        case missing
    }

    package var columns: [String]
    package var rows: [[Cell]]
}

/// What it took, and whether anything is missing.
package struct SearchWork: Sendable {
    /// Blocks of the days that were looked at, and those that the index did not rule out.
    package var blocks = 0
    package var blocksRead = 0
    /// Events that passed the filter, as far as they were counted: all for a count, and for a search those in the
    /// blocks that it had to open.
    package var matched: UInt64 = 0
    /// More events match than `limit` let through.
    package var isTruncated = false
    /// Why the result is not whole; nil where it is.
    package var partial: String?
    /// The volumes of the archive that the window reaches.
    package var archives: Set<ArchiveVolume> = []
    /// Events that pass, and lie ahead of now; nil where there are none, or nobody asked.
    package var ahead: EventsAhead?
    /// What the events are, where those around them were asked for, too; else nil.
    package var context: ContextMarks?

    /// Adds what another thread did.
    mutating func add(_ other: SearchWork) {
        blocks += other.blocks
        blocksRead += other.blocksRead
        matched += other.matched
        partial = partial ?? other.partial
        archives.formUnion(other.archives)
    }

    /// Says that regular expressions could not decide about so many lines and values.
    mutating func addPartial(ofRegex gaveUp: Int) {
        guard gaveUp > 0 else { return }
        let reason =
            "the regex gave up on \(gaveUp) \(gaveUp == 1 ? "line" : "lines"): it took too many steps"
        partial = (partial.map { $0 + "; " } ?? "") + reason
    }
}
