import Parse

/// Reads events of one block after the other again, from their raw lines.
///
///     block ─► event as it was ─► line, sender, receipt ─► parser ─► event as it is now
///                └───────────────────── the same? ───────────────────┘
struct BlockReparser: ~Copyable {
    private(set) var count = ReparseCount()
    private var parser: LineParser
    /// The event in hand, as it was.
    private var old = EventBatch()
    /// The events of the block that changed, in its order.
    private var fresh = EventBatch()
    private var renderer = TimeRenderer()
    private var rendered: [UInt8] = []

    private static let headerHost = FieldID(named: "header_host")

    init(_ parser: consuming LineParser) { self.parser = parser }

    /// Reads the events `rows` of a block of `day` again.
    ///
    /// Returns the block that holds what came of them, and all other events as they were; nil where it would
    /// be the same.
    mutating func reparse(_ block: BlockReader, _ rows: RowSet, day: Day) throws(StoreError) -> Block? {
        guard !rows.isEmpty else { return nil }
        let events = try BlockEvents(block)
        let changed = try read(events, rows, day: day, keepsEvents: true)
        guard !changed.isEmpty else { return nil }
        var builder = BlockBuilder(day: day, strangers: events.strangers)
        let received = try block.received()
        let sequences = try block.sequences()
        var next = 0
        for row in 0..<block.count {
            builder.beginBatch()
            if changed.contains(row) {
                fresh.received = received[row]
                builder.append(fresh.events[next], of: fresh, sequence: sequences[row])
                next += 1
            } else {
                let event = try take(row, of: events)
                builder.append(event, of: old, sequence: sequences[row])
            }
        }
        return builder.block
    }

    /// As `reparse`, but only counts.
    mutating func look(at block: BlockReader, _ rows: RowSet, day: Day) throws(StoreError) {
        if rows.isEmpty { return }
        _ = try read(try BlockEvents(block), rows, day: day, keepsEvents: false)
    }

    // MARK: Events

    /// Reads events again; returns those that changed, which are in `fresh` then.
    private mutating func read(
        _ events: BlockEvents, _ rows: RowSet, day: Day, keepsEvents: Bool
    ) throws(StoreError) -> RowSet {
        var changed = RowSet(size: rows.size)
        fresh.recycle(consumed: fresh.bytes.count)
        for row in 0..<rows.size where rows.contains(row) {
            let was = try take(row, of: events)
            let mark = (bytes: fresh.bytes.count, derived: fresh.derived.count)
            let isNow = readAgain(was)
            count.looked += 1
            count.before.add(was.outcome)
            let isOtherDay = Day(containing: isNow.time) != day
            let isChanged = !isOtherDay && !isSame(was, isNow)
            count.after.add(isOtherDay ? was.outcome : isNow.outcome)
            if isChanged { changed.insert(row) }
            count.otherDay += isOtherDay ? 1 : 0
            count.changed += isChanged ? 1 : 0
            count.unchanged += isOtherDay || isChanged ? 0 : 1
            guard !isChanged || !keepsEvents else { continue }
            fresh.events.removeLast()
            fresh.fields.removeLast(fresh.fields.count - Int(isNow.firstField))
            fresh.derived.removeLast(fresh.derived.count - mark.derived)
            fresh.bytes.removeLast(fresh.bytes.count - mark.bytes)
        }
        return changed
    }

    /// Puts an event as it was into `old`, alone.
    private mutating func take(_ row: Int, of events: BlockEvents) throws(StoreError) -> Event {
        old.recycle(consumed: old.bytes.count)
        try events.append(row, to: &old)
        return old.events[0]
    }

    /// Appends to `fresh` what the parser makes of the line of an event now.
    private mutating func readAgain(_ was: Event) -> Event {
        let start = fresh.bytes.count
        fresh.bytes += old.bytes[was.raw.range]
        fresh.received = old.received
        var peer = Int(was.peer)
        if peer < old.peers.count {
            let sender = old.peers[peer]
            let known = Peer(
                sender.listener, sender.address, source: sender.listener == .file ? source(of: was) : nil)
            if fresh.peers.last != known { fresh.peers.append(known) }
            peer = fresh.peers.count - 1
        }
        parser.parse(
            start..<fresh.bytes.count, peer: peer,
            noted: was.reasons.intersection([.truncated, .unterminated]), in: &fresh)
        return fresh.events[fresh.events.count - 1]
    }

    /// What was known of a line of a file: the fields before its message that do not stand in it.
    private func source(of event: Event) -> LineSource {
        var source = LineSource(program: "")
        // The time that the line before gave it, or the file, and the year that was found then.
        if event.time != old.received { source.date = event.time }
        source.yearReference = event.time
        for value in old.fields(of: event) {
            if value.role == .span || value.field == .message || value.field == .escaped { break }
            guard value.role == .derived else { continue }
            let text = String(decoding: old.bytes(of: value), as: UTF8.self)
            switch value.field {
            case .host, Self.headerHost: if source.host.isEmpty { source.host = text }
            case .program: if source.program.isEmpty { source.program = text }
            case .sourceZone: source.zone = text
            default: continue
            }
        }
        return source
    }

    // MARK: Comparison

    /// Whether a query could not tell `isNow`, an event of `fresh`, from what it was.
    private mutating func isSame(_ was: Event, _ isNow: Event) -> Bool {
        guard was.time == isNow.time, was.severity == isNow.severity, was.facility == isNow.facility,
            was.outcome == isNow.outcome, was.reasons == isNow.reasons, was.format == isNow.format
        else { return false }
        // A line that is one value has no times either; roles differ there, and nothing that is shown.
        let before = old.fields(of: was).filter { $0.role != .time && $0.field != .raw }
        let after = fresh.fields(of: isNow).filter { !isWritten($0, isNow.time) }
        return before.elementsEqual(after) { [old, fresh] in
            $0.field == $1.field && old.bytes(of: $0) == fresh.bytes(of: $1)
        }
    }

    /// Whether a block holds the value as the event's time, in its layout, and nothing else.
    private mutating func isWritten(_ value: FieldValue, _ time: Int64) -> Bool {
        guard value.role == .time else { return false }
        rendered.removeAll(keepingCapacity: true)
        renderer.render(time, as: value.layout, into: &rendered)
        return rendered[...] == fresh.bytes(of: value)
    }
}
