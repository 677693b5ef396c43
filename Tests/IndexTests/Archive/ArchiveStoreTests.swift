import Foundation
import Parse
import TestSupport
import Testing

@testable import Index

/// Archived days hold what the store held, and every event stands in one place.
@Suite(.temporaryDirectory) struct ArchiveStoreTests {
    private let directory = TemporaryDirectory.path + "/data"

    private func filled(_ count: Int, seed: UInt64) throws -> StoreFixture {
        try StoreFixture(directory, archivable: count, seed: seed)
    }

    @Test func `an archived day gives every event, byte for byte, and so does a second start`() throws {
        let seed = UInt64.random(in: .min ... .max)
        let fixture = try filled(6_000, seed: seed)
        let before = try fixture.store.storedEvents()
        let days = try fixture.store.archiveAll()
        #expect(days.reduce(0) { $0 + $1.events } == 6_000)
        #expect(fixture.store.liveSegments.isEmpty)
        let after = try fixture.store.storedEvents()
        #expect(after == before, "seed \(seed)")
        #expect(FileBytes.names(in: fixture.store.layout.days).isEmpty)
        try fixture.append(StoreFixture.archivable(10, seed: 1))
        fixture.store.close()

        let again = try StoreFixture(directory)
        let events = try again.store.storedEvents()
        #expect(Array(events.prefix(6_000)) == before, "seed \(seed)")
        #expect(events.map(\.sequence) == (1...6_010).map { $0 })
        again.store.close()
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try reader.store.storedEvents() == events)
    }

    @Test func `fields of any kind come back`() throws {
        var seed = UInt64.random(in: .min ... .max)
        for _ in 0..<20 {
            seed &+= 1
            var random = SeededRandom(seed: seed)
            let path = directory + "\(seed)"
            let store = try Store(directory: path, parser: LineBatch.parser) { LineBatch.received }
            for _ in 0..<8 { try store.append(EventBatch.hostile(&random)) }
            let before = try store.storedEvents()
            for day in try store.committedDays() { _ = try store.archive(day) }
            #expect(try store.storedEvents() == before, "seed \(seed)")
            store.close()
        }
    }

    @Test func `late events of an archived day are seen, and archived in a part of their own`() throws {
        let fixture = try filled(2_000, seed: 7)
        _ = try fixture.store.archiveAll()
        try fixture.append(StoreFixture.archivable(300, seed: 8))
        #expect(try fixture.store.storedEvents().map(\.raw) == fixture.lines)
        let second = try fixture.store.archiveAll()
        #expect(second.contains { $0.part?.number == 2 })
        #expect(try fixture.store.storedEvents().map(\.raw) == fixture.lines)
        fixture.store.close()
        let again = try StoreFixture(directory)
        #expect(try again.store.storedEvents().map(\.raw) == fixture.lines)
        #expect(try again.store.lastSequence(of: second[0].day) != nil)
        again.store.close()
    }

    @Test func `a query that began before the move ends with what it saw`() throws {
        let fixture = try filled(3_000, seed: 9)
        let before = try fixture.store.storedEvents()
        let snapshot = fixture.store.snapshot()
        _ = try fixture.store.archiveAll()
        try fixture.append(StoreFixture.archivable(200, seed: 10))
        try fixture.store.onWriter { try fixture.store.commitOpenBlocks() }
        #expect(try snapshot.storedEvents() == before)
        #expect(try fixture.store.storedEvents().map(\.raw) == fixture.lines)
        fixture.store.close()
    }

    @Test func `progress can end it, and nothing is left`() throws {
        let fixture = try filled(1_000, seed: 11)
        for day in try fixture.store.committedDays() {
            #expect(try fixture.store.archive(day) { _, _ in false } == nil)
        }
        let volumes = fixture.store.archive.volumes()
        #expect(volumes.flatMap { FileBytes.names(in: fixture.store.archive.path($0)) }.isEmpty)
        #expect(try fixture.store.storedEvents().map(\.raw) == fixture.lines)
        fixture.store.close()
    }

    @Test func `a day in both places counts once, whichever stop left it so`() throws {
        let fixture = try filled(2_000, seed: 12)
        let days = try fixture.store.committedDays()
        fixture.store.close()
        let copy = directory + "-copy"
        try FileManager.default.copyItem(atPath: directory, toPath: copy)
        let other = try StoreFixture(copy)
        for day in days { _ = try other.store.archive(day) }
        other.store.close()
        // As a kill leaves it between the names and the end of the segments.
        try FileManager.default.copyItem(atPath: copy + "/archive", toPath: directory + "/archive")
        let reader = try StoreFixture(directory, isReadOnly: true)
        #expect(try reader.store.storedEvents().map(\.raw) == fixture.lines)
        #expect(!FileBytes.names(in: directory + "/days").isEmpty)
        let again = try StoreFixture(directory)
        #expect(try again.store.storedEvents().map(\.raw) == fixture.lines)
        #expect(FileBytes.names(in: directory + "/days").isEmpty)
        again.store.close()
    }

    @Test func `zcat, jq and sha256sum read it`() throws {
        let fixture = try filled(1_500, seed: 13)
        _ = try fixture.store.archiveAll()
        fixture.store.close()
        for volume in fixture.store.archive.volumes() {
            let folder = fixture.store.archive.path(volume)
            #expect(try shell("cd \(folder) && sha256sum --quiet -c SHA256SUMS") == "")
        }
        let text = try shell("zcat \(fixture.store.archive.directory)/*/*.ndjson.gz")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count == 1_500)
        var found: [[UInt8]] = []
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["time"] is String && object?["id"] is String && object?["raw"] is String)
            if let raw = object?["raw"] as? String { found.append(Array(raw.utf8)) }
        }
        // Lines that are UTF-8 are the same in any reader of JSON.
        let expected = fixture.lines.filter { String(validating: $0, as: UTF8.self) != nil }
        #expect(Set(expected).isSubset(of: Set(found)))
    }

    private func shell(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
