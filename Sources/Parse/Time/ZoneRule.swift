/// How far local clocks are from UTC: for times that carry no zone.
package struct ZoneRule: Sendable {
    private enum Kind: Sendable {
        case fixed(Int)
        case table(ZoneTable)
    }

    private let kind: Kind

    package static let utc = ZoneRule(offsetSeconds: 0)

    /// The same offset at all times.
    ///
    /// Seconds east of UTC; more than a day is cut to a day.
    package init(offsetSeconds: Int) {
        kind = .fixed(max(-86_399, min(86_399, offsetSeconds)))
    }

    /// The rule of a compiled zone file (RFC 8536, versions 1 to 4), such as those of `/usr/share/zoneinfo`.
    package init(tzif bytes: [UInt8]) throws(ZoneError) {
        kind = .table(try ZoneTable(tzif: bytes))
    }

    /// Seconds east of UTC at an instant.
    ///
    /// Seconds since the Unix epoch.
    package func offset(at instant: Int64) -> Int {
        switch kind {
        case .fixed(let seconds): seconds
        case .table(let table): table.offset(at: instant)
        }
    }

    /// Seconds east of UTC when local clocks show `local` (seconds since 1970-01-01 00:00:00 on that clock).
    ///
    /// A clock that was put back shows some times twice. Of the two instants it is the one nearest to
    /// `received` (seconds since the Unix epoch) if the line came within a day, and the earlier one
    /// otherwise. A clock that was put forward never shows some times: these are read with the offset before
    /// the change.
    package func offset(atLocal local: Int64, received: Int64) -> Int {
        if case .fixed(let seconds) = kind { return seconds }
        // A change of the clock within a day of this time shows in these two.
        let before = offset(at: local &- 86_400)
        let after = offset(at: local &+ 86_400)
        if before == after { return before }
        let first = local &- Int64(before)
        let second = local &- Int64(after)
        let firstHolds = offset(at: first) == before
        let secondHolds = offset(at: second) == after
        guard firstHolds, secondHolds else { return secondHolds ? after : before }
        let toFirst = received.subtractingReportingOverflow(first)
        let toSecond = received.subtractingReportingOverflow(second)
        let near = !toSecond.overflow && toSecond.partialValue.magnitude < 86_400
        return near && toSecond.partialValue.magnitude < toFirst.partialValue.magnitude ? after : before
    }
}

/// Why a zone file was refused.
package enum ZoneError: Error, Equatable, CustomStringConvertible {
    /// Does not begin with `TZif`.
    case notAZoneFile
    /// Ends before the offset that its own counts call for.
    case truncated(offset: Int, size: Int)
    /// Names a time type that it does not define, or defines none.
    case badType(index: Int, types: Int)
    /// A transition that is not later than the one before it.
    case unordered(transition: Int)
    /// The rule for times behind the table breaks POSIX TZ.
    case badFooter(String)

    package var description: String {
        switch self {
        case .notAZoneFile:
            "zone file: does not begin with 'TZif'. Give a compiled zone, as in /usr/share/zoneinfo"
        case .truncated(let offset, let size):
            "zone file: ends at byte \(size), \(offset) were announced. Install the zone data again"
        case .badType(let index, let types):
            "zone file: uses time type \(index), but defines \(types). Install the zone data again"
        case .unordered(let transition):
            "zone file: transition \(transition) is not later than the last. Install the zone data again"
        case .badFooter(let text):
            "zone file: '\(text)' is no POSIX TZ rule, such as 'CET-1CEST,M3.5.0,M10.5.0/3'"
        }
    }
}
