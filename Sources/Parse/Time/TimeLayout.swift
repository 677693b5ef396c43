/// How a time is written in a line: enough to write the same bytes again from nanoseconds.
package struct TimeLayout: Hashable, Sendable {
    /// The order of the parts and what stands between them.
    package enum Style: UInt8, Sendable, CaseIterable {
        /// No time.
        case none
        /// `2026-11-21T10:00:00.123456` (RFC 3339, RFC 5424).
        case iso
        /// `Nov 21 10:00:00`, day padded with a blank (RFC 3164 §4.1.2).
        case bsd
        /// `21/Nov/2026:10:00:00` (access logs).
        case http
        /// `2026-11-21 10:00:00` (databases, MediaWiki).
        case sql
        /// `2026/11/21 10:00:00` (nginx error log).
        case slashed
        /// `21-Nov-2026 10:00:00` (PHP).
        case dashed
        /// `Sat Nov 21 10:00:00.123456 2026`, day of two digits (Apache error log).
        case weekday
    }

    /// How the zone is written.
    package enum Zone: UInt8, Sendable, CaseIterable {
        /// Not at all: the offset came from a rule.
        case unwritten
        /// `Z`
        case z
        /// `+02:00`
        case colon
        /// ` +0200`
        case blank
    }

    package let style: Style
    package let zone: Zone
    /// Digits after the point, 0 to 9.
    package let fractionDigits: UInt8
    /// Minutes east of UTC, −1,439 to 1,439.
    package let offsetMinutes: Int16

    package static let none = TimeLayout(.none)

    package init(_ style: Style, zone: Zone = .unwritten, fractionDigits: UInt8 = 0, offsetMinutes: Int16 = 0)
    {
        self.style = style
        self.zone = zone
        self.fractionDigits = fractionDigits
        self.offsetMinutes = offsetMinutes
    }

    /// RFC 3339 in UTC with as many digits as a time has: none, 3, 6 or 9.
    package static func utc(_ nanoseconds: Int64) -> TimeLayout {
        var digits: UInt8 = 9
        if nanoseconds % 1_000_000_000 == 0 {
            digits = 0
        } else if nanoseconds % 1_000_000 == 0 {
            digits = 3
        } else if nanoseconds % 1_000 == 0 {
            digits = 6
        }
        return TimeLayout(.iso, zone: .z, fractionDigits: digits)
    }
}
