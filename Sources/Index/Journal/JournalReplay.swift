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
        var origins: [(sequence: UInt64, day: Day)] = []
        for (index, frame) in record.frames.enumerated() {
            let sequence = record.firstSequence &+ UInt64(index)
            guard try isWanted(frame.day, sequence) else { continue }
            parser.parse(frame.range, peer: frame.peer, noted: frame.noted, in: &batch)
            origins.append((sequence, frame.day))
        }
        for (event, origin) in zip(batch.events, origins) {
            try body(event, batch, origin.sequence, origin.day)
        }
    }
}
