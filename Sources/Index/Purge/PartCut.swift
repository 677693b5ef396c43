import Parse

/// An archived part written anew without some of its events, read back, and compared.
struct PartCut: ~Copyable {
    let part: ArchivePart
    private let old: Segment
    private let writer: PartWriter
    private var events: [Int] = []

    /// - `old`: the part in whose place it will stand.
    init(_ old: Segment, _ oldPart: ArchivePart, in layout: ArchiveLayout) throws(StoreError) {
        let part = ArchivePart(
            oldPart.volume, oldPart.day, number: layout.nextNumber(oldPart.day, in: oldPart.volume))
        let writer = try PartWriter(part, in: layout)
        try writer.replace(oldPart)
        self.part = part
        self.writer = writer
        self.old = old
    }

    /// Writes what is left of the blocks and reads it back; false where `progress` ended it.
    mutating func run(_ finding: PurgeFinding, _ progress: () -> Bool) throws -> Bool {
        var encoder = PartEncoder()
        var compressor = ZstdCompressor()
        for info in try old.blocks() {
            let made = try old.read { view -> ArchivedBlock? in
                guard let rows = finding.rows[info.id] else { return try encoder.encode(info, of: view) }
                guard let block = try BlockCut.cut(rows, from: try view.block(info.id), day: old.day) else {
                    return nil
                }
                var encoded = try BlockCodec.encode(block, with: &compressor)
                encoded.parts = []
                return try encoder.encode(
                    BlockReader(block), BlockInfo(id: info.id, block, timeTerms: encoded.timeTerms), encoded,
                    day: old.day)
            }
            if let made {
                try writer.append(made)
                events.append(made.info.events)
            }
            guard progress() else { return false }
        }
        try writer.finish()
        try check()
        return true
    }

    /// Compares what the disk gives back with what was written.
    private func check() throws {
        let file = try ArchiveFile(writer.temporaryLines)
        file.forgetCache()
        let written = Segment(part, index: writer.temporaryIndex, lines: writer.temporaryLines)
        let expander = DeflateExpander()
        let infos = try written.blocks()
        guard infos.map(\.events) == events, infos.count == writer.sums.count else {
            throw StoreError.damaged("\(file.path) does not hold what was written to it")
        }
        for (info, sum) in zip(infos, writer.sums) {
            let members = try written.read { try ArchiveIndex.members(of: info.id, in: $0.database) }
            guard try PartCheck.sum(of: members, in: file, expander) == sum else {
                throw StoreError.damaged("\(file.path) does not hold what was written to it")
            }
        }
        FaultPoint.reach("purge-part-verified")
    }

    /// Gives the files their names: from here on the old part does not count.
    func publish() throws(StoreError) { try writer.publish() }

    func abandon() { writer.abandon() }
}

extension ArchiveLayout {
    /// The number for the next part of a day: behind all that are there, those that are being written too.
    func nextNumber(_ day: Day, in volume: ArchiveVolume) -> Int {
        let numbers = FileBytes.names(in: path(volume)).compactMap { name -> Int? in
            for suffix in [".ndjson.gz", ".sqlite"] {
                for end in ["", PartWriter.temporarySuffix] where name.hasSuffix(suffix + end) {
                    let part = ArchivePart(volume, String(name.dropLast(suffix.count + end.count)))
                    if let part, part.day == day { return part.number }
                }
            }
            return nil
        }
        return (numbers.max() ?? 0) + 1
    }

    /// The parts of a volume that count, oldest day first: not those that another one stands in for.
    ///
    /// - `isReadOnly`: leaves the others where they are; else they go.
    func currentParts(of volume: ArchiveVolume, isReadOnly: Bool) -> [ArchivePart] {
        let parts = parts(of: volume)
        let days = Dictionary(grouping: parts, by: \.day).filter { $0.value.count > 1 }
        var replaced: Set<String> = []
        for part in days.values.joined() where hasIndex(part) {
            // A part that cannot be read says so when it is asked for.
            let names = try? Segment(part, in: self).read { try ArchiveIndex.replaced(in: $0.database) }
            replaced.formUnion(names ?? [])
        }
        guard !replaced.isEmpty else { return parts }
        for part in parts where replaced.contains(part.description) && !isReadOnly {
            let segment = Segment(part, in: self)
            segment.leave()
            segment.removeFiles()
        }
        return parts.filter { !replaced.contains($0.description) }
    }
}
