import GRDB

/// The tables of a segment.
///
/// docs/format/segment.md draws them.
enum SegmentSchema {
    static let version = 1
    static let pageSize = 8_192

    /// `PRAGMA user_version` is the schema's version; `PRAGMA application_id` says that the file is a segment.
    static let applicationID = 0x7770_6C67  // "wplg"

    /// FTS5 with no content of its own: a row a block, its rowid the block's number.
    ///
    /// `ascii` takes the terms as `TermExtractor` made them, byte for byte.
    static let tables = """
        CREATE TABLE block (
            id INTEGER PRIMARY KEY,
            events INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            first_sequence INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            raw_bytes INTEGER NOT NULL,
            time_terms TEXT NOT NULL
        );
        CREATE TABLE part (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE field (name TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE bloom (block INTEGER PRIMARY KEY, bits BLOB NOT NULL);
        CREATE VIRTUAL TABLE terms USING fts5(
            words, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_'"
        );
        """

    static let changed = "changed"

    /// Notes in a restored segment that it says something else than its archived parts.
    static func noteChange(in database: Database) throws {
        guard try database.tableExists("restored") else { return }
        try database.execute(sql: "INSERT OR IGNORE INTO restored VALUES (?)", arguments: [changed])
    }

    /// The `part.id` of a block's head (number 0) or of the part of column `number` − 1.
    static func partID(block: Int64, number: Int) -> Int64 { block << 16 | Int64(number) }

    /// Makes the tables of an empty file, or checks those of an older one.
    static func prepare(_ database: Database, path: String) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if found == version { return }
        guard found == 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
            throw StoreError.newerFormat(found: found, supported: version)
        }
        try create(in: database)
    }

    static func create(in database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// In a segment that holds events of archived parts: which, by their descriptions.
    ///
    /// A row `changed` says that events were read again since: the archive has them as they were.
    static let restoredTable = "CREATE TABLE restored (part TEXT PRIMARY KEY) WITHOUT ROWID"
}
