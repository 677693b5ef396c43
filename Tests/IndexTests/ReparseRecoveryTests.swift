import Dispatch
import Glibc
import TestSupport
import Testing

@testable import Index
@testable import Parse

/// Starts after a run that ended where nobody planned it.
@Suite(.temporaryDirectory) struct ReparseRecoveryTests {
    private let directory = TemporaryDirectory.path + "/data"

    @Test func `a run that is killed leaves each event once, as it was or as it became`() async throws {
        let both = try TwoReadings(seed: 55, batches: 12)
        let expected = both.expected()
        var halves = 0
        for round in 0..<8 {
            let copy = directory + "-\(round)"
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [copy = copy as String, round = round as Int] in
                let store = try TwoReadings(seed: 55, batches: 12).store(copy)
                // Nothing in the journal, and nothing in SQLite's logs.
                store.closePastDays(at: StoreFixture.later)
                var blocks = 0
                if round > 1 {
                    // Anywhere in a commit: when so much of the new blocks is on its way to the files.
                    let folder = store.layout.days
                    DispatchQueue(label: "killer").async {
                        while true {
                            let names = (try? Files.names(in: folder)) ?? []
                            let logs = names.filter { $0.hasSuffix("-wal") }
                            let bytes = logs.reduce(0) { $0 + max(0, Files.size("\(folder)/\($1)")) }
                            if bytes > round * round * 12_000 { kill(getpid(), SIGKILL) }
                        }
                    }
                }
                let choice = EventChoice(events: { block in
                    blocks += 1
                    // Between the reading of a block and its change.
                    if round == 0, blocks == 4 { kill(getpid(), SIGKILL) }
                    return RowSet(all: block.count)
                })
                _ = try store.reparse(choice, with: Reading.beta.parser()) { done, _ in
                    if round == 1, done == 5 { kill(getpid(), SIGKILL) }
                    return true
                }
                kill(getpid(), SIGKILL)
            }
            let again = try Store(copy, .beta)
            #expect(again.status().counters.recoveredEvents == 0)
            let events = try again.storedEvents()
            try #require(events.map(\.sequence) == both.alpha.map(\.sequence))
            for segment in again.snapshot().segments {
                let blocks = try segment.read { view in
                    try view.blocks.map { info in try view.block(info.id).sequences() }
                }
                for sequences in blocks {
                    let rows = sequences.map { Int($0) - 1 }
                    let now = rows.map { events[$0] }
                    #expect(now == rows.map { both.alpha[$0] } || now == rows.map { expected.events[$0] })
                }
            }
            if events != both.alpha, events != expected.events { halves += 1 }
            #expect(try again.flaws() == [])
            #expect(try again.termErrors(Reading.names) == [])
            // The next run does the rest.
            _ = try again.reparse(EventChoice(), with: Reading.beta.parser())
            #expect(try again.storedEvents() == expected.events)
            #expect(try again.flaws() == [])
            again.close()
        }
        #expect(halves >= 2)
    }

    @Test func `a full disk leaves the block as it was, and the store goes on`() async {
        await #expect(processExitsWith: .success) {
            let directory = try Folder.temporary() + "/data"
            defer { Folder.remove(directory) }
            let both = try TwoReadings(seed: 4)
            let store = try both.store(directory)
            store.closePastDays(at: StoreFixture.later)
            FileSizeLimit.set(20_000)
            try #require(throws: StoreError.self) {
                try store.reparse(EventChoice(), with: Reading.beta.parser())
            }
            FileSizeLimit.set(nil)
            try #require(try store.storedEvents() == both.alpha)
            try #require(try store.termErrors(Reading.names) == [])
            _ = try store.reparse(EventChoice(), with: Reading.beta.parser())
            try #require(try store.storedEvents() == both.expected().events)
            try #require(try store.flaws() == [])
            store.close()
        }
    }
}

/// What the journal gives back where formats have changed since.
@Suite(.temporaryDirectory) struct ChangedFormatTests {
    private let directory = TemporaryDirectory.path + "/data"

    /// The line's own time is not known at first, and is another day's then.
    @Test func `an event stays on the day that it was filed under`() throws {
        var batch = EventBatch()
        batch.received = LineBatch.received
        batch.peers = [Peer(.file, "", source: LineSource(program: "app"))]
        batch.bytes = Array("at 2014-05-12T10:00:00Z happened\n".utf8)
        var first = LineBatch.parser()
        first.parse(0..<batch.bytes.count - 1, peer: 0, in: &batch)
        let store = try Store(directory: directory, parser: LineBatch.parser) { LineBatch.received }
        try store.append(batch)
        store.close()

        var user = UserFormat(name: "app", place: "test")
        user.programs = ["app"]
        user.patterns = ["at %{NOTSPACE:at} %{GREEDYDATA:message}"]
        user.time = "at"
        let formats = try FormatSet(library: .embedded, users: [user])
        for _ in 0..<2 {
            let again = try Store(
                directory: directory, parser: { LineParser(formats: formats, zone: .utc) },
                clock: { LineBatch.received })
            // `events` throws where an event's time is not of its block's day.
            #expect(try again.events().count == 1)
            again.close()
        }
    }
}
