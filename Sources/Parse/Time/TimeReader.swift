/// Reads times from lines.
///
/// Keeps what consecutive lines share, so one of these belongs to one thread.
struct TimeReader {
    /// Gives times without a zone their offset.
    private var zone: ZoneRule
    /// The zone where no source names another one, and the name of the one in use; empty for this one.
    private let ownZone: ZoneRule
    private var zoneName = ""
    /// Zones that were in use, so that lines of several hosts in turn cost no look-up.
    private var knownZones: [(name: String, rule: ZoneRule)] = []
    /// When the bytes were read.
    ///
    /// Nanoseconds since the Unix epoch.
    var received: Int64 = 0
    /// Zones that lines write by name.
    var zones: ZoneNames
    /// Whether times without a zone are UTC, whatever `zone` says: the format at hand always writes UTC.
    var isUTC = false

    // The last answer of the zone rule: the same minute of the clock, received in the same minute.
    private var cachedMinute = Int64.min
    private var cachedReceipt = Int64.min
    private var cachedOffset = 0
    // The year of the last time of receipt.
    private var yearDay = Int64.min
    private var year = 1970

    init(zone: ZoneRule, zones: ZoneNames = ZoneNames(nil)) {
        self.zone = zone
        ownZone = zone
        self.zones = zones
    }

    /// Takes times without a zone for those of this one from here on; an empty or unknown name is the own zone.
    ///
    /// Returns whether that is another one than before.
    @discardableResult
    mutating func useZone(_ name: String) -> Bool {
        guard name != zoneName else { return false }
        zone = name.isEmpty ? ownZone : rule(ofZone: name)
        zoneName = name
        cachedMinute = .min
        return true
    }

    private mutating func rule(ofZone name: String) -> ZoneRule {
        for known in knownZones where known.name == name { return known.rule }
        let bytes = Array(name.utf8)
        let rule = zones.rule(bytes.span, 0..<bytes.count) ?? ownZone
        if knownZones.count >= ParseLimits.rememberedZones { knownZones.removeFirst() }
        knownZones.append((name, rule))
        return rule
    }

    /// Reads `2026-11-21T10:00:00[.fff][Z|±hh:mm|±hhmm]` (RFC 3339 §5.6, in capitals).
    ///
    /// Nil where that is not there.
    mutating func iso(_ bytes: Span<UInt8>, at: Int, to limit: Int, maximumDigits: Int = 9) -> TimeReading? {
        guard limit &- at >= 19, bytes[at &+ 4] == UInt8(ascii: "-"), bytes[at &+ 7] == UInt8(ascii: "-"),
            bytes[at &+ 10] == UInt8(ascii: "T"), let year = Self.year(bytes, at: at)
        else { return nil }
        let month = bytes.twoDigits(at: at &+ 5)
        let day = bytes.twoDigits(at: at &+ 8)
        guard day >= 1, day <= CivilDate.daysInMonth(month, year: year),
            let clock = ClockReading(bytes, at: at &+ 11, to: limit, maximumDigits: maximumDigits)
        else { return nil }

        var written = WrittenZone(.unwritten, end: clock.end)
        if clock.end < limit {
            switch bytes[clock.end] {
            case UInt8(ascii: "Z"):
                written = WrittenZone(.z, end: clock.end &+ 1)
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard let offset = WrittenZone(bytes, sign: clock.end, to: limit, as: .colon) else {
                    return nil
                }
                written = offset
            default: break
            }
        }
        let days = CivilDate.days(year: year, month: month, day: day)
        return reading(.iso, days: days, clock, written, canonical: true)
    }

    /// Reads `21/Nov/2026:10:00:00 +0000`.
    ///
    /// Nil where that is not there.
    mutating func http(_ bytes: Span<UInt8>, at: Int, to limit: Int) -> TimeReading? {
        guard limit &- at >= 26, bytes[at &+ 2] == UInt8(ascii: "/"), bytes[at &+ 6] == UInt8(ascii: "/"),
            bytes[at &+ 11] == UInt8(ascii: ":"), let year = Self.year(bytes, at: at &+ 7)
        else { return nil }
        let day = bytes.twoDigits(at: at)
        let name = MonthName.month(bytes, at: at &+ 3)
        guard day >= 1, day <= CivilDate.daysInMonth(name.month, year: year),
            let clock = ClockReading(bytes, at: at &+ 12, to: limit, maximumDigits: 9),
            clock.end < limit, bytes[clock.end] == UInt8(ascii: " "),
            let written = WrittenZone(bytes, sign: clock.end &+ 1, to: limit, as: .blank)
        else { return nil }
        let days = CivilDate.days(year: year, month: name.month, day: day)
        return reading(.http, days: days, clock, written, canonical: name.canonical)
    }

    /// Reads `Nov 21 10:00:00[.fff]` (RFC 3164 §4.1.2), and what senders make of it: an unpadded day,
    /// capitals, a year behind the day or behind the clock.
    ///
    /// Nil where that is not there.
    ///
    /// Without a year it is the latest year that does not put it more than a week into the future.
    mutating func bsd(_ bytes: Span<UInt8>, at: Int, to limit: Int) -> TimeReading? {
        guard limit &- at >= 14, bytes[at &+ 3] == UInt8(ascii: " ") else { return nil }
        let name = MonthName.month(bytes, at: at)
        guard name.month != 0 else { return nil }
        var canonical = name.canonical
        var next = at &+ 4
        var day = 0
        if bytes[next] == UInt8(ascii: " ") {
            day = Int(bytes[next &+ 1] &- 48)
            canonical = canonical && day <= 9
            next &+= 2
        } else if bytes[next &+ 1] == UInt8(ascii: " ") {
            day = Int(bytes[next] &- 48)
            canonical = false
            next &+= 1
        } else {
            day = bytes.twoDigits(at: next)
            canonical = canonical && day >= 10
            next &+= 2
        }
        guard day >= 1, day <= 31, limit &- next >= 9, bytes[next] == UInt8(ascii: " ") else { return nil }
        next &+= 1

        var year: Int?
        if limit &- next >= 13, bytes[next &+ 4] == UInt8(ascii: " "), let stated = Self.year(bytes, at: next)
        {
            year = stated
            next &+= 5
        }
        guard var clock = ClockReading(bytes, at: next, to: limit, maximumDigits: 9) else { return nil }
        let tail = clock.end
        if year == nil, limit &- tail >= 6, bytes[tail] == UInt8(ascii: " "),
            bytes[tail &+ 5] == UInt8(ascii: " "),
            let stated = Self.year(bytes, at: tail &+ 1), stated >= 1970, stated <= 2099
        {
            year = stated
            clock.end = tail &+ 5
        }
        if let year {
            guard day <= CivilDate.daysInMonth(name.month, year: year) else { return nil }
            let days = CivilDate.days(year: year, month: name.month, day: day)
            return reading(.bsd, days: days, clock, WrittenZone(.unwritten, end: clock.end), canonical: false)
        }
        guard let days = likelyDays(month: name.month, day: day) else { return nil }
        return reading(.bsd, days: days, clock, WrittenZone(.unwritten, end: clock.end), canonical: canonical)
    }

    /// Days since the epoch of the given day in the year that it was most likely written in: the latest one that does
    /// not put it more than a week behind the time of receipt, as logs tell of the past; nil where no year has the day.
    mutating func likelyDays(month: Int, day: Int) -> Int? {
        let today = CivilDate.floorDivide(received, 86_400_000_000_000)
        if today != yearDay {
            yearDay = today
            year = CivilDate.date(days: Int(today)).year
        }
        var candidate = year &+ 1
        var ahead: Int?
        // No more than eight years lie between two leap days. One that is near ahead is likelier than one long ago.
        while candidate >= year &- 8 {
            if day <= CivilDate.daysInMonth(month, year: candidate) {
                let days = CivilDate.days(year: candidate, month: month, day: day)
                if days &- Int(today) <= 7 { return candidate >= year &- 1 ? days : ahead ?? days }
                ahead = days
            }
            candidate &-= 1
        }
        return ahead
    }

    /// A time that was just read without a zone, on a clock that is `minutes` east of UTC.
    func moved(_ reading: TimeReading, toMinutes minutes: Int) -> TimeReading {
        var moved = reading
        let seconds = Int64((isUTC ? 0 : cachedOffset) &- minutes &* 60)
        let (nanoseconds, overflow) = reading.nanoseconds.addingReportingOverflow(seconds &* 1_000_000_000)
        moved.nanoseconds = nanoseconds
        moved.fits = reading.fits && !overflow
        if reading.layout.style != .none {
            moved.layout = TimeLayout(
                reading.layout.style, zone: reading.layout.zone,
                fractionDigits: reading.layout.fractionDigits,
                offsetMinutes: Int16(truncatingIfNeeded: minutes))
        }
        return moved
    }

    /// Puts the parts together.
    @inline(__always)
    mutating func reading(
        _ style: TimeLayout.Style, days: Int, _ clock: ClockReading, _ written: WrittenZone, canonical: Bool
    ) -> TimeReading {
        let local = Int64(days &* 86_400 &+ clock.secondOfDay)
        let offset = written.zone == .unwritten ? offset(atLocal: local) : written.seconds
        let seconds = local &- Int64(offset)
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (total, carried) = scaled.addingReportingOverflow(Int64(clock.fraction))
        let exact =
            canonical && written.canonical && clock.second < 60 && clock.digits <= 9 && offset % 60 == 0
            && abs(offset) < 86_400 && !overflow && !carried
        let layout =
            exact
            ? TimeLayout(
                style, zone: written.zone, fractionDigits: UInt8(truncatingIfNeeded: clock.digits),
                offsetMinutes: Int16(truncatingIfNeeded: offset / 60))
            : .none
        return TimeReading(
            nanoseconds: total, fits: !overflow && !carried, layout: layout,
            fractionDigits: min(clock.digits, 9),
            end: written.end)
    }

    private mutating func offset(atLocal local: Int64) -> Int {
        if isUTC { return 0 }
        let minute = CivilDate.floorDivide(local, 60)
        let receipt = CivilDate.floorDivide(received, 60_000_000_000)
        if minute == cachedMinute, receipt == cachedReceipt { return cachedOffset }
        cachedMinute = minute
        cachedReceipt = receipt
        cachedOffset = zone.offset(atLocal: local, received: CivilDate.floorDivide(received, 1_000_000_000))
        return cachedOffset
    }

    /// The four digits at `at` as a year, or nil.
    ///
    /// `at + 4` must not pass the end.
    @inline(__always)
    private static func year(_ bytes: Span<UInt8>, at: Int) -> Int? {
        let century = bytes.twoDigits(at: at)
        let rest = bytes.twoDigits(at: at &+ 2)
        return century < 0 || rest < 0 ? nil : century &* 100 &+ rest
    }
}
