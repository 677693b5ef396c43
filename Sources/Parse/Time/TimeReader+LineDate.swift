extension TimeReader {
    /// The time of the date that `line` begins with, by the general rule; nil where it has none, or one after
    /// `latest` or before 1970, which no log tells of.
    ///
    /// - `isFile`: the line stands in a file. Then up to three words may stand before a date with year and clock, as in
    ///   `update-alternatives 2025-06-24 14:36:53: …`, more before one in brackets, and a day without a clock counts.
    /// - `latest`: nanoseconds since the Unix epoch.
    mutating func lineDate(
        _ bytes: Span<UInt8>, _ line: Range<Int>, isFile: Bool, latest: Int64
    ) -> TimeReading? {
        let end = min(line.upperBound, line.lowerBound &+ ParseLimits.timeBytes)
        var at = bytes.skipBlanks(from: line.lowerBound, to: end)
        let isIndented = at > line.lowerBound
        var words = 0
        while at < end {
            let isBracketed = bytes[at] == UInt8(ascii: "[") || bytes[at] == UInt8(ascii: "(")
            let start = isBracketed ? at &+ 1 : at
            if words <= 3 || isBracketed, let date = LineDate(bytes, at: start, to: end),
                words == 0 ? isFile || date.hasClock || date.epoch != nil : date.year != nil && date.hasClock,
                let reading = reading(date, bytes), reading.fits, reading.nanoseconds >= 0,
                reading.nanoseconds <= latest
            {
                return reading
            }
            // What is indented goes on with something: a date inside of it is part of what it says.
            guard isFile, !isIndented else { return nil }
            at = bytes.skipBlanks(from: bytes.find(UInt8(ascii: " "), from: at, to: end), to: end)
            words &+= 1
        }
        return nil
    }

    private mutating func reading(_ date: LineDate, _ bytes: Span<UInt8>) -> TimeReading? {
        if let epoch = date.epoch {
            return TimeReading(
                nanoseconds: epoch, fits: true, layout: .none, fractionDigits: min(date.clock.digits, 9),
                end: date.at)
        }
        let days: Int
        if let year = date.year {
            guard date.day <= CivilDate.daysInMonth(date.month, year: year) else { return nil }
            days = CivilDate.days(year: year, month: date.month, day: date.day)
        } else {
            guard let likely = likelyDays(month: date.month, day: date.day) else { return nil }
            days = likely
        }
        var zone = date.zone ?? WrittenZone(.unwritten, end: date.at)
        if let name = date.zoneName, let rule = zones.rule(bytes, name) {
            let local = Int64(days &* 86_400 &+ date.clock.secondOfDay)
            let received = CivilDate.floorDivide(received, 1_000_000_000)
            zone = WrittenZone(.blank, end: date.at)
            zone.seconds = rule.offset(atLocal: local, received: received)
        }
        return reading(.none, days: days, date.clock, zone, canonical: false)
    }
}
