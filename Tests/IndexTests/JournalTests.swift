import Parse
import TestSupport
import Testing

@testable import Index

/// What the journal gives back after a stop of any kind: each whole record, and nothing of a broken one.
@Suite(.temporaryDirectory) struct JournalTests {
    private let layout = StoreLayout(directory: TemporaryDirectory.path)

    /// Writes batches into one file, and returns its path and where each record ends.
    private func write(_ batches: [EventBatch]) throws -> (path: String, ends: [Int]) {
        try Folder.make(layout.journal)
        let path = layout.journalFile(firstSequence: 1)
        var journal = try Journal(layout: layout, files: [], nextSequence: 1)
        var sequence: UInt64 = 1
        var ends: [Int] = []
        for batch in batches {
            try journal.append(
                batch, firstSequence: sequence, days: batch.events.map { Day(containing: $0.time) })
            sequence += UInt64(batch.events.count)
            ends.append(Files.size(path))
        }
        return (path, ends)
    }

    /// The lines of all whole records of a file, a list each, and the bytes behind them.
    private func records(_ path: String) throws -> (lines: [[[UInt8]]], left: Int) {
        var lines: [[[UInt8]]] = []
        let left = try JournalReplay.records(of: path) { record, bytes in
            lines.append(record.frames.map { Array(bytes[$0.range]) })
        }
        return (lines, left)
    }

    @Test func `records come back with all that a line does not say`() throws {
        var maker = LineBatch()
        var random = RandomLines(seed: .random(in: .min ... .max))
        random.hasLongLines = true
        var batches: [EventBatch] = []
        for size in [1, 7, 300] {
            var batch = maker.batch(random.lines(size), received: LineBatch.received + Int64(size))
            batch.events[0].reasons.insert([.truncated, .unterminated])
            batches.append(batch)
        }
        let (path, _) = try write(batches)
        var sequence: UInt64 = 1
        var rest = batches[...]
        let left = try JournalReplay.records(of: path) { record, bytes in
            let batch = try #require(rest.first)
            rest = rest.dropFirst()
            #expect(record.firstSequence == sequence)
            #expect(record.received == batch.received)
            #expect(record.peers == batch.peers)
            #expect(record.frames.map { Array(bytes[$0.range]) } == batch.lines, "seed \(random.random.seed)")
            #expect(record.frames.map(\.peer) == batch.events.map { Int($0.peer) })
            #expect(record.frames.map(\.day) == batch.events.map { Day(containing: $0.time) })
            #expect(record.frames[0].noted == [.truncated, .unterminated])
            sequence += UInt64(batch.events.count)
        }
        #expect(left == 0)
        #expect(rest.isEmpty)
    }

    @Test func `a record of empty lines comes back`() throws {
        var maker = LineBatch()
        let batch = maker.batch([[], [], []], peers: [Peer(.udp, "::1")])
        var bare = batch
        // Frames one beside the other, as a listener that keeps no line ends would have them.
        bare.bytes = []
        for index in bare.events.indices { bare.events[index].raw = ByteRange(0..<0) }
        let (path, _) = try write([batch, bare])
        #expect(try records(path).lines == [[[], [], []], [[], [], []]])
    }

    @Test func `a file cut at any byte gives the whole records before the cut`() throws {
        var maker = LineBatch()
        var random = RandomLines(seed: .random(in: .min ... .max))
        let batches = [3, 1, 4].map { maker.batch(random.lines($0)) }
        let (path, ends) = try write(batches)
        let bytes = try Files.read(path)
        for count in 0...bytes.count {
            try Files.write(Array(bytes[..<count]), to: path)
            let whole = ends.count { $0 <= count }
            let found = try records(path)
            #expect(
                found.lines == batches[..<whole].map(\.lines), "cut at \(count), seed \(random.random.seed)")
            let start = whole > 0 ? ends[whole - 1] : count < Journal.magic.count ? 0 : Journal.magic.count
            #expect(found.left == count - start, "cut at \(count)")
        }
    }

    @Test func `a flipped byte ends the file at the damaged record`() throws {
        var maker = LineBatch()
        var random = RandomLines(seed: .random(in: .min ... .max))
        let batches = [3, 1, 4].map { maker.batch(random.lines($0)) }
        let (path, ends) = try write(batches)
        let bytes = try Files.read(path)
        for place in Journal.magic.count..<bytes.count {
            var copy = bytes
            copy[place] ^= UInt8(1 + random.random.below(255))
            try Files.write(copy, to: path)
            let whole = ends.count { $0 <= place }
            let found = try records(path)
            #expect(
                found.lines == batches[..<whole].map(\.lines), "byte \(place), seed \(random.random.seed)")
            #expect(found.left > 0)
        }
    }

    @Test func `a file of something else is refused`() throws {
        try Folder.make(layout.journal)
        let path = layout.journalFile(firstSequence: 1)
        try Files.write(Array("wplogj99 and more".utf8), to: path)
        #expect(throws: StoreError.self) { try records(path) }
    }

    @Test func `random headers are read or refused`() {
        var random = SeededRandom()
        for _ in 0..<20_000 {
            var reader = ByteReader(random.bytes(random.below(40)))
            guard let record = try? JournalRecord(&reader, limit: 100, isFirstForm: random.below(2) == 0)
            else { continue }
            #expect(
                record.frames.allSatisfy {
                    $0.range.upperBound <= 100 && $0.peer <= max(0, record.peers.count - 1)
                })
        }
    }

    @Test func `a journal goes on in a new file, and lets go of what is committed`() throws {
        var maker = LineBatch()
        try Folder.make(layout.journal)
        var journal = try Journal(layout: layout, files: [], nextSequence: 1)
        let batch = maker.batch([[UInt8](repeating: 0x61, count: 1 << 20)])
        for sequence in 1...40 {
            try journal.append(batch, firstSequence: UInt64(sequence), days: [Day(containing: 0)])
        }
        let names = journal.files.map {
            layout.journalFile(firstSequence: $0).split(separator: "/").last.map { String($0) }
        }
        #expect(journal.files == [1, 17, 33])
        #expect(try Files.names(in: layout.journal) == names)
        journal.removeFiles(before: 16)
        #expect(journal.files == [1, 17, 33])
        journal.removeFiles(before: 17)
        #expect(journal.files == [17, 33])
        journal.removeFiles(before: .max)
        #expect(try Files.names(in: layout.journal).count == 1)
    }

    /// The disk is full in the middle of a record.
    ///
    /// In a process of its own, as the limit is one of the process.
    @Test func `a write that fails leaves no half record`() async {
        await #expect(processExitsWith: .success) {
            let directory = try Folder.temporary()
            defer { Folder.remove(directory) }
            let layout = StoreLayout(directory: directory)
            try Folder.make(layout.journal)
            var maker = LineBatch()
            var journal = try Journal(layout: layout, files: [], nextSequence: 1)
            let path = layout.journalFile(firstSequence: 1)
            let day = [Day(containing: 0)]
            let batch = maker.batch([[UInt8](repeating: 0x61, count: 5_000)])
            try journal.append(batch, firstSequence: 1, days: day)
            let size = Files.size(path)
            for room in [0, 1, 23, 24, 60, 4_000] {
                FileSizeLimit.set(size + room)
                try #require(throws: StoreError.self) {
                    try journal.append(batch, firstSequence: 2, days: day)
                }
                try #require(Files.size(path) == size)
            }
            FileSizeLimit.set(nil)
            try journal.append(batch, firstSequence: 2, days: day)
            var found: [UInt64] = []
            let left = try JournalReplay.records(of: path) { record, _ in found.append(record.firstSequence) }
            try #require(found == [1, 2] && left == 0)
        }
    }

    @Test func `a new file without room is no final failure`() throws {
        let error = #expect(throws: StoreError.self) { _ = try JournalFile(creating: "/dev/full") }
        #expect(error?.isOutOfSpace == true)
    }
}
