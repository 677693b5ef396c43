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
    var frames: [Frame]

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
    }

    func encode(to output: inout [UInt8]) {
        output.append(zigzag: received)
        output.append(littleEndian: firstSequence)
        output.append(varint: UInt64(peers.count))
        for peer in peers {
            output.append(peer.listener.rawValue)
            output.append(varint: UInt64(peer.address.utf8.count))
            output.append(contentsOf: peer.address.utf8)
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
    }

    /// Reads a description back.
    ///
    /// `limit` is the number of bytes that the frames lie in.
    init(_ reader: inout ByteReader, limit: Int) throws(StoreError) {
        received = try reader.zigzag()
        firstSequence = try reader.integer(UInt64.self)
        peers = []
        for _ in 0..<(try reader.count(limit: Int(UInt16.max))) {
            guard let listener = Peer.Listener(rawValue: try reader.byte()) else {
                throw .damaged("a journal record with an unknown listener")
            }
            let address = reader.slice(try reader.range(try reader.count(limit: 1_024)))
            peers.append(Peer(listener, String(decoding: address, as: UTF8.self)))
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
    }
}
