/// The proleptic Gregorian calendar as arithmetic on days since 1970-01-01.
enum CivilDate {
    /// Days from 1970-01-01 to a date.
    ///
    /// `month` 1 to 12; `year` from −9,999 to 9,999.
    ///
    /// Years begin in March here, so that the leap day is the last day of its year
    /// (H. Hinnant, chrono-compatible low-level date algorithms).
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year &- 1 : year
        let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
        let yearOfEra = shifted &- era &* 400
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    /// The date that lies `days` after 1970-01-01.
    static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        let day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
        let month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
        return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
    }

    /// Days of a month; 0 for a month that is none.
    static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: 31
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 0
        }
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// `value / divisor`, rounded down also below zero.
    ///
    /// `divisor` must be positive.
    @inline(__always)
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value &- quotient &* divisor < 0 ? quotient &- 1 : quotient
    }
}

/// The English month names of RFC 3164 §4.1.2 and of access logs, three letters each.
enum MonthName {
    /// The month (1 to 12) whose name stands at `offset`, in any case; 0 for no month.
    ///
    /// `offset + 3` must not pass the end.
    @inline(__always)
    static func month(_ bytes: Span<UInt8>, at offset: Int) -> (month: Int, canonical: Bool) {
        let first = bytes[offset]
        let second = bytes[offset &+ 1]
        let third = bytes[offset &+ 2]
        let packed = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
        let month =
            switch packed | 0x20_2020 {
            case 0x6a616e: 1
            case 0x666562: 2
            case 0x6d6172: 3
            case 0x617072: 4
            case 0x6d6179: 5
            case 0x6a756e: 6
            case 0x6a756c: 7
            case 0x617567: 8
            case 0x736570: 9
            case 0x6f6374: 10
            case 0x6e6f76: 11
            case 0x646563: 12
            default: 0
            }
        return (month, packed & 0x20_2020 == 0x00_2020)
    }
}
