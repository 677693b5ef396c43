/// Makes an event of each frame: header, route, format, fields, time.
///
/// One per thread.
///
///     frame → syslog header → the program's formats → captures, JSON, `key=value`, code → event, field ranges
///
/// Allocates nothing once its caches know the names that occur.
package struct LineParser: ~Copyable {
    private var router: Router
    private var matcher = GrokMatcher()
    private var writer: EventWriter
    private var joiner = LineJoiner()
    /// What each format said of the messages; nil, as mostly, where nobody asks.
    package var attempts: [FormatAttempt]?

    /// `zone` gives times without a zone their offset; `zones` finds the zones that lines write by name, such as
    /// `Europe/Berlin`.
    package init(
        formats: FormatSet, zone: ZoneRule, zones: (@Sendable (String) -> ZoneRule?)? = nil
    ) {
        router = Router(formats)
        writer = EventWriter(
            tables: formats.rules.map { KeyTable($0) }, times: TimeReader(zone: zone, zones: ZoneNames(zones))
        )
    }

    /// Appends one event, with its fields, for the bytes `frame` of `batch.bytes` (cut to what is there).
    ///
    /// Never fails and never drops: what cannot be read stays in the raw line, and the event says why. `peer`
    /// is an index of `batch.peers`; `noted` is what the listener already knows about the frame. Where the peer has a
    /// source, a line that has a syslog header of its own is read with it, and any other line is a message as a
    /// whole.
    package mutating func parse(
        _ frame: Range<Int>, peer: Int, noted: ParseReasons = [], in batch: inout EventBatch
    ) {
        // A second reference to the arena, not a copy: nothing below writes to it.
        let arena = batch.bytes
        let bytes = arena.span
        let line = begin(bytes, frame, peer: peer, noted: noted, &batch)
        finish(bytes, line, &batch)
    }

    // MARK: Lines that belong together

    /// As `parse`, but a line that may be one of several of an event is kept back until the event is whole.
    ///
    /// The line stands in `batch.held` meanwhile, and its event comes from `release`. A blank line is no event.
    package mutating func take(
        _ frame: Range<Int>, peer: Int, noted: ParseReasons = [], in batch: inout EventBatch
    ) {
        let arena = batch.bytes
        let bytes = arena.span
        let line = begin(bytes, frame, peer: peer, noted: noted, &batch)
        guard router.hasSeveral(line.route) else {
            if writer.event.raw.count == 0 { return writer.abandon(&batch) }
            return finish(bytes, line, &batch)
        }
        joiner.find(bytes, line.header, line.sender)
        let (place, owner) = place(bytes, line)
        let isHeld = joiner.take(
            bytes, writer.event.raw.range, message: line.header.message.range, place, owner: owner,
            from: line.sender, noted: noted, received: batch.received)
        guard let id = isHeld else {
            // A blank line between two events of a file.
            if writer.event.raw.count == 0 { return writer.abandon(&batch) }
            return finish(bytes, line, &batch)
        }
        batch.held.append(
            HeldLine(raw: writer.event.raw, peer: writer.event.peer, noted: noted, id: id))
        writer.abandon(&batch)
    }

    /// Appends the events whose lines are complete: another event began, or nothing came for a while.
    ///
    /// - `now`: nanoseconds since the Unix epoch; nil takes all that is held.
    /// - `batch`: an empty one; its `released` names the lines in these events.
    package mutating func release(at now: Int64?, into batch: inout EventBatch) {
        joiner.completeDue(at: now)
        guard !joiner.complete.isEmpty else { return }
        batch.received = joiner.complete.reduce(Int64.min) { max($0, $1.touched) }
        for held in joiner.complete {
            let start = batch.bytes.count
            // Blank lines behind an event only part it from the next one.
            batch.bytes += held.raw[..<(held.raw.lastIndex { $0 != 0x0A }.map { $0 + 1 } ?? 0)]
            let end = batch.bytes.count
            batch.bytes.append(0x0A)
            if batch.peers.last != held.peer { batch.peers.append(held.peer) }
            parse(
                start..<end, peer: batch.peers.count - 1, noted: held.noted, in: &batch)
            batch.released += held.ids
        }
        joiner.complete.removeAll(keepingCapacity: true)
    }

    /// Whether `release` has something to do now or later.
    package var holdsLines: Bool { joiner.holdsLines }

    /// What a line is to those before it, and which format says so.
    ///
    /// Formats whose events may have several lines are asked first: what they take for a beginning may hold
    /// anything, also what another format looks for.
    private mutating func place(_ bytes: Span<UInt8>, _ line: Line) -> (LineRule.Place, owner: Int) {
        let message = line.header.message.range
        for step in line.route {
            let format = router.format(step)
            guard admits(format, line, bytes) else { continue }
            switch format.lines {
            case .single: continue
            case .patterns:
                if let place = place(message, format, bytes) { return (place, step) }
            case .several:
                if format.check.passes(bytes, from: message.lowerBound, to: message.upperBound) {
                    return (.begins(), step)
                }
            case .code(let reader):
                let place = reader(bytes, message, joiner.state(of: step))
                if place != .unknown { return (place, step) }
            }
        }
        for step in line.route {
            let format = router.format(step)
            guard case .single = format.lines, format.check.looks, admits(format, line, bytes) else {
                continue
            }
            if format.check.passes(bytes, from: message.lowerBound, to: message.upperBound) {
                return (.alone, step)
            }
        }
        return (.unknown, -1)
    }

    /// What a line is by the patterns of a format; nil where they do not say.
    private mutating func place(
        _ message: Range<Int>, _ format: Format, _ bytes: Span<UInt8>
    ) -> LineRule.Place? {
        let end = min(message.upperBound, message.lowerBound &+ ParseLimits.matchedBytes)
        func has(_ program: GrokProgram?, _ matcher: inout GrokMatcher) -> Bool {
            guard let program else { return false }
            return matcher.match(program, bytes, from: message.lowerBound, to: end) == .matched
        }
        if has(format.begins, &matcher) { return .begins() }
        if has(format.continues, &matcher) { return .continues() }
        return format.begins == nil && format.continues != nil ? .begins() : nil
    }

    /// Whether a format reads what this sender writes.
    @inline(__always)
    private func admits(_ format: Format, _ line: Line, _ bytes: Span<UInt8>) -> Bool {
        guard format.hasSenders else { return true }
        var host: [UInt8] = []
        if line.header.host.count > 0 {
            for index in line.header.host.range { host.append(bytes[index]) }
        } else if let known = line.sender.source?.host, !known.isEmpty {
            host = Array(known.utf8)
        } else {
            host = Array(line.sender.address.utf8)
        }
        return format.senders.admits(host[...], line.sender.listener)
    }

    // MARK: Parts

    /// A line with its header read.
    private struct Line {
        var header: SyslogHeader
        var route: Range<Int>
        var sender: Peer
    }

    /// Begins the event of a frame, up to its header.
    private mutating func begin(
        _ bytes: Span<UInt8>, _ frame: Range<Int>, peer: Int, noted: ParseReasons,
        _ batch: inout EventBatch
    ) -> Line {
        let start = max(0, min(frame.lowerBound, bytes.count))
        let raw = start..<max(start, min(frame.upperBound, bytes.count))
        writer.times.received = batch.received
        var event = Event(
            raw: ByteRange(raw), firstField: UInt32(truncatingIfNeeded: batch.fields.count), fieldCount: 0,
            time: batch.received, severity: 0, facility: 0, outcome: .ok, reasons: noted, format: Formats.raw,
            peer: UInt16(truncatingIfNeeded: max(0, peer)))
        if !bytes.isUTF8(raw) { event.reasons.insert(.badUTF8) }
        let sender = batch.peers.indices.contains(peer) ? batch.peers[peer] : Peer(.own, "")
        writer.begin(event, &batch)
        writer.times.useZone(sender.source?.zone ?? "")
        let text = Self.text(bytes, raw)
        guard let source = sender.source else {
            let header = SyslogHeader(bytes, text, times: &writer.times)
            readHeader(header, sender)
            let nameless = header.isWritten ? 0..<0 : router.headless
            let route = header.program.count > 0 ? router.route(bytes, header.program.range) : nameless
            return Line(header: header, route: route, sender: sender)
        }
        return begin(bytes, text, source, sender)
    }

    /// As above, for a line of a file, whose host and program may be known from elsewhere.
    private mutating func begin(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ source: LineSource, _ sender: Peer
    ) -> Line {
        var header = SyslogHeader()
        if !source.isMessage { header = SyslogHeader(bytes, text, times: &writer.times) }
        if header.isWritten {
            readHeader(header, sender)
        } else {
            header = SyslogHeader()
            header.setMessage(bytes, text.lowerBound, text.upperBound)
            writer.event.severity = Event.unknown
            writer.event.facility = Event.unknown
        }
        if header.host.count == 0, !source.host.isEmpty { writer.addHeader(.host, text: source.host.utf8) }
        if !source.zone.isEmpty { writer.addHeader(.sourceZone, text: source.zone.utf8) }
        if header.program.count == 0, !source.program.isEmpty {
            writer.addHeader(.program, text: source.program.utf8)
        }
        var route = 0..<0
        if let format = source.format {
            route = router.route(format: format)
        } else if header.program.count > 0 {
            route = router.route(bytes, header.program.range)
        } else if !source.program.isEmpty {
            let program = Array(source.program.utf8)
            route = router.route(program.span, 0..<program.count)
        }
        return Line(header: header, route: route, sender: sender)
    }

    private mutating func finish(_ bytes: Span<UInt8>, _ line: Line, _ batch: inout EventBatch) {
        let isRead = readMessage(bytes, line)
        setTime(line.header.time, received: batch.received, line.sender.listener)
        if isRead, !writer.event.reasons.isEmpty { writer.event.outcome = .partial }
        writer.end(&batch)
    }

    /// The frame without the line ends that senders leave on it.
    private static func text(_ bytes: Span<UInt8>, _ raw: Range<Int>) -> Range<Int> {
        var end = raw.upperBound
        if end > raw.lowerBound, bytes[end &- 1] == UInt8(ascii: "\n") { end &-= 1 }
        if end > raw.lowerBound, bytes[end &- 1] == UInt8(ascii: "\r") { end &-= 1 }
        return raw.lowerBound..<end
    }

    private mutating func readHeader(_ header: SyslogHeader, _ sender: Peer) {
        writer.event.severity = header.severity
        writer.event.facility = header.facility
        writer.event.reasons.formUnion(header.reasons)
        if header.priority.count > 0 { writer.addHeader(FieldValue(.pri, .hole, header.priority)) }
        if header.timeText.count > 0 {
            let layout = header.time.map { $0.fits ? $0.layout : .none } ?? .none
            let role: FieldValue.Role = layout.style == .none ? .hole : .time
            writer.addHeader(FieldValue(.headerTime, role, header.timeText, layout: layout))
        }
        if header.host.count > 0 {
            writer.addHeader(FieldValue(.host, .hole, header.host))
        } else if !sender.address.isEmpty {
            writer.addHeader(.host, text: sender.address.utf8)
        }
        if header.program.count > 0 { writer.addHeader(FieldValue(.program, .hole, header.program)) }
        if header.pid.count > 0 { writer.addHeader(FieldValue(.pid, .hole, header.pid)) }
        if header.msgid.count > 0 { writer.addHeader(FieldValue(.msgid, .hole, header.msgid)) }
        if header.structuredData.count > 0 { writer.addHeader(FieldValue(.sd, .hole, header.structuredData)) }
    }

    /// Adds the message, and its fields where a format reads it: those of the program in their order, then the
    /// bodies that any program may write.
    ///
    /// False where the program has formats and none took the message; a line of no program may be any text.
    private mutating func readMessage(_ bytes: Span<UInt8>, _ line: Line) -> Bool {
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

    /// Reads a message by the first format of a route that takes it.
    private mutating func read(
        _ bytes: Span<UInt8>, _ message: ByteRange, _ line: Line, _ route: Range<Int>,
        _ mark: EventWriter.Mark, _ reason: inout ParseReasons
    ) -> Bool {
        let range = message.range
        let seen = range.lowerBound..<min(range.upperBound, range.lowerBound &+ ParseLimits.matchedBytes)
        let zone = line.sender.source?.zone ?? ""
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

    /// The message's own time is when it happened; the header's is taken where it says the same second with
    /// more digits, or where the message has none.
    private mutating func setTime(_ sent: TimeReading?, received: Int64, _ listener: Peer.Listener) {
        let own = writer.ownTime
        // 64 bits of nanoseconds end in 2262: a time beyond is kept as text, and the next best stands in.
        if own?.fits == false || sent?.fits == false { writer.event.reasons.insert(.timeSuspect) }
        let sent = sent?.fits == true ? sent : nil
        guard var chosen = own?.fits == true ? own : sent else { return }
        if let sent, sent.fractionDigits > chosen.fractionDigits,
            CivilDate.floorDivide(chosen.nanoseconds, 1_000_000_000)
                == CivilDate.floorDivide(sent.nanoseconds, 1_000_000_000)
        {
            chosen = sent
        }
        if listener == .udp || listener == .tcp {
            let (distance, overflow) = chosen.nanoseconds.subtractingReportingOverflow(received)
            guard !overflow, distance >= -ParseLimits.past, distance <= ParseLimits.future else {
                writer.event.reasons.insert(.timeSuspect)
                return
            }
        }
        writer.event.time = chosen.nanoseconds
    }
}
