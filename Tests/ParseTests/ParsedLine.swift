import Parse
import Testing

/// One line, parsed on its own, with its fields as text.
struct ParsedLine {
    /// 2026-11-22T12:00:00Z.
    static let received: Int64 = 1_795_348_800_000_000_000
    static let sender = "10.1.2.3"
    static let formats: FormatSet? = try? FormatSet(library: .embedded)

    let batch: EventBatch
    let event: Event

    /// A line of a file.
    static func ofFile(_ line: [UInt8], program: String = "") throws -> ParsedLine {
        try ParsedLine(line, listener: .file, source: LineSource(program: program))
    }

    init(
        _ line: [UInt8], listener: Peer.Listener = .tcp, received: Int64 = received, zone: ZoneRule = .utc,
        noted: ParseReasons = [], formats: FormatSet? = formats, source: LineSource? = nil
    ) throws {
        var parser = LineParser(formats: try #require(formats), zone: zone)
        var batch = EventBatch()
        // Something before and behind the frame, so that a parser that leaves it is seen.
        batch.bytes = Array("<1>before\n".utf8) + line + Array("\n<2>behind: x=1\n".utf8)
        batch.received = received
        batch.peers = [Peer(.own, ""), Peer(listener, Self.sender, source: source)]
        parser.parse(10..<10 + line.count, peer: 1, noted: noted, in: &batch)
        #expect(batch.events.count == 1)
        self.batch = batch
        event = try #require(batch.events.first)
        #expect(flaws(in: batch, event) == [])
    }

    init(
        _ line: String, listener: Peer.Listener = .tcp, received: Int64 = received, zone: ZoneRule = .utc
    ) throws {
        try self.init(Array(line.utf8), listener: listener, received: received, zone: zone)
    }

    /// The text of a field; nil where the event does not have it.
    subscript(_ name: String) -> String? {
        batch.fields(of: event).first { Fields.table.name(of: $0.field.rawValue) == name }
            .map { String(decoding: batch.bytes(of: $0), as: UTF8.self) }
    }

    func role(_ name: String) -> FieldValue.Role? {
        batch.fields(of: event).first { Fields.table.name(of: $0.field.rawValue) == name }?.role
    }

    var reasons: Set<String> { Set(event.reasons.descriptions) }
    var format: String { Formats.names.name(of: event.format) }

    /// The names of all fields, in their order.
    var names: [String] { batch.fields(of: event).map { Fields.table.name(of: $0.field.rawValue) } }
}

/// What breaks the rules of `FieldValue.Role` in an event: holes in order and apart, spans nested and listed
/// before what they hold, times that write themselves again, all of it inside the raw line.
func flaws(in batch: EventBatch, _ event: Event) -> [String] {
    var flaws: [String] = []
    var cursor = event.raw.start
    var open: [ByteRange] = []
    guard event.raw.end <= UInt32(batch.bytes.count) else { return ["raw line outside of the bytes"] }
    if event.fieldCount > ParseLimits.fields { flaws.append("\(event.fieldCount) fields") }
    for value in batch.fields(of: event) {
        let name = Fields.table.name(of: value.field.rawValue)
        if name.isEmpty { flaws.append("field without a name") }
        if value.bytes.start > value.bytes.end { flaws.append("\(name): ends before it starts") }
        if value.role == .derived {
            if value.bytes.end > UInt32(batch.derived.count) { flaws.append("\(name): outside of derived") }
            continue
        }
        if value.bytes.start < event.raw.start || value.bytes.end > event.raw.end {
            flaws.append("\(name): outside of the raw line")
        }
        if value.bytes.start < cursor { flaws.append("\(name): overlaps or out of order") }
        while let span = open.last, span.end <= value.bytes.start { open.removeLast() }
        if let span = open.last, value.bytes.end > span.end { flaws.append("\(name): crosses a span") }
        if value.role == .span {
            open.append(value.bytes)
            cursor = value.bytes.start
        } else {
            cursor = value.bytes.end
        }
        if (value.role == .time) != (value.layout.style != .none) {
            flaws.append("\(name): layout and role differ")
        }
    }
    let isKnown = (event.severity <= 7, event.facility <= 23)
    if !isKnown.0 && event.severity != Event.unknown || !isKnown.1 && event.facility != Event.unknown {
        flaws.append("severity or facility out of range")
    }
    return flaws
}
