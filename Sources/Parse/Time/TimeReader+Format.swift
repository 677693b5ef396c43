extension TimeReader {
    /// Reads all of `range` as a time in one of `formats`; nil where it is in none.
    mutating func read(_ formats: [TimeFormat], _ bytes: Span<UInt8>, _ range: Range<Int>) -> TimeReading? {
        for index in formats.indices {
            if let reading = read(formats[index], bytes, range) { return reading }
        }
        return nil
    }

    private mutating func read(_ format: TimeFormat, _ bytes: Span<UInt8>, _ range: Range<Int>)
        -> TimeReading?
    {
        if format.parts.isEmpty { return read(format.style, bytes, range) }
        guard let reading = readBeginning(format, bytes, range), reading.end == range.upperBound else {
            return nil
        }
        return reading
    }

    /// Reads a time in `format`, which must have parts, at the beginning of `range`; nil where it is in none.
    mutating func readBeginning(
        _ format: TimeFormat, _ bytes: Span<UInt8>, _ range: Range<Int>
    ) -> TimeReading? {
        var scan = TimeScan(at: range.lowerBound, end: range.upperBound)
        for index in format.parts.indices where !scan.read(format.parts[index], bytes, zones: &zones) {
            return nil
        }
        return finish(scan, format.style)
    }

    /// Reads all of `range` as a time of one of the three styles that have a reader of their own.
    @inline(__always)
    mutating func read(_ style: TimeLayout.Style, _ bytes: Span<UInt8>, _ range: Range<Int>) -> TimeReading? {
        let reading: TimeReading? =
            switch style {
            case .iso: iso(bytes, at: range.lowerBound, to: range.upperBound)
            case .http: http(bytes, at: range.lowerBound, to: range.upperBound)
            case .bsd: bsd(bytes, at: range.lowerBound, to: range.upperBound)
            default: nil
            }
        return reading?.end == range.upperBound ? reading : nil
    }

    private mutating func finish(_ scan: TimeScan, _ style: TimeLayout.Style) -> TimeReading? {
        if let nanoseconds = scan.epoch {
            return TimeReading(
                nanoseconds: nanoseconds, fits: true, layout: .none, fractionDigits: scan.clock.digits,
                end: scan.at)
        }
        guard scan.day >= 1, scan.month >= 1 else { return nil }
        let days: Int
        if let year = scan.year {
            guard scan.day <= CivilDate.daysInMonth(scan.month, year: year) else { return nil }
            days = CivilDate.days(year: year, month: scan.month, day: scan.day)
        } else {
            guard let likely = likelyDays(month: scan.month, day: scan.day) else { return nil }
            days = likely
        }
        var written = scan.zone ?? WrittenZone(.unwritten, end: scan.at)
        written.end = scan.at
        if let rule = scan.named {
            let local = Int64(days &* 86_400 &+ scan.clock.secondOfDay)
            written.seconds = rule.offset(
                atLocal: local, received: CivilDate.floorDivide(received, 1_000_000_000))
            written.zone = .blank
            written.canonical = false
        }
        let canonical = scan.isCanonical && scan.year != nil && style != .none
        return reading(style, days: days, scan.clock, written, canonical: canonical)
    }
}

/// What was read of a time so far.
private struct TimeScan {
    var at: Int
    let end: Int
    var year: Int?
    var month = 0
    var day = 0
    var clock = ClockReading()
    var zone: WrittenZone?
    var named: ZoneRule?
    var epoch: Int64?
    /// Whether all numbers stand with as many digits as the layouts write.
    var isCanonical = true

    init(at: Int, end: Int) {
        self.at = at
        self.end = end
    }

    mutating func read(_ part: TimeFormat.Part, _ bytes: Span<UInt8>, zones: inout ZoneNames) -> Bool {
        switch part {
        case .literal(let byte):
            guard at < end, bytes[at] == byte else { return false }
            at &+= 1
            return true
        case .blank:
            let next = bytes.skipBlanks(from: at, to: end)
            if next != at &+ 1 { isCanonical = false }
            at = next
            return true
        case .year:
            guard let value = digits(bytes, 4, 4) else { return false }
            year = value
            return true
        case .shortYear:
            guard let value = digits(bytes, 2, 2) else { return false }
            year = value < 70 ? 2_000 &+ value : 1_900 &+ value
            return true
        case .month:
            month = number(bytes, 1...12)
            return month >= 0
        case .day:
            day = number(bytes, 1...31)
            return day >= 0
        case .hour:
            clock.hour = number(bytes, 0...23)
            return clock.hour >= 0
        case .minute:
            clock.minute = number(bytes, 0...59)
            return clock.minute >= 0
        case .second:
            clock.second = number(bytes, 0...60)
            return clock.second >= 0
        case .monthName:
            guard end &- at >= 3 else { return false }
            let name = MonthName.month(bytes, at: at)
            month = name.month
            if !name.canonical { isCanonical = false }
            at &+= 3
            return month > 0
        case .weekday:
            guard end &- at >= 3, isLetter(bytes[at]), isLetter(bytes[at &+ 1]), isLetter(bytes[at &+ 2])
            else { return false }
            at &+= 3
            return true
        case .fraction: return readFraction(bytes)
        case .offset: return readOffset(bytes)
        case .zoneName: return readZoneName(bytes, &zones)
        case .epoch: return readEpoch(bytes)
        }
    }

    /// A number of `least` to `most` digits; nil where there are fewer.
    private mutating func digits(_ bytes: Span<UInt8>, _ least: Int, _ most: Int) -> Int? {
        let start = at
        var value = 0
        while at < end, at &- start < most, isDigit(bytes[at]) {
            value = value &* 10 &+ Int(bytes[at] &- 48)
            at &+= 1
        }
        return at &- start >= least ? value : nil
    }

    /// A number of one or two digits, blanks before it or not; negative where it is none, or outside of `range`.
    private mutating func number(_ bytes: Span<UInt8>, _ range: ClosedRange<Int>) -> Int {
        if at < end, bytes[at] == UInt8(ascii: " ") {
            isCanonical = false
            at = bytes.skipBlanks(from: at, to: end)
        }
        let start = at
        guard let value = digits(bytes, 1, 2), range.contains(value) else { return -1 }
        if at &- start != 2 { isCanonical = false }
        return value
    }

    private mutating func readFraction(_ bytes: Span<UInt8>) -> Bool {
        guard end &- at >= 2, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ","),
            isDigit(bytes[at &+ 1])
        else { return true }
        if bytes[at] == UInt8(ascii: ",") { isCanonical = false }
        at &+= 1
        while at < end, isDigit(bytes[at]) {
            if clock.digits < 9 { clock.fraction = clock.fraction &* 10 &+ Int(bytes[at] &- 48) }
            clock.digits &+= 1
            at &+= 1
        }
        for _ in min(clock.digits, 9)..<9 { clock.fraction &*= 10 }
        return true
    }

    /// Takes no zone for one that is not written.
    private mutating func readOffset(_ bytes: Span<UInt8>) -> Bool {
        let start = bytes.skipBlanks(from: at, to: end)
        guard start < end else { return true }
        if bytes[start] == UInt8(ascii: "Z") {
            zone = WrittenZone(.z, end: start &+ 1)
            if start != at { isCanonical = false }
            at = start &+ 1
            return true
        }
        let style = start == at ? TimeLayout.Zone.colon : .blank
        if let written = WrittenZone(bytes, sign: start, to: end, as: style) {
            if start &- at > 1 { isCanonical = false }
            zone = written
            at = written.end
            return true
        }
        // ±hh
        let sign = bytes[start]
        guard end &- start >= 3, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            bytes.twoDigits(at: start &+ 1) >= 0, bytes.twoDigits(at: start &+ 1) <= 23
        else { return true }
        var written = WrittenZone(style, end: start &+ 3)
        written.seconds = bytes.twoDigits(at: start &+ 1) &* (sign == UInt8(ascii: "-") ? -3_600 : 3_600)
        written.canonical = false
        zone = written
        at = written.end
        return true
    }

    private mutating func readZoneName(_ bytes: Span<UInt8>, _ zones: inout ZoneNames) -> Bool {
        let start = at
        while at < end, isLetter(bytes[at]) || isDigit(bytes[at]) || "/_+-:".utf8.contains(bytes[at]) {
            at &+= 1
        }
        guard at > start else { return false }
        named = zones.rule(bytes, start..<at)
        isCanonical = false
        // A name that nobody knows is read as the zone of the listener.
        return true
    }

    /// A count since the epoch.
    ///
    /// Numbers of this size lie between 1973 and 5138 in their own unit.
    private mutating func readEpoch(_ bytes: Span<UInt8>) -> Bool {
        var value: Int64 = 0
        let start = at
        while at < end, isDigit(bytes[at]), at &- start < 19 {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(Int64(bytes[at] &- 48))
            if overflow || carried { return false }
            value = sum
            at &+= 1
        }
        let scale: Int64
        switch at &- start {
        case 9...11: scale = 1_000_000_000
        case 12...14: scale = 1_000_000
        case 15...17: scale = 1_000
        case 18...19: scale = 1
        default: return false
        }
        let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: scale)
        if overflow { return false }
        if scale == 1_000_000_000, !readFraction(bytes) { return false }
        let (total, carried) = nanoseconds.addingReportingOverflow(Int64(clock.fraction))
        if scale < 1_000_000_000 { clock.digits = scale == 1_000_000 ? 3 : scale == 1_000 ? 6 : 9 }
        clock.digits = min(clock.digits, 9)
        epoch = total
        return !carried
    }
}
