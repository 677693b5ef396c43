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
