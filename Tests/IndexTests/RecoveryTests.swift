import Glibc
import Parse
import TestSupport
import Testing

@testable import Index

/// Starts after stops that nobody planned.
@Suite(.temporaryDirectory) struct RecoveryTests {
    private let directory = TemporaryDirectory.path + "/data"

    private static func lines(_ numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { Array("<13>1 2026-11-2\($0 % 3)T11:00:00Z docs app - - - event \($0)".utf8) }
    }

    /// A child appends batches and is killed.
    ///
    /// Its parent knows what it had said to have appended.
    @Test func `a killed writer leaves each appended event once`() async throws {
        for round in 0..<4 {
            let copy = directory + "-\(round)"
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [copy = copy as String, round = round as Int] in
                let fixture = try StoreFixture(copy)
                var count = 0
                let batches = 20 + round * 40
                for batch in 0..<batches {
                    let size = batch % 7 == 3 ? 700 : 37
                    try fixture.append(RecoveryTests.lines(count..<count + size))
                    count += size
                    try Files.write(Array("\(count)".utf8), to: copy + "/acknowledged")
                    if batch % 9 == 5 { fixture.store.closePastDays(at: StoreFixture.later) }
                }
                kill(getpid(), SIGKILL)
            }
            let acknowledged = try #require(
                Int(String(decoding: try Files.read(copy + "/acknowledged"), as: UTF8.self)))
            for _ in 0..<2 {
                let again = try StoreFixture(copy)
                let events = try again.store.events()
                #expect(events.map(\.line) == Self.lines(0..<acknowledged))
                #expect(Set(events.map(\.sequence)).count == acknowledged)
                #expect(try again.store.flaws() == [])
                again.store.close()
            }
        }
    }

    /// The journal as it was before a commit, beside the segments as they are after it: what a kill shows between the
    /// commit and the removal of the journal file.
    @Test func `a journal that still holds committed events gives them once`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append(Self.lines(0..<200))
        try Folder.copy(fixture.store.layout.journal, to: directory + "/before")
        fixture.store.closePastDays(at: StoreFixture.later)
        try fixture.append(Self.lines(200..<300))
        fixture.store.close()
        for name in try Files.names(in: directory + "/before") {
            let path = fixture.store.layout.journal + "/" + name
            if Files.size(path) < 0 { try Folder.copy(directory + "/before/" + name, to: path) }
        }
        let again = try StoreFixture(directory)
        #expect(try again.store.events().map(\.line) == Self.lines(0..<300))
        #expect(again.store.status().counters.recoveredEvents == 100)
        again.store.close()
    }

    @Test func `a cut journal gives the events before the cut, and the store goes on behind`() throws {
        let fixture = try StoreFixture(directory)
        for start in stride(from: 0, to: 100, by: 10) { try fixture.append(Self.lines(start..<start + 10)) }
        fixture.store.close()
        let path = fixture.store.layout.journalFile(firstSequence: 1)
        let bytes = try Files.read(path)
        try Files.write(Array(bytes.dropLast(5)), to: path)
        for round in 0..<3 {
            let again = try StoreFixture(directory)
            #expect(again.store.status().counters.cutJournalBytes > 0)
            try again.append(Self.lines(90 + round..<91 + round))
            #expect(try again.store.events().map(\.line) == Self.lines(0..<91 + round))
            again.store.close()
        }
    }

    /// A power cut takes what the journal had not brought to the disk; the segments had brought theirs.
    @Test(arguments: [0, 1, 2])
    func `a journal that lost what the segments hold never gives a number twice`(_ loss: Int) throws {
        let fixture = try StoreFixture(directory)
        for start in stride(from: 0, to: 300, by: 10) { try fixture.append(Self.lines(start..<start + 10)) }
        let path = fixture.store.layout.journalFile(firstSequence: 1)
        let bytes = try Files.read(path)
        fixture.store.closePastDays(at: StoreFixture.later)
        fixture.store.close()
        for name in try Files.names(in: fixture.store.layout.journal) {
            Folder.remove(fixture.store.layout.journal + "/" + name)
        }
        switch loss {
        case 0: break
        case 1: try Files.write(Array(bytes[..<(bytes.count / 2)]), to: path)
        default: try Files.write(Array(bytes[..<20]), to: path)
        }
        var expected = Self.lines(0..<300)
        for round in 0..<2 {
            let again = try StoreFixture(directory)
            #expect(try again.store.events().map(\.line) == expected)
            try again.append(Self.lines(300 + round..<301 + round))
            expected += Self.lines(300 + round..<301 + round)
            #expect(try again.store.events().map(\.line) == expected)
            again.store.close()
        }
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try reader.store.events().map(\.line) == expected)
    }

    @Test func `a store without a journal is read whole`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append(Self.lines(0..<50))
        fixture.store.closePastDays(at: StoreFixture.later)
        fixture.store.close()
        Folder.remove(fixture.store.layout.journal)
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try reader.store.events().map(\.line) == Self.lines(0..<50))
    }

    @Test func `a full disk takes no event that it was not asked for, and none twice`() async {
        await #expect(processExitsWith: .success) {
            let directory = try Folder.temporary() + "/data"
            defer { Folder.remove(directory) }
            let fixture = try StoreFixture(directory)
            try fixture.append(Self.lines(0..<10))
            FileSizeLimit.set(Files.size(fixture.store.layout.journalFile(firstSequence: 1)) + 100)
            try #require(throws: StoreError.self) { try fixture.append(Self.lines(10..<20)) }
            try #require(try fixture.store.events().map(\.line) == Self.lines(0..<10))
            FileSizeLimit.set(nil)
            try fixture.append(Self.lines(10..<20))
            fixture.store.close()
            let again = try StoreFixture(directory)
            try #require(try again.store.events().map(\.line) == Self.lines(0..<20))
            again.store.close()
        }
    }

    @Test func `times at both ends of what 64 bits hold have a day and a segment`() throws {
        let fixture = try StoreFixture(directory)
        let lines = ["1677-09-21T00:12:44Z", "1970-01-01T00:00:00Z", "2262-04-11T23:47:16Z"]
            .map { Array("<13>1 \($0) docs app - - - x".utf8) }
        // Of a file, as the time of a network event that is so far off is not believed.
        var maker = LineBatch()
        try fixture.store.append(maker.batch(lines, peers: [Peer(.file, "")]))
        #expect(
            Set(fixture.store.snapshot().memory.map(\.day.description)) == [
                "1677-09-21", "1970-01-01", "2262-04-11",
            ])
        fixture.store.closePastDays(at: .max)
        #expect(try fixture.store.events().map(\.line) == lines)
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try again.store.events().map(\.line) == lines)
        again.store.close()
    }
}
