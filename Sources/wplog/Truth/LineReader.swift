import Index
import Parse
import Query

/// Reads single lines as the server would, and shows the events as the store would give them: each goes into a
/// block and comes out of it again.
struct LineReader: ~Copyable {
    let formats: FormatSet
    private var parser: LineParser
    private let received: Int64

    /// - `received`: stands in for the time of lines that have none.
    ///
    /// Nanoseconds since the Unix epoch.
    init(formats: FormatSet, zone: ZoneRule, hosts: HostRules = .none, received: Int64) {
        self.formats = formats
        self.received = received
        parser = LineParser(formats: formats, zone: zone, zones: { Zones.find($0) }, hosts: hosts.zones)
    }

    /// Reads lines; with a source, as messages of its program.
    ///
    /// The events come in the order of the lines.
    mutating func read(_ lines: [[UInt8]], from source: LineSource?) throws -> [FoundEvent] {
        var events: [FoundEvent] = []
        for start in stride(from: 0, to: lines.count, by: IndexLimits.eventsPerBlock) {
            let part = lines[start..<min(lines.count, start + IndexLimits.eventsPerBlock)]
            events += try read(part, from: source, firstSequence: UInt64(start))
        }
        return events
    }

    /// Reads lines that come one by one, joining those of one event as the server does.
    ///
    /// The last event may wait for more lines: `isLast` says that none come. The events come in the order of their
    /// first lines.
    mutating func join(_ lines: [[UInt8]], from source: LineSource?, isLast: Bool) throws -> [FoundEvent] {
        var events: [FoundEvent] = []
        for start in stride(from: 0, to: lines.count, by: IndexLimits.eventsPerBlock / 2) {
            let part = lines[start..<min(lines.count, start + IndexLimits.eventsPerBlock / 2)]
            events += try joinPart(part, from: source, isLast: false)
        }
        if isLast { events += try joinPart([], from: source, isLast: true) }
        return events
    }

    private mutating func joinPart(
        _ lines: ArraySlice<[UInt8]>, from source: LineSource?, isLast: Bool
    ) throws -> [FoundEvent] {
        var batch = batch(of: source)
        var places: [UInt64: Int] = [:]
        var found: [(place: Int, event: FoundEvent)] = []
        var firsts: [Int] = []
        for line in lines {
            let start = batch.bytes.count
            batch.bytes += line
            batch.bytes.append(0x0A)
            let (events, held) = (batch.events.count, batch.held.count)
            parser.take(start..<start + line.count, peer: 0, in: &batch)
            if batch.events.count > events { firsts.append(start) }
            if batch.held.count > held, let id = batch.held.last?.id { places[id] = start }
        }
        for (place, event) in zip(firsts, try stored(batch)) { found.append((place, event)) }
        var joined = batch
        joined.recycle(consumed: joined.bytes.count)
        joined.received = batch.received
        parser.release(at: isLast ? nil : batch.received, into: &joined)
        joined.received = batch.received
        // Each event holds some lines, in the order of the events; those of an earlier call come first.
        var ids = joined.released[...]
        for (event, count) in zip(try stored(joined), joined.linesOfEvents) {
            let first = ids.prefix(count).compactMap { places[$0] }.min() ?? -1
            ids = ids.dropFirst(count)
            found.append((first, event))
        }
        return found.sorted { $0.place < $1.place }.map(\.event)
    }

    /// Reads a line, and says how.
    mutating func explain(_ line: [UInt8], from source: LineSource?) throws -> LineExplanation {
        parser.attempts = []
        defer { parser.attempts = nil }
        guard let event = try read([line], from: source).first else {
            throw ExitCode.usage("no event came of the line")
        }
        let program = event.value("program").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return LineExplanation(
            event, parser.attempts ?? [], route: program.isEmpty ? [] : formats.names(ofProgram: program),
            formats: formats)
    }

    private mutating func read(
        _ lines: ArraySlice<[UInt8]>, from source: LineSource?, firstSequence: UInt64
    ) throws -> [FoundEvent] {
        var batch = batch(of: source)
        var frames: [Range<Int>] = []
        for line in lines {
            frames.append(batch.bytes.count..<batch.bytes.count + line.count)
            batch.bytes += line
            batch.bytes.append(0x0A)
        }
        for frame in frames { parser.parse(frame, peer: 0, in: &batch) }
        return try stored(batch, firstSequence: firstSequence)
    }

    private func batch(of source: LineSource?) -> EventBatch {
        var batch = EventBatch()
        batch.received = received
        batch.peers = [Peer(.file, "", source: source)]
        return batch
    }

    /// The events of a batch as a block gives them back.
    private func stored(_ batch: EventBatch, firstSequence: UInt64 = 0) throws -> [FoundEvent] {
        var builder = BlockBuilder(day: Day(containing: received))
        builder.beginBatch()
        for (index, event) in batch.events.enumerated() {
            builder.append(event, of: batch, sequence: firstSequence + UInt64(index))
        }
        let reader = BlockReader(builder.block)
        do {
            return try batch.events.indices.map { try reader.event($0) }
        } catch {
            throw ExitCode.usage("\(error)")
        }
    }
}
