import Foundation
import Synchronization
import TestSupport

@testable import Index
@testable import Parse

/// A secret that some of a store's lines hold.
enum Secret {
    static let text = "hunter2correcthorse"

    /// Lines of three days; every seventh holds the secret, alone or among others, and one day nothing else.
    static func lines(_ count: Int, seed: UInt64) -> [[UInt8]] {
        let plain = StoreFixture.archivable(count, seed: seed)
        return plain.enumerated().map { number, line in
            switch number % 14 {
            case 3:
                Array(
                    "<13>1 2026-11-2\(number % 3)T11:00:00.5Z docs app - - - password=\(text) n=\(number)"
                        .utf8)
            case 10: Array("<13>1 2026-11-17T10:00:0\(number % 10)Z docs sshd 7 - - login \(text)".utf8)
            default: line
            }
        }
    }

    static func isIn(_ line: [UInt8]) -> Bool {
        line.span.place(of: Array(text.utf8), in: 0..<line.count) != nil
    }

    /// The events that hold it.
    static var choice: EventChoice {
        EventChoice(
            days: { _ in true }, blocks: { blocks, _ in RowSet(all: blocks.count) },
            events: { block in
                var rows = RowSet(size: block.count)
                for row in 0..<block.count {
                    var line: [UInt8] = []
                    try block.appendRaw(row, to: &line)
                    if isIn(line) { rows.insert(row) }
                }
                return rows
            })
    }

    /// Files below a directory that hold it, also within what gzip compressed.
    static func files(in directory: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory).sorted()
        return try names.filter { name in
            let path = directory + "/" + name
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { return false }
            if isIn(try FileBytes.read(path)) { return true }
            guard name.hasSuffix(".ndjson.gz") else { return false }
            var walk = MemberWalk(try ArchiveFile(path))
            let expander = DeflateExpander()
            while let (_, text) = try walk.next(expander) {
                if isIn(text) { return true }
            }
            return false
        }
    }
}

extension StoreFixture {
    /// A store with such lines: some archived, some in segments, some restored, some in memory.
    convenience init(_ directory: String, secrets seed: UInt64, sealed: Bool) throws {
        try self.init(directory)
        try append(Secret.lines(1_500, seed: seed))
        _ = try store.archiveAll()
        try append(Secret.lines(600, seed: seed &+ 1))
        let first = try store.committedDays().first
        if let first { _ = try store.archive(first) }
        if let last = store.archivedDays().last { _ = try store.restore(last) }
        for volume in store.archive.volumes() {
            try VolumeSums.update(store.archive, volume)
            if sealed { _ = try store.archive.seal(volume, now: LineBatch.received) }
        }
        try append(Secret.lines(200, seed: seed &+ 2))
    }
}

extension Store {
    /// What is wrong with the archive.
    func archiveDamage() throws -> [ArchiveDamage] {
        try archive.volumes().flatMap { try archive.verify($0).damage }
    }
}

/// Copies of a directory, one for each place at which a stop could come.
final class StopCopies: Sendable {
    let directory: String
    private let names = Mutex<[String]>([])

    init(of directory: String) { self.directory = directory }

    /// The copies' directories.
    var all: [String] { names.withLock { $0 } }

    /// Takes them while some work is done.
    func during<Result>(_ work: () throws -> Result) throws -> Result {
        try FaultPoint.$watcher.withValue({ self.take($0) }, operation: work)
    }

    private func take(_ place: String) {
        let number = names.withLock { $0.count }
        // The same place for the third time says nothing new.
        guard all.count(where: { $0.hasSuffix("-" + place) }) < 2 else { return }
        let copy = "\(directory)-\(number)-\(place)"
        do {
            try FileManager.default.copyItem(atPath: directory, toPath: copy)
            names.withLock { $0.append(copy) }
        } catch { fatalError("copying \(directory): \(error)") }
    }
}
