/// The date that a line begins with, in whichever of the usual layouts: the general rule, for lines that neither a
/// header nor a format gave a time.
///
///     2025-06-24 14:36:25,123 +02:00    2025/06/24 14:36:25    20250624 14:36:25    24/Jun/2025:14:36:25 +0000
///     [24-Jun-2025 14:36:25 UTC]        Tue Jun 24 14:36:25 CEST 2025               Jun 24 14:36:25
///     Tue, 24 Jun 2025 14:36:25 +0200   24.06.2025 14:36:25    1750775785.123       2025-06-24
struct LineDate {
    private(set) var at: Int
    private let end: Int
    private(set) var year: Int?
    private(set) var month = 0
    private(set) var day = 0
    private(set) var clock = ClockReading()
    private(set) var hasClock = false
    private(set) var zone: WrittenZone?
    /// Where the name of a zone stands that only the zone database knows: `Europe/Berlin`.
    private(set) var zoneName: Range<Int>?
    /// Nanoseconds since the Unix epoch, where the line has such a count.
    private(set) var epoch: Int64?

    /// Reads the date that begins at `start`; nil where there is none.
    ///
    /// Behind it stands neither a letter nor a digit.
    init?(_ bytes: Span<UInt8>, at start: Int, to end: Int) {
        at = start
        self.end = end
        if at < end, isLetter(bytes[at]) { skipWeekday(bytes) }
        guard at < end else { return nil }
        guard isDigit(bytes[at]) ? readDigits(bytes) : readMonthFirst(bytes) else { return nil }
        if epoch == nil {
            readClock(bytes)
            guard hasClock || year != nil else { return nil }
        }
        guard isEdge(bytes) else { return nil }
    }

    /// Whether the date ends here: a day without a clock before less than one with.
    private func isEdge(_ bytes: Span<UInt8>) -> Bool {
        guard at < end else { return true }
        let byte = bytes[at]
        if hasClock || epoch != nil { return !isLetter(byte) && !isDigit(byte) }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "]"),
            UInt8(ascii: ")"), UInt8(ascii: "|"):
            return true
        case UInt8(ascii: ":"): return at &+ 1 == end || bytes[at &+ 1] == UInt8(ascii: " ")
        default: return false
        }
    }

    // MARK: The day

    /// `Tue ` or `Tue, `.
    private mutating func skipWeekday(_ bytes: Span<UInt8>) {
        guard end &- at >= 5 else { return }
        let word =
            UInt32(bytes[at]) << 16 | UInt32(bytes[at &+ 1]) << 8 | UInt32(bytes[at &+ 2]) | 0x20_2020
        switch word {
        case 0x6D6F6E, 0x747565, 0x776564, 0x746875, 0x667269, 0x736174, 0x73756E: break
        default: return
        }
        let behind = bytes[at &+ 3] == UInt8(ascii: ",") ? at &+ 4 : at &+ 3
        let next = bytes.skipBlanks(from: behind, to: end)
        if next > behind { at = next }
    }

    private mutating func readDigits(_ bytes: Span<UInt8>) -> Bool {
        var behind = at
        while behind < end, isDigit(bytes[behind]), behind &- at < 20 { behind &+= 1 }
        let separator = behind < end ? bytes[behind] : 0
        switch behind &- at {
        case 4:
            guard
                separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
                    || separator == UInt8(ascii: ".")
            else { return false }
            year = number(bytes, 4)
            return take(separator, bytes) && setMonth(pair(bytes)) && take(separator, bytes)
                && setDay(pair(bytes))
        case 8:
            year = number(bytes, 4)
            guard setMonth(number(bytes, 2)), setDay(number(bytes, 2)) else { return false }
            // Eight digits alone may be any number.
            readClock(bytes)
            return hasClock
        case 1, 2:
            guard setDay(number(bytes, 2)) else { return false }
            if separator == UInt8(ascii: ".") {
                guard take(separator, bytes), setMonth(number(bytes, 2)), take(separator, bytes) else {
                    return false
                }
            } else {
                guard
                    separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-")
                        || separator == UInt8(ascii: " "),
                    take(separator, bytes), readMonthName(bytes), take(separator, bytes)
                else { return false }
            }
            year = number(bytes, 4)
            return year != nil
        case 10, 13, 16, 19: return readEpoch(bytes, behind)
        default: return false
        }
    }

    /// `Jun 24`, `Jun  4`, `Jun 24 2025`, `Jun 24, 2025`.
    private mutating func readMonthFirst(_ bytes: Span<UInt8>) -> Bool {
        guard readMonthName(bytes), skipBlanks(bytes), setDay(number(bytes, 2)) else { return false }
        if at < end, bytes[at] == UInt8(ascii: ",") { at &+= 1 }
        readYear(bytes)
        return true
    }

    /// A blank and four digits that are no clock.
    private mutating func readYear(_ bytes: Span<UInt8>) {
        let start = at
        guard year == nil, skipBlanks(bytes), let found = number(bytes, 4), found >= 1_970, found <= 2_099,
            at == end || !isDigit(bytes[at]) && !isLetter(bytes[at]) && bytes[at] != UInt8(ascii: ":")
        else {
            at = start
            return
        }
        year = found
    }

    private mutating func readMonthName(_ bytes: Span<UInt8>) -> Bool {
        guard end &- at >= 4, !isLetter(bytes[at &+ 3]) else { return false }
        month = MonthName.month(bytes, at: at).month
        at &+= 3
        return month > 0
    }

    /// Seconds, milliseconds, microseconds or nanoseconds, told apart by how many digits there are.
    private mutating func readEpoch(_ bytes: Span<UInt8>, _ behind: Int) -> Bool {
        var value: Int64 = 0
        for index in at..<behind {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(Int64(bytes[index] &- 48))
            if overflow || carried { return false }
            value = sum
        }
        var scale: Int64 = 1
        for _ in behind &- at..<19 { scale &*= 10 }
        at = behind
        if scale == 1_000_000_000 { readFraction(bytes) }
        let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: scale)
        let (total, carried) = nanoseconds.addingReportingOverflow(Int64(clock.fraction))
        epoch = total
        return !overflow && !carried
    }

    // MARK: The clock

    /// The clock behind the day, with what may follow it; the day alone where there is none.
    private mutating func readClock(_ bytes: Span<UInt8>) {
        guard !hasClock else { return }
        let start = at
        if findClock(bytes) {
            hasClock = true
            readHalf(bytes)
            readZone(bytes)
            readYear(bytes)
        } else {
            at = start
            clock = ClockReading()
        }
    }

    private mutating func findClock(_ bytes: Span<UInt8>) -> Bool {
        guard at < end else { return false }
        switch bytes[at] {
        case UInt8(ascii: "T"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): at &+= 1
        case UInt8(ascii: ","):
            at &+= 1
            guard skipBlanks(bytes) else { return false }
        default: guard skipBlanks(bytes) else { return false }
        }
        guard let hour = number(bytes, 2), hour <= 23, let minute = sixtieth(bytes), minute <= 59 else {
            return false
        }
        clock.hour = hour
        clock.minute = minute
        // `Jun 24 14:36` may be anything.
        guard let second = sixtieth(bytes) else { return year != nil }
        clock.second = second
        readFraction(bytes)
        return true
    }

    /// A colon and two digits, up to 60.
    private mutating func sixtieth(_ bytes: Span<UInt8>) -> Int? {
        guard end &- at >= 3, bytes[at] == UInt8(ascii: ":") else { return nil }
        let value = bytes.twoDigits(at: at &+ 1)
        guard value >= 0, value <= 60 else { return nil }
        at &+= 3
        return value
    }

    private mutating func readFraction(_ bytes: Span<UInt8>) {
        guard end &- at >= 2, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ","),
            isDigit(bytes[at &+ 1])
        else { return }
        at &+= 1
        while at < end, isDigit(bytes[at]) {
            if clock.digits < 9 { clock.fraction = clock.fraction &* 10 &+ Int(bytes[at] &- 48) }
            clock.digits &+= 1
            at &+= 1
        }
        for _ in min(clock.digits, 9)..<9 { clock.fraction &*= 10 }
    }

    /// `AM` or `PM`.
    private mutating func readHalf(_ bytes: Span<UInt8>) {
        let start = bytes.skipBlanks(from: at, to: end)
        guard end &- start >= 2, bytes[start &+ 1] | 0x20 == UInt8(ascii: "m"),
            end &- start == 2 || !isLetter(bytes[start &+ 2]), clock.hour <= 12
        else { return }
        switch bytes[start] | 0x20 {
        case UInt8(ascii: "a"): clock.hour %= 12
        case UInt8(ascii: "p"): clock.hour = clock.hour % 12 &+ 12
        default: return
        }
        at = start &+ 2
    }

    /// `Z`, `+02:00`, `+0200` or `+02` at once; `+0200`, `+02:00` or a short name in capitals behind a blank.
    private mutating func readZone(_ bytes: Span<UInt8>) {
        let start = bytes.skipBlanks(from: at, to: end)
        guard start < end else { return }
        if start == at, bytes[start] == UInt8(ascii: "Z") {
            zone = WrittenZone(.z, end: at)
            at &+= 1
        } else if let written = WrittenZone(bytes, sign: start, to: end, as: .colon),
            written.end == end || !isDigit(bytes[written.end])
        {
            zone = written
            at = written.end
        } else if start == at, end &- at >= 3,
            bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-"),
            bytes.twoDigits(at: at &+ 1) >= 0, bytes.twoDigits(at: at &+ 1) <= 14
        {
            var written = WrittenZone(.colon, end: at)
            written.seconds =
                bytes.twoDigits(at: at &+ 1) &* (bytes[at] == UInt8(ascii: "-") ? -3_600 : 3_600)
            zone = written
            at &+= 3
        } else {
            var behind = start
            while behind < end, behind &- start < 5, bytes[behind] &- 65 < 26 { behind &+= 1 }
            guard behind &- start >= 3, behind == end || !isLetter(bytes[behind]) && !isDigit(bytes[behind]),
                let minutes = ZoneNames.minutes(bytes, start..<behind)
            else { return readZoneName(bytes, start) }
            var written = WrittenZone(.blank, end: behind)
            written.seconds = minutes &* 60
            zone = written
            at = behind
        }
    }

    /// A name with a slash in it, as PHP has it before its bracket: `Europe/Berlin]`.
    private mutating func readZoneName(_ bytes: Span<UInt8>, _ start: Int) {
        var behind = start
        var hasSlash = false
        while behind < end, isLetter(bytes[behind]) || "/_+-".utf8.contains(bytes[behind]) {
            if bytes[behind] == UInt8(ascii: "/") { hasSlash = true }
            behind &+= 1
        }
        guard hasSlash, start > at, behind < end, bytes[behind] == UInt8(ascii: "]") else { return }
        zoneName = start..<behind
        at = behind
    }

    // MARK: Parts

    /// A number of `most` digits, or fewer where `most` is 2.
    private mutating func number(_ bytes: Span<UInt8>, _ most: Int) -> Int? {
        let start = at
        var value = 0
        while at < end, at &- start < most, isDigit(bytes[at]) {
            value = value &* 10 &+ Int(bytes[at] &- 48)
            at &+= 1
        }
        return at &- start >= (most == 2 ? 1 : most) ? value : nil
    }

    /// Two digits.
    private mutating func pair(_ bytes: Span<UInt8>) -> Int? {
        let start = at
        let value = number(bytes, 2)
        return at &- start == 2 ? value : nil
    }

    private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard at < end, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) -> Bool {
        let next = bytes.skipBlanks(from: at, to: end)
        defer { at = next }
        return next > at
    }

    private mutating func setMonth(_ number: Int?) -> Bool {
        month = number ?? 0
        return (1...12).contains(month)
    }

    private mutating func setDay(_ number: Int?) -> Bool {
        day = number ?? 0
        return (1...31).contains(day)
    }
}
