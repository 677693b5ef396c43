/// A UTC day, as days since 1970-01-01.
///
/// Prints as `2026-11-21`.
package struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: Int32

    package static let nanoseconds: Int64 = 86_400_000_000_000

    package init(number: Int32) { self.number = number }

    /// The day that holds this instant.
    package init(containing nanoseconds: Int64) {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: Self.nanoseconds)
        number = Int32(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient)
    }

    /// Reads `2026-11-21`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        // Days from civil, counted in 400-year eras that begin in March.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(truncatingIfNeeded: era * 146_097 + dayOfEra - 719_468)
        if description != text { return nil }
    }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    /// First nanosecond of the day, or the nearest that there is: 64 bits hold 1677 to 2262.
    package var start: Int64 {
        let (start, overflow) = Int64(number).multipliedReportingOverflow(by: Self.nanoseconds)
        return overflow ? (number < 0 ? .min : .max) : start
    }

    package var description: String {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
