import FoundationEssentials
import GRDB
import Parse

/// A segment as one query sees it, for the length of `Segment.read`.
package struct SegmentReader {
    let segment: Segment
    let database: Database
    /// The committed blocks, oldest first, as they are in this view.
    let blocks: [BlockInfo]
    /// See `Segment.State.version`.
    let version: Int
    /// The lines of the day, where it is archived.
    let archive: ArchiveFile?
    private let knownNames = KnownNames()
    private let expander = DeflateExpander()

    /// Opens a block.
    ///
    /// Only its head is read now.
    package func block(_ id: Int64) throws -> BlockReader {
        let lines = try archive.map {
            ArchivedLines($0, block: id, try ArchiveIndex.members(of: id, in: database), expander)
        }
        return try BlockCodec.decode(try head(of: id), known: knownNames, lines: lines) {
            (column) throws(StoreError) in
            do { return try part(column + 1, of: id) } catch let error as StoreError { throw error } catch {
                throw .database(path: segment.path, reason: "\(error)")
            }
        }
    }

    /// What would have to be expanded to read some archived blocks: members, and bytes of their text.
    package func archivedText(of blocks: [Int64]) throws -> (members: Int, bytes: Int) {
        guard isArchived else { return (0, 0) }
        let members = try blocks.flatMap { try ArchiveIndex.members(of: $0, in: database) }
        return (members.count, members.reduce(0) { $0 + $1.textBytes })
    }

    /// The head of a block as it is stored.
    func head(of id: Int64) throws -> [UInt8] { try part(0, of: id) }

    private func part(_ number: Int, of id: Int64) throws -> [UInt8] {
        guard let part = try storedPart(number, of: id) else {
            throw StoreError.damaged("part \(number) of block \(id) is missing in \(segment.path)")
        }
        return part
    }

    /// A part of a block as it is stored; nil where the block has no such part.
    func storedPart(_ number: Int, of id: Int64) throws -> [UInt8]? {
        let statement = try database.cachedStatement(sql: "SELECT data FROM part WHERE id = ?")
        let rows = try Row.fetchCursor(
            statement, arguments: [SegmentSchema.partID(block: id, number: number)])
        guard let row = try rows.next() else { return nil }
        return try row.withUnsafeData(atIndex: 0) { [UInt8]($0 ?? Data()) }
    }

    package var day: Day { segment.day }

    /// Whether the events stand in an archive.
    package var isArchived: Bool { archive != nil }

    /// The blocks that hold a word.
    ///
    /// `word` is one token in lower case, from `TermProbe`.
    package func blocks(withWord word: [UInt8]) throws -> [Int64] {
        try blocks(matching: word, isPrefix: false)
    }

    /// Those of the blocks that may hold a word with this beginning.
    ///
    /// `prefix` is the beginning of one token in lower case, from `TermProbe`.
    package func blocks(_ blocks: [BlockInfo], withPrefix prefix: [UInt8]) throws -> [Int64] {
        let known = Set(try self.blocks(matching: prefix, isPrefix: true))
        guard prefix.count >= Token.beginning else { return blocks.map(\.id) }
        let blooms = try segment.blooms(of: blocks.map(\.id), in: database, version: version)
        let hash = Token.beginningHash(prefix.span)
        return blocks.map(\.id).enumerated().filter { index, id in
            known.contains(id) || !blocks[index].knowsBeginnings || blooms[id]?.mayContain(hash) ?? true
        }.map(\.element)
    }

    private func blocks(matching token: [UInt8], isPrefix: Bool) throws -> [Int64] {
        // The only MATCH strings there are: one token, which holds no quote, between quotes; or a star behind it.
        var match: [UInt8] = []
        match.append(UInt8(ascii: "\""))
        match.append(contentsOf: token)
        match.append(UInt8(ascii: "\""))
        if isPrefix { match.append(UInt8(ascii: "*")) }
        let statement = try database.cachedStatement(
            sql: "SELECT rowid FROM terms WHERE terms MATCH CAST(? AS TEXT)")
        return try Int64.fetchAll(statement, arguments: [Data(match)])
    }

    /// Those of the blocks that may hold an id or an address, by a hash of `TermProbe`.
    package func blocks(_ blocks: [Int64], mayHold hash: UInt64) throws -> [Int64] {
        let blooms = try segment.blooms(of: blocks, in: database, version: version)
        return blocks.filter { blooms[$0]?.mayContain(hash) ?? true }
    }

    static func blocks(in database: Database) throws -> [BlockInfo] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT id, events, first_time, last_time, first_sequence, last_sequence, raw_bytes, time_terms
                    FROM block ORDER BY id
                    """)
        ).map { row in
            // GRDB ends the process where a column of a damaged file is not of the type that is asked for.
            func number(_ index: Int) throws -> Int64 {
                guard let value = Int64.fromDatabaseValue(row[index]) else {
                    throw StoreError.damaged("column \(index) of a block's row is no number")
                }
                return value
            }
            return BlockInfo(
                id: try number(0), events: Int(try number(1)), firstTime: try number(2),
                lastTime: try number(3),
                firstSequence: UInt64(bitPattern: try number(4)),
                lastSequence: UInt64(bitPattern: try number(5)),
                rawBytes: Int(try number(6)), timeTerms: String.fromDatabaseValue(row[7]) ?? "")
        }
    }
}
