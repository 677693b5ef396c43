import FoundationEssentials
import Glibc
import Parse

/// Who asked for something.
package struct Requester: Sendable, Equatable, Codable {
    /// The name of the user, and its number, on this machine.
    package var user: String?
    package var uid: UInt32?
    /// The address that a request came from.
    package var address: String?

    package init(user: String? = nil, uid: UInt32? = nil, address: String? = nil) {
        self.user = user
        self.uid = uid
        self.address = address
    }

    /// Who runs this process.
    package static var thisProcess: Requester {
        let uid = getuid()
        let name = unsafe getpwuid(uid).flatMap { unsafe $0.pointee.pw_name }
        return Requester(user: unsafe name.map { unsafe String(cString: $0) }, uid: uid)
    }
}

/// What is written of a deletion before it begins, and when it has ended: never the query, which may be the secret.
package struct AuditRecord: Sendable, Codable {
    /// What happened: `begun`, `done`, or `failed`.
    package enum State: String, Sendable, Codable { case begun, done, failed }

    /// RFC 3339.
    package var time: String
    /// `purge` or `retention`.
    package let action: String
    package var state: State
    /// The same in all records of one run.
    package let run: String
    package let by: Requester
    /// SHA-256 of the query's text; of a retention the sum of all its rules.
    package let querySHA256: String
    /// The window, as it was asked for.
    package let since: String?
    package let until: String?
    package var days: [PurgedDay]?
    package var parts: [PurgeResult.Replacement]?
    package var events: Int?
    package var unread: [String]?
    package var stillRead: Int?
    package var isJournalEmpty: Bool?
    package var isWhole: Bool?
    package var error: String?

    private enum CodingKeys: String, CodingKey {
        case time, action, state, run, by, since, until, days, parts, events, unread, error
        case querySHA256 = "query_sha256"
        case stillRead = "still_read"
        case isJournalEmpty = "journal_empty"
        case isWhole = "whole"
    }

    /// The record of the beginning.
    ///
    /// - `query`: is written as its sum alone.
    /// - `now`: nanoseconds since the Unix epoch.
    package init(
        _ action: String, query: String, since: String? = nil, until: String? = nil, by requester: Requester,
        now: Int64
    ) {
        self.action = action
        state = .begun
        time = Self.text(now)
        run = "\(now)-\(getpid())"
        by = requester
        querySHA256 = FileDigest.of(Array(query.utf8))
        self.since = since
        self.until = until
    }

    /// The record of the end.
    package func done(_ result: PurgeResult, now: Int64) -> AuditRecord {
        var record = self
        record.state = .done
        record.time = Self.text(now)
        record.days = result.days
        record.parts = result.parts
        record.events = result.events
        record.unread = result.unread.isEmpty ? nil : result.unread
        record.stillRead = result.stillRead == 0 ? nil : result.stillRead
        record.isJournalEmpty = result.isJournalEmpty
        record.isWhole = result.isWhole
        return record
    }

    /// The record of an error, which names files and never log content.
    package func failed(_ error: any Error, now: Int64) -> AuditRecord {
        var record = self
        record.state = .failed
        record.time = Self.text(now)
        record.error = "\(error)"
        return record
    }

    private static func text(_ time: Int64) -> String {
        var bytes: [UInt8] = []
        TimeLayout.utc(time / 1_000_000_000 * 1_000_000_000).render(time, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Store {
    /// Adds a line to DIR/audit.log, which is on disk when this returns; nothing there is ever changed.
    package func audit(_ record: AuditRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = [UInt8](try encoder.encode(record)) + [0x0A]
        let isNew = unsafe access(layout.audit, F_OK) != 0
        let descriptor = unsafe open(
            layout.audit, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError.system("open", layout.audit) }
        defer { Glibc.close(descriptor) }
        // One write: another line cannot come in between.
        let written = unsafe line.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == line.count, fsync(descriptor) == 0 else {
            throw StoreError.system("write", layout.audit)
        }
        if isNew { try FileBytes.syncFolder(of: layout.audit) }
    }
}
