import FoundationEssentials
import GRDB
import Glibc
import Synchronization

/// The events of one UTC day: one SQLite file, a row a block.
///
/// Of an archived day it is the index, and the lines are in a file of their own. A file is opened when it is first
/// needed, and closed when nobody has asked for some time.
package final class Segment: Sendable {
    package let day: Day
    /// Where the events stand, if they are archived; nothing of it ever changes.
    package let part: ArchivePart?
    let path: String
    let linesPath: String?
    private let isReadOnly: Bool
    private let state: Mutex<State>

    private struct State {
        var database: (any DatabaseReader)?
        var archive: ArchiveFile?
        /// Blocks with events up to this number are archived as well, and stand there alone.
        var archivedThrough: UInt64 = 0
        /// Whether the files go when the last one who uses them lets go.
        var isDropped = false
        /// Committed blocks in the order of their numbers; nil before the file was opened.
        var blocks: [BlockInfo]?
        /// Names of the fields that the blocks' events have.
        var fieldNames: Set<String> = []
        /// Bloom filters by block number, as far as they were needed.
        var blooms: [Int64: BloomFilter] = [:]
        /// Changes whenever blocks are replaced, so that a reader knows whether the file that it sees is the
        /// one that all this is known of.
        var version = 0
        /// Counts uses, to find out who is idle.
        var uses = 0
        var usesAtLastLook = -1
        var idleLooks = 0
    }

    /// Names the segment; opens nothing.
    ///
    /// A read-only segment never writes, and never runs a checkpoint.
    init(day: Day, path: String, isReadOnly: Bool) {
        self.day = day
        part = nil
        self.path = path
        linesPath = nil
        self.isReadOnly = isReadOnly
        state = Mutex(State())
    }

    /// Names an archived day by its index and its lines; opens nothing.
    init(_ part: ArchivePart, index: String, lines: String) {
        day = part.day
        self.part = part
        path = index
        linesPath = lines
        isReadOnly = true
        state = Mutex(State())
    }

    convenience init(_ part: ArchivePart, in layout: ArchiveLayout) {
        self.init(part, index: layout.index(part), lines: layout.lines(part))
    }

    deinit {
        state.withLock { $0.database = nil }
        removeFiles()
    }

    /// Leaves out what is archived as well.
    func hide(through sequence: UInt64) {
        state.withLock { state in
            state.archivedThrough = sequence
            state.blocks = state.blocks?.filter { $0.firstSequence > sequence }
        }
    }

    /// Takes the files away as soon as no query uses them any more.
    func drop() { state.withLock { $0.isDropped = true } }

    /// As `drop`; who has begun to copy the segment finds that it has changed.
    func leave() {
        state.withLock { state in
            state.isDropped = true
            state.version &+= 1
        }
    }

    /// Takes the files of a dropped segment away now.
    func removeFiles() {
        state.withLock { state in
            guard state.isDropped else { return }
            state.isDropped = false
            state.database = nil
            // The lines first: an index without lines is nothing.
            for name in [linesPath].compactMap({ $0 }) + [path, path + "-wal", path + "-shm"] {
                _ = unsafe unlink(name)
            }
        }
    }

    /// Runs `body` in a transaction, which is on disk when this returns.
    ///
    /// On the writer queue.
    func write(_ body: (Database) throws -> Void) throws {
        guard let pool = try state.withLock({ state in try open(&state) }) as? DatabasePool, !isReadOnly
        else {
            throw StoreError.stopped("\(path) is open for reading only")
        }
        do { try pool.write { try body($0) } } catch let error where !(error is StoreError) {
            throw StoreError.database(path: path, reason: "\(error)")
        }
    }

    /// The committed blocks, oldest first.
    package func blocks() throws -> [BlockInfo] {
        try state.withLock { state in
            try open(&state)
            return state.blocks ?? []
        }
    }

    /// The names of the fields that the day's events have.
    package func fieldNames() throws -> Set<String> {
        try state.withLock { state in
            try open(&state)
            return state.fieldNames
        }
    }

    /// The number of the newest event that is committed here; nil in an empty segment.
    func lastSequence() throws -> UInt64? {
        try blocks().map(\.lastSequence).max()
    }

    /// Whether two can be in `read` at the same time; else the second one waits for the end of the first.
    package var hasSeveralReaders: Bool { !isReadOnly || part != nil }

    /// Runs `body` on a connection of its own, with one view of the file from its start to its end.
    ///
    /// The view holds at least the blocks that `blocks()` gave before.
    package func read<Result>(_ body: (SegmentReader) throws -> Result) throws -> Result {
        while true {
            let (database, archive, known, version) = try state.withLock { state in
                (try open(&state), state.archive, state.blocks ?? [], state.version)
            }
            do {
                let result: Result? = try database.read { database in
                    guard
                        let view = isReadOnly && part == nil
                            ? try foreignView(database)
                            : try view(database, archive, knowing: known, version)
                    else { return nil }
                    return try body(view)
                }
                if let result { return result }
            } catch let error where !(error is StoreError) {
                throw StoreError.database(path: path, reason: "\(error)")
            }
        }
    }

    /// A view, if it is of the same version as what was `known` before it was taken; nil where blocks have
    /// been replaced since.
    private func view(
        _ database: Database, _ archive: ArchiveFile?, knowing known: [BlockInfo], _ version: Int
    ) throws -> SegmentReader? {
        // The first statement takes the view.
        _ = try database.cachedStatement(sql: "SELECT 1 FROM block LIMIT 1").execute()
        guard state.withLock({ $0.version }) == version else { return nil }
        return SegmentReader(
            segment: self, database: database, blocks: known, version: version, archive: archive)
    }

    /// A view of a file that another process may write to: it alone says which blocks there are.
    private func foreignView(_ database: Database) throws -> SegmentReader {
        let hidden = state.withLock { $0.archivedThrough }
        let blocks = try SegmentReader.blocks(in: database).filter { $0.firstSequence > hidden }
        let version = try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
        state.withLock { state in
            if state.version != version { state.blooms = [:] }
            state.version = version
        }
        return SegmentReader(
            segment: self, database: database, blocks: blocks, version: version, archive: nil)
    }

    /// Adds blocks in one transaction, which is on disk (`synchronous=FULL`) when this returns.
    func append(_ blocks: [(block: Block, encoded: EncodedBlock)]) throws {
        let database = try state.withLock { state in try open(&state) }
        guard let pool = database as? DatabasePool else {
            throw StoreError.stopped("\(path) is open for reading only")
        }
        var id = try self.blocks().last?.id ?? 0
        var infos: [BlockInfo] = []
        do {
            try pool.write { database in
                for (block, encoded) in blocks {
                    id += 1
                    let info = BlockInfo(id: id, block, timeTerms: encoded.timeTerms)
                    try SegmentWriter.insert(encoded, info, into: database)
                    infos.append(info)
                }
            }
        } catch let error where !(error is StoreError) {
            throw StoreError.database(path: path, reason: "\(error)")
        }
        state.withLock { state in
            state.blocks?.append(contentsOf: infos)
            for (_, encoded) in blocks { state.fieldNames.formUnion(encoded.fieldNames) }
        }
    }

    /// Puts `block` in the place of a committed one, in one transaction, which is on disk when this returns.
    ///
    /// It has the same events, read again, and keeps the number: who holds that number finds one or the
    /// other.
    /// - `words`: those of the old block, which is all that FTS5 lets go of.
    func replace(_ id: Int64, words: [UInt8], with block: Block, _ encoded: EncodedBlock) throws {
        // With the lock no reader can take a view of one version for that of the other.
        try state.withLock { state in
            guard let pool = try open(&state) as? DatabasePool else {
                throw StoreError.stopped("\(path) is open for reading only")
            }
            guard let index = state.blocks?.firstIndex(where: { $0.id == id }) else {
                throw StoreError.damaged("\(path) has no block \(id)")
            }
            let info = BlockInfo(id: id, block, timeTerms: encoded.timeTerms)
            state.version &+= 1
            do {
                try pool.write { database in
                    try SegmentWriter.remove(id, words: words, from: database)
                    try SegmentWriter.insert(encoded, info, into: database)
                    try SegmentSchema.noteChange(in: database)
                }
            } catch let error where !(error is StoreError) {
                throw StoreError.database(path: path, reason: "\(error)")
            }
            state.blocks?[index] = info
            state.blooms[id] = nil
            state.fieldNames.formUnion(encoded.fieldNames)
        }
    }

    /// Puts the day into its final form: one FTS5 tree, nothing left in the write-ahead log.
    func close() throws {
        let database = try state.withLock { state in try open(&state) }
        guard let pool = database as? DatabasePool else { return }
        do {
            try pool.write { try $0.execute(sql: "INSERT INTO terms(terms) VALUES ('optimize')") }
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch let error where !(error is StoreError) {
            throw StoreError.database(path: path, reason: "\(error)")
        }
    }

    /// Lets go of the file if it was not used since the last `IndexLimits.idleLooks` calls.
    func releaseIfIdle() {
        state.withLock { state in
            state.idleLooks = state.uses == state.usesAtLastLook ? state.idleLooks + 1 : 0
            state.usesAtLastLook = state.uses
            guard state.idleLooks >= IndexLimits.idleLooks else { return }
            state.database = nil
            state.archive = nil
            state.blocks = nil
            state.blooms = [:]
        }
    }

    /// The archived parts whose events were put back into this segment, by their descriptions.
    func restoredParts() throws -> Set<String> {
        let database = try state.withLock { state in try open(&state) }
        do {
            return try database.read { database in
                guard try database.tableExists("restored") else { return [] }
                return try String.fetchSet(database, sql: "SELECT part FROM restored")
            }
        } catch { throw StoreError.database(path: path, reason: "\(error)") }
    }

    /// What tells whether the committed blocks have changed since.
    var change: (version: Int, blocks: Int) {
        get throws {
            try state.withLock { state in
                try open(&state)
                return (state.version, state.blocks?.count ?? 0)
            }
        }
    }

    /// Whether somebody used the file not long ago.
    var isOpen: Bool { state.withLock { $0.database != nil } }

    /// How much the Bloom filters in memory take, and for how many looks nobody used the segment.
    var bloomUse: (bytes: Int, idleLooks: Int) {
        state.withLock { ($0.blooms.values.reduce(0) { $0 + $1.bits.count }, $0.idleLooks) }
    }

    /// Lets go of the Bloom filters.
    ///
    /// The next query that needs them reads them again.
    func forgetBlooms() { state.withLock { $0.blooms = [:] } }

    /// Damage that SQLite and FTS5 find: one line each, none when all is well.
    package func integrityErrors() throws -> [String] {
        let database = try state.withLock { state in try open(&state) }
        return try database.unsafeRead { database in
            var errors: [String] = []
            do {
                errors = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            } catch let error as DatabaseError {
                return ["\(path): \(error.message ?? "damaged")"]
            }
            guard !isReadOnly else { return errors }
            do {
                // Rank 1 compares the index with its content as well; rank 0 says ok to a table that lost rows.
                try (self.state.withLock { $0.database } as? DatabasePool)?.write {
                    try $0.execute(sql: "INSERT INTO terms(terms, rank) VALUES ('integrity-check', 1)")
                }
            } catch let error as DatabaseError {
                errors.append("terms: \(error.message ?? "damaged")")
            }
            return errors
        }
    }

    /// Bloom filters of the blocks named, from memory where they are there and of the view's version.
    func blooms(
        of blocks: [Int64], in database: Database, version: Int
    ) throws -> [Int64: BloomFilter] {
        let known = state.withLock { $0.version == version ? $0.blooms : [:] }
        let missing = Set(blocks).subtracting(known.keys)
        guard let first = missing.min(), let last = missing.max() else { return known }
        var all = known
        let rows = try Row.fetchCursor(
            try database.cachedStatement(sql: "SELECT block, bits FROM bloom WHERE block BETWEEN ? AND ?"),
            arguments: [first, last])
        while let row = try rows.next() {
            guard let id = Int64.fromDatabaseValue(row[0]) else { continue }
            all[id] = BloomFilter(bits: try row.withUnsafeData(atIndex: 1) { [UInt8]($0 ?? .init()) })
        }
        state.withLock { if $0.version == version { $0.blooms = all } }
        return all
    }

    // MARK: Opening

    @discardableResult
    private func open(_ state: inout State) throws -> any DatabaseReader {
        state.uses &+= 1
        if let database = state.database { return database }
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.label = "wplog \(day)"
        configuration.maximumReaderCount = 8
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { [isReadOnly] database in
            if !isReadOnly { try database.execute(sql: "PRAGMA page_size = \(SegmentSchema.pageSize)") }
            try database.execute(sql: "PRAGMA cache_size = -4000; PRAGMA trusted_schema = OFF")
        }
        do {
            let database: any DatabaseReader
            if let linesPath {
                let pool = try DatabasePool(path: path, configuration: configuration)
                try pool.unsafeRead { try ArchiveIndex.check($0, path: path) }
                state.archive = try ArchiveFile(linesPath)
                database = pool
            } else if isReadOnly {
                database = try DatabaseQueue(path: path, configuration: configuration)
            } else {
                let pool = try DatabasePool(path: path, configuration: configuration)
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                try pool.write { try SegmentSchema.prepare($0, path: path) }
                database = pool
            }
            let hidden = state.archivedThrough
            state.blocks = try database.unsafeRead { try SegmentReader.blocks(in: $0) }
                .filter { $0.firstSequence > hidden }
            state.fieldNames = try database.unsafeRead {
                try String.fetchSet($0, sql: "SELECT name FROM field")
            }
            state.database = database
            return database
        } catch let error where !(error is StoreError) {
            throw StoreError.database(path: path, reason: "\(error)")
        }
    }
}
