import FuzzSupport
import Parse

@testable import Index

/// Any bytes as one frame make exactly one event, whose parts lie in the frame, whose line comes back from a block,
/// and which the block's index lets every query for its words find.
///
/// First byte: the way in. The rest is the frame.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHeader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe Input(start, count)
    let listener = Peer.Listener(rawValue: input.byte() % 4) ?? .tcp
    let line = input.rest()
    let state = unsafe State.shared

    // Bytes around the frame show a reach beyond it.
    var batch = EventBatch()
    batch.bytes = Array("<13>before\n".utf8) + line + Array("\n<14>behind".utf8)
    batch.received = 1_795_348_800_000_000_000
    batch.peers = [Peer(listener, listener == .own ? "" : "10.1.2.3")]
    let frame = 11..<11 + line.count
    state.parser.parse(frame, peer: 0, noted: [], in: &batch)

    require(batch.events.count == 1, "\(batch.events.count) events from one frame")
    let event = batch.events[0]
    require(event.raw.range == frame, "the event has \(event.raw.range) of \(frame)")
    checkFields(of: event, in: batch)
    do { try checkBlock(of: event, in: batch, line, state) } catch { require(false, "\(error)") }
    checkLines(line, from: batch.peers[0], state)
    return 0
}

/// The lines of the input, one by one, as they come from a file: each is in an event or waits for others, and all
/// that waits becomes events.
private func checkLines(_ input: [UInt8], from peer: Peer, _ state: State) {
    var batch = EventBatch()
    batch.received = 1_795_348_800_000_000_000
    batch.peers = [peer]
    for line in input.split(separator: 0x0A) {
        let start = batch.bytes.count
        batch.bytes += line + [0x0A]
        let before = batch.events.count + batch.held.count
        state.parser.take(start..<start + line.count, peer: 0, noted: [], in: &batch)
        require(batch.events.count + batch.held.count == before + 1, "a line is nowhere, or twice")
    }
    var joined = EventBatch()
    state.parser.release(at: nil, into: &joined)
    require(Set(joined.released) == Set(batch.held.map(\.id)), "a line that waited is lost")
    for event in joined.events { checkFields(of: event, in: joined) }
}

/// What is made once and used by every run.
final class State {
    var parser: LineParser
    var compressor = ZstdCompressor()

    nonisolated(unsafe) static let shared = State()

    private init() {
        do { parser = LineParser(formats: try FormatSet(library: .embedded), zone: .utc) } catch {
            fatalError("\(error)")
        }
    }
}

/// Holes stand in order and do not overlap; spans nest; nothing reaches out of the frame.
private func checkFields(of event: Event, in batch: EventBatch) {
    require(event.fieldCount <= ParseLimits.fields, "\(event.fieldCount) fields")
    var position = event.raw.range.lowerBound
    var open: [Int] = []
    for value in batch.fields(of: event) {
        let range = value.bytes.range
        require(value.bytes.start <= value.bytes.end, "a value ends before it begins")
        if value.role == .derived {
            require(range.upperBound <= batch.derived.count, "a derived value reaches out")
            continue
        }
        require(range.lowerBound >= position, "a value at \(range) overlaps the one before, to \(position)")
        require(range.upperBound <= event.raw.range.upperBound, "a value reaches out of the frame")
        while let last = open.last, last <= range.lowerBound { open.removeLast() }
        if let last = open.last {
            require(range.upperBound <= last, "\(range) crosses the end \(last) of a span")
        }
        require(value.role != .time || value.layout.style != .none, "a time without a layout")
        position = value.role == .span ? range.lowerBound : range.upperBound
        if value.role == .span { open.append(range.upperBound) }
    }
}

/// The line comes back from the open and from the stored block, and the index admits all of its words.
private func checkBlock(of event: Event, in batch: EventBatch, _ line: [UInt8], _ state: State) throws {
    var builder = BlockBuilder(day: Day(containing: event.time))
    builder.beginBatch()
    builder.append(event, of: batch, sequence: 1)
    let encoded = try BlockCodec.encode(builder.block, with: &state.compressor)
    let stored = try BlockCodec.decode(encoded.head) { (column) throws(StoreError) in
        guard let part = encoded.parts.first(where: { $0.column == column }) else {
            throw .damaged("no part")
        }
        return part.bytes
    }
    for reader in [BlockReader(builder.block), stored] {
        var raw: [UInt8] = []
        try reader.appendRaw(0, to: &raw)
        require(raw == line, "the line does not come back from the block")
        require(try reader.times() == [event.time], "the time does not come back")
    }

    let words = Set(encoded.words.split(separator: 0x20))
    let times = Set(encoded.timeTerms.split(separator: " "))
    for probe in TermProbe.probes(of: line) {
        if let form = probe.timeForm, times.contains(Substring(form)) { continue }
        switch probe.term {
        case .word(let word):
            require(words.contains(word[...]), "the index lacks \(String(decoding: word, as: UTF8.self))")
        case .id(let hash): require(encoded.bloom.mayContain(hash), "the filter lacks an id of the line")
        }
    }
}
