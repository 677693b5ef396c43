import Foundation
import Glibc
import TestSupport
import Testing

@testable import Index

/// `StoreRestore`: a backup in the place of a data directory.
@Suite(.temporaryDirectory) struct RestoreTests {
    private let fixture: BackupFixture

    init() throws {
        fixture = try BackupFixture()
        for day in 0..<3 { try fixture.stores.append([BackupFixture.line(day, day: day)]) }
        try fixture.stores.append([[0, 0xFF, 0xC3, 0x28, 0x0D], Array("<13>a\0b".utf8)])
        try Folder.make(fixture.folder + "/data/archive/2014")
        try Files.write([7, 0, 7], to: fixture.folder + "/data/archive/2014/a.gz")
        _ = try fixture.store.backup(to: fixture.destination)
        fixture.store.close()

    }

    private var data: String { fixture.folder + "/data" }
    private var backup: String { fixture.destination }

    private func restore(to directory: String) throws -> String? {
        try StoreRestore(backup, to: directory).run(stamp: "20261122T110000Z")
    }

    @Test func `into nothing, and into an empty folder`() throws {
        try Folder.make(fixture.folder + "/empty")
        for name in ["nothing", "empty"] {
            let directory = "\(fixture.folder)/\(name)"
            #expect(try restore(to: directory) == nil)
            var expected = try BackupFixture.files(in: backup)
            expected["SHA256SUMS"] = nil
            #expect(try BackupFixture.files(in: directory) == expected)
            #expect(BackupFixture.mode(directory) == 0o700)
            #expect(try BackupFixture.lines(in: directory) == fixture.stores.lines)
            #expect(try Files.read(directory + "/archive/2014/a.gz") == [7, 0, 7])
        }
        #expect(try fixture.names == ["backup", "data", "empty", "nothing"])
    }

    @Test func `in the place of a store, which is kept; the same again ends in the same way`() throws {
        let later = try StoreFixture(data)
        try later.append([BackupFixture.line(99)])
        later.store.close()
        let old = data + ".before-restore-20261122T110000Z"
        #expect(try restore(to: data + "/") == old)
        #expect(try BackupFixture.lines(in: data) == fixture.stores.lines)
        #expect(try BackupFixture.lines(in: old).count == fixture.stores.lines.count + 1)
        #expect(try restore(to: data) == old + "-2")
        #expect(try BackupFixture.lines(in: data) == fixture.stores.lines)
        #expect(try BackupFixture.lines(in: old).count == fixture.stores.lines.count + 1)
        #expect(
            try fixture.names == [
                "backup", "data", "data.before-restore-20261122T110000Z",
                "data.before-restore-20261122T110000Z-2",
            ])
    }

    @Test func `no file of SQLite that is left over meets a restored one`() throws {
        for folder in [data, backup] {
            for suffix in ["-wal", "-shm"] {
                try Files.write(
                    Array(repeating: 7, count: 40_000), to: folder + "/days/2026-11-22.sqlite" + suffix)
            }
        }
        try Files.write(Array("4711\n\n".utf8), to: backup + "/lock")
        _ = try restore(to: data)
        #expect(try BackupFixture.files(in: data).keys.allSatisfy { !$0.hasSuffix("-wal") && $0 != "lock" })
        #expect(try BackupFixture.lines(in: data) == fixture.stores.lines)
    }

    /// Each file, at its ends and at random places.
    @Test func `a flipped byte in any file is found, the file is named, and nothing is touched`() throws {
        var random = SeededRandom(seed: .random(in: 0...UInt64.max))
        let before = try BackupFixture.files(in: data)
        for (name, bytes) in try BackupFixture.files(in: backup) {
            let places = [0, bytes.count - 1] + (0..<6).map { _ in random.below(bytes.count) }
            for place in places where bytes.indices.contains(place) {
                var damaged = bytes
                damaged[place] ^= UInt8(1 << random.below(8))
                try Files.write(damaged, to: "\(backup)/\(name)")
                let error = #expect(throws: BackupError.self, "\(name) at \(place)") {
                    try restore(to: data)
                }
                #expect(error?.code == "damaged")
                if name != "SHA256SUMS" { #expect(error?.description.contains("\n\(name): ") == true) }
            }
            try Files.write(bytes, to: "\(backup)/\(name)")
        }
        #expect(try BackupFixture.files(in: data) == before)
        #expect(try fixture.names == ["backup", "data"])
    }

    @Test func `every damaged file is named`() throws {
        for name in ["format", "days/2026-11-21.sqlite"] { try Files.write([1], to: "\(backup)/\(name)") }
        Folder.remove(backup + "/days/2026-11-20.sqlite")
        try Files.write([1], to: backup + "/days/2026-11-19.sqlite")
        let error = #expect(throws: BackupError.self) { try restore(to: data) }
        let text = error?.description ?? ""
        for name in ["format", "days/2026-11-21.sqlite", "days/2026-11-20.sqlite"] {
            #expect(text.contains("\n\(name): "), "\(text)")
        }
        #expect(try fixture.names == ["backup", "data"])
    }

    @Test func `sums that were cut, lead elsewhere, or are missing`() throws {
        let sums = try Files.read(backup + "/SHA256SUMS")
        let text = String(decoding: sums, as: UTF8.self)
        let lines = text.split(separator: "\n").map { String($0) }
        let digits = String(repeating: "0", count: 64)
        let cases = [
            "", text + "\n", lines.dropLast().joined(separator: "\n") + "\n", String(text.dropLast()),
            text + "\(digits)  ../data/format\n", text + "\(digits)  /etc/hostname\n",
            text + (lines.last ?? "") + "\n",
            text.uppercased(), text.replacing("  ", with: " *"),
        ]
        for text in cases {
            try Files.write(Array(text.utf8), to: backup + "/SHA256SUMS")
            let error = #expect(throws: BackupError.self) { try restore(to: data) }
            #expect(error?.code == "damaged", "\(text)")
        }
        Folder.remove(backup + "/SHA256SUMS")
        let error = #expect(throws: BackupError.self) { try restore(to: data) }
        #expect(error?.description.contains("no backup that wplog has finished") == true)
        #expect(try fixture.names == ["backup", "data"])
    }

    @Test func `a link in the place of a file is not followed`() throws {
        let path = backup + "/archive/2014/a.gz"
        try Files.write([7, 0, 7], to: fixture.folder + "/same")
        Folder.remove(path)
        #expect(unsafe symlink(fixture.folder + "/same", path) == 0)
        #expect(throws: BackupError.self) { try restore(to: data) }
    }

    @Test func `a directory that somebody serves, or that is no store, is refused`() throws {
        let serving = try StoreFixture(data)
        let error = #expect(throws: StoreError.self) { try restore(to: data) }
        #expect(error == .locked(path: data, pid: "\(getpid())"))
        serving.store.close()
        try Folder.make(fixture.folder + "/home")
        try Files.write([1], to: fixture.folder + "/home/letter")
        for (directory, text) in [
            ("home", "no wplog data"), ("home/letter", "is no folder"),
            ("missing/data", "there is no folder"),
            ("backup/data", "would be moved"), ("backup", "would be moved"), ("", "no wplog data"),
        ] {
            let error = #expect(throws: BackupError.self) {
                try restore(to: "\(fixture.folder)/\(directory)")
            }
            #expect(error?.description.contains(text) == true, "\(directory): \(error?.description ?? "")")
        }
        #expect(try fixture.names == ["backup", "data", "home"])
    }

    @Test func `a backup of a newer version is refused`() throws {
        try Files.write(Array("wplog 2\n".utf8), to: backup + "/format")
        var sums = try BackupSums(Files.read(backup + "/SHA256SUMS"), path: "")
        sums.sums["format"] = try FileDigest.ofFile(backup + "/format")
        try Files.write(Array(sums.text.utf8), to: backup + "/SHA256SUMS")
        let error = #expect(throws: StoreError.self) { try restore(to: data) }
        #expect(error == .newerFormat(found: 2, supported: 1))
        #expect(try fixture.names == ["backup", "data"])
    }

    @Test func `a disk that fails while the copy is made leaves all as it was`() throws {
        let before = try BackupFixture.files(in: data)
        for steps in [0, 6, 9, 14] {
            var left = steps
            #expect(throws: BackupError.stopped) {
                try StoreRestore(backup, to: data).run(stamp: "x") { _ in
                    left -= 1
                    return left >= 0
                }
            }
        }
        #expect(try BackupFixture.files(in: data) == before)
        #expect(try fixture.names == ["backup", "data"])
    }
}
