import Foundation
import Parse
import TestSupport
import Testing

@testable import Index

/// What is deleted for good is nowhere any more, and all else is as it was.
@Suite(.temporaryDirectory) struct PurgeTests {
    private let directory = TemporaryDirectory.path + "/data"

    @Test(arguments: [false, true])
    func `the secret is in no file, and every other event as it was`(sealed: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        let fixture = try StoreFixture(directory, secrets: seed, sealed: sealed)
        let store = fixture.store
        let before = try store.storedEvents()
        let expected = before.filter { !Secret.isIn($0.raw) }
        #expect(try !Secret.files(in: directory).isEmpty)

        let dry = try store.purgeable(Secret.choice)
        #expect(try store.storedEvents() == before, "seed \(seed)")
        let result = try store.purge(Secret.choice)
        #expect(result.isWhole && result.isJournalEmpty && result.unread == [] && result.stillRead == 0)
        #expect(result.days == dry.days, "seed \(seed)")
        #expect(result.parts.contains { $0.new == nil } && result.parts.contains { $0.new != nil })
        #expect(try store.storedEvents() == expected, "seed \(seed)")
        #expect(try Secret.files(in: directory) == [], "seed \(seed)")
        #expect(try store.termErrors([Reading.hex(Secret.text.utf8)]) == [], "seed \(seed)")
        #expect(try store.flaws() == [])
        #expect(try store.archiveDamage() == [])
        #expect(store.archive.volumes().allSatisfy { store.archive.isSealed($0) == sealed })
        #expect(try store.purge(Secret.choice).events == 0)

        // New events go on behind the old numbers, also where the newest ones went.
        let next = store.nextSequence
        store.close()
        #expect(try Secret.files(in: directory) == [])
        let again = try StoreFixture(directory)
        #expect(again.store.nextSequence >= next)
        #expect(try again.store.storedEvents() == expected, "seed \(seed)")
        // What was restored returns, once.
        _ = try again.store.archiveAll()
        #expect(try again.store.storedEvents() == expected, "seed \(seed)")
        #expect(try again.store.archiveDamage() == [])
        again.store.close()
    }

    @Test func `a stop at any place loses and doubles nothing, and a second run ends the work`() throws {
        let seed = UInt64.random(in: .min ... .max)
        let fixture = try StoreFixture(directory, secrets: seed, sealed: true)
        let before = try fixture.store.storedEvents()
        let expected = before.filter { !Secret.isIn($0.raw) }
        let known = Dictionary(uniqueKeysWithValues: before.map { ($0.sequence, $0) })
        let copies = StopCopies(of: directory)
        _ = try copies.during { try fixture.store.purge(Secret.choice) }
        fixture.store.close()
        #expect(copies.all.count > 15)
        for copy in copies.all {
            // A reader beside it sees the same as who starts anew.
            for isReadOnly in [true, false] {
                let stopped = try StoreFixture(copy, isReadOnly: isReadOnly)
                let events = try stopped.store.storedEvents()
                #expect(events.filter { !Secret.isIn($0.raw) } == expected, "\(copy), seed \(seed)")
                #expect(events.allSatisfy { known[$0.sequence] == $0 })
                #expect(Set(events.map(\.sequence)).count == events.count)
                guard !isReadOnly else { continue }
                #expect(try stopped.store.archiveDamage() == [], "\(copy), seed \(seed)")
                _ = try stopped.store.purge(Secret.choice)
                #expect(try stopped.store.storedEvents() == expected, "\(copy), seed \(seed)")
                #expect(try stopped.store.archiveDamage() == [], "\(copy), seed \(seed)")
                stopped.store.close()
            }
            #expect(try Secret.files(in: copy) == [], "\(copy), seed \(seed)")
            try FileManager.default.removeItem(atPath: copy)
        }
    }

    @Test func `a query that began before ends with what it saw`() throws {
        let fixture = try StoreFixture(directory, secrets: 3, sealed: false)
        try fixture.store.onWriter { try fixture.store.commitOpenBlocks() }
        let before = try fixture.store.storedEvents()
        var snapshot: StoreSnapshot? = fixture.store.snapshot()
        // Its files are open, as those of a query are that reads.
        #expect(try snapshot?.storedEvents() == before)
        let result = try fixture.store.purge(Secret.choice, patience: 0)
        #expect(result.stillRead > 0)
        #expect(try fixture.store.storedEvents() == before.filter { !Secret.isIn($0.raw) })
        #expect(try snapshot?.segments.filter { $0.part == nil }.flatMap { try $0.blocks() }.isEmpty == false)
        snapshot = nil
        #expect(try Secret.files(in: directory) == [])
        fixture.store.close()
    }

    @Test func `progress can end it, and the rest is left`() throws {
        let fixture = try StoreFixture(directory, secrets: 4, sealed: false)
        let before = try fixture.store.storedEvents()
        var left = 3
        let result = try fixture.store.purge(Secret.choice) { _ in
            left -= 1
            return left > 0
        }
        #expect(!result.isWhole)
        let after = try fixture.store.storedEvents()
        #expect(after.filter { !Secret.isIn($0.raw) } == before.filter { !Secret.isIn($0.raw) })
        #expect(after.count > before.count(where: { !Secret.isIn($0.raw) }))
        #expect(try fixture.store.purge(Secret.choice).isWhole)
        #expect(try Secret.files(in: directory) == [])
        fixture.store.close()
    }

    @Test func `lines that wait for others are in the journal until they are events`() throws {
        let store = try Store(directory: directory, parser: LineBatch.parser) { LineBatch.received }
        var batch = EventBatch()
        batch.received = LineBatch.received
        batch.peers = [Peer(.tcp, "10.1.2.3")]
        batch.bytes = Array("<13>1 - h app - - - waits \(Secret.text)".utf8)
        batch.held = [HeldLine(raw: ByteRange(0..<batch.bytes.count), peer: 0, noted: [], id: 7)]
        try store.append(batch)
        let empty = try store.onWriter { try store.emptyJournal(before: store.nextSequence) }
        #expect(!empty)
        var maker = LineBatch()
        var release = maker.batch([Array("<13>1 - h app - - - waits \(Secret.text)".utf8)])
        release.released = [7]
        try store.append(release)
        let result = try store.purge(Secret.choice)
        #expect(result.isJournalEmpty && result.events == 1)
        #expect(try Secret.files(in: directory) == [])
        store.close()
    }

    @Test func `a damaged part stays as it is, and is named`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append(Secret.lines(1_200, seed: 5))
        _ = try fixture.store.archiveAll()
        let part = try #require(fixture.store.archivedParts().first { $0.day == Day("2026-11-21") })
        let path = fixture.store.archive.lines(part)
        var bytes = try FileBytes.read(path)
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        let result = try fixture.store.purge(Secret.choice)
        #expect(result.unread.contains { $0.contains(path) })
        #expect(try FileBytes.read(path) == bytes)
        #expect(!result.parts.contains { $0.old == "\(part)" })
        fixture.store.close()
    }

    @Test func `the audit log says who, when and how many, and not what`() throws {
        let store = try Store(directory: directory, parser: LineBatch.parser) { LineBatch.received }
        let record = AuditRecord(
            "purge", query: Secret.text, since: "7d", by: Requester(user: "ops", uid: 7),
            now: LineBatch.received)
        try store.audit(record)
        var result = PurgeResult()
        result.days = [PurgedDay(Day(containing: LineBatch.received), .archive, events: 3)]
        try store.audit(record.done(result, now: LineBatch.received + 1_000_000_000))
        try store.audit(record.failed(StoreError.stopped("disk"), now: LineBatch.received))
        store.close()
        let text = String(decoding: try FileBytes.read(directory + "/audit.log"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(!text.contains(Secret.text))
        #expect(lines.allSatisfy { $0.contains(FileDigest.of(Array(Secret.text.utf8))) })
        #expect(lines[0].contains(#""state":"begun""#) && lines[0].contains(#""uid":7"#))
        #expect(lines[1].contains(#"{"day":"2026-11-22","events":3,"place":"archive"}"#))
        #expect(lines[1].contains(#""time":"2026-11-22T12:00:01Z""#))
        #expect(lines[2].contains(#""state":"failed""#))
    }
}
