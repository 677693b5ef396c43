import FuzzSupport
import Glibc
import Parse

@testable import Index

/// Whatever stands in a file: an error or a value, never a trap, and no more memory than the limits say.
///
/// First byte: what the rest is read as.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBlock(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe Input(start, count)
    switch input.byte() % 5 {
    case 0: readShape(&input)
    case 1: readBlock(input.part(endedBy: 0xFE), part: input.rest())
    case 2: readColumn(&input)
    case 3: readRecord(&input)
    default: readChanged(&input)
    }
    return 0
}

/// A shape's elements lie in its bytes and name columns that exist.
private func readShape(_ input: inout Input) {
    let columns = input.number()
    guard let shape = try? Shape(input.rest()[...], columns: columns) else { return }
    for element in shape.elements {
        switch element {
        case .literal(let range):
            require(range.upperBound <= shape.bytes.count, "a literal outside of the shape")
        case .hole(let column), .begin(let column), .derived(let column):
            require(column < columns, "column \(column) of \(columns)")
        case .time, .end: continue
        }
    }
}

private func readColumn(_ input: inout Input) {
    let rows = input.number() % (IndexLimits.eventsPerBlock + 1)
    let bytes = input.rest()
    var reader = ByteReader(bytes)
    guard let column = try? ColumnCodec.decode(&reader, rows: rows) else { return }
    require(
        column.values.bytes.count <= IndexLimits.columnBytes * 2,
        "\(column.values.bytes.count) bytes of values")
    check(column, rows: rows)
}

private func check(_ column: Column, rows: Int) {
    require(column.codes.count <= rows, "\(column.codes.count) codes for \(rows) events")
    for row in 0..<rows + 2 {
        if let value = column.value(at: row) { _ = column.values.range(value) }
    }
}

/// Reads all of a block, as a query might.
private func readBlock(_ head: [UInt8], part: [UInt8]) {
    guard let block = try? BlockCodec.decode(head, part: { (_) throws(StoreError) in part }) else { return }
    readAll(block)
}

private func readAll(_ block: BlockReader) {
    _ = try? block.times()
    _ = try? block.received()
    _ = try? block.sequences()
    for index in block.names.indices.prefix(64) {
        if let column = try? block.column(index) { check(column, rows: block.count) }
        _ = try? block.spans(of: index)
    }
    _ = try? block.places()
    var raw: [UInt8] = []
    for row in 0..<min(block.count, 64) {
        raw.removeAll(keepingCapacity: true)
        _ = try? block.appendRaw(row, to: &raw)
    }
}

/// A good block with some bytes changed: two bytes place, one byte value, in turn.
private func readChanged(_ input: inout Input) {
    let good = GoodBlock.shared
    var head = good.head
    var parts = good.parts
    while !input.isEmpty {
        let target = Int(input.byte()) % (parts.count + 1)
        let place = input.number()
        let value = input.byte()
        if target == 0 {
            head[place % head.count] = value
        } else {
            parts[target - 1].bytes[place % parts[target - 1].bytes.count] = value
        }
    }
    let changed = parts
    let block = try? BlockCodec.decode(head) { (column) throws(StoreError) in
        guard let part = changed.first(where: { $0.column == column }) else { throw .damaged("no such part") }
        return part.bytes
    }
    if let block { readAll(block) }
}

/// A block of a few hundred lines, some large columns in it.
private struct GoodBlock {
    var head: [UInt8]
    var parts: [(column: Int, bytes: [UInt8])]

    static let shared = GoodBlock()

    private init() {
        do {
            var parser = LineParser(formats: try FormatSet(library: .embedded), zone: .utc)
            var batch = EventBatch()
            batch.received = 1_795_348_800_000_000_000
            batch.peers = [Peer(.tcp, "10.1.2.3")]
            for number in 0..<600 {
                let start = batch.bytes.count
                let id = String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
                let line =
                    "<190>1 2026-11-22T11:00:00.\(100 + number)Z docs nginx 7 - - 10.0.0.\(number % 250) - - "
                    + "[22/Nov/2026:11:00:00 +0000] \"GET /a/\(number * 7_919) HTTP/1.1\" 200 \(number) \"-\" \"x\" rid=\(id)"
                batch.bytes += Array(line.utf8)
                parser.parse(start..<batch.bytes.count, peer: 0, in: &batch)
            }
            var builder = BlockBuilder(day: Day(containing: batch.received))
            builder.beginBatch()
            for (number, event) in batch.events.enumerated() {
                builder.append(event, of: batch, sequence: UInt64(number + 1))
            }
            var compressor = ZstdCompressor()
            let encoded = try BlockCodec.encode(builder.block, with: &compressor)
            head = encoded.head
            parts = encoded.parts
        } catch { fatalError("\(error)") }
    }
}

/// Bytes as a description in the journal, and as a whole journal file.
private func readRecord(_ input: inout Input) {
    let header = input.part(endedBy: 0xFE)
    let frames = input.rest()
    var reader = ByteReader(header)
    if let record = try? JournalRecord(&reader, limit: frames.count, isFirstForm: false) {
        for frame in record.frames {
            require(frame.range.upperBound <= frames.count, "a frame outside of its record")
            require(frame.peer < max(1, record.peers.count), "a frame of a sender that is not there")
        }
        for line in record.held {
            require(line.range.upperBound <= frames.count, "a line outside of its record")
            require(line.peer < max(1, record.peers.count), "a line of a sender that is not there")
        }
        var again: [UInt8] = []
        record.encode(to: &again)
    }
    replay(Journal.magic + header)
    var file = Journal.magic
    file.append(littleEndian: UInt32(header.count))
    file.append(littleEndian: UInt32(frames.count))
    file.append(littleEndian: hashBytes(header.span))
    file.append(littleEndian: hashBytes(frames.span))
    replay(file + header + frames)
}

/// Reads a journal file and parses what stands in it.
private func replay(_ file: [UInt8]) {
    let descriptor = JournalCopy.descriptor
    let written = unsafe file.withUnsafeBytes { bytes in
        ftruncate(descriptor, 0) == 0 ? unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, 0) : -1
    }
    require(written == file.count, "the journal file was not written: error \(errno)")
    let state = unsafe Replay.shared
    _ = try? JournalReplay.records(of: "/proc/self/fd/\(descriptor)") { record, bytes in
        try JournalReplay.parse(record, bytes, with: &state.parser) { _, _ in
            true
        } _: { event, batch, _, _ in
            require(event.raw.range.upperBound <= batch.bytes.count, "an event outside of its record")
        }
    }
}

/// The one file that journals are written to; it has no name.
private enum JournalCopy {
    static let descriptor: Int32 = {
        var path = Array("/tmp/wplog-fuzz-XXXXXX".utf8CString)
        let descriptor = unsafe path.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let start = buffer.baseAddress else { return -1 }
            let descriptor = unsafe mkstemp(start)
            if descriptor >= 0 { unsafe unlink(start) }
            return descriptor
        }
        guard descriptor >= 0 else { fatalError("cannot make a file in /tmp: error \(errno)") }
        return descriptor
    }()
}

/// The parser that replays use.
private final class Replay {
    var parser: LineParser

    nonisolated(unsafe) static let shared = Replay()

    private init() {
        do { parser = LineParser(formats: try FormatSet(library: .embedded), zone: .utc) } catch {
            fatalError("\(error)")
        }
    }
}
