import Parse

/// Conditions on time: `time:2014-05-12`, `time:[a TO b]`, `received:>=15m`.
extension QueryParser {
    mutating func timeValue(of field: Field, inGroup: Bool) throws(QueryError) -> Filter {
        let start = scanner.place
        switch scanner.current {
        case 0x28 where !inGroup:
            try descend(at: start)
            scanner.place += 1
            let filter = try group(in: field, openedAt: start)
            ascend()
            return filter
        case 0x3C, 0x3E: return try timeComparison(of: field)
        case 0x5B, 0x7B: return try timeRange(of: field)
        case 0x3D: scanner.place += 1
        default: break
        }
        // `a,b`: any of them.
        var parts: [Filter] = []
        while true {
            let (text, range) = try timeWord(endsAtComma: true)
            if parts.isEmpty, Self.isAnything(text), scanner.current != 0x2C {
                return try test(field, .exists, at: range)
            }
            let span = try times(range) { (times) throws(QueryError) in try times.condition(text) }
            parts.append(try during(span, field, at: range))
            guard scanner.current == 0x2C else { break }
            // Printed, the list is an `or` in parentheses.
            if parts.count == 1 { try descend(at: scanner.place) }
            scanner.place += 1
        }
        if parts.count > 1 { ascend() }
        return .any(of: parts)
    }

    /// `>=time` and the like, with blanks allowed between the two.
    ///
    /// A day is compared as a whole: later than it is after its end.
    mutating func timeComparison(of field: Field) throws(QueryError) -> Filter {
        let start = scanner.place
        let isLower = scanner.current == 0x3E
        let inclusive = scanner.byte(start + 1) == 0x3D
        scanner.place += inclusive ? 2 : 1
        scanner.skipBlanks()
        let (text, range) = try timeWord()
        let span = try times(range) { (times) throws(QueryError) in try times.span(of: text) }
        let found =
            switch (isLower, inclusive) {
            case (true, true): TimeSpan(earliest: span.earliest, latest: .max)
            case (true, false): TimeSpan(earliest: span.latest.plus(1) ?? .max, latest: .max)
            case (false, true): TimeSpan(earliest: .min, latest: span.latest)
            case (false, false): TimeSpan(earliest: .min, latest: span.earliest.minus(1) ?? .min)
            }
        return try during(found, field, at: start..<scanner.place)
    }

    /// The condition; nothing passes where the span holds no time, as `{a TO a}`.
    private mutating func during(
        _ span: TimeSpan, _ field: Field, at range: Range<Int>
    ) throws(QueryError) -> Filter {
        let filter = try test(field, .during(span), at: range)
        return span.earliest <= span.latest ? filter : .negation(of: .everything)
    }

    /// `[a TO b]`, `{a TO b}` and mixed; an open end is `*`.
    private mutating func timeRange(of field: Field) throws(QueryError) -> Filter {
        let start = scanner.place
        let opensInclusive = scanner.current == 0x5B
        scanner.place += 1
        let lower = try timeEnd(openedAt: start)
        let middle = scanner.afterBlanks(scanner.place)
        guard scanner.isWord("TO", at: middle) || scanner.isWord("to", at: middle) else {
            throw QueryError(
                .syntax, "a range needs TO between its two ends", at: middle..<scanner.wordEnd(middle),
                hint: "write, for example, \(field.name):[2h TO 1h]")
        }
        scanner.place = middle + 2
        let upper = try timeEnd(openedAt: start)
        scanner.skipBlanks()
        guard let close = scanner.current, close == 0x5D || close == 0x7D else { throw unclosedRange(start) }
        scanner.place += 1
        var span = TimeSpan.everything
        if let lower {
            span.earliest = opensInclusive ? lower.earliest : lower.latest.plus(1) ?? .max
        }
        if let upper { span.latest = close == 0x5D ? upper.latest : upper.earliest.minus(1) ?? .min }
        if let lower, let upper, lower.earliest > upper.latest {
            throw QueryError(
                .badTime, "nothing lies in this range: its end is before its beginning",
                at: start..<scanner.place)
        }
        return try during(span, field, at: start..<scanner.place)
    }

    /// One end of a range in brackets; nil for `*`.
    private mutating func timeEnd(openedAt open: Int) throws(QueryError) -> TimeSpan? {
        scanner.skipBlanks()
        guard scanner.current != nil else { throw unclosedRange(open) }
        let (text, range) = try timeWord(endsAtBracket: true)
        if text == "*" { return nil }
        return try times(range) { (times) throws(QueryError) in try times.span(of: text) }
    }

    /// Takes one time as written, in quotes or not.
    private mutating func timeWord(
        endsAtComma: Bool = false, endsAtBracket: Bool = false
    ) throws(QueryError) -> (text: String, range: Range<Int>) {
        let start = scanner.place
        if let quote = scanner.quote(at: start), quote.close != nil || !quote.isSingle {
            let (text, range) = try phrase(quote)
            return (text, range.lowerBound + quote.length..<range.upperBound - quote.length)
        }
        var end = scanner.isBoundary(start) ? start : scanner.wordEnd(start)
        let stop = (start..<end).first { offset in
            let byte = scanner.bytes[offset]
            return endsAtComma && byte == 0x2C || endsAtBracket && (byte == 0x5D || byte == 0x7D)
        }
        if let stop { end = stop }
        guard end > start else {
            throw QueryError(
                .syntax, "a time is missing here", at: start..<start,
                hint: endsAtBracket ? "an open end is written *" : nil)
        }
        scanner.place = end
        return (scanner.text(start..<end), start..<end)
    }

    /// Reads times of the text at `range`: errors show their place in the query.
    private func times(
        _ range: Range<Int>, _ read: (TimeExpression) throws(QueryError) -> TimeSpan
    ) throws(QueryError) -> TimeSpan {
        do throws(QueryError) {
            return try read(context.times)
        } catch {
            var error = error
            let start = range.lowerBound + error.range.lowerBound
            let end = range.lowerBound + error.range.upperBound
            error.range = min(start, range.upperBound)..<min(end, range.upperBound)
            throw error
        }
    }
}

extension TimeExpression {
    /// The minute or second that a time of day names, `10:00` or `10:00:00`, in nanoseconds; nil for other texts.
    private static func width(ofClock text: String) -> Int64? {
        guard let mark = text.utf8.firstIndex(where: { $0 | 0x20 == 0x74 || $0 == 0x20 }) else { return nil }
        // The zone has digits of its own.
        let clock = text.utf8[mark...].dropFirst().prefix { byte in
            byte &- 0x30 < 10 || byte == 0x3A || byte == 0x2E
        }
        if clock.contains(0x2E) { return nil }
        switch clock.count {
        case 5: return 60_000_000_000
        case 8: return 1_000_000_000
        default: return nil
        }
    }

    /// What a condition means by a text: an age is from then until now, `*` an open end of `a..b`.
    func condition(_ text: String) throws(QueryError) -> TimeSpan {
        if QueryParser.isAnything(text) { return .everything }
        if text.hasPrefix("*..") {
            return TimeSpan(earliest: .min, latest: try span(of: String(text.dropFirst(3))).latest)
        }
        if text.hasSuffix("..*") {
            return TimeSpan(earliest: try span(of: String(text.dropLast(3))).earliest, latest: .max)
        }
        let span = try span(of: text)
        if span.earliest == span.latest, let width = Self.width(ofClock: text) {
            return TimeSpan(earliest: span.earliest, latest: span.latest.plus(width - 1) ?? .max)
        }
        let isAge = Units.duration(String(decoding: ByteText.lowercased(text), as: UTF8.self)) != nil
        return isAge && span.earliest <= now ? TimeSpan(earliest: span.earliest, latest: latestNow) : span
    }
}
