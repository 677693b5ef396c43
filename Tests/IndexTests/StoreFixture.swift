import Parse
import TestSupport

@testable import Index

/// A store in a directory, and what it should hold.
final class StoreFixture {
    let store: Store
    private var maker: LineBatch
    /// All lines that were appended, in order.
    private(set) var lines: [[UInt8]] = []

    init(_ directory: String, isReadOnly: Bool = false) throws {
        maker = LineBatch()
        store = try Store(directory: directory, isReadOnly: isReadOnly, parser: LineBatch.parser) {
            LineBatch.received
        }
    }

    func append(_ lines: [[UInt8]]) throws {
        try store.append(maker.batch(lines))
        self.lines += lines
    }

    /// A day on which every event of a generator with its default past lies in a past day.
    static let later = LineBatch.received + 40 * Day.nanoseconds
}

extension Store {
    /// Every event that a query would see: its number and its line, in the order of the numbers.
    func events() throws -> [(sequence: UInt64, line: [UInt8])] {
        let snapshot = snapshot()
        var found: [(sequence: UInt64, line: [UInt8])] = []
        func add(_ block: BlockReader, day: Day) throws {
            for row in 0..<block.count {
                var line: [UInt8] = []
                try block.appendRaw(row, to: &line)
                found.append((try block.sequences()[row], line))
                if Day(containing: try block.times()[row]) != day { throw StoreError.damaged("a wrong day") }
            }
        }
        for block in snapshot.memory { try add(BlockReader(block), day: block.day) }
        for segment in snapshot.segments {
            let infos = try snapshot.blocks(of: segment)
            try segment.read { reader in
                for info in infos { try add(try reader.block(info.id), day: segment.day) }
            }
        }
        return found.sorted { $0.sequence < $1.sequence }
    }

    /// What SQLite and FTS5 find wrong with any segment.
    func flaws() throws -> [String] { try snapshot().segments.flatMap { try $0.integrityErrors() } }
}
