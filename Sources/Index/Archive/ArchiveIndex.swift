import GRDB

/// What the index of an archived day has beside the tables of a segment: where the lines of each block stand.
///
/// Of a block it keeps the head, the words and the Bloom filter; the large columns are in the lines alone.
/// docs/format/archive.md draws the tables.
enum ArchiveIndex {
    /// Raised with any change that older code cannot read.
    static let version = 1
    private static let applicationID = 0x7770_6C61  // "wpla"

    private static let tables = """
        CREATE TABLE member (
            id INTEGER PRIMARY KEY,
            block INTEGER NOT NULL,
            events INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            text_bytes INTEGER NOT NULL
        );
        CREATE INDEX member_block ON member(block);
        CREATE TABLE host (name TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE replaces (part TEXT PRIMARY KEY) WITHOUT ROWID;
        """

    static func create(in database: Database) throws {
        try database.execute(sql: SegmentSchema.tables)
        try database.execute(sql: tables)
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Throws where a file is not the index of an archived day that this version can read.
    static func check(_ database: Database, path: String) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
            throw StoreError.damaged("\(path) is no index of an archived day")
        }
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else { throw StoreError.newerFormat(found: found, supported: version) }
    }

    static func insert(_ member: ArchiveMember, block: Int64, into database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO member(block, events, offset, bytes, text_bytes) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [block, member.events, member.offset, member.bytes, member.textBytes])
    }

    /// Counts the events of a block's hosts.
    static func add(_ hosts: [String: Int], into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO host VALUES (?, ?)
                ON CONFLICT(name) DO UPDATE SET events = events + excluded.events
                """)
        for (name, events) in hosts { try statement.execute(arguments: [name, events]) }
    }

    /// How many events each host has.
    static func hosts(in database: Database) throws -> [String: Int] {
        var hosts: [String: Int] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT name, events FROM host") {
            guard let name = String.fromDatabaseValue(row[0]), let events = Int.fromDatabaseValue(row[1])
            else {
                continue
            }
            hosts[name] = events
        }
        return hosts
    }

    /// Notes that the part stands in for another one, which holds more than may be kept.
    static func replace(_ part: ArchivePart, in database: Database) throws {
        try database.execute(sql: "INSERT OR IGNORE INTO replaces VALUES (?)", arguments: [part.description])
    }

    static func replaced(in database: Database) throws -> Set<String> {
        try String.fetchSet(database, sql: "SELECT part FROM replaces")
    }

    /// The members of a block, or of all, in their order.
    static func members(of block: Int64? = nil, in database: Database) throws -> [ArchiveMember] {
        let filter = block == nil ? "" : "WHERE block = ?"
        let statement = try database.cachedStatement(
            sql: "SELECT offset, bytes, events, text_bytes, block FROM member \(filter) ORDER BY id")
        var last: Int64?
        return try Row.fetchAll(statement, arguments: block.map { [$0] } ?? []).map { row in
            func number(_ index: Int, _ limit: Int) throws -> Int {
                guard let value = Int64.fromDatabaseValue(row[index]), value >= 0, value <= Int64(limit)
                else {
                    throw StoreError.damaged("column \(index) of a member's row is no number that it can be")
                }
                return Int(value)
            }
            let block = Int64.fromDatabaseValue(row[4])
            defer { last = block }
            return ArchiveMember(
                offset: try number(0, .max), bytes: try number(1, IndexLimits.memberBytes),
                events: try number(2, IndexLimits.eventsPerBlock),
                textBytes: try number(3, IndexLimits.memberTextBytes), beginsBlock: block != last)
        }
    }
}
