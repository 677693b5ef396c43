import Glibc
import Parse
import TestSupport
import Testing

@testable import Index

/// A store on a disk without room: nothing that was taken is lost, and it goes on by itself.
@Suite(.temporaryDirectory) struct NoSpaceTests {
    private static func lines(_ range: Range<Int>, pad: Int = 0) -> [[UInt8]] {
        let pad = String(repeating: "x", count: pad)
        return range.map { Array("<13>1 2026-11-22T11:00:00Z docs app - - - line \($0) \(pad)".utf8) }
    }

    @Test func `errors of a full disk are told apart`() {
        func error(_ code: Int32) -> StoreError {
            .system(operation: "write", path: "x", code: code, reason: "")
        }
        #expect([ENOSPC, EDQUOT, EFBIG].allSatisfy { error($0).isOutOfSpace })
        #expect([EIO, EROFS, EACCES].allSatisfy { !error($0).isOutOfSpace })
        #expect(StoreError.database(path: "x", reason: "SQLite error 13: full").isOutOfSpace)
        #expect(!StoreError.database(path: "x", reason: "SQLite error 10: I/O").isOutOfSpace)
        #expect(!StoreError.stopped("SQLite error 13:").isOutOfSpace)
    }

    @Test(.enabled(if: SmallFileSystem.isPossible, "\(SmallFileSystem.reason)"))
    func `the journal goes on where there is room again`() throws {
        let small = try SmallFileSystem(bytes: 8 << 20)
        let fixture = try StoreFixture(small.path + "/data")
        try fixture.append(Self.lines(0..<100))
        try small.fill(leaving: 0)
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try fixture.append(Self.lines(0..<200, pad: 300)) }
            #expect(error?.isOutOfSpace == true)
        }
        #expect(fixture.store.status().failure == nil)
        #expect(fixture.store.status().counters.shortWrites == 3)
        #expect(try fixture.store.events().map(\.line) == fixture.lines)
        small.empty()
        try fixture.append(Self.lines(100..<200, pad: 300))
        #expect(try fixture.store.events().map(\.line) == fixture.lines)
        fixture.store.close()
        let again = try StoreFixture(small.path + "/data")
        #expect(try again.store.events().map(\.line) == fixture.lines)
        again.store.close()
    }

    @Test(.enabled(if: SmallFileSystem.isPossible, "\(SmallFileSystem.reason)"))
    func `commits go on where there is room again, and do not spin before`() async throws {
        let small = try SmallFileSystem(bytes: 16 << 20)
        let fixture = try StoreFixture(small.path + "/data")
        // The segment is there, and the lines are with the journal.
        let count = IndexLimits.eventsPerBlock
        try fixture.append(Self.lines(0..<count))
        while fixture.store.status().counters.storedEvents < UInt64(count) { usleep(1_000) }
        try small.fill(leaving: 1_400_000)
        for block in 1..<5 { try fixture.append(Self.lines(block * count..<(block + 1) * count)) }
        try small.fill(leaving: 0)
        // Whatever was committed before the disk was full, the next ones fail.
        let start = ContinuousClock.now
        while fixture.store.status().counters.shortWrites < 2, start.duration(to: .now) < .seconds(30) {
            if fixture.store.status().pendingBlocks == 0 {
                small.empty()
                try small.fill(leaving: 900_000)
                let next = fixture.lines.count
                try fixture.append(Self.lines(next..<next + count))
                try small.fill(leaving: 0)
            }
            usleep(50_000)
        }
        let status = fixture.store.status()
        #expect(status.counters.shortWrites >= 2 && status.failure == nil)
        // One attempt a second, however many blocks wait.
        let seconds = start.duration(to: .now).components.seconds
        #expect(status.counters.failedCommits <= UInt64(seconds) + 3)
        #expect(try fixture.store.events().map(\.line) == fixture.lines)
        small.empty()
        while fixture.store.status().pendingBlocks > 0, start.duration(to: .now) < .seconds(60) {
            usleep(1_000)
        }
        #expect(fixture.store.status().counters.storedEvents == UInt64(fixture.lines.count))
        #expect(try fixture.store.events().map(\.line) == fixture.lines)
        #expect(try fixture.store.flaws() == [])
        fixture.store.close()
    }
}
