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
    init(formats: FormatSet, zone: ZoneRule, received: Int64) {
        self.formats = formats
        self.received = received
        parser = LineParser(formats: formats, zone: zone, zones: { Zones.find($0) })
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
        var batch = EventBatch()
        batch.received = received
        batch.peers = [Peer(.file, "", source: source)]
        var frames: [Range<Int>] = []
        for line in lines {
            frames.append(batch.bytes.count..<batch.bytes.count + line.count)
            batch.bytes += line
            batch.bytes.append(0x0A)
        }
        for frame in frames { parser.parse(frame, peer: 0, in: &batch) }
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
