/// Makes an event of each frame: header, route, format, fields, time.
///
/// One per thread.
///
///     frame → syslog header → the program's formats → captures, JSON, `key=value`, code → event, field ranges
///
/// Allocates nothing once its caches know the names that occur.
package struct LineParser: ~Copyable {
    var router: Router
    var matcher = GrokMatcher()
    var writer: EventWriter
    var joiner = LineJoiner()
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

    /// A line with its header read.
    struct Line {
        var header: SyslogHeader
        var route: Range<Int>
        var sender: Peer
    }

    /// Begins the event of a frame, up to its header.
    mutating func begin(
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

    mutating func finish(_ bytes: Span<UInt8>, _ line: Line, _ batch: inout EventBatch) {
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
