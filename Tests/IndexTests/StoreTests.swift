import Glibc
import Parse
import TestSupport
import Testing

@testable import Index

/// What is appended is there at once, and stays there, once.
@Suite(.temporaryDirectory) struct StoreTests {
    private let directory = TemporaryDirectory.path + "/data"

    /// Lines of several days, numbered so that each is one of a kind.
    private func lines(_ count: Int, from first: Int = 0, seed: UInt64) -> [[UInt8]] {
        var random = RandomLines(seed: seed)
        return (0..<count).map { Array(random.wellFormed().utf8) + Array(" n=\(first + $0)".utf8) }
    }

    @Test func `what is appended is seen at once, once, and in order`() throws {
        let fixture = try StoreFixture(directory)
        for round in 0..<5 {
            try fixture.append(lines(50, from: round * 50, seed: UInt64(round)))
            let events = try fixture.store.events()
            #expect(events.map(\.line) == fixture.lines)
            #expect(events.map(\.sequence) == (1...UInt64(fixture.lines.count)).map { $0 })
        }
        #expect(fixture.store.snapshot().memory.count > 1)
        fixture.store.close()
    }

    @Test func `an empty batch is nothing`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append([])
        #expect(try fixture.store.events().isEmpty)
        fixture.store.close()
    }

    @Test func `events survive a stop, once each, wherever they were`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var all: [[UInt8]] = []
        for round in 0..<5 {
            let fixture = try StoreFixture(directory)
            #expect(try fixture.store.events().map(\.line) == all, "seed \(seed)")
            for part in 0..<3 {
                let some = lines(60, from: all.count, seed: seed &+ UInt64(round * 3 + part))
                try fixture.append(some)
                all += some
                // Some blocks in segments, some not, each time others.
                if (round + part) % 2 == 0 { fixture.store.closePastDays(at: StoreFixture.later) }
            }
            #expect(try fixture.store.events().map(\.line) == all, "seed \(seed)")
            #expect(try fixture.store.flaws() == [])
            fixture.store.close()
        }
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try reader.store.events().map(\.line) == all, "seed \(seed)")
        #expect(throws: StoreError.self) { try reader.append(lines(1, seed: 0)) }
    }

    @Test func `full blocks go to their segment and come back from there`() throws {
        let fixture = try StoreFixture(directory)
        let count = IndexLimits.eventsPerBlock * 2 + 100
        let some = (0..<count).map {
            Array("<13>1 2026-11-22T11:00:00Z docs app - - - event \($0) id \(9_000_000 + $0)".utf8)
        }
        for start in stride(from: 0, to: count, by: 1_000) {
            try fixture.append(Array(some[start..<min(count, start + 1_000)]))
        }
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(again.store.status().counters.recoveredEvents == 100)
        #expect(again.store.status().openEvents == 100)
        #expect(try again.store.events().map(\.line) == some)
        #expect(try again.store.snapshot().segments.map { try $0.blocks().count } == [2])
        #expect(try again.store.flaws() == [])
        // The journal file that held the first blocks holds the rest as well: it stays until all of it is committed.
        #expect(again.store.status().journalFiles == 2)
        again.store.closePastDays(at: StoreFixture.later)
        #expect(again.store.status().journalFiles == 1)
        #expect(try again.store.events().map(\.line) == some)
        again.store.close()
    }

    /// `append` waits for a place for each block that it fills.
    ///
    /// A place that is not given back stops it for good; the alarm ends the process then.
    @Test func `blocks that time closes keep no place from the writer`() async {
        await #expect(processExitsWith: .success) {
            alarm(120)
            let directory = try Folder.temporary()
            defer { Folder.remove(directory) }
            let fixture = try StoreFixture(directory + "/data")
            let late = Array("<13>1 2026-11-20T11:00:00Z docs app - - - late".utf8)
            let full = [[UInt8]](
                repeating: Array("<13>1 2026-11-22T11:00:00Z docs app - - - x".utf8),
                count: IndexLimits.eventsPerBlock)
            for _ in 0..<IndexLimits.pendingBlocks * 2 {
                try fixture.append(full + [late])
                fixture.store.closePastDays(at: StoreFixture.later)
            }
            try #require(fixture.store.status().counters.storedEvents == UInt64(fixture.lines.count))
            fixture.store.close()
        }
    }

    @Test func `a past day is closed with nothing left beside its file`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append(lines(200, seed: 5))
        let days = Set(fixture.store.snapshot().memory.map(\.day))
        fixture.store.closePastDays(at: LineBatch.received)
        // Events came just now: more may follow.
        #expect(fixture.store.snapshot().memory.count == days.count)
        fixture.store.closePastDays(at: LineBatch.received + IndexLimits.closeDayAfter + 1)
        #expect(fixture.store.snapshot().memory.map(\.day) == [Day(containing: LineBatch.received)])
        fixture.store.closePastDays(at: StoreFixture.later)
        #expect(fixture.store.snapshot().memory.isEmpty)
        for day in days { #expect(Files.size(fixture.store.layout.segment(day) + "-wal") <= 0, "\(day)") }
        #expect(try fixture.store.events().map(\.line) == fixture.lines)
        #expect(try fixture.store.flaws() == [])
        // A late event opens the day again.
        try fixture.append([Array("<13>1 2026-11-21T11:00:00Z docs app - - - late".utf8)])
        fixture.store.closePastDays(at: StoreFixture.later)
        #expect(try fixture.store.events().map(\.line) == fixture.lines)
        fixture.store.close()
    }

    @Test func `a second writer is refused, with the number of the first`() throws {
        let fixture = try StoreFixture(directory)
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try StoreFixture(directory) }
            guard case .locked(let path, let pid)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(path == directory)
            #expect(LockOwner(directory: directory)?.pid == pid)
        }
        fixture.store.announce("http://127.0.0.1:8514")
        #expect(LockOwner(directory: directory)?.address == "http://127.0.0.1:8514")
        fixture.store.close()
        #expect(LockOwner(directory: directory) == nil)
        try StoreFixture(directory).store.close()
    }

    @Test func `a reader beside the writer sees the same events`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append(lines(100, seed: 1))
        fixture.store.closePastDays(at: StoreFixture.later)
        try fixture.append(lines(100, from: 100, seed: 2))
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try reader.store.events().map(\.line) == fixture.lines)
        fixture.store.close()
    }

    @Test func `a directory of a newer version, and one that is no store, are refused`() throws {
        #expect(throws: StoreError.self) { try StoreFixture(directory, isReadOnly: true) }
        try StoreFixture(directory).store.close()
        try Files.write(Array("wplog 2\n".utf8), to: directory + "/format")
        #expect(throws: StoreError.newerFormat(found: 2, supported: 1)) { try StoreFixture(directory) }
        try Files.write(Array("?\n".utf8), to: directory + "/format")
        #expect(throws: StoreError.self) { try StoreFixture(directory) }
        // A kill between the making of the file and its text.
        try Files.write([], to: directory + "/format")
        try StoreFixture(directory).store.close()
        #expect(try Files.read(directory + "/format") == Array("wplog 1\n".utf8))
    }

    @Test func `a damaged segment is an error, whatever the damage`() async {
        await #expect(processExitsWith: .success) {
            let directory = try Folder.temporary()
            defer { Folder.remove(directory) }
            var random = SeededRandom()
            print("seed \(random.seed)")
            let fixture = try StoreFixture(directory + "/data")
            var lines = RandomLines(seed: random.seed)
            lines.past = 0
            try fixture.append(lines.lines(300).map { Array("<13>Nov 22 11:00:00 docs app: ".utf8) + $0 })
            fixture.store.closePastDays(at: StoreFixture.later)
            fixture.store.close()
            // Nothing of the day in the journal: the segment is opened when it is asked for.
            Folder.remove(fixture.store.layout.journal)
            let path = fixture.store.layout.segment(Day(containing: LineBatch.received))
            let sound = try Files.read(path)
            for round in 0..<150 {
                var bytes = sound
                let count = round < 100 ? 1 + random.below(4) : 100 + random.below(4_000)
                let start = random.below(bytes.count)
                for place in start..<min(bytes.count, start + count) {
                    bytes[place] = UInt8(random.below(256))
                }
                if round % 10 == 0 { bytes = Array(bytes[..<random.below(bytes.count)]) }
                try Files.write(bytes, to: path)
                // Any other error would be one that no caller knows how to tell.
                func attempt(_ body: () throws -> Void) throws { do { try body() } catch is StoreError {} }
                try attempt {
                    let reader = try StoreFixture(directory + "/data", isReadOnly: true)
                    try attempt { _ = try reader.store.events() }
                    try attempt { _ = try reader.store.flaws() }
                    guard let segment = reader.store.snapshot().segments.first else { return }
                    try attempt { _ = try segment.fieldNames() }
                    try attempt { try segment.read { _ = try $0.blocks(withWord: Array("docs".utf8)) } }
                    try attempt { try segment.read { _ = try $0.blocks([1], mayHold: 7) } }
                }
            }
        }
    }

    @Test(arguments: [[], Array("no database".utf8), [UInt8](repeating: 0, count: 9_000)] as [[UInt8]])
    func `a segment that is no database says so`(_ bytes: [UInt8]) throws {
        try StoreFixture(directory).store.close()
        try Files.write(bytes, to: directory + "/days/2026-11-22.sqlite")
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(throws: StoreError.self) { try reader.store.events() }
    }
}
