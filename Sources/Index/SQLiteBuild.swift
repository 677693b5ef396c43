import GRDB

/// The SQLite that this program runs with.
package struct SQLiteBuild: Sendable {
    package let version: String
    /// Whether it can search texts (FTS5), without which no segment can be read.
    package let hasFTS5: Bool

    package static let current = SQLiteBuild()

    private init() {
        let facts = try? DatabaseQueue().read { database in
            (
                try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? "unknown",
                try String.fetchAll(database, sql: "PRAGMA compile_options").contains("ENABLE_FTS5")
            )
        }
        (version, hasFTS5) = facts ?? ("unknown", false)
    }
}
