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
    var fileTimes = FileTimes()
    private var hostZones: KnownZones

    /// `zone` gives times without a zone their offset, `hosts` those of hosts in other zones; `zones` finds the zones that
    /// lines write by name, such as `Europe/Berlin`.
    package init(
        formats: FormatSet, zone: ZoneRule, zones: (@Sendable (String) -> ZoneRule?)? = nil,
        hosts: HostZones? = nil
    ) {
        hostZones = KnownZones(hosts)
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
        /// The zone of its times without one; empty for that of the settings.
        var zone: String
        /// The message as it is meant, where it does not stand so in the frame; else empty.
        var text: [UInt8] = []
        /// Where `text` is there: the host, which the header's ranges do not tell then.
        var host: [UInt8] = []
        /// Whether a field of the header holds the written form of `text` already.
        var isCovered = false
    }

    /// Begins the event of a frame, up to its header.
    mutating func begin(
        _ bytes: Span<UInt8>, _ frame: Range<Int>, peer: Int, noted: ParseReasons,
        _ batch: inout EventBatch
    ) -> Line {
        let start = max(0, min(frame.lowerBound, bytes.count))
        let raw = start..<max(start, min(frame.upperBound, bytes.count))
        var event = Event(
            raw: ByteRange(raw), firstField: UInt32(truncatingIfNeeded: batch.fields.count), fieldCount: 0,
            time: batch.received, severity: 0, facility: 0, outcome: .ok, reasons: noted, format: Formats.raw,
            peer: UInt16(truncatingIfNeeded: max(0, peer)))
        if !bytes.isUTF8(raw) { event.reasons.insert(.badUTF8) }
        let sender = batch.peers.indices.contains(peer) ? batch.peers[peer] : Peer(.own, "")
        writer.begin(event, &batch)
        writer.times.received = sender.source?.yearReference ?? batch.received
        let text = Self.text(bytes, raw)
        guard let source = sender.source else {
            let (header, zone) = header(bytes, text, sender)
            readHeader(header, sender)
            let nameless = header.isWritten ? 0..<0 : router.headless
            let route = header.program.count > 0 ? router.route(bytes, header.program.range) : nameless
            return unfolded(bytes, Line(header: header, route: route, sender: sender, zone: zone))
        }
        return unfolded(bytes, begin(bytes, text, source, sender))
    }

    /// As above, for a line of a file, whose host and program may be known from elsewhere.
    private mutating func begin(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ source: LineSource, _ sender: Peer
    ) -> Line {
        let (read, zone) = self.header(bytes, text, sender)
        var header = read
        if header.isWritten {
            // Log files have no PRI.
            header.reasons.remove(.noPriority)
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
        return Line(header: header, route: route, sender: sender, zone: zone)
    }

    /// Reads the header of a line, its time in the zone of its host.
    ///
    /// Whose line it is stands behind the time. So that is read in the zone of the line before, and once more where this
    /// one's is another.
    private mutating func header(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ sender: Peer
    ) -> (SyslogHeader, zone: String) {
        let stated = sender.source?.zone ?? ""
        if sender.source?.isMessage == true {
            let zone = stated.isEmpty ? hostZones.zone(bytes, 0..<0, sender) : stated
            writer.times.useZone(zone)
            return (SyslogHeader(), zone)
        }
        if hostZones.isEmpty || !stated.isEmpty { writer.times.useZone(stated) }
        let header = SyslogHeader(bytes, text, times: &writer.times)
        guard !hostZones.isEmpty, stated.isEmpty else { return (header, stated) }
        let zone = hostZones.zone(bytes, header.host.range, sender)
        guard writer.times.useZone(zone), header.time != nil else { return (header, zone) }
        return (SyslogHeader(bytes, text, times: &writer.times), zone)
    }

    mutating func finish(_ bytes: Span<UInt8>, _ line: Line, _ batch: inout EventBatch) {
        let isRead = line.text.isEmpty && !line.isCovered ? readMessage(bytes, line) : readText(line)
        if writer.event.reasons.contains(.noPriority) { settlePriority() }
        setTime(line.header.time, received: batch.received, line.sender.listener)
        setOtherTime(bytes, line, received: batch.received)
        if isRead, !writer.event.reasons.isEmpty { writer.event.outcome = .partial }
        writer.end(&batch)
    }

    /// Says what a message without a PRI is.
    ///
    /// One that a format or an object explains is whole: some senders, as the groups of MediaWiki, write none. For
    /// any other it is 13 (RFC 3164 §4.3.3), and the reason stays.
    private mutating func settlePriority() {
        if writer.event.format == Formats.raw {
            if writer.event.severity == Event.unknown { writer.event.severity = 5 }
            if writer.event.facility == Event.unknown { writer.event.facility = 1 }
        } else if writer.event.facility == Event.unknown {
            writer.event.reasons.remove(.noPriority)
        }
    }

    /// The frame without the line ends and NULs that senders leave on it.
    private static func text(_ bytes: Span<UInt8>, _ raw: Range<Int>) -> Range<Int> {
        var end = raw.upperBound
        while end > raw.lowerBound,
            bytes[end &- 1] == UInt8(ascii: "\n") || bytes[end &- 1] == UInt8(ascii: "\r")
                || bytes[end &- 1] == 0
        {
            end &-= 1
        }
        return raw.lowerBound..<end
    }

    mutating func readHeader(_ header: SyslogHeader, _ sender: Peer, addsHost: Bool = true) {
        writer.event.severity = header.severity
        writer.event.facility = header.facility
        writer.event.reasons.formUnion(header.reasons)
        if header.priority.count > 0 { writer.addHeader(FieldValue(.pri, .hole, header.priority)) }
        // A device may put its name before the time.
        let isHostFirst = header.host.count > 0 && header.host.start < header.timeText.start
        if isHostFirst, addsHost { writer.addHeader(FieldValue(.host, .hole, header.host)) }
        if header.timeText.count > 0 {
            let layout = header.time.map { $0.fits ? $0.layout : .none } ?? .none
            let role: FieldValue.Role = layout.style == .none ? .hole : .time
            writer.addHeader(FieldValue(.headerTime, role, header.timeText, layout: layout))
        }
        if !addsHost || isHostFirst {
            // It is there already.
        } else if header.host.count > 0 {
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
