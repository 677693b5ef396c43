import Foundation
import TestSupport
import Testing

@testable import Index

/// Archived parts at the end of their life, and what is remembered of rules.
@Suite(.temporaryDirectory) struct RetentionStoreTests {
    private let directory = TemporaryDirectory.path + "/data"

    @Test func `parts go whole, with their places in sums and seals; an empty volume goes too`() throws {
        let fixture = try StoreFixture(directory, archivable: 2_000, seed: 21)
        _ = try fixture.store.archiveAll()
        let layout = fixture.store.archive
        for volume in layout.volumes() { _ = try layout.seal(volume, now: LineBatch.received) }
        let before = try fixture.store.storedEvents()
        let parts = fixture.store.archivedParts()
        let facts = try fixture.store.retentionFacts()
        #expect(facts.events == 2_000 && facts.parts.map(\.part) == parts)

        let copies = StopCopies(of: directory)
        let gone = Set(parts.dropLast())
        let result = try copies.during { try fixture.store.delete(parts.dropLast()) }
        let expected = before.filter { event in !gone.contains { $0.day == event.day } }
        #expect(result.events == before.count - expected.count)
        #expect(try fixture.store.storedEvents() == expected)
        #expect(try fixture.store.archiveDamage() == [])
        #expect(layout.volumes().allSatisfy { layout.isSealed($0) })
        _ = try fixture.store.delete([parts[parts.count - 1]])
        #expect(layout.volumes().isEmpty && FileBytes.names(in: layout.directory).isEmpty)
        #expect(try fixture.store.storedEvents().isEmpty)
        fixture.store.close()

        for copy in copies.all {
            let stopped = try StoreFixture(copy)
            #expect(try stopped.store.archiveDamage() == [], "\(copy)")
            let left = try stopped.store.storedEvents()
            #expect(left.filter { !gone.map(\.day).contains($0.day) } == expected, "\(copy)")
            stopped.store.close()
        }
    }

    @Test func `what has been applied to a day is known after a start`() throws {
        let fixture = try StoreFixture(directory, archivable: 500, seed: 22)
        let days = try fixture.store.committedDays()
        let record = RetentionRecord(digest: "abc", lastSequence: 17)
        try fixture.store.note(record, of: days[0])
        try fixture.store.note(record, of: days[1])
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try again.store.retentionFacts().applied == [days[0]: record, days[1]: record])
        _ = try again.store.archive(days[0])
        try again.store.note(record, of: days[1])
        #expect(try again.store.retentionFacts().applied == [days[1]: record])
        again.store.close()
        // A line that is none costs one more look at its day.
        try Data("nonsense\n\(days[1]) abc 17\n\(days[1]) abc\n".utf8).write(
            to: URL(filePath: directory + "/retention"))
        let damaged = try StoreFixture(directory)
        #expect(try damaged.store.retentionFacts().applied == [days[1]: record])
        damaged.store.close()
    }
}
