import Parse

/// Seconds east of UTC for a local time, which is given as seconds since 1970-01-01T00:00:00 on the local
/// clock.
package typealias ZoneOffset = @Sendable (_ localSeconds: Int64) -> Int

/// Times as people write them in `--since` and `--until`.
///
/// A date, month or year is the whole of it, a time of day an instant. `15m` is that long ago. A time without
/// a zone is on the reader's clock. Every result fits nanoseconds in 64 bits: 1677-09-21 to 2262-04-11.
package struct TimeExpression: Sendable {
    /// Nanoseconds since the Unix epoch.
    package let now: Int64
    private let zone: ZoneOffset

    /// `now` in nanoseconds since the Unix epoch.
    package init(now: Int64, zone: @escaping ZoneOffset) {
        self.now = now
        self.zone = zone
    }

    /// The clock of a query that nobody asks: it is 1970, in UTC.
    package static let epoch = TimeExpression(now: 0, zone: { _ in 0 })

    /// What a command without `--since` looks back.
    ///
    /// Nanoseconds.
    package static let defaultWindow: Int64 = 86_400_000_000_000

    /// The window that the two options name.
    ///
    /// Without `until` it is open (`latest` is `Int64.max`), unless `since` is a range: a question closes it with
    /// `window(asked:)`, and what changes stored events leaves it open. Without `since` it begins a day before its
    /// end. Throws `bad_time`, with the range in the bad text.
    package func window(since: String?, until: String?) throws(QueryError) -> TimeSpan {
        let first = if let since { try ends(of: since) } else { nil as Ends? }
        let last = if let until { try ends(of: until) } else { nil as Ends? }
        if let first, first.isRange, last != nil {
            throw Self.error("since names both ends already, so until has no place", first.bytes)
        }
        if let last, last.isRange { throw Self.error("until takes one time, not a range", last.bytes) }
        let latest = last?.span.latest ?? (first.flatMap { $0.isRange ? $0.span.latest : nil })
        let earliest =
            first?.span.earliest ?? ((latest ?? now).minus(Self.defaultWindow) ?? Int64.min)
        if let latest, earliest > latest {
            throw Self.error("since lies after until, so no time is left", 0..<0)
        }
        return TimeSpan(earliest: earliest, latest: latest ?? .max)
    }

    /// The window where nothing is said; open.
    var standardWindow: TimeSpan {
        TimeSpan(earliest: now.minus(Self.defaultWindow) ?? .min, latest: .max)
    }

    /// `window`; nil where neither option is given, so that the query may say.
    package func asked(since: String?, until: String?) throws(QueryError) -> TimeSpan? {
        since == nil && until == nil ? nil : try window(since: since, until: until)
    }

    /// The span that one text names: a time, `a..b` or `[a TO b]`.
    package func span(of text: String) throws(QueryError) -> TimeSpan { try ends(of: text).span }

    private struct Ends {
        var span: TimeSpan
        var isRange: Bool
        var bytes: Range<Int>
    }

    private func ends(of text: String) throws(QueryError) -> Ends {
        let bytes = Array(text.utf8)
        let all = 0..<bytes.count
        guard bytes.count <= 256 else { throw Self.error("a time of \(bytes.count) bytes is no time", 0..<0) }
        var parts: (Range<Int>, Range<Int>)?
        if bytes.first == 0x5B, bytes.last == 0x5D,
            let to = all.first(where: { bytes[$0...].starts(with: " TO ".utf8) })
        {
            parts = (1..<to, to + 4..<bytes.count - 1)
        } else if let dots = all.first(where: { bytes[$0...].starts(with: "..".utf8) }) {
            parts = (0..<dots, dots + 2..<bytes.count)
        }
        guard let (before, behind) = parts, before.upperBound <= behind.lowerBound else {
            return Ends(span: try point(bytes, all), isRange: false, bytes: all)
        }
        let span = TimeSpan(
            earliest: try point(bytes, before).earliest, latest: try point(bytes, behind).latest)
        if span.earliest > span.latest { throw Self.error("this range ends before it begins", all) }
        return Ends(span: span, isRange: true, bytes: all)
    }

    /// One time.
    ///
    /// The forms do not overlap, so their order does not matter.
    private func point(_ bytes: [UInt8], _ range: Range<Int>) throws(QueryError) -> TimeSpan {
        let text = String(decoding: bytes[range].map(Token.lowercased), as: UTF8.self)
        let failure = Self.error("no time is written \(QueryPrinter.quoted(text))", range)
        guard !text.isEmpty else { throw Self.error("a time is missing", range) }
        let found = named(text) ?? nowMath(text) ?? ago(text) ?? epoch(text) ?? calendar(text)
        guard let found else { throw failure }
        guard let span = found else {
            throw Self.error("this time lies outside the years 1678 to 2261", range)
        }
        return span
    }

    private static func error(_ message: String, _ range: Range<Int>) -> QueryError {
        QueryError(.badTime, message, at: range, hint: accepted)
    }

    private static let accepted = """
        accepted: 15m, 2h, 1d (ago), 2h..1h, 2014-05-12, 2014-05, 2014, 2014-05-12T10:00[:00][Z|+02:00], \
        now, today, yesterday, monday, now-1d/d, seconds or milliseconds since 1970
        """

    // MARK: Forms
    // Each returns nil for a text of another form, and .some(nil) for a time that nanoseconds cannot hold.

    private func instant(_ time: Int64?) -> TimeSpan? { time.map { TimeSpan(earliest: $0, latest: $0) } }

    private func ago(_ text: String) -> TimeSpan?? {
        guard let last = text.utf8.last, !(last &- 0x30 < 10), let first = text.utf8.first, first &- 0x30 < 10
        else {
            return nil
        }
        return Units.duration(text).map { instant(now.minus($0)) }
    }

    private func named(_ text: String) -> TimeSpan?? {
        let today = localDay()
        switch text {
        case "now": return instant(now)
        case "today": return .some(days(from: today, 1))
        case "yesterday": return .some(days(from: today, back: 1, 1))
        default:
            let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            guard let index = names.firstIndex(where: { $0 == text || $0.prefix(3) == text }) else {
                return nil
            }
            // The latest one, today included: logs have no next Monday.
            return .some(days(from: today, back: (today.weekday + 7 - Int64(index)) % 7, 1))
        }
    }

    /// `now-1d`, `now-1d/d`, `now/w`: Elasticsearch's date math.
    private func nowMath(_ text: String) -> TimeSpan?? {
        guard text.hasPrefix("now") else { return nil }
        var time = now
        var rest = text.dropFirst(3)
        while let sign = rest.first, sign == "-" || sign == "+" {
            rest = rest.dropFirst()
            let length = rest.prefix { $0 != "-" && $0 != "+" && $0 != "/" }
            guard let step = Units.duration(String(length)) else { return nil }
            guard let next = sign == "-" ? time.minus(step) : time.plus(step) else { return .some(nil) }
            time = next
            rest = rest.dropFirst(length.count)
        }
        if rest.isEmpty { return .some(instant(time)) }
        guard rest.first == "/" else { return nil }
        let local = localTime(time)
        let day = CivilTime(year: local.year, month: local.month, day: local.day)
        switch rest.dropFirst() {
        case "s": return .some(span(local, by: 1))
        case "m": return .some(span(CivilTime(seconds: local.seconds.floorQuotient(60) * 60), by: 60))
        case "h":
            return .some(span(CivilTime(seconds: local.seconds.floorQuotient(3_600) * 3_600), by: 3_600))
        case "d": return .some(days(from: day, 1))
        case "w": return .some(days(from: day, back: day.weekday, 7))
        default: return nil
        }
    }

    /// Nine or ten digits are seconds (from 1973 on), twelve or thirteen milliseconds; others could be
    /// anything.
    private func epoch(_ text: String) -> TimeSpan?? {
        let parts = text.utf8.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let count = Self.integer(whole) else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard let written = Self.fraction(parts[1]), whole.count < 11 else { return nil }
            fraction = written
        }
        switch whole.count {
        case 9, 10: return .some(instant(count.times(1_000_000_000)?.plus(fraction)))
        case 12, 13: return .some(instant(count.times(1_000_000)))
        default: return nil
        }
    }

    /// `2014`, `2014-05`, `2014-05-12`, `2014-05-12T10:00[:SS[.f]][Z|±hh[:mm]]`, with a blank for the T as
    /// well.
    private func calendar(_ text: String) -> TimeSpan?? {
        let bytes = Array(text.utf8)
        let timeMark = bytes.firstIndex { $0 == 0x74 || $0 == 0x20 } ?? bytes.count
        let date = bytes[..<timeMark].split(separator: 0x2D, omittingEmptySubsequences: false)
        let numbers = date.compactMap(Self.integer)
        guard numbers.count == date.count, (1...3).contains(date.count), date[0].count == 4,
            date.dropFirst().allSatisfy({ $0.count == 2 })
        else { return nil }
        var time = CivilTime(year: numbers[0])
        if numbers.count > 1 { time.month = numbers[1] }
        if numbers.count > 2 { time.day = numbers[2] }
        guard time.isValid else { return nil }
        if timeMark < bytes.count {
            guard numbers.count == 3 else { return nil }
            return clock(bytes[(timeMark + 1)...], on: time)
        }
        var end = time
        switch numbers.count {
        case 1: end.year += 1
        case 2: end.month += 1
        default: end = CivilTime(seconds: end.seconds + 86_400)
        }
        return .some(span(time, to: end))
    }

    /// A time of day with its zone.
    private func clock(_ bytes: ArraySlice<UInt8>, on day: CivilTime) -> TimeSpan?? {
        var body = bytes
        var offset: Int64?
        if body.last == 0x7A {
            body.removeLast()
            offset = 0
        } else if let sign = body.lastIndex(where: { $0 == 0x2B || $0 == 0x2D }) {
            let digits = body[(sign + 1)...].filter { $0 != 0x3A }
            guard let value = Self.integer(digits), digits.count == 2 || digits.count == 4 else { return nil }
            let minutes = digits.count == 2 ? value * 60 : value / 100 * 60 + value % 100
            guard minutes < 24 * 60 else { return nil }
            offset = (bytes[sign] == 0x2D ? -minutes : minutes) * 60
            body = body[..<sign]
        }
        var nanoseconds: Int64 = 0
        if let point = body.firstIndex(of: 0x2E) {
            guard let written = Self.fraction(body[(point + 1)...]) else { return nil }
            nanoseconds = written
            body = body[..<point]
        }
        let parts = body.split(separator: 0x3A, omittingEmptySubsequences: false)
        let numbers = parts.compactMap(Self.integer)
        guard numbers.count == parts.count, parts.count == 2 || parts.count == 3,
            parts.allSatisfy({ $0.count == 2 }), numbers[0] < 24, numbers[1] < 60,
            // The written 60 is a leap second; it is the first of the next minute here, as in POSIX.
            parts.count == 2 || numbers[2] <= 60, nanoseconds == 0 || parts.count == 3
        else { return nil }
        var time = day
        time.second = numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
        let seconds = time.seconds
        let utc = seconds - (offset ?? Int64(zone(seconds)))
        return .some(instant(utc.times(1_000_000_000)?.plus(nanoseconds)))
    }

    // MARK: Local time

    private func localTime(_ time: Int64) -> CivilTime {
        let utc = time.floorQuotient(1_000_000_000)
        // The rule wants local time, which is what is sought: the second round corrects the guess near a
        // change.
        let guess = utc + Int64(zone(utc))
        return CivilTime(seconds: utc + Int64(zone(guess)))
    }

    private func localDay() -> CivilTime {
        let local = localTime(now)
        return CivilTime(year: local.year, month: local.month, day: local.day)
    }

    private func days(from day: CivilTime, back: Int64 = 0, _ count: Int64) -> TimeSpan? {
        span(CivilTime(seconds: day.seconds - back * 86_400), by: count * 86_400)
    }

    private func span(_ start: CivilTime, by seconds: Int64) -> TimeSpan? {
        span(start, to: CivilTime(seconds: start.seconds + seconds))
    }

    /// From `start` up to but not including `end`, both local.
    private func span(_ start: CivilTime, to end: CivilTime) -> TimeSpan? {
        func utc(_ time: CivilTime) -> Int64? {
            (time.seconds - Int64(zone(time.seconds))).times(1_000_000_000)
        }
        guard let first = utc(start), let last = utc(end) else { return nil }
        return TimeSpan(earliest: first, latest: last - 1)
    }

    // MARK: Digits

    private static func integer(_ bytes: some Collection<UInt8>) -> Int64? {
        guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int64(byte &- 0x30)
        }
        return value
    }

    /// Up to nine digits behind a point, as nanoseconds.
    private static func fraction(_ digits: some Collection<UInt8>) -> Int64? {
        guard digits.count <= 9, var value = integer(digits) else { return nil }
        for _ in digits.count..<9 { value *= 10 }
        return value
    }
}
