import Parse
import TestSupport
import Testing

@testable import Index

/// Lines that wait for others of their event when a backup is made.
@Suite(.temporaryDirectory) struct BackupHeldLineTests {
    private static let first =
        "<187>Nov 22 11:59:30 web1 nginx: 2026/11/22 11:59:30 [error] 1#1: *2 FastCGI sent in stderr: \"a"
    private static let more = "<187>Nov 22 11:59:30 web1 nginx: #0 {main}"
    private static let whole = first + "\n#0 {main}"
    private static let plain = "<13>Nov 22 11:59:30 web1 app: text"

    private static func batch(_ lines: [String], _ parser: inout LineParser) -> EventBatch {
        var batch = EventBatch()
        batch.received = LineBatch.received
        batch.peers = [Peer(.tcp, "10.1.2.3")]
        for line in lines {
            let start = batch.bytes.count
            batch.bytes += Array(line.utf8) + [0x0A]
            parser.take(start..<start + line.utf8.count, peer: 0, in: &batch)
        }
        return batch
    }

    private static func release(_ store: Store, _ parser: inout LineParser) throws {
        var batch = EventBatch()
        parser.release(at: nil, into: &batch)
        try store.append(batch)
    }

    private static func texts(_ directory: String) throws -> [String] {
        try BackupFixture.lines(in: directory).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `they become their event in the copy, once, however often it is opened`() throws {
        let fixture = try BackupFixture()
        var parser = LineBatch.parser()
        try fixture.store.append(Self.batch([Self.plain, Self.first], &parser))
        try fixture.store.append(Self.batch([Self.more], &parser))
        let report = try fixture.store.backup(to: fixture.destination)
        #expect(report.heldLines == 2 && report.events == 1)
        for _ in 0..<3 { #expect(try Self.texts(fixture.destination) == [Self.plain, Self.whole]) }
        try Self.release(fixture.store, &parser)
        #expect(try fixture.store.events().count == 2)
        fixture.store.close()
    }

    @Test func `those of an event that was whole before are not there a second time`() throws {
        let fixture = try BackupFixture()
        var parser = LineBatch.parser()
        try fixture.store.append(Self.batch([Self.first, Self.more], &parser))
        try Self.release(fixture.store, &parser)
        try fixture.store.append(Self.batch([Self.first], &parser))
        let report = try fixture.store.backup(to: fixture.destination)
        #expect(report.heldLines == 1)
        #expect(try Self.texts(fixture.destination) == [Self.whole, Self.first])
        fixture.store.close()
    }

    /// The event is committed into a segment while the copy is made.
    @Test func `those that are released meanwhile are there once`() throws {
        let fixture = try BackupFixture()
        var parser = LineBatch.parser()
        try fixture.store.append(Self.batch([Self.plain, Self.first, Self.more], &parser))
        fixture.store.closePastDays(at: StoreFixture.later)
        var isReleased = false
        var failure: (any Error)?
        _ = try fixture.store.backup(to: fixture.destination) { _ in
            guard !isReleased else { return true }
            isReleased = true
            do {
                try Self.release(fixture.store, &parser)
                try fixture.store.append(Self.batch([Self.plain], &parser))
            } catch { failure = error }
            fixture.store.closePastDays(at: StoreFixture.later)
            return true
        }
        #expect(failure == nil)
        let found = try Self.texts(fixture.destination)
        #expect(found.filter { $0 == Self.whole }.count == 1)
        fixture.store.close()
    }
}
