import Foundation
import Glibc
import TestSupport
import Testing

@testable import Index

/// A store and a place for its backups.
struct BackupFixture {
    let folder = TemporaryDirectory.path
    let stores: StoreFixture

    init() throws { stores = try StoreFixture(TemporaryDirectory.path + "/data") }

    var store: Store { stores.store }
    var destination: String { folder + "/backup" }

    /// Lines of as many days, one a day.
    static func line(_ number: Int, day: Int = 0) -> [UInt8] {
        let date = "\(Day(number: Day(containing: LineBatch.received).number - Int32(day)))"
        return Array("<13>1 \(date)T11:00:00Z docs app - - - event \(number)".utf8)
    }

    /// What a data directory holds when it is opened, in the order of arrival.
    static func lines(in directory: String) throws -> [[UInt8]] {
        let again = try StoreFixture(directory)
        defer { again.store.close() }
        let events = try again.store.events()
        #expect(Set(events.map(\.sequence)).count == events.count)
        #expect(try again.store.flaws() == [])
        return events.map(\.line)
    }

    /// Names beside the data directory.
    var names: [String] { get throws { try Files.names(in: folder) } }

    /// Every file below a folder and its bytes.
    static func files(in folder: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for file in try FolderListing(folder).files {
            files[file.path] = try Files.read("\(folder)/\(file.path)")
        }
        return files
    }

    static func mode(_ path: String) -> mode_t {
        var state = stat()
        unsafe lstat(path, &state)
        return state.st_mode & 0o7777
    }
}
