import Glibc
import Parse

/// Reads journal files back, after a stop of any kind.
enum JournalReplay {
    /// Calls `body` with each whole record of a file, in order.
    ///
    /// Stops at the first one that is cut or damaged: what stands behind it was never acknowledged.
    /// - Returns: bytes that were left at the end.
    static func records(
        of path: String, _ body: (JournalRecord, [UInt8]) throws -> Void
    ) throws -> Int {
        let bytes = try FileBytes.read(path)
        let isFirstForm = bytes.starts(with: Journal.firstMagic)
        guard bytes.starts(with: Journal.magic) || isFirstForm else {
            // Made, and never written to: a kill between the two.
            if bytes.count < Journal.magic.count { return bytes.count }
            throw StoreError.damaged("\(path) is no journal file of this version")
        }
        var reader = ByteReader(bytes, Journal.magic.count..<bytes.count)
        while reader.remaining > 0 {
            let left = reader.remaining
            guard let (record, frames) = try? next(&reader, isFirstForm: isFirstForm) else { return left }
            try body(record, frames)
        }
        return 0
    }

    private static func next(
        _ reader: inout ByteReader, isFirstForm: Bool
    ) throws(StoreError) -> (JournalRecord, [UInt8]) {
        let headerCount = Int(try reader.integer(UInt32.self))
        let frameCount = Int(try reader.integer(UInt32.self))
        let headerHash = try reader.integer(UInt64.self)
        let frameHash = try reader.integer(UInt64.self)
        let header = reader.slice(try reader.range(headerCount))
        let frames = reader.slice(try reader.range(frameCount))
        guard hashBytes(header.span) == headerHash, hashBytes(frames.span) == frameHash else {
            throw .damaged("a journal record with a wrong checksum")
        }
        var headerReader = ByteReader(header)
        return (try JournalRecord(&headerReader, limit: frameCount, isFirstForm: isFirstForm), frames)
    }

    /// Parses the frames of a record that `isWanted`, and hands each event on with its number and day.
    static func parse(
        _ record: JournalRecord, _ bytes: [UInt8], with parser: inout LineParser,
        isWanted: (Day, UInt64) throws -> Bool, _ body: (Event, EventBatch, UInt64, Day) throws -> Void
    ) throws {
        var batch = EventBatch()
        batch.bytes = bytes
        batch.peers = record.peers
        batch.received = record.received
        let origins = try record.frames.enumerated().map { index, frame in
            let sequence = record.firstSequence &+ UInt64(index)
            return (sequence: sequence, day: frame.day, isWanted: try isWanted(frame.day, sequence))
        }
        guard origins.contains(where: \.isWanted) else { return }
        // Lines of a file without a date have the time of those before them, wanted or not.
        let needsAll = record.peers.map { $0.source?.date != nil }
        var parsed: [Int] = []
        for (index, frame) in record.frames.enumerated()
        where origins[index].isWanted || needsAll.indices.contains(frame.peer) && needsAll[frame.peer] {
            parser.parse(frame.range, peer: frame.peer, noted: frame.noted, in: &batch)
            parsed.append(index)
        }
        for (event, index) in zip(batch.events, parsed) where origins[index].isWanted {
            try body(event, batch, origins[index].sequence, origins[index].day)
        }
    }
}
