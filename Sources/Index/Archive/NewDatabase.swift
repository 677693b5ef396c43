import GRDB
import Glibc

/// A SQLite file that is written once, from its beginning to its end, under a name that nobody looks for.
///
/// It is one transaction without a journal of its own: before it is whole and has its name, it is nothing.
enum NewDatabase {
    static func open(
        _ path: String, _ create: (Database) throws -> Void
    ) throws(StoreError) -> DatabaseQueue {
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA page_size = \(SegmentSchema.pageSize);
                    PRAGMA journal_mode = OFF;
                    PRAGMA synchronous = OFF
                    """)
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { database in
                try create(database)
                try database.execute(sql: "BEGIN")
            }
            guard unsafe chmod(path, 0o600) == 0 else { throw StoreError.system("chmod", path) }
            return queue
        } catch let error as StoreError { throw error } catch {
            throw .database(path: path, reason: "\(error)")
        }
    }

    static func write(
        _ queue: DatabaseQueue, _ path: String, _ body: (Database) throws -> Void
    ) throws(StoreError) {
        do {
            try queue.inDatabase { try body($0) }
        } catch let error as StoreError { throw error } catch {
            throw .database(path: path, reason: "\(error)")
        }
    }

    /// Ends the transaction, closes the file, and brings it to the disk.
    static func finish(_ queue: DatabaseQueue, _ path: String) throws(StoreError) {
        try write(queue, path) { database in
            try database.execute(sql: "INSERT INTO terms(terms) VALUES ('optimize')")
            try database.execute(sql: "COMMIT")
        }
        do { try queue.close() } catch { throw .database(path: path, reason: "\(error)") }
        try FileBytes.sync(path)
    }
}
