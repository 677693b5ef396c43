import Glibc
import Parse
import TestSupport
import Testing

@testable import Index

/// Lines that wait for others are as safe as events.
@Suite(.temporaryDirectory) struct HeldLineTests {
    private let directory = TemporaryDirectory.path + "/data"

    private static let first =
        "<187>Nov 22 11:59:30 web1 nginx: 2026/11/22 11:59:30 [error] 1#1: *2 FastCGI sent in stderr: \"a"
    private static let more = "<187>Nov 22 11:59:30 web1 nginx: #0 {main}"
    private static let whole = first + "\n#0 {main}"
    private static let plain = "<13>Nov 22 11:59:30 web1 app: text"

    /// A batch as a listener makes it, some of it held.
    private static func batch(_ lines: [String], _ parser: inout LineParser) -> EventBatch {
        var batch = EventBatch()
        batch.received = LineBatch.received
        batch.peers = [Peer(.tcp, "10.1.2.3")]
        var frames: [Range<Int>] = []
        for line in lines {
            frames.append(batch.bytes.count..<batch.bytes.count + line.utf8.count)
            batch.bytes += Array(line.utf8) + [0x0A]
        }
        for frame in frames { parser.take(frame, peer: 0, in: &batch) }
        return batch
    }

    private static func released(_ parser: inout LineParser) -> EventBatch {
        var batch = EventBatch()
        parser.release(at: nil, into: &batch)
        return batch
    }

    private func texts(_ store: Store) throws -> [String] {
        try store.events().map { String(decoding: $0.line, as: UTF8.self) }
    }

    @Test func `lines that waited when the process ended are events at the next start`() throws {
        var parser = LineBatch.parser()
        let fixture = try StoreFixture(directory)
        try fixture.store.append(Self.batch([Self.first, Self.plain, Self.more], &parser))
        #expect(try texts(fixture.store) == [Self.plain])
        fixture.store.close()
        for _ in 0..<3 {
            let again = try StoreFixture(directory)
            #expect(try texts(again.store).sorted() == [Self.plain, Self.whole].sorted())
            again.store.close()
        }
    }

    @Test func `a killed process leaves them too, alone in a file or behind events`() async throws {
        for round in 0..<3 {
            let copy = directory + "-\(round)"
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [copy = copy as String, round = round as Int] in
                var parser = LineBatch.parser()
                let fixture = try StoreFixture(copy)
                if round > 0 { try fixture.store.append(HeldLineTests.batch([HeldLineTests.plain], &parser)) }
                // The file of the journal that follows has the name that this one would have.
                if round > 1 { fixture.store.closePastDays(at: StoreFixture.later) }
                try fixture.store.append(HeldLineTests.batch([HeldLineTests.first], &parser))
                try fixture.store.append(HeldLineTests.batch([HeldLineTests.more], &parser))
                fixture.store.closePastDays(at: StoreFixture.later)
                kill(getpid(), SIGKILL)
            }
            for _ in 0..<2 {
                let again = try StoreFixture(copy)
                #expect(try texts(again.store) == (round > 0 ? [Self.plain] : []) + [Self.whole])
                again.store.close()
            }
        }
    }

    @Test func `lines that became an event are there once`() throws {
        var parser = LineBatch.parser()
        let fixture = try StoreFixture(directory)
        try fixture.store.append(Self.batch([Self.first, Self.more], &parser))
        try fixture.store.append(Self.released(&parser))
        #expect(try texts(fixture.store) == [Self.whole])
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try texts(again.store) == [Self.whole])
        again.store.close()
    }

    @Test func `a line that waited within one batch is there once`() throws {
        var parser = LineBatch.parser()
        let fixture = try StoreFixture(directory)
        var batch = Self.batch([Self.first, Self.more], &parser)
        parser.release(at: nil, into: &batch)
        try fixture.store.append(batch)
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try texts(again.store) == [Self.whole])
        again.store.close()
    }

    @Test func `the journal keeps a file while a line in it waits`() throws {
        var parser = LineBatch.parser()
        let fixture = try StoreFixture(directory)
        try fixture.store.append(Self.batch([Self.plain], &parser))
        try fixture.store.append(Self.batch([Self.first], &parser))
        fixture.store.closePastDays(at: StoreFixture.later)
        let file = fixture.store.layout.journalFile(firstSequence: 1)
        #expect(Files.size(file) > 0)
        try fixture.store.append(Self.released(&parser))
        fixture.store.closePastDays(at: StoreFixture.later)
        #expect(Files.size(file) < 0)
        #expect(try texts(fixture.store) == [Self.plain, Self.first])
        fixture.store.close()
    }

    @Test func `a reader of the directory sees them`() throws {
        var parser = LineBatch.parser()
        let fixture = try StoreFixture(directory)
        try fixture.store.append(Self.batch([Self.first, Self.more], &parser))
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try texts(reader.store) == [Self.whole])
        fixture.store.close()
    }

    /// As version 1 wrote it: nothing behind the frames.
    @Test func `a journal of the first form is read`() throws {
        let fixture = try StoreFixture(directory)
        try fixture.append([Array(Self.plain.utf8), Array("<13>Nov 22 11:59:31 web1 app: two".utf8)])
        fixture.store.close()
        let path = fixture.store.layout.journalFile(firstSequence: 1)
        var reader = ByteReader(try Files.read(path))
        _ = try reader.range(Journal.magic.count)
        let headerCount = Int(try reader.integer(UInt32.self))
        let frameCount = Int(try reader.integer(UInt32.self))
        _ = try reader.range(16)
        var header = reader.slice(try reader.range(headerCount))
        let frames = reader.slice(try reader.range(frameCount))
        #expect(header.suffix(3) == [0, 0, 0])
        header.removeLast(3)
        // The source of the first of two peers, which is a file: count, listener, address, source.
        let peers = try #require(header.indices.first { header[$0...].starts(with: [2, 2, 0, 0]) })
        header.remove(at: peers + 3)
        var old = Journal.firstMagic
        old.append(littleEndian: UInt32(header.count))
        old.append(littleEndian: UInt32(frames.count))
        old.append(littleEndian: hashBytes(header.span))
        old.append(littleEndian: hashBytes(frames.span))
        try Files.write(old + header + frames, to: path)
        let again = try StoreFixture(directory)
        #expect(again.store.status().counters.cutJournalBytes == 0)
        #expect(try again.store.events().map(\.line) == fixture.lines)
        again.store.close()
    }
}
