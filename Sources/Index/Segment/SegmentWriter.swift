import FoundationEssentials
import GRDB

/// Writes encoded blocks into the tables of a segment.
enum SegmentWriter {
    static func insert(_ block: EncodedBlock, _ info: BlockInfo, into database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?, ?)").execute(
            arguments: [
                info.id, info.events, info.firstTime, info.lastTime, Int64(bitPattern: info.firstSequence),
                Int64(bitPattern: info.lastSequence), info.rawBytes, info.timeTerms,
            ])
        let part = try database.cachedStatement(sql: "INSERT INTO part VALUES (?, ?)")
        try part.execute(arguments: [SegmentSchema.partID(block: info.id, number: 0), Data(block.head)])
        for (column, bytes) in block.parts {
            try part.execute(
                arguments: [SegmentSchema.partID(block: info.id, number: column + 1), Data(bytes)])
        }
        let field = try database.cachedStatement(sql: "INSERT OR IGNORE INTO field VALUES (?)")
        for name in block.fieldNames { try field.execute(arguments: [name]) }
        try database.cachedStatement(sql: "INSERT INTO bloom VALUES (?, ?)").execute(arguments: [
            info.id, Data(block.bloom.bits),
        ])
        // Terms are bytes, not always UTF-8: they go in as a blob that SQLite takes for text.
        try database.cachedStatement(
            sql: "INSERT INTO terms(rowid, words) VALUES (?, CAST(? AS TEXT))"
        ).execute(arguments: [info.id, Data(block.words)])
    }

    /// Takes a block out of all tables; the fields of the day stay.
    ///
    /// - `words`: what was put into `terms` for it. FTS5 keeps no text here, and finds a block's entries by
    /// them.
    static func remove(_ id: Int64, words: [UInt8], from database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM block WHERE id = ?").execute(arguments: [id])
        try database.cachedStatement(sql: "DELETE FROM part WHERE id BETWEEN ? AND ?").execute(arguments: [
            SegmentSchema.partID(block: id, number: 0),
            SegmentSchema.partID(block: id, number: IndexLimits.columnsPerBlock),
        ])
        try database.cachedStatement(sql: "DELETE FROM bloom WHERE block = ?").execute(arguments: [id])
        try database.cachedStatement(
            sql: "INSERT INTO terms(terms, rowid, words) VALUES ('delete', ?, CAST(? AS TEXT))"
        ).execute(arguments: [id, Data(words)])
    }
}
