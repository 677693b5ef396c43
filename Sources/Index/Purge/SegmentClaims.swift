import GRDB

/// What the files of a day say of each other, so that a stop at any moment leaves one of them that counts.
///
/// A segment that is written anew names the file in whose place it stands (`replaces`). Once it counts, the old file is
/// marked (`superseded`), whether or not somebody still reads it, and the name is forgotten: file names are used again.
struct SegmentClaims {
    /// Names of files that do not count any more.
    var replaces: Set<String> = []
    /// Whether the file itself does not count any more.
    var isSuperseded = false

    private static let replacesTable = "CREATE TABLE replaces (file TEXT PRIMARY KEY) WITHOUT ROWID"
    private static let supersededTable = "CREATE TABLE superseded (mark INTEGER)"

    init() {}

    init(of segment: Segment) throws {
        self = try segment.read { view in
            var claims = SegmentClaims()
            claims.isSuperseded = try view.database.tableExists("superseded")
            if try view.database.tableExists("replaces") {
                claims.replaces = try String.fetchSet(view.database, sql: "SELECT file FROM replaces")
            }
            return claims
        }
    }

    /// Says in a new file that it stands in the place of another one.
    static func replace(_ path: String, in database: Database) throws {
        try database.execute(sql: replacesTable)
        try database.execute(sql: "INSERT INTO replaces VALUES (?)", arguments: [fileName(path)])
    }

    /// Marks a segment that does not count any more.
    static func supersede(_ segment: Segment) throws {
        try segment.write { try $0.execute(sql: supersededTable) }
    }

    /// Forgets the file in whose place a segment stands.
    static func forget(in segment: Segment) throws {
        try segment.write { try $0.execute(sql: "DROP TABLE IF EXISTS replaces") }
    }

    static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }

    /// Of the files of a day those that count.
    ///
    /// - `isReadOnly`: leaves the others where they are; else they go.
    static func current(_ segments: [Segment], isReadOnly: Bool) throws -> [Segment] {
        // A file that cannot be read says so when it is asked for.
        let all = segments.map { (segment: $0, claims: (try? SegmentClaims(of: $0)) ?? SegmentClaims()) }
        let valid = all.filter { !$0.claims.isSuperseded }
        let replaced = valid.reduce(into: Set<String>()) { $0.formUnion($1.claims.replaces) }
        let current = valid.filter { !replaced.contains(fileName($0.segment.path)) }
        guard !isReadOnly else { return current.map(\.segment) }
        for (segment, _) in all where !current.contains(where: { $0.segment === segment }) {
            segment.leave()
            segment.removeFiles()
        }
        for (segment, claims) in current where !claims.replaces.isEmpty { try forget(in: segment) }
        return current.map(\.segment)
    }
}

extension Segment {
    /// Says that the segment holds the events of an archived part, which does not count beside it.
    ///
    /// On the writer queue; for a segment of a day that was restored.
    func hide(_ part: ArchivePart) throws {
        try write { try $0.execute(sql: "INSERT OR IGNORE INTO restored VALUES (?)", arguments: ["\(part)"]) }
    }
}
