import FoundationEssentials
import GRDB
import Glibc
import Parse

/// What came of putting an archived day back into the store.
package struct RestoredDay: Sendable {
    package let day: Day
    package var events = 0
    /// Parts that were in the store already.
    package var wasRestored = false
    /// What could not be read, and was left in the archive.
    package var damage: [ArchiveDamage] = []
}

extension Store {
    /// Days of the archive: all, those of a year, or one.
    package func archivedDays(year: Int? = nil) -> [Day] {
        Set(
            archive.volumes().filter { year == nil || $0.year == year }.flatMap { archive.parts(of: $0) }.map(
                \.day)
        )
        .sorted()
    }

    /// Puts the events of an archived day back into a segment.
    ///
    /// The archive keeps its files; from here on the segment counts. A second time nothing happens. Blocks that cannot
    /// be read are left out and named.
    ///
    /// - `progress`: is called with the blocks done and all there are; false ends the work, and nothing has changed.
    /// - Returns: nil where `progress` ended it.
    package func restore(
        _ day: Day, progress: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
    ) throws -> RestoredDay? {
        try onWriter { try commitOpenBlocks { $0 == day } }
        for _ in 0..<3 {
            let parts = archivedSegments.filter { $0.day == day }
            var result = RestoredDay(day: day)
            guard !parts.isEmpty else {
                guard archivedDays().contains(day) else {
                    throw StoreError.refused("\(day) is not in the archive at \(archive.directory)")
                }
                result.wasRestored = true
                return result
            }
            let live = liveSegments.first { $0.day == day }
            let change = try live?.change
            let path = "\(layout.days)/\(day)" + PartWriter.temporarySuffix
            var copy = try SegmentCopy(day, at: path)
            guard try copy.add(parts, live, &result, progress) else {
                copy.abandon()
                return nil
            }
            try copy.finish(restored: parts.compactMap(\.part), insteadOf: live)
            FaultPoint.reach("restore-written")
            let isDone = try onWriter {
                let now = liveSegments.first { $0.day == day }
                guard now === live, try now?.change.version == change?.version,
                    try now?.change.blocks == change?.blocks,
                    parts.allSatisfy({ part in archivedSegments.contains { $0 === part } })
                else { return false }
                let name = layout.newSegment(day)
                guard unsafe rename(path, name) == 0 else { throw StoreError.system("rename", path) }
                try FileBytes.syncFolder(of: name)
                FaultPoint.reach("restore-named")
                let fresh = Segment(day: day, path: name, isReadOnly: false)
                restore(fresh, insteadOf: parts)
                if let live {
                    try SegmentClaims.supersede(live)
                    try SegmentClaims.forget(in: fresh)
                    live.leave()
                }
                return true
            }
            if isDone { return result }
        }
        throw StoreError.refused("\(day) changes while it is restored: try again later")
    }
}

/// A new segment made of the blocks of others, under a name that nobody looks for.
struct SegmentCopy {
    private let day: Day
    private let path: String
    private let database: DatabaseQueue
    private var nextBlock: Int64 = 1

    init(_ day: Day, at path: String) throws(StoreError) {
        self.day = day
        self.path = path
        database = try NewDatabase.open(path) { try SegmentSchema.create(in: $0) }
    }

    /// Adds the blocks of some archived parts, and of the live segment of the day; false where `progress` ended it.
    mutating func add(
        _ parts: [Segment], _ live: Segment?, _ result: inout RestoredDay,
        _ progress: (_ done: Int, _ all: Int) -> Bool
    ) throws -> Bool {
        let segments = parts + [live].compactMap { $0 }
        let all = try segments.reduce(0) { $0 + (try $1.blocks().count) }
        var done = 0
        for segment in segments {
            for info in try segment.blocks() {
                do {
                    try segment.read {
                        try add(Block(try $0.block(info.id), day: day, rawBytes: info.rawBytes))
                    }
                    if segment.part != nil { result.events += info.events }
                } catch StoreError.unreadableBlock(let path, let block, let reason) {
                    result.damage.append(
                        ArchiveDamage(path: path, member: nil, what: "block \(block): \(reason)"))
                }
                done += 1
                guard progress(done, all) else { return false }
            }
        }
        return true
    }

    /// Adds a block behind those that are there.
    mutating func add(_ block: Block) throws(StoreError) {
        var compressor = ZstdCompressor()
        let encoded = try BlockCodec.encode(block, with: &compressor)
        let info = BlockInfo(id: nextBlock, block, timeTerms: encoded.timeTerms)
        try NewDatabase.write(database, path) { try SegmentWriter.insert(encoded, info, into: $0) }
        nextBlock += 1
    }

    /// Brings it to the disk.
    ///
    /// - `restored`: the archived parts whose events it holds.
    /// - `live`: the segment in whose place it stands.
    func finish(restored: [ArchivePart], insteadOf live: Segment? = nil) throws(StoreError) {
        try NewDatabase.write(database, path) { database in
            if let live { try SegmentClaims.replace(live.path, in: database) }
            guard !restored.isEmpty else { return }
            try database.execute(sql: SegmentSchema.restoredTable)
            for part in restored {
                try database.execute(sql: "INSERT INTO restored VALUES (?)", arguments: [part.description])
            }
        }
        try NewDatabase.finish(database, path)
    }

    func abandon() {
        try? database.close()
        _ = unsafe unlink(path)
    }
}

extension Block {
    /// All of a block that was read.
    init(_ block: BlockReader, day: Day, rawBytes: Int) throws(StoreError) {
        var columns: [Column] = []
        for index in block.names.indices { columns.append(try block.column(index).compact) }
        self.init(
            day: day, times: try block.times(), received: try block.received(),
            sequences: try block.sequences(), names: block.names, columns: columns,
            shapes: try block.shapeCodes().compact, rawBytes: rawBytes)
    }
}

extension Column {
    /// The same with nothing around its values: what was read stands in the bytes that it was read from.
    fileprivate var compact: Column {
        var table = ByteTable()
        table.reserve(values.count, bytes: values.range.count)
        for index in 0..<values.count { table.append(values.bytes.span.extracting(values.range(index))) }
        return Column(values: table, codes: codes)
    }
}
