/// The message behind the header: the formats of its program, one after the other.
extension LineParser {
    /// Adds the message, and its fields where a format reads it: those of the program in their order, then the
    /// bodies that any program may write.
    ///
    /// False where the program has formats and none took the message; a line of no program may be any text.
    mutating func readMessage(_ bytes: Span<UInt8>, _ line: Line) -> Bool {
        guard line.header.message.count > 0 else { return true }
        let message = unwrapRepeated(bytes, line.header.message)
        let range = message.range
        let mark = writer.mark
        var reason = ParseReasons.noMatch
        if read(bytes, message, line, line.route, mark, &reason) { return true }
        var ignored = reason
        if read(bytes, message, line, router.any, mark, &ignored) { return true }
        if readGenericBody(bytes, message, mark) { return true }
        writer.add(.message, .hole, range)
        guard !line.route.isEmpty, line.route != router.headless else { return true }
        writer.event.outcome = .failed
        writer.event.reasons.insert(reason)
        return false
    }

    /// As `readMessage`, for a text that does not stand in the frame: all its values are copies.
    mutating func readText(_ line: Line) -> Bool {
        if !line.isCovered { writer.addHeader(FieldValue(.outer, .hole, line.header.message)) }
        var inner = line
        inner.header.message = ByteRange(0..<line.text.count)
        // Its range is one of the frame, not of the text.
        inner.header.host = ByteRange(0..<0)
        let first = writer.beginText()
        let isRead = readMessage(line.text.span, inner)
        writer.endText(first, line.text.span)
        return isRead
    }

    /// Reads a message by the first format of a route that takes it.
    private mutating func read(
        _ bytes: Span<UInt8>, _ message: ByteRange, _ line: Line, _ route: Range<Int>,
        _ mark: EventWriter.Mark, _ reason: inout ParseReasons
    ) -> Bool {
        let range = message.range
        let seen = range.lowerBound..<min(range.upperBound, range.lowerBound &+ ParseLimits.matchedBytes)
        let zone = line.zone
        defer { writer.times.useZone(zone) }
        for step in route {
            let format = router.format(step)
            guard admits(format, line, bytes) else {
                note(format, nil, .sender)
                continue
            }
            guard format.check.passes(bytes, from: seen.lowerBound, to: seen.upperBound) else {
                note(format, nil, .check)
                continue
            }
            writer.times.useZone(format.zone.isEmpty ? zone : format.zone)
            if format.patterns.isEmpty {
                writer.beginMessage(message)
                writer.event.format = format.number
                let isRead = writer.readRest(bytes, range, format)
                note(format, nil, isRead ? .matched : .refused)
                if isRead { return true }
                writer.rewind(to: mark)
            }
            for pattern in format.patterns {
                switch matcher.match(pattern.program, bytes, from: seen.lowerBound, to: seen.upperBound) {
                case .noMatch:
                    note(format, pattern, .noMatch)
                    // Behind the cut there may be what the pattern missed.
                    if seen.upperBound < range.upperBound { reason = .limit }
                case .limit:
                    note(format, pattern, .limit)
                    reason = .limit
                case .matched:
                    guard let rest = rest(of: format, pattern, bytes, seen: seen.upperBound, range) else {
                        note(format, pattern, .limit)
                        reason = .limit
                        continue
                    }
                    writer.beginMessage(message)
                    writer.event.format = format.number
                    let isRead = writer.addCaptures(bytes, format, pattern, matcher, rest: rest)
                    note(format, pattern, isRead ? .matched : .refused)
                    if isRead { return true }
                    writer.rewind(to: mark)
                }
            }
        }
        return false
    }

    @inline(__always)
    private mutating func note(_ format: Format, _ pattern: Format.Pattern?, _ outcome: FormatAttempt.Outcome)
    {
        guard attempts != nil else { return }
        attempts?.append(FormatAttempt(format: format.name, pattern: pattern?.text, outcome: outcome))
    }

    /// What a log daemon that joins equal messages has put into `message repeated 3 times: [ … ]` (rsyslog's
    /// `RepeatedMsgReduction`): the message itself, with the number as the field `repeated`.
    private mutating func unwrapRepeated(_ bytes: Span<UInt8>, _ message: ByteRange) -> ByteRange {
        guard let repeated = RepeatedMessage(bytes, message.range) else { return message }
        writer.add(RepeatedMessage.field, .hole, repeated.count)
        return ByteRange(repeated.message)
    }

    private mutating func readGenericBody(
        _ bytes: Span<UInt8>, _ message: ByteRange, _ mark: EventWriter.Mark
    ) -> Bool {
        let range = message.range
        if JSONScan.start(bytes, range) != nil {
            writer.beginMessage(message)
            writer.event.format = GenericBody.jsonFormat
            let before = writer.valueCount
            if writer.readJSON(bytes, range, GenericBody.jsonRules), writer.valueCount > before,
                !writer.event.reasons.contains(.malformed)
            {
                return true
            }
            writer.rewind(to: mark)
        } else if GenericBody.mayBePairs(bytes, range) {
            writer.beginMessage(message)
            writer.event.format = GenericBody.pairsFormat
            if writer.readPairs(bytes, range, GenericBody.pairsRules, least: 2, isWhole: true) { return true }
            writer.rewind(to: mark)
        }
        return false
    }

    /// What the rest of a match is in the whole message: empty where the format has none.
    ///
    /// Nil where the message was cut before the match, and the match of the whole could be another.
    private func rest(
        of format: Format, _ pattern: Format.Pattern, _ bytes: Span<UInt8>, seen: Int, _ message: Range<Int>
    ) -> Range<Int>? {
        let rest = pattern.rest >= 0 ? matcher.range(of: pattern.rest)?.range : nil
        if seen == message.upperBound { return rest ?? seen..<seen }
        guard let rest, !rest.isEmpty, rest.upperBound == seen else { return nil }
        // The rest takes any text, so it may go on; but one that begins with a quote may be a field cut in two.
        if format.isRestQuoted, bytes[rest.lowerBound] == UInt8(ascii: "\"") { return nil }
        return rest.lowerBound..<message.upperBound
    }

    /// Whether a format reads what this sender writes.
    @inline(__always)
    func admits(_ format: Format, _ line: Line, _ bytes: Span<UInt8>) -> Bool {
        guard format.hasSenders else { return true }
        var host: [UInt8] = []
        if !line.host.isEmpty {
            host = line.host
        } else if line.header.host.count > 0 {
            for index in line.header.host.range { host.append(bytes[index]) }
        } else if let known = line.sender.source?.host, !known.isEmpty {
            host = Array(known.utf8)
        } else {
            host = Array(line.sender.address.utf8)
        }
        return format.senders.admits(host[...], line.sender.listener)
    }
}
