import Foundation
import Parse
import TestSupport
import Testing

@testable import Index

/// Verify, seal, rebuild and restore.
@Suite(.temporaryDirectory) struct ArchiveCareTests {
    private let directory = TemporaryDirectory.path + "/data"

    private func archived(_ count: Int = 3_000, seed: UInt64) throws -> StoreFixture {
        let fixture = try StoreFixture(directory, archivable: count, seed: seed)
        _ = try fixture.store.archiveAll()
        return fixture
    }

    private func damage(_ store: Store) throws -> [ArchiveDamage] {
        try store.archive.volumes().flatMap { try store.archive.verify($0).damage }
    }

    @Test func `every flipped byte is found, and the member is named`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let fixture = try archived(400, seed: 1)
        #expect(try damage(fixture.store) == [])
        let part = try #require(fixture.store.archivedParts().first)
        let path = fixture.store.archive.lines(part)
        let whole = try FileBytes.read(path)
        let members = try Segment(part, in: fixture.store.archive).read {
            try ArchiveIndex.members(in: $0.database)
        }
        // Every byte of the first member's header and trailer, and some of all others.
        let first = members[0].bytes
        var places = Array(0..<ArchiveMember.headerBytes) + Array(first - ArchiveMember.trailerBytes..<first)
        for _ in 0..<300 { places.append(random.below(whole.count)) }
        for place in places {
            var bytes = whole
            bytes[place] ^= 1 << UInt8(random.below(8))
            try Data(bytes).write(to: URL(filePath: path))
            let found = try MemberWalk.damage(of: path)
            let number = (members.lastIndex { $0.offset <= place } ?? 0) + 1
            #expect(found.contains { $0.member?.number == number }, "byte \(place), seed \(seed): \(found)")
        }
        try Data(whole).write(to: URL(filePath: path))
        #expect(try damage(fixture.store) == [])
        fixture.store.close()
    }

    @Test func `a flipped byte of an index, a lost file and a file too many are found`() throws {
        let fixture = try archived(400, seed: 2)
        let part = try #require(fixture.store.archivedParts().first)
        let index = fixture.store.archive.index(part)
        let whole = try FileBytes.read(index)
        var random = SeededRandom(seed: 3)
        for _ in 0..<20 {
            var bytes = whole
            bytes[random.below(bytes.count)] ^= 0x10
            try Data(bytes).write(to: URL(filePath: index))
            #expect(try !damage(fixture.store).isEmpty)
        }
        try FileManager.default.removeItem(atPath: index)
        #expect(try damage(fixture.store).contains { $0.path == index })
        try Data(whole).write(to: URL(filePath: index))
        #expect(try damage(fixture.store) == [])
        try FileManager.default.removeItem(atPath: fixture.store.archive.lines(part))
        #expect(try damage(fixture.store).contains { $0.what.contains("gone") })
        fixture.store.close()
    }

    @Test func `an index made from the lines alone says the same`() throws {
        let seed = UInt64.random(in: .min ... .max)
        let fixture = try archived(5_000, seed: seed)
        let before = try fixture.store.storedEvents()
        for part in fixture.store.archivedParts() {
            try FileManager.default.removeItem(atPath: fixture.store.archive.index(part))
            let rebuilt = try fixture.store.rebuildIndex(of: part)
            #expect(rebuilt.damage == [])
        }
        #expect(try fixture.store.storedEvents() == before, "seed \(seed)")
        #expect(try damage(fixture.store) == [])
        #expect(try fixture.store.termErrors() == [], "seed \(seed)")
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try again.store.storedEvents() == before, "seed \(seed)")
        again.store.close()
    }

    @Test func `fields of any kind come back from the lines alone`() throws {
        var seed = UInt64.random(in: .min ... .max)
        for _ in 0..<20 {
            seed &+= 1
            var random = SeededRandom(seed: seed)
            let store = try Store(directory: directory + "\(seed)", parser: LineBatch.parser) {
                LineBatch.received
            }
            for _ in 0..<8 { try store.append(EventBatch.hostile(&random)) }
            let before = try store.storedEvents()
            _ = try store.archiveAll()
            for part in store.archivedParts() { _ = try store.rebuildIndex(of: part) }
            #expect(try store.storedEvents() == before, "seed \(seed)")
            store.close()
        }
    }

    @Test func `a sealed volume stays as it is, and late events go beside it`() throws {
        let fixture = try archived(1_000, seed: 4)
        let layout = fixture.store.archive
        for volume in layout.volumes() {
            #expect(try layout.seal(volume, now: LineBatch.received).damage == [])
            #expect(throws: StoreError.self) { try layout.seal(volume, now: 0) }
        }
        let sealed = layout.volumes()
        let files = sealed.map { FileBytes.names(in: layout.path($0)).sorted() }
        try fixture.append(StoreFixture.archivable(200, seed: 5))
        _ = try fixture.store.archiveAll()
        #expect(sealed.map { FileBytes.names(in: layout.path($0)).sorted() } == files)
        #expect(layout.volumes().contains { $0.number == 2 })
        #expect(try fixture.store.storedEvents().map(\.raw) == fixture.lines)
        #expect(try damage(fixture.store) == [])
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try again.store.storedEvents().map(\.raw) == fixture.lines)
        again.store.close()
        // A sum that was changed together with its file is not the one that was sealed.
        let sums = layout.sums(sealed[0])
        layout.protect(sealed[0], isProtected: false)
        var text = try FileBytes.read(sums)
        text[0] = text[0] == 0x30 ? 0x31 : 0x30
        try Data(text).write(to: URL(filePath: sums))
        #expect(try layout.verify(sealed[0]).damage.contains { $0.what.contains("sealed with") })
    }

    @Test func `what is damaged is not sealed`() throws {
        let fixture = try archived(400, seed: 6)
        let part = try #require(fixture.store.archivedParts().first)
        let path = fixture.store.archive.lines(part)
        var bytes = try FileBytes.read(path)
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        #expect(try !fixture.store.archive.seal(part.volume, now: 0).damage.isEmpty)
        #expect(!fixture.store.archive.isSealed(part.volume))
        fixture.store.close()
    }

    @Test func `a restored day is in the store, once, however often`() throws {
        let seed = UInt64.random(in: .min ... .max)
        let fixture = try archived(4_000, seed: seed)
        let before = try fixture.store.storedEvents()
        let day = fixture.store.archivedDays()[0]
        try fixture.append(StoreFixture.archivable(100, seed: 7))
        let late = try fixture.store.storedEvents()
        let restored = try #require(try fixture.store.restore(day))
        #expect(restored.events == before.filter { $0.day == day }.count)
        #expect(restored.damage == [] && !restored.wasRestored)
        #expect(try fixture.store.storedEvents() == late, "seed \(seed)")
        #expect(fixture.store.liveSegments.contains { $0.day == day })
        #expect(try #require(try fixture.store.restore(day)).wasRestored)
        #expect(try fixture.store.storedEvents() == late)
        #expect(try fixture.store.flaws() == [])
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try again.store.storedEvents() == late, "seed \(seed)")
        #expect(try #require(try again.store.restore(day)).wasRestored)
        // It returns to where it came from; what came late goes there as well.
        #expect(try !again.store.archivableDays(before: Day(number: .max)).contains(day))
        _ = try again.store.archiveAll()
        #expect(again.store.liveSegments.isEmpty)
        #expect(try again.store.storedEvents() == late, "seed \(seed)")
        again.store.close()
    }

    @Test func `of a damaged day the good blocks are restored, and the bad ones named`() throws {
        let fixture = try StoreFixture(directory)
        for round in 0..<3 {
            try fixture.append(
                (0..<5_000).map {
                    Array("<13>1 2026-11-20T10:00:00Z h app - - - n=\(round)-\($0) \($0 &* 7_919)".utf8)
                })
        }
        _ = try fixture.store.archiveAll()
        let part = try #require(fixture.store.archivedParts().first)
        let path = fixture.store.archive.lines(part)
        var bytes = try FileBytes.read(path)
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        let restored = try #require(try fixture.store.restore(part.day))
        #expect(restored.damage.count == 1)
        #expect(restored.events >= 15_000 - 4_096 && restored.events < 15_000)
        #expect(try fixture.store.storedEvents().count == restored.events)
        fixture.store.close()
    }

    @Test func `whatever a file holds, it is read or refused`() throws {
        let fixture = try archived(400, seed: 8)
        let part = try #require(fixture.store.archivedParts().first)
        let path = fixture.store.archive.lines(part)
        let whole = try FileBytes.read(path)
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        // Cut anywhere, followed by anything, empty, or another member doubled.
        var forms: [[UInt8]] = [
            [], whole + [0], whole + whole.prefix(100), Array(whole.dropFirst()), random.bytes(5_000),
        ]
        for _ in 0..<60 { forms.append(Array(whole.prefix(random.below(whole.count)))) }
        for form in forms {
            try Data(form).write(to: URL(filePath: path))
            let found = try MemberWalk.damage(of: path)
            let isCutBetweenMembers = try form.isEmpty || Self.ends(of: whole).contains(form.count)
            #expect(!found.isEmpty || isCutBetweenMembers, "\(form.count) bytes, seed \(seed)")
            #expect(try !damage(fixture.store).isEmpty, "\(form.count) bytes, seed \(seed)")
            _ = try? fixture.store.rebuildIndex(of: part)
        }
        fixture.store.close()
    }

    private static func ends(of file: [UInt8]) throws -> Set<Int> {
        var ends: Set<Int> = []
        var place = 0
        while let member = ArchiveMember(header: file[place...], at: place) {
            place += member.bytes
            ends.insert(place)
        }
        return ends
    }
}

extension MemberWalk {
    /// What is wrong with the members of a file.
    fileprivate static func damage(of path: String) throws -> [ArchiveDamage] {
        var walk = MemberWalk(try ArchiveFile(path))
        let expander = DeflateExpander()
        while try walk.next(expander) != nil {}
        return walk.damage
    }
}
