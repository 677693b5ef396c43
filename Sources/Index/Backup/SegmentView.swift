import FoundationEssentials
import GRDB
import Glibc

/// What a day's segment holds, in short.
struct SegmentFacts: Equatable {
    var blocks: Int
    var events: UInt64
    var lastSequence: Int64

    init(_ database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT count(*), coalesce(sum(events), 0), coalesce(max(last_sequence), 0) FROM block")
        // GRDB ends the process where a column of a damaged file is not of the type that is asked for.
        func number(_ index: Int) throws -> Int64 {
            guard let row, let value = Int64.fromDatabaseValue(row[index]) else {
                throw StoreError.damaged("a block's row holds no number")
            }
            return value
        }
        blocks = Int(try number(0))
        events = UInt64(clamping: try number(1))
        lastSequence = try number(2)
    }
}

/// One view of a day's segment: what it held when this was made, however long it is looked at.
///
/// On a connection of its own, which never writes and never runs a checkpoint: neither the writer nor queries
/// wait for it.
final class SegmentView {
    /// Pages that one step copies: 2 MiB.
    private static let pagesPerStep: CInt = 256
    /// Bytes after which a copy is brought to the disk, so that the journal's syncs do not wait for all of it.
    private static let syncBytes = 32 << 20

    let day: Day
    let facts: SegmentFacts
    private let path: String
    private let source: DatabaseQueue

    init(_ day: Day, path: String) throws {
        self.day = day
        self.path = path
        var configuration = SegmentView.configuration("wplog backup \(day)")
        configuration.readonly = true
        // The transaction stays open until this object goes.
        configuration.allowsUnsafeTransactions = true
        do {
            source = try DatabaseQueue(path: path, configuration: configuration)
            facts = try source.inDatabase { database in
                try database.execute(sql: "BEGIN DEFERRED")
                return try SegmentFacts(database)
            }
        } catch { throw Self.shaped(error, path) }
    }

    /// Copies the view into a new file.
    func copy(to target: String, _ meter: BackupMeter) throws {
        for name in [target, target + "-journal"] where unsafe unlink(name) != 0 && errno != ENOENT {
            throw StoreError.system("unlink", name)
        }
        // SQLite would make it readable for others.
        let descriptor = unsafe open(target, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.system("open", target) }
        defer { close(descriptor) }
        do {
            let copy = try DatabaseQueue(path: target, configuration: Self.configuration("wplog backup"))
            try copy.inDatabase { copy in
                // Nobody reads it before it is whole: no journal, and one fsync at its end.
                try copy.execute(
                    sql:
                        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
                )
                let pageBytes = try source.inDatabase { try Int.fetchOne($0, sql: "PRAGMA page_size") } ?? 0
                var pages = 0
                var unsynced = 0
                try source.inDatabase { database in
                    try database.backup(to: copy, pagesPerStep: Self.pagesPerStep) { progress in
                        let bytes = (progress.completedPageCount - pages) &* pageBytes
                        pages = progress.completedPageCount
                        unsynced += bytes
                        if unsynced >= Self.syncBytes {
                            unsynced = 0
                            fdatasync(descriptor)
                        }
                        try meter.add(bytes)
                    }
                }
                // A copy has no write-ahead log: one file holds all of it.
                try copy.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try copy.close()
        } catch { throw Self.shaped(error, target) }
        guard fsync(descriptor) == 0 else { throw StoreError.system("fsync", target) }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    /// What is wrong with a copy; nil where SQLite and FTS5 find nothing, and it holds what the view held.
    static func flaw(of target: String, day: Day, facts: SegmentFacts) throws -> String? {
        let name = "days/\(day).sqlite"
        do {
            let copy = try DatabaseQueue(path: target, configuration: configuration("wplog verify"))
            defer { try? copy.close() }
            return try copy.inDatabase { copy in
                let errors = try String.fetchAll(copy, sql: "PRAGMA integrity_check(3)").filter { $0 != "ok" }
                if !errors.isEmpty { return "\(name): " + errors.joined(separator: "; ") }
                // Needs a transaction that may write, and writes nothing. Rank 1 compares the index with its content.
                try copy.inTransaction(.immediate) {
                    try copy.execute(sql: "INSERT INTO terms(terms, rank) VALUES ('integrity-check', 1)")
                    return .rollback
                }
                let found = try SegmentFacts(copy)
                return found == facts ? nil : "\(name): holds \(found.events) events, and had \(facts.events)"
            }
        } catch let error as DatabaseError {
            return "\(name): \(error.message ?? "cannot be read")"
        }
    }

    private static func configuration(_ label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -4000; PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    private static func shaped(_ error: any Error, _ path: String) -> any Error {
        error is StoreError || error is BackupError
            ? error : StoreError.database(path: path, reason: "\(error)")
    }
}
