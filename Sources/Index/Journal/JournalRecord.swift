import Parse

/// One batch as the journal holds it: the received bytes, where the frames stand in them, and what cannot be read
/// from them again.
///
/// docs/format/journal.md draws it.
struct JournalRecord {
    /// Reasons that the framing found, which a parser cannot find again.
    private static let noted: ParseReasons = [.truncated, .unterminated]

    var received: Int64
    var firstSequence: UInt64
    var peers: [Peer]
    /// Events.
    var frames: [Frame]
    /// Lines that wait for others, and those before them that are in `frames` now.
    var held: [Held] = []
    var released: [UInt64] = []
    /// How far a file has been read with this record.
    var mark: ImportMark?

    struct Frame {
        /// Offsets into the record's bytes.
        var range: Range<Int>
        var peer: Int
        var noted: ParseReasons
        /// Where the event was filed.
        ///
        /// Kept, so that changed patterns cannot move an event to another day.
        var day: Day
    }

    struct Held {
        /// Offsets into the record's bytes.
        var range: Range<Int>
        var peer: Int
        var noted: ParseReasons
        var id: UInt64
    }

    /// Describes the events of a batch.
    /// - `days`: where each event is filed.
    init(_ batch: EventBatch, firstSequence: UInt64, days: [Day], base: Int) {
        received = batch.received
        self.firstSequence = firstSequence
        peers = batch.peers
        frames = []
        frames.reserveCapacity(days.count)
        for (index, day) in days.enumerated() {
            let event = batch.events[index]
            frames.append(
                Frame(
                    range: event.raw.range.lowerBound - base..<event.raw.range.upperBound - base,
                    peer: Int(event.peer), noted: event.reasons.intersection(Self.noted), day: day))
        }
        held = batch.held.map { line in
            Held(
                range: line.raw.range.lowerBound - base..<line.raw.range.upperBound - base,
                peer: Int(line.peer), noted: line.noted.intersection(Self.noted), id: line.id)
        }
        released = batch.released
        mark = batch.mark
    }

    func encode(to output: inout [UInt8]) {
        output.append(zigzag: received)
        output.append(littleEndian: firstSequence)
        output.append(varint: UInt64(peers.count))
        for peer in peers {
            output.append(peer.listener.rawValue)
            output.append(text: peer.address)
            if peer.listener == .file { Self.encode(peer.source, to: &output) }
        }
        output.append(varint: UInt64(frames.count))
        let today = Day(containing: received)
        var position = 0
        for frame in frames {
            output.append(varint: UInt64(max(0, frame.range.lowerBound - position)))
            output.append(varint: UInt64(frame.range.count))
            output.append(varint: UInt64(frame.peer))
            output.append(varint: UInt64(frame.noted.rawValue))
            output.append(zigzag: Int64(frame.day.number) - Int64(today.number))
            position = frame.range.upperBound
        }
        output.append(varint: UInt64(held.count))
        position = 0
        for line in held {
            output.append(varint: UInt64(max(0, line.range.lowerBound - position)))
            output.append(varint: UInt64(line.range.count))
            output.append(varint: UInt64(line.peer))
            output.append(varint: UInt64(line.noted.rawValue))
            output.append(littleEndian: line.id)
            position = line.range.upperBound
        }
        output.append(varint: UInt64(released.count))
        for id in released { output.append(littleEndian: id) }
        output.append(mark == nil ? 0 : 1)
        if let mark {
            output.append(text: mark.file)
            output.append(varint: mark.offset)
            output.append(littleEndian: mark.contentHash)
            output.append(varint: mark.events)
        }
    }

    private static func encode(_ source: LineSource?, to output: inout [UInt8]) {
        output.append(source == nil ? 0 : 1)
        guard let source else { return }
        output.append(text: source.program)
        output.append(text: source.host)
        output.append(text: source.zone)
        output.append(source.format == nil ? 0 : 1)
        output.append(text: source.format ?? "")
        output.append(
            (source.isMessage ? 1 : 0) | (source.date == nil ? 0 : 2) | (source.yearReference == nil ? 0 : 4))
        if let date = source.date { output.append(zigzag: date) }
        if let reference = source.yearReference { output.append(zigzag: reference) }
    }

    /// Reads a description back.
    ///
    /// `limit` is the number of bytes that the frames lie in.
    ///
    /// `isFirstForm`: it was written as `wplogj01`.
    init(_ reader: inout ByteReader, limit: Int, isFirstForm: Bool) throws(StoreError) {
        received = try reader.zigzag()
        firstSequence = try reader.integer(UInt64.self)
        peers = []
        for _ in 0..<(try reader.count(limit: Int(UInt16.max))) {
            guard let listener = Peer.Listener(rawValue: try reader.byte()) else {
                throw .damaged("a journal record with an unknown listener")
            }
            let address = try reader.text(limit: 1_024)
            let source = listener == .file && !isFirstForm ? try Self.source(&reader) : nil
            peers.append(Peer(listener, address, source: source))
        }
        frames = []
        let today = Day(containing: received)
        var position = 0
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            let start = position + (try reader.count(limit: limit - position))
            let end = start + (try reader.count(limit: limit - start))
            let peer = try reader.count(limit: max(0, peers.count - 1))
            let noted = ParseReasons(rawValue: UInt32(truncatingIfNeeded: try reader.varint()))
            let day = Day(number: Int32(truncatingIfNeeded: Int64(today.number) &+ (try reader.zigzag())))
            frames.append(Frame(range: start..<end, peer: peer, noted: noted, day: day))
            position = end
        }
        if isFirstForm { return }
        position = 0
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            let start = position + (try reader.count(limit: limit - position))
            let end = start + (try reader.count(limit: limit - start))
            let peer = try reader.count(limit: max(0, peers.count - 1))
            let noted = ParseReasons(rawValue: UInt32(truncatingIfNeeded: try reader.varint()))
            held.append(
                Held(range: start..<end, peer: peer, noted: noted, id: try reader.integer(UInt64.self)))
            position = end
        }
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            released.append(try reader.integer(UInt64.self))
        }
        guard try reader.byte() == 1 else { return }
        mark = ImportMark(
            file: try reader.text(limit: 1_024), offset: try reader.varint(),
            contentHash: try reader.integer(UInt64.self), events: try reader.varint())
    }

    private static func source(_ reader: inout ByteReader) throws(StoreError) -> LineSource? {
        guard try reader.byte() == 1 else { return nil }
        var source = LineSource(program: try reader.text(limit: 1_024))
        source.host = try reader.text(limit: 1_024)
        source.zone = try reader.text(limit: 1_024)
        let hasFormat = try reader.byte() == 1
        let format = try reader.text(limit: 1_024)
        if hasFormat { source.format = format }
        let flags = try reader.byte()
        source.isMessage = flags & 1 != 0
        if flags & 2 != 0 { source.date = try reader.zigzag() }
        if flags & 4 != 0 { source.yearReference = try reader.zigzag() }
        return source
    }
}

extension [UInt8] {
    /// Appends a text of at most 1,024 bytes, with its length before it.
    fileprivate mutating func append(text: String) {
        let bytes = text.utf8.prefix(1_024)
        append(varint: UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}

extension ByteReader {
    fileprivate mutating func text(limit: Int) throws(StoreError) -> String {
        String(decoding: slice(try range(try count(limit: limit))), as: UTF8.self)
    }
}
