import Foundation
import Glibc
import TestSupport
import Testing

@testable import Index

/// What a backup refuses, and what it leaves behind then: nothing.
@Suite(.temporaryDirectory) struct BackupRefusalTests {
    private let fixture: BackupFixture

    init() throws {
        fixture = try BackupFixture()
        for day in 0..<3 { try fixture.stores.append([BackupFixture.line(day, day: day)]) }
        fixture.store.closePastDays(at: StoreFixture.later)
    }

    private func refusal(_ destination: String) -> BackupError? {
        #expect(throws: BackupError.self) { _ = try fixture.store.backup(to: destination) }
    }

    @Test func `a place that is taken, missing, or in the data directory`() throws {
        try Folder.make(fixture.folder + "/full/of")
        try Files.write([1], to: fixture.folder + "/file")
        #expect(unsafe symlink(fixture.folder + "/data", fixture.folder + "/link") == 0)
        let cases = [
            ("full", "no empty folder"), ("file", "no empty folder"), ("link", "no empty folder"),
            ("missing/backup", "there is no folder"), ("file/backup", "there is no folder"),
            ("data/backup", "in the data directory"), ("link/backup", "in the data directory"),
            ("data", "in the data directory"), ("full/..", "name of a new folder"),
            ("full/.", "name of a new folder"), ("a\nb", "name of a new folder"),
        ]
        let before = try BackupFixture.files(in: fixture.folder + "/data").keys.sorted()
        for (name, text) in cases {
            let error = refusal("\(fixture.folder)/\(name)")
            #expect(error?.description.contains(text) == true, "\(name): \(error?.description ?? "")")
            #expect(error?.code == "bad_folder")
        }
        #expect(refusal("backup")?.description.contains("no absolute path") == true)
        #expect(try fixture.names == ["data", "file", "full", "link"])
        #expect(try BackupFixture.files(in: fixture.folder + "/data").keys.sorted() == before)
        fixture.store.close()
    }

    @Test func `an empty folder is taken`() throws {
        try Folder.make(fixture.destination)
        #expect(try fixture.store.backup(to: fixture.destination).days == 3)
        fixture.store.close()
    }

    @Test func `a disk that is too small, with what is needed and what is free`() throws {
        try Folder.make(fixture.folder + "/data/archive")
        let path = fixture.folder + "/data/archive/large"
        try Files.write([], to: path)
        // Nothing of it is on the disk.
        try #require(unsafe truncate(path, 8 << 40) == 0)
        let error = try #require(refusal(fixture.destination))
        guard case .noSpace(let folder, let needed, let free) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(folder == fixture.folder && needed > 8 << 40 && free < needed)
        #expect(error.description.contains("MB are needed"))
        #expect(try fixture.names == ["data"])
        fixture.store.close()
    }

    @Test(arguments: [0, 1, 2, 5, 9]) func `one that nobody wants any more leaves nothing`(_ steps: Int)
        throws
    {
        var left = steps
        let error = #expect(throws: BackupError.self) {
            _ = try fixture.store.backup(to: fixture.destination) { _ in
                left -= 1
                return left >= 0
            }
        }
        #expect(error == .stopped)
        #expect(try fixture.names == ["data"])
        fixture.store.close()
    }

    @Test func `a damaged day is named, and there is no backup`() throws {
        fixture.store.close()
        let path = StoreLayout(directory: fixture.folder + "/data").segment(
            Day(containing: LineBatch.received))
        var bytes = try Files.read(path)
        for index in 8_192 * 3..<8_192 * 3 + 200 { bytes[index] ^= 0x55 }
        try Files.write(bytes, to: path)
        let again = try StoreFixture(fixture.folder + "/data")
        let error = #expect(throws: (any Error).self) { _ = try again.store.backup(to: fixture.destination) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("2026-11-22.sqlite"))
        #expect(try fixture.names == ["data"])
        again.store.close()
    }

    /// What a killed process left behind goes, and nothing else.
    @Test func `stale folders go, those at work and foreign ones stay`() throws {
        let parent = fixture.folder
        for name in [
            "old.partial-1", "old.partial-22", "busy.partial-3", "foreign.partial-4", "old.partial-x",
        ] {
            try Folder.make("\(parent)/\(name)/days")
            try Files.write([1], to: "\(parent)/\(name)/days/2026-11-22.sqlite")
        }
        try Files.write([1], to: parent + "/foreign.partial-4/letter")
        #expect(unsafe symlink(parent + "/data", parent + "/link.partial-5") == 0)
        let busy = unsafe open(parent + "/busy.partial-3", O_RDONLY)
        try #require(flock(busy, LOCK_EX | LOCK_NB) == 0)
        _ = try fixture.store.backup(to: fixture.destination)
        close(busy)
        #expect(
            try fixture.names == [
                "backup", "busy.partial-3", "data", "foreign.partial-4", "link.partial-5", "old.partial-x",
            ])
        #expect(try fixture.store.events().count == 3)
        fixture.store.close()
    }
}
