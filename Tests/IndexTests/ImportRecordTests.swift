import Parse
import TestSupport
import Testing

@testable import Index

/// How far files have been imported.
@Suite(.temporaryDirectory) struct ImportRecordTests {
    private let directory = TemporaryDirectory.path + "/data"

    private func batch(_ line: String, _ file: String, offset: UInt64) -> EventBatch {
        var maker = LineBatch()
        var batch = maker.batch([Array(line.utf8)], peers: [Peer(.file, "")])
        batch.mark = ImportMark(file: file, offset: offset, contentHash: offset &* 31, events: offset / 10)
        return batch
    }

    @Test(arguments: [nil, -1, 1_750_775_785_000_000_000], [nil, Int64.max])
    func `what is known of a file's times is in the journal`(_ date: Int64?, _ reference: Int64?) throws {
        var source = LineSource(program: "app", host: "h", zone: "UTC", isMessage: date == -1)
        (source.date, source.yearReference) = (date, reference)
        var batch = EventBatch()
        batch.peers = [Peer(.file, "", source: source), Peer(.tcp, "10.0.0.1")]
        var bytes: [UInt8] = []
        JournalRecord(batch, firstSequence: 7, days: [], base: 0).encode(to: &bytes)
        var reader = ByteReader(bytes)
        let record = try JournalRecord(&reader, limit: 0, isFirstForm: false)
        #expect(record.peers == batch.peers)
        #expect(reader.remaining == 0)
    }

    /// The day of the first line is committed, that of the others is not: they are read from the journal without it.
    @Test func `lines without a date keep their time when the journal is read back`() throws {
        var source = LineSource(program: "")
        source.date = 0
        let texts = ["2025-06-24 14:00:00 a", "b", "2025-06-25 15:00:00 c", "d", "e"]
        func times(_ store: Store) throws -> [Int64] {
            try store.snapshot().memory.flatMap { try BlockReader($0).times() }.sorted()
        }
        let fixture = try StoreFixture(directory)
        var maker = LineBatch()
        try fixture.store.append(
            maker.batch(texts.map { Array($0.utf8) }, peers: [Peer(.file, "", source: source)]))
        let wanted = try times(fixture.store)
        #expect(Set(wanted).count == 2)
        fixture.store.close()
        let layout = fixture.store.layout
        var reader = LineBatch.parser()
        let journal = layout.journalFile(firstSequence: 1)
        var found: [Int64] = []
        _ = try JournalReplay.records(of: journal) { record, bytes in
            try JournalReplay.parse(record, bytes, with: &reader) { _, sequence in
                sequence > record.firstSequence + 3
            } _: { event, _, _, _ in
                found.append(event.time)
            }
        }
        #expect(found == [wanted.last])
        let again = try StoreFixture(directory)
        #expect(try times(again.store) == wanted)
        again.store.close()
    }

    @Test func `a step comes back from the journal, and from its file when the journal is gone`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.store.append(batch("<13>Nov 22 11:00:00 h a: 1", "ab-1", offset: 100))
        try fixture.store.append(batch("<13>Nov 22 11:00:00 h a: 2", "ab-1", offset: 200))
        try fixture.store.append(batch("<13>Nov 22 11:00:00 h a: 3", "ab-2", offset: 50))
        try fixture.store.append(batch("<13>Nov 22 11:00:00 h a: 4", "abc-1", offset: 7))
        let wanted = [
            ImportMark(file: "ab-1", offset: 200, contentHash: 6_200, events: 20),
            ImportMark(file: "ab-2", offset: 50, contentHash: 1_550, events: 5),
        ]
        #expect(fixture.store.importMarks(of: "ab") == wanted)
        fixture.store.close()
        #expect(Files.size(fixture.store.layout.imports) < 0)

        let second = try StoreFixture(directory)
        #expect(second.store.importMarks(of: "ab") == wanted)
        second.store.closePastDays(at: StoreFixture.later)
        #expect(Files.size(second.store.layout.imports) > 0)
        second.store.close()

        let third = try StoreFixture(directory)
        #expect(third.store.importMarks(of: "ab") == wanted)
        #expect(third.store.status().counters.recoveredEvents == 0)
        #expect(third.store.importMarks(of: "a") == [])
        third.store.close()
    }

    @Test(
        arguments: [
            "", "something else\n", "wplogi01\nx 1 2 f-1\n", "wplogi01\n1 2\n", "wplogi01\n-1 ff 3 f-1\n",
        ])
    func `a damaged record is refused, and says where`(_ text: String) throws {
        let fixture = try StoreFixture(directory)
        fixture.store.close()
        try Files.write(Array(text.utf8), to: fixture.store.layout.imports)
        let error = #expect(throws: StoreError.self) { try StoreFixture(directory) }
        #expect(error?.description.contains("imports") == true)
    }
}
