import FoundationEssentials
import GRDB
import Glibc

/// Writes the two files of an archived day under names that nobody looks for.
final class PartWriter {
    let part: ArchivePart
    /// Under which the files stand until they are whole and verified.
    let temporaryLines: String
    let temporaryIndex: String
    private let layout: ArchiveLayout
    private let descriptor: Int32
    private var index: DatabaseQueue?
    private var offset = 0
    private var nextBlock: Int64 = 1
    /// Of each block, in order.
    private(set) var sums: [LineSum] = []

    static let temporarySuffix = ".partial"

    init(_ part: ArchivePart, in layout: ArchiveLayout) throws(StoreError) {
        self.part = part
        self.layout = layout
        for folder in [layout.directory, layout.path(part.volume)] {
            if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST { throw .system("mkdir", folder) }
        }
        temporaryLines = layout.lines(part) + Self.temporarySuffix
        temporaryIndex = layout.index(part) + Self.temporarySuffix
        _ = unsafe unlink(temporaryIndex)
        descriptor = unsafe open(
            temporaryLines, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", temporaryLines) }
        FaultPoint.reach("archive-begun")
        index = try NewDatabase.open(temporaryIndex) { try ArchiveIndex.create(in: $0) }
    }

    deinit { Glibc.close(descriptor) }

    /// Adds a block behind those that are there.
    func append(_ block: ArchivedBlock) throws(StoreError) {
        try write(block.bytes)
        let id = nextBlock
        let info = block.info.numbered(id)
        try inIndex { [offset] database in
            try SegmentWriter.insert(block.encoded, info, into: database)
            for var member in block.members {
                member.offset += offset
                try ArchiveIndex.insert(member, block: id, into: database)
            }
            try ArchiveIndex.add(block.hosts, into: database)
        }
        offset += block.bytes.count
        nextBlock += 1
        sums.append(block.sum)
    }

    /// Says that the part stands in for another one.
    func replace(_ part: ArchivePart) throws(StoreError) {
        try inIndex { try ArchiveIndex.replace(part, in: $0) }
    }

    /// Brings both files to the disk.
    func finish() throws(StoreError) {
        FaultPoint.reach("archive-written")
        guard fsync(descriptor) == 0 else { throw .system("fsync", temporaryLines) }
        if let index { try NewDatabase.finish(index, temporaryIndex) }
        index = nil
        FaultPoint.reach("archive-synced")
    }

    /// Gives the files their names: from here on the day is archived.
    func publish() throws(StoreError) {
        // The index first: lines without an index are a part, an index without lines is nothing.
        guard unsafe rename(temporaryIndex, layout.index(part)) == 0 else {
            throw .system("rename", temporaryIndex)
        }
        FaultPoint.reach("archive-index-named")
        guard unsafe rename(temporaryLines, layout.lines(part)) == 0 else {
            throw .system("rename", temporaryLines)
        }
        FaultPoint.reach("archive-named")
        try FileBytes.syncFolder(of: layout.lines(part))
        try FileBytes.syncFolder(of: layout.path(part.volume))
        FaultPoint.reach("archive-published")
    }

    /// Takes the files away again.
    func abandon() {
        try? index?.close()
        index = nil
        _ = unsafe unlink(temporaryIndex)
        _ = unsafe unlink(temporaryLines)
    }

    private func write(_ bytes: [UInt8]) throws(StoreError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write", temporaryLines) }
            written += count
            FaultPoint.reach("archive-half-written")
        }
    }

    private func inIndex(_ body: (Database) throws -> Void) throws(StoreError) {
        if let index { try NewDatabase.write(index, temporaryIndex, body) }
    }
}
