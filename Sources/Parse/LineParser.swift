/// Makes an event of each frame: header, route, format, fields, time. One per thread.
///
///     frame → syslog header → the program's formats → captures, `key=value` → event and field ranges
///
/// Allocates nothing once its caches know the names that occur.
package struct LineParser: ~Copyable {
    private var times: TimeReader
    private var router: Router
    private var matcher = GrokMatcher()
    private var fields: FieldWriter

    /// `zone` gives times without a zone their offset.
    package init(formats: FormatSet, zone: ZoneRule) {
        times = TimeReader(zone: zone)
        router = Router(formats)
        fields = FieldWriter()
    }

    /// Appends one event, with its fields, for the bytes `frame` of `batch.bytes` (cut to what is there).
    ///
    /// Never fails and never drops: what cannot be read stays in the raw line, and the event says why. `peer`
    /// is an index of `batch.peers`; `noted` is what the listener already knows about the frame.
    package mutating func parse(
        _ frame: Range<Int>, peer: Int, noted: ParseReasons = [], in batch: inout EventBatch
    ) {
        // A second reference to the arena, not a copy: nothing below writes to it.
        let arena = batch.bytes
        let bytes = arena.span
        let start = max(0, min(frame.lowerBound, bytes.count))
        let raw = start..<max(start, min(frame.upperBound, bytes.count))
        let sender = batch.peers.indices.contains(peer) ? batch.peers[peer] : Peer(.own, "")
        times.received = batch.received

        var event = Event(
            raw: ByteRange(raw), firstField: UInt32(truncatingIfNeeded: batch.fields.count), fieldCount: 0,
            time: batch.received, severity: 0, facility: 0, outcome: .ok, reasons: noted, format: Formats.raw,
            peer: UInt16(truncatingIfNeeded: max(0, peer)))
        if !bytes.isUTF8(raw) { event.reasons.insert(.badUTF8) }

        let header = SyslogHeader(bytes, Self.text(bytes, raw), times: &times)
        event.severity = header.severity
        event.facility = header.facility
        event.reasons.formUnion(header.reasons)
        Self.appendHeader(header, sender, &batch.fields, &batch.derived)

        let found = readMessage(bytes, header, &event, &batch.fields)
        setTime(found.time, header.time, received: batch.received, sender.listener, &event)
        if !found.isFailed, !event.reasons.isEmpty { event.outcome = .partial }
        event.fieldCount = UInt16(truncatingIfNeeded: batch.fields.count - Int(event.firstField))
        batch.events.append(event)
    }

    /// The frame without the line ends that senders leave on it.
    private static func text(_ bytes: Span<UInt8>, _ raw: Range<Int>) -> Range<Int> {
        var end = raw.upperBound
        if end > raw.lowerBound, bytes[end &- 1] == UInt8(ascii: "\n") { end &-= 1 }
        if end > raw.lowerBound, bytes[end &- 1] == UInt8(ascii: "\r") { end &-= 1 }
        return raw.lowerBound..<end
    }

    private static func appendHeader(
        _ header: SyslogHeader, _ sender: Peer, _ fields: inout [FieldValue], _ derived: inout [UInt8]
    ) {
        if header.priority.count > 0 { fields.append(FieldValue(.pri, .hole, header.priority)) }
        if header.timeText.count > 0 {
            let layout = header.time.map { $0.fits ? $0.layout : .none } ?? .none
            let role: FieldValue.Role = layout.style == .none ? .hole : .time
            fields.append(FieldValue(.headerTime, role, header.timeText, layout: layout))
        }
        if header.host.count > 0 {
            fields.append(FieldValue(.host, .hole, header.host))
        } else if !sender.address.isEmpty {
            let start = derived.count
            derived.append(contentsOf: sender.address.utf8)
            fields.append(FieldValue(.host, .derived, ByteRange(start..<derived.count)))
        }
        if header.program.count > 0 { fields.append(FieldValue(.program, .hole, header.program)) }
        if header.pid.count > 0 { fields.append(FieldValue(.pid, .hole, header.pid)) }
        if header.msgid.count > 0 { fields.append(FieldValue(.msgid, .hole, header.msgid)) }
        if header.structuredData.count > 0 { fields.append(FieldValue(.sd, .hole, header.structuredData)) }
    }

    /// Appends the message, and its fields where one of the program's formats reads it.
    private mutating func readMessage(
        _ bytes: Span<UInt8>, _ header: SyslogHeader, _ event: inout Event, _ out: inout [FieldValue]
    ) -> (time: TimeReading?, isFailed: Bool) {
        guard header.message.count > 0 else { return (nil, false) }
        let route = header.program.count > 0 ? router.route(bytes, header.program.range) : 0..<0
        let message = header.message.range
        let seen =
            message.lowerBound..<min(message.upperBound, message.lowerBound &+ ParseLimits.matchedBytes)
        var reason = ParseReasons.noMatch
        for step in route {
            let format = router.format(step)
            guard format.check.passes(bytes, from: seen.lowerBound, to: seen.upperBound) else { continue }
            switch matcher.match(format.program, bytes, from: seen.lowerBound, to: seen.upperBound) {
            case .noMatch:
                // Behind the cut there may be what the pattern missed.
                if seen.upperBound < message.upperBound { reason = .limit }
            case .limit:
                reason = .limit
            case .matched:
                guard let tail = Self.tail(of: format, matcher, bytes, seen: seen.upperBound, message) else {
                    reason = .limit
                    continue
                }
                event.format = format.number
                let first = Int(event.firstField)
                out.append(FieldValue(.message, .span, header.message))
                let time = fields.write(
                    bytes, format, matcher, tail: tail, first: first, times: &times, reasons: &event.reasons,
                    &out)
                return (time, false)
            }
        }
        out.append(FieldValue(.message, .hole, header.message))
        guard !route.isEmpty else { return (nil, false) }
        event.outcome = .failed
        event.reasons.insert(reason)
        return (nil, true)
    }

    /// What the tail of a match is in the whole message: empty where the format has none. Nil where the
    /// message was cut before the match, and the match of the whole could be another.
    private static func tail(
        of format: Format, _ matcher: borrowing GrokMatcher, _ bytes: Span<UInt8>, seen: Int,
        _ message: Range<Int>
    ) -> Range<Int>? {
        let tail = format.tailCapture >= 0 ? matcher.range(of: format.tailCapture)?.range : nil
        if seen == message.upperBound { return tail ?? seen..<seen }
        // A tail takes any text, so it may go on; but one that begins with a quote may be a field cut in two.
        guard let tail, !tail.isEmpty, tail.upperBound == seen, bytes[tail.lowerBound] != UInt8(ascii: "\"")
        else { return nil }
        return tail.lowerBound..<message.upperBound
    }

    /// The message's own time is when it happened; the header's is taken where it says the same second with
    /// more digits, or where the message has none.
    private func setTime(
        _ own: TimeReading?, _ sent: TimeReading?, received: Int64, _ listener: Peer.Listener,
        _ event: inout Event
    ) {
        // 64 bits of nanoseconds end in 2262: a time beyond is kept as text, and the next best stands in.
        if own?.fits == false || sent?.fits == false { event.reasons.insert(.timeSuspect) }
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
                event.reasons.insert(.timeSuspect)
                return
            }
        }
        event.time = chosen.nanoseconds
    }
}
