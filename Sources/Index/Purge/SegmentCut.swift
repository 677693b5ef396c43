import GRDB
import Glibc
import Parse

/// A segment written anew without some of its events, under a name that nobody looks for.
///
/// A file of its own, and not a change of the old one: there, pages that became free would keep the text.
struct SegmentCut: ~Copyable {
    private let old: Segment
    private let search: PurgeSearch
    let path: String
    private let database: DatabaseQueue
    /// The last block of the old segment that was looked at.
    private var lastBlock: Int64 = 0
    private var nextBlock: Int64 = 1
    private var compressor = ZstdCompressor()
    /// Events that were left out.
    private(set) var cutEvents = 0

    /// - `path`: of the file to be made.
    init(_ old: Segment, _ search: PurgeSearch, at path: String) throws(StoreError) {
        self.old = old
        self.search = search
        self.path = path
        database = try NewDatabase.open(path) { try SegmentSchema.create(in: $0) }
    }

    /// Whether no event is left.
    var isEmpty: Bool { nextBlock == 1 }

    /// Adds the blocks that the old segment has got since the last call; false where `progress` ended it.
    mutating func copy(_ progress: () -> Bool) throws -> Bool {
        let infos = try old.blocks().filter { $0.id > lastBlock }
        for info in infos {
            let made = try old.read { view -> (encoded: EncodedBlock, info: BlockInfo, cut: Int)? in
                guard let current = view.blocks.first(where: { $0.id == info.id }) else { return nil }
                let rows = try search.find(in: view, among: [current]).rows[info.id]
                guard let rows else { return (try view.encoded(current), current.numbered(nextBlock), 0) }
                cutEvents += rows.count
                guard let block = try BlockCut.cut(rows, from: try view.block(info.id), day: old.day) else {
                    return nil
                }
                let encoded = try BlockCodec.encode(block, with: &compressor)
                return (encoded, BlockInfo(id: nextBlock, block, timeTerms: encoded.timeTerms), rows.count)
            }
            if let made {
                try NewDatabase.write(database, path) {
                    try SegmentWriter.insert(made.encoded, made.info, into: $0)
                }
                nextBlock += 1
            }
            lastBlock = info.id
            guard progress() else { return false }
        }
        return true
    }

    /// Puts the words of all blocks together, which takes long for many, and what comes later is little.
    func merge() throws(StoreError) {
        try NewDatabase.write(database, path) {
            try $0.execute(sql: "INSERT INTO terms(terms) VALUES ('optimize')")
        }
    }

    /// Brings it to the disk.
    func finish() throws {
        let restored = try old.restoredParts()
        try NewDatabase.write(database, path) { database in
            if !restored.isEmpty { try database.execute(sql: SegmentSchema.restoredTable) }
            for part in restored {
                try database.execute(sql: "INSERT INTO restored VALUES (?)", arguments: [part])
            }
            try SegmentClaims.replace(old.path, in: database)
            try database.execute(sql: "COMMIT")
        }
        do { try database.close() } catch { throw StoreError.database(path: path, reason: "\(error)") }
        try FileBytes.sync(path)
        FaultPoint.reach("purge-segment-written")
    }

    func abandon() {
        try? database.close()
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
    }
}
