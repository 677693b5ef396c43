import Dispatch
import TestSupport
import Testing

@testable import Index
@testable import Parse

/// Stored lines, read again in another way.
@Suite(.temporaryDirectory) struct ReparseTests {
    private let directory = TemporaryDirectory.path + "/data"

    @Test func `chosen events are those of the new reading, all others as they were`() throws {
        for round in 0..<4 {
            let seed = UInt64.random(in: .min ... .max)
            let both = try TwoReadings(seed: seed)
            let store = try both.store(directory + "\(round)")
            func isChosen(_ number: UInt64) -> Bool {
                round == 0 || SeededRandom.mix(number ^ seed) % 3 == 0
            }
            let expected = both.expected(isChosen)
            #expect(expected.count.changed > 20 && expected.count.otherDay > 5)
            #expect(expected.count.unchanged > 5)
            #expect(try store.storedEvents() == both.alpha, "seed \(seed)")

            let count = try store.reparse(EventChoice(where: isChosen), with: Reading.beta.parser())
            #expect(count == expected.count, "seed \(seed)")
            #expect(try store.storedEvents() == expected.events, "seed \(seed)")
            #expect(try store.termErrors(Reading.names) == [], "seed \(seed)")
            #expect(try store.flaws() == [])

            // Once more: nothing is left to do, but where another day would be right.
            let again = try store.reparse(EventChoice(where: isChosen), with: Reading.beta.parser())
            #expect(again.changed == 0 && again.otherDay == count.otherDay, "seed \(seed)")
            // The final form of a day, and the next start.
            store.closePastDays(at: StoreFixture.later)
            #expect(try store.termErrors(Reading.names) == [], "seed \(seed)")
            store.close()
            let next = try Store(directory + "\(round)", .beta)
            #expect(try next.storedEvents() == expected.events, "seed \(seed)")
            #expect(next.status().nextSequence > UInt64(both.alpha.count))
            #expect(try next.flaws() == [])
            next.close()
        }
    }

    @Test func `there and back again, FTS5 knows the words that are there`() throws {
        let both = try TwoReadings(seed: 11)
        let store = try both.store(directory)
        #expect(try store.termErrors(Reading.names) == [])
        for round in 0..<6 {
            let reading: Reading = round % 2 == 0 ? .beta : .alpha
            _ = try store.reparse(EventChoice(), with: reading.parser())
            let word = Array((round % 2 == 0 ? "alpha" : "beta").utf8)
            let held = try store.snapshot().segments.map { try $0.read { try $0.blocks(withWord: word) } }
            // Of an event that belongs to another day the old reading stays.
            let left = try store.storedEvents().filter { $0.value("parser") == "alpha-reading" }
            #expect(!held.joined().isEmpty == (round % 2 == 0 && !left.isEmpty))
            #expect(try store.termErrors(Reading.names) == [])
            #expect(try store.flaws() == [])
        }
        #expect(try store.storedEvents() == both.alpha)
        store.close()
    }

    @Test func `a dry run counts the same and writes nothing`() throws {
        let both = try TwoReadings(seed: 3)
        let store = try both.store(directory)
        func files() throws -> [String: [UInt8]] {
            var found: [String: [UInt8]] = [:]
            for folder in ["journal", "days"] {
                // SQLite's index of its log is memory that readers share.
                for name in try Files.names(in: directory + "/" + folder) where !name.hasSuffix("-shm") {
                    found[name] = try Files.read("\(directory)/\(folder)/\(name)")
                }
            }
            return found
        }
        #expect(!store.snapshot().memory.isEmpty)
        _ = try store.storedEvents()
        let before = try files()
        let dry = try store.reparse(EventChoice(), with: Reading.beta.parser(), dryRun: true)
        #expect(try files() == before)
        #expect(!store.snapshot().memory.isEmpty)
        #expect(try store.storedEvents() == both.alpha)

        let reader = try Store(directory, .alpha, isReadOnly: true)
        #expect(try reader.reparse(EventChoice(), with: Reading.beta.parser(), dryRun: true) == dry)
        #expect(throws: StoreError.self) { try reader.reparse(EventChoice(), with: Reading.beta.parser()) }

        #expect(try store.reparse(EventChoice(), with: Reading.beta.parser()) == dry)
        store.close()
        #expect(throws: StoreError.self) { try store.reparse(EventChoice(), with: Reading.beta.parser()) }
    }

    @Test func `a run that is stopped leaves the rest to the next`() throws {
        let both = try TwoReadings(seed: 8)
        let store = try both.store(directory)
        let expected = both.expected { _ in true }
        var changed = 0
        var runs = 0
        var all = 0
        while changed < expected.count.changed, runs < 100 {
            // Each run does one block more than the last: those before it come out unchanged.
            let limit = runs + 1
            var steps: [Int] = []
            let count = try store.reparse(EventChoice(), with: Reading.beta.parser()) { done, blocks in
                steps.append(done)
                all = blocks
                return done < limit
            }
            #expect(steps == Array(1...min(limit, all)))
            changed += count.changed
            runs += 1
        }
        #expect(changed == expected.count.changed && runs > 2)
        #expect(try store.storedEvents() == expected.events)
        store.close()
    }

    @Test func `a snapshot and a view from before stay good`() throws {
        let both = try TwoReadings(seed: 21)
        let store = try both.store(directory)
        let expected = both.expected { _ in true }
        let old = store.snapshot()
        let segment = try #require(old.segments.last { try $0.blocks().count > 0 })
        try segment.read { view in
            let ids = view.blocks.map(\.id)
            func events() throws -> [StoredEvent] {
                try ids.flatMap { id in
                    let block = try view.block(id)
                    return try (0..<block.count).map { try StoredEvent(block, $0) }
                }
            }
            let before = try events()
            // On a thread of its own, as a connection is not asked from within another.
            let done = DispatchSemaphore(value: 0)
            DispatchQueue.global().async {
                #expect(throws: Never.self) {
                    try store.reparse(EventChoice(), with: Reading.beta.parser())
                }
                done.signal()
            }
            done.wait()
            #expect(try events() == before)
            // What this view reads of old filters must not stay behind as the new ones.
            _ = try view.blocks(ids, mayHold: 7)
        }
        #expect(try store.termErrors(Reading.names) == [])
        let seen = try old.storedEvents()
        #expect(seen.map(\.sequence) == both.alpha.map(\.sequence))
        #expect(zip(seen, zip(both.alpha, expected.events)).allSatisfy { $0 == $1.0 || $0 == $1.1 })
        store.close()
    }

    @Test func `another process that reads sees the new blocks, and their terms`() throws {
        let both = try TwoReadings(seed: 13)
        let store = try both.store(directory)
        store.closePastDays(at: StoreFixture.later)
        let reader = try Store(directory, .alpha, isReadOnly: true)
        #expect(try reader.termErrors(Reading.names) == [])
        _ = try store.reparse(EventChoice(), with: Reading.beta.parser())
        #expect(try reader.storedEvents() == both.expected().events)
        #expect(try reader.termErrors(Reading.names) == [])
        store.close()
    }

    @Test func `queries and appends beside it see each event once`() async throws {
        let both = try TwoReadings(seed: 34)
        let store = try both.store(directory)
        let expected = both.expected { _ in true }
        let number = both.alpha.count
        // As another process would read.
        let foreign = try Store(directory, .alpha, isReadOnly: true)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for round in 0..<6 {
                        let reading: Reading = round % 2 == 0 ? .beta : .alpha
                        _ = try store.reparse(EventChoice { $0 <= number }, with: reading.parser())
                        try store.append(Reading.alpha.batch(Reading.lines(40, seed: UInt64(round))))
                    }
                } catch { Issue.record("\(error)") }
            }
            for reader in [store, foreign] {
                group.addTask {
                    do {
                        for _ in 0..<8 {
                            let seen = try reader.storedEvents().prefix(number)
                            #expect(seen.map(\.sequence) == (1...UInt64(number)).map { $0 })
                            let pairs = zip(both.alpha, expected.events)
                            #expect(zip(seen, pairs).allSatisfy { $0 == $1.0 || $0 == $1.1 })
                            for segment in reader.snapshot().segments {
                                try segment.read { _ = try $0.blocks($0.blocks.map(\.id), mayHold: 7) }
                            }
                        }
                    } catch { Issue.record("\(error)") }
                }
            }
        }
        #expect(try store.storedEvents().count == number + 240)
        #expect(try store.termErrors() == [])
        #expect(try store.flaws() == [])
        store.close()
    }
}
