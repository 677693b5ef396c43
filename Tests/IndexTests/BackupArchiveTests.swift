import Foundation
import Glibc
import TestSupport
import Testing

@testable import Index

/// `archive/` in a backup.
@Suite(.temporaryDirectory) struct BackupArchiveTests {
    private let fixture: BackupFixture
    private let archive: String

    init() throws {
        fixture = try BackupFixture()
        archive = fixture.folder + "/data/archive"
        try Folder.make(archive + "/2014")
        try Folder.make(archive + "/2015")
    }

    @Test func `all files come along unchanged`() throws {
        var random = SeededRandom(seed: 4)
        let files = [
            "2014/wplog-2014-01.gz", "2014/MANIFEST", "2015/with a space.gz", "2015/naïve.gz", "index",
            "2015/-x",
        ]
        for (index, name) in files.enumerated() {
            try Files.write(random.bytes(index == 0 ? 3 << 20 : index), to: "\(archive)/\(name)")
        }
        let report = try fixture.store.backup(to: fixture.destination)
        #expect(report.archives == files.count)
        #expect(
            try BackupFixture.files(in: fixture.destination + "/archive") == BackupFixture.files(in: archive))
        fixture.store.close()
    }

    @Test func `what is no ordinary file, or has an unusual name, is refused`() throws {
        let cases: [(String, () -> Bool)] = [
            ("2014/link", { unsafe symlink("/etc/hostname", archive + "/2014/link") == 0 }),
            ("linked", { unsafe symlink("/etc", archive + "/linked") == 0 }),
            ("pipe", { unsafe mkfifo(archive + "/pipe", 0o600) == 0 }),
            ("a\nb", { unsafe creat(archive + "/a\nb", 0o600) >= 0 }),
            ("a\\b", { unsafe creat(archive + "/a\\b", 0o600) >= 0 }),
        ]
        for (name, make) in cases {
            #expect(make())
            let error = #expect(throws: BackupError.self) {
                _ = try fixture.store.backup(to: fixture.destination)
            }
            #expect(error?.code == "foreign_file")
            #expect(error?.description.contains("\n") == false)
            #expect(try fixture.names == ["data"])
            Folder.remove("\(archive)/\(name)")
        }
        fixture.store.close()
    }

    @Test func `a folder that is itself a link is not followed`() throws {
        Folder.remove(archive)
        #expect(unsafe symlink("/etc", archive) == 0)
        let error = #expect(throws: BackupError.self) {
            _ = try fixture.store.backup(to: fixture.destination)
        }
        #expect(error?.code == "foreign_file")
        fixture.store.close()
    }

    /// A year is sealed while it is copied: its months become one file.
    @Test func `files that are replaced meanwhile are there as after the change`() throws {
        for month in 1...5 { try Files.write([UInt8(month)], to: "\(archive)/2014/0\(month).gz") }
        var isSealed = false
        _ = try fixture.store.backup(to: fixture.destination) { progress in
            // The first part of an archive: the store has no day.
            guard !isSealed, progress.done > 10 else { return true }
            isSealed = true
            try? Files.write([9, 9], to: archive + "/2014.gz")
            Folder.remove(archive + "/2014")
            return true
        }
        #expect(isSealed)
        let copied = try BackupFixture.files(in: fixture.destination + "/archive")
        #expect(copied == ["2014.gz": [9, 9]])
        fixture.store.close()
    }
}
