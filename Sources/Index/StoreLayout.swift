import Glibc

/// Every file name of the data directory.
///
///     DIR/format              store format version, one line of text
///     DIR/lock                held by the one process that writes
///     DIR/journal/<seq>.log   frames that are not yet in a segment; named by their first sequence number
///     DIR/imports             how far files have been imported, a line each
///     DIR/ballast             takes room, and is let go of when the disk is full
///     DIR/days/<day>.sqlite   one segment a UTC day, 2026-11-21.sqlite
///     DIR/audit.log           what was deleted for good, a line of JSON each
///     DIR/retention           days whose events were deleted by rules, a line each
///     DIR/days/<day>.2.sqlite the same day's, where the first was archived and somebody still reads it
///     DIR/archive/            archived days, unless the settings name another place; see ArchiveLayout
package struct StoreLayout: Sendable {
    /// The version of everything below the data directory.
    ///
    /// Raised with any change that older code cannot read.
    package static let formatVersion = 1

    package let directory: String

    package init(directory: String) {
        self.directory =
            directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    /// Whether a directory holds a store that this process may read.
    package static func isStore(_ directory: String) -> Bool {
        unsafe access(StoreLayout(directory: directory).format, R_OK) == 0
    }

    package var format: String { directory + "/format" }
    package var lock: String { directory + "/lock" }
    package var journal: String { directory + "/journal" }
    package var days: String { directory + "/days" }
    package var imports: String { directory + "/imports" }
    package var archive: String { directory + "/archive" }
    package var ballast: String { directory + "/ballast" }
    package var audit: String { directory + "/audit.log" }
    package var retention: String { directory + "/retention" }

    package func segment(_ day: Day, number: Int = 1) -> String {
        number == 1 ? "\(days)/\(day).sqlite" : "\(days)/\(day).\(number).sqlite"
    }

    /// The path of a day's segment that is still to be made.
    func newSegment(_ day: Day) -> String {
        var number = 1
        while unsafe access(segment(day, number: number), F_OK) == 0 { number += 1 }
        return segment(day, number: number)
    }

    /// The day of a file name in `days`; nil for SQLite's own companions and anything else.
    package func day(ofSegmentFile name: String) -> Day? {
        guard name.hasSuffix(".sqlite") else { return nil }
        let parts = name.dropLast(7).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 2 && Int(parts[1]) ?? 0 > 1 else { return nil }
        return Day(String(parts[0]))
    }

    package func journalFile(firstSequence: UInt64) -> String {
        let digits = String(firstSequence)
        return "\(journal)/\(String(repeating: "0", count: max(0, 20 - digits.count)))\(digits).log"
    }

    /// The first sequence number of a journal file's name; nil for anything else.
    package func firstSequence(ofJournalFile name: String) -> UInt64? {
        name.hasSuffix(".log") ? UInt64(name.dropLast(4)) : nil
    }
}
