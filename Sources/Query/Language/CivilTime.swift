/// A date and time of day in some zone, and the seconds that a zone-less clock would count since 1970.
///
/// Proleptic Gregorian calendar. Algorithms: H. Hinnant, "chrono-compatible low-level date algorithms".
struct CivilTime {
    var year: Int64
    var month: Int64 = 1
    var day: Int64 = 1
    /// Seconds since the day began.
    var second: Int64 = 0

    init(year: Int64, month: Int64 = 1, day: Int64 = 1, second: Int64 = 0) {
        (self.year, self.month, self.day, self.second) = (year, month, day, second)
    }

    /// From seconds since 1970-01-01T00:00:00 on the same clock.
    ///
    /// At most ±2⁴⁰ are expected.
    init(seconds: Int64) {
        let days = seconds.floorQuotient(86_400)
        second = seconds - days * 86_400
        let shifted = days + 719_468
        let era = shifted.floorQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Seconds since 1970-01-01T00:00:00 on the same clock.
    ///
    /// Month 13 is January of the next year.
    var seconds: Int64 {
        let carry = (month - 1).floorQuotient(12)
        let month = month - carry * 12
        let shiftedYear = year + carry - (month <= 2 ? 1 : 0)
        let era = shiftedYear.floorQuotient(400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 + second
    }

    /// Whether the calendar has this day.
    var isValid: Bool {
        guard (1...12).contains(month), (1...31).contains(day) else { return false }
        let back = CivilTime(seconds: CivilTime(year: year, month: month, day: day).seconds)
        return back.month == month && back.day == day
    }

    /// Monday 0 … Sunday 6.
    var weekday: Int64 {
        let days = CivilTime(year: year, month: month, day: day).seconds / 86_400
        return days + 3 - (days + 3).floorQuotient(7) * 7
    }
}

extension Int64 {
    /// Quotient rounded down.
    ///
    /// `divisor` is positive.
    func floorQuotient(_ divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}
