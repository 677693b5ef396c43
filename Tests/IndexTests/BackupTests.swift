import Foundation
import Glibc
import Parse
import Synchronization
import TestSupport
import Testing

@testable import Index

/// What a writer has been told is taken.
private final class Ledger: Sendable {
    let acknowledged = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
}

/// `Store.backup`: the store as it was at one instant.
@Suite(.temporaryDirectory) struct BackupTests {
    @Test func `a backup is the store as it was, byte for byte`() throws {
        let fixture = try BackupFixture()
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = RandomLines(seed: seed)
        random.hasLongLines = true
        for _ in 0..<30 { try fixture.stores.append(random.lines(200)) }
        try fixture.stores.append([[0, 1, 0xFF, 0xC3, 0x28], Array("<13>a\0b".utf8), []])
        fixture.store.closePastDays(at: StoreFixture.later)
        for _ in 0..<10 { try fixture.stores.append(random.lines(200)) }
        let expected = try fixture.store.events().map(\.line)
        let report = try fixture.store.backup(to: fixture.destination)
        try fixture.stores.append(random.lines(50))

        #expect(report.folder == fixture.destination)
        #expect(report.events == UInt64(expected.count))
        #expect(report.days == fixture.store.status().days.count)
        #expect(try fixture.names == ["backup", "data"])
        #expect(try BackupFixture.lines(in: fixture.destination) == expected, "seed \(seed)")
        #expect(try fixture.store.events().count == expected.count + 50)
        fixture.store.close()
    }

    @Test func `only the owner may read it, and one file holds each day`() throws {
        let fixture = try BackupFixture()
        let before = umask(0)
        defer { umask(before) }
        for day in 0..<3 { try fixture.stores.append([BackupFixture.line(day, day: day)]) }
        try Folder.make(fixture.folder + "/data/archive/2014")
        try Files.write([1, 2, 3], to: fixture.folder + "/data/archive/2014/a.gz")
        _ = try fixture.store.backup(to: fixture.destination)
        let listing = try FolderListing(fixture.destination)
        #expect(listing.folders == ["archive", "archive/2014", "days", "journal"])
        #expect(
            listing.files.map(\.path) == [
                "SHA256SUMS", "archive/2014/a.gz", "days/2026-11-20.sqlite", "days/2026-11-21.sqlite",
                "days/2026-11-22.sqlite", "format", "journal/00000000000000000004.log",
            ])
        for file in listing.files {
            #expect(BackupFixture.mode("\(fixture.destination)/\(file.path)") == 0o600)
        }
        for folder in listing.folders {
            #expect(BackupFixture.mode("\(fixture.destination)/\(folder)") == 0o700)
        }
        #expect(BackupFixture.mode(fixture.destination) == 0o700)
        fixture.store.close()
    }

    /// The callback runs in the middle of the work, between two steps of any day's copy.
    @Test(arguments: [1, 5, 200]) func `events that come meanwhile are there up to one instant`(_ days: Int)
        throws
    {
        let fixture = try BackupFixture()
        var number = 0
        func append() throws {
            let lines = (0..<days).map { BackupFixture.line(number + $0, day: $0) }
            number += days
            try fixture.stores.append(lines)
        }
        for _ in 0..<20 { try append() }
        fixture.store.closePastDays(at: StoreFixture.later)
        try append()
        let acknowledged = number
        var failure: (any Error)?
        let report = try fixture.store.backup(to: fixture.destination) { _ in
            do {
                // Every day changes all the time.
                if number < 100 * days { try append() }
            } catch { failure = error }
            return true
        }
        #expect(failure == nil)
        #expect(number > acknowledged)
        let found = try BackupFixture.lines(in: fixture.destination)
        #expect(found.count >= acknowledged)
        #expect(UInt64(found.count) == report.events)
        #expect(found == Array(fixture.stores.lines.prefix(found.count)))
        fixture.store.close()
    }

    @Test func `a store that others write to at full rate is copied as of one instant`() async throws {
        let fixture = try BackupFixture()
        let ledger = Ledger()
        let store = fixture.store
        let directory = fixture.destination
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var maker = LineBatch()
                var number = 0
                while !ledger.isOver.load(ordering: .acquiring) {
                    let lines = (number..<number + 500).map { BackupFixture.line($0, day: $0 % 3) }
                    try store.append(maker.batch(lines))
                    number += 500
                    ledger.acknowledged.store(number, ordering: .releasing)
                }
            }
            defer { ledger.isOver.store(true, ordering: .releasing) }
            for round in 0..<3 {
                while ledger.acknowledged.load(ordering: .acquiring) < (round + 1) * 5_000 {
                    await Task.yield()
                }
                let before = ledger.acknowledged.load(ordering: .acquiring)
                _ = try store.backup(to: "\(directory)-\(round)")
                let found = try BackupFixture.lines(in: "\(directory)-\(round)")
                #expect(found.count >= before)
                let expected = (0..<found.count).map { BackupFixture.line($0, day: $0 % 3) }
                #expect(found == expected)
            }
        }
        store.close()
    }

    @Test func `a restored store goes on with numbers that nobody had`() throws {
        let fixture = try BackupFixture()
        try fixture.stores.append([BackupFixture.line(0), BackupFixture.line(1)])
        let next = fixture.store.nextSequence
        _ = try fixture.store.backup(to: fixture.destination)
        fixture.store.close()
        for _ in 0..<2 {
            let again = try StoreFixture(fixture.destination)
            #expect(again.store.nextSequence >= next)
            try again.append([BackupFixture.line(2)])
            again.store.close()
        }
        #expect(try BackupFixture.lines(in: fixture.destination).count == 4)
    }

    @Test func `an empty store has a backup too`() throws {
        let fixture = try BackupFixture()
        let report = try fixture.store.backup(to: fixture.destination + "/")
        #expect(report.days == 0 && report.events == 0)
        #expect(try BackupFixture.lines(in: fixture.destination) == [])
        fixture.store.close()
    }

    @Test func `how far files were imported comes along, as of the same instant`() throws {
        let fixture = try BackupFixture()
        var maker = LineBatch()
        var batch = maker.batch([BackupFixture.line(0)])
        let mark = ImportMark(file: "ab-1", offset: 50, contentHash: 7, events: 1)
        batch.mark = mark
        try fixture.store.append(batch)
        _ = try fixture.store.backup(to: fixture.destination)
        let again = try StoreFixture(fixture.destination)
        #expect(again.store.importMarks(of: "ab") == [mark])
        again.store.close()
        fixture.store.close()
    }
}
