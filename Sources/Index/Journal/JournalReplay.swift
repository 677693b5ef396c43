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

/// Whole files as bytes.
enum FileBytes {
    static func read(_ path: String) throws(StoreError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("read", path)
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Puts a file in the place of another, so that one of them is there whole after a power cut.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
        let temporary = path + ".tmp"
        do {
            let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw StoreError.system("open", temporary) }
            defer { Glibc.close(descriptor) }
            var written = 0
            while written < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(
                        descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreError.system("write", temporary) }
                written += count
            }
            guard fsync(descriptor) == 0 else { throw StoreError.system("fsync", temporary) }
        }
        guard unsafe rename(temporary, path) == 0 else { throw .system("rename", path) }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", folder) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("fsync", folder) }
    }

    /// Names in a folder, in no order; empty where there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
