/// The rule of a zone for all times behind its table: a POSIX TZ string (RFC 8536 §3.3), such as
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneFooter: Sendable {
    /// When summer time begins or ends each year.
    private struct Change: Sendable {
        enum Day: Sendable {
            /// `Jn`: day of the year 1 to 365, the leap day not counted.
            case withoutLeapDay(Int)
            /// `n`: day of the year 0 to 365.
            case ofYear(Int)
            /// `Mm.w.d`: weekday (0 is Sunday) of the week (5 is the last) of a month.
            case weekday(month: Int, week: Int, day: Int)
        }

        var day: Day
        /// Seconds after midnight on the clock in force before the change; may be negative.
        var time: Int

        /// Seconds from the epoch to the change in a year, on the clock in force before it.
        func local(in year: Int) -> Int64 {
            let days =
                switch day {
                case .withoutLeapDay(let day):
                    CivilDate.days(year: year, month: 1, day: day)
                        + (CivilDate.isLeap(year) && day >= 60 ? 1 : 0)
                case .ofYear(let day):
                    CivilDate.days(year: year, month: 1, day: 1) + day
                case .weekday(let month, let week, let day):
                    Self.days(year: year, month: month, week: week, weekday: day)
                }
            return Int64(days * 86_400 + time)
        }

        private static func days(year: Int, month: Int, week: Int, weekday: Int) -> Int {
            let first = CivilDate.days(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, 4.
            let firstWeekday = ((first + 4) % 7 + 7) % 7
            let offset = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            return first + (offset >= CivilDate.daysInMonth(month, year: year) ? offset - 7 : offset)
        }
    }

    private let standard: Int
    private let summer: (offset: Int, begin: Change, end: Change)?

    init(_ text: [UInt8]) throws(ZoneError) {
        var scan = Scan(text: text)
        guard scan.name(), let west = scan.time(limit: 24) else { throw scan.error }
        standard = -west
        if scan.isAtEnd {
            summer = nil
            return
        }
        guard scan.name() else { throw scan.error }
        var offset = standard + 3_600
        if scan.peek != UInt8(ascii: ",") {
            guard let west = scan.time(limit: 24) else { throw scan.error }
            offset = -west
        }
        guard let begin = scan.change(), let end = scan.change(), scan.isAtEnd else { throw scan.error }
        summer = (offset, begin, end)
    }

    func offset(at instant: Int64) -> Int {
        guard let summer else { return standard }
        // Any year that a time can have; the clamp keeps the arithmetic far from its ends.
        let local = max(-200_000_000_000, min(200_000_000_000, instant)) + Int64(standard)
        let year = CivilDate.date(days: Int(CivilDate.floorDivide(local, 86_400))).year
        let begin = summer.begin.local(in: year) - Int64(standard)
        let end = summer.end.local(in: year) - Int64(summer.offset)
        let isSummer =
            begin < end
            ? instant >= begin && instant < end
            : instant >= begin || instant < end
        return isSummer ? summer.offset : standard
    }

    /// Reads the parts of the string from left to right.
    private struct Scan {
        let text: [UInt8]
        var at = 0

        init(text: [UInt8]) { self.text = text }

        var isAtEnd: Bool { at == text.count }
        var peek: UInt8 { at < text.count ? text[at] : 0 }
        var error: ZoneError { .badFooter(String(decoding: text, as: UTF8.self)) }

        mutating func take(_ byte: UInt8) -> Bool {
            guard peek == byte, !isAtEnd else { return false }
            at += 1
            return true
        }

        /// `CET` or `<+03>`.
        mutating func name() -> Bool {
            let start = at
            if take(UInt8(ascii: "<")) {
                while !isAtEnd, peek != UInt8(ascii: ">") { at += 1 }
                return take(UInt8(ascii: ">"))
            }
            while isLetter(peek) { at += 1 }
            return at - start >= 3
        }

        /// Three digits at most.
        mutating func number() -> Int? {
            var value = 0
            let start = at
            while isDigit(peek), at - start < 3 {
                value = value * 10 + Int(peek - 48)
                at += 1
            }
            return at > start ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(limit: Int) -> Int? {
            let negative = take(UInt8(ascii: "-"))
            if !negative { _ = take(UInt8(ascii: "+")) }
            guard let hours = number(), hours <= limit else { return nil }
            var seconds = hours * 3_600
            for unit in [60, 1] where take(UInt8(ascii: ":")) {
                guard let value = number(), value <= 59 else { return nil }
                seconds += value * unit
            }
            return negative ? -seconds : seconds
        }

        /// `,Mm.w.d[/time]`, `,Jn[/time]` or `,n[/time]`.
        ///
        /// RFC 8536 §3.3.1 allows ±167 hours.
        mutating func change() -> Change? {
            guard take(UInt8(ascii: ",")), let day = day() else { return nil }
            guard take(UInt8(ascii: "/")) else { return Change(day: day, time: 7_200) }
            guard let time = time(limit: 167) else { return nil }
            return Change(day: day, time: time)
        }

        private mutating func day() -> Change.Day? {
            if take(UInt8(ascii: "J")) {
                guard let day = number(), day >= 1, day <= 365 else { return nil }
                return .withoutLeapDay(day)
            }
            guard take(UInt8(ascii: "M")) else {
                guard let day = number(), day <= 365 else { return nil }
                return .ofYear(day)
            }
            guard let month = number(), month >= 1, month <= 12, take(UInt8(ascii: ".")), let week = number(),
                week >= 1, week <= 5, take(UInt8(ascii: ".")), let day = number(), day <= 6
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
    }
}
