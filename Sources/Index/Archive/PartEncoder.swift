import Parse

/// A block as an archive holds it.
struct ArchivedBlock: Sendable {
    let info: BlockInfo
    /// For the index; without parts.
    let encoded: EncodedBlock
    /// The members, with offsets from the first one's.
    let members: [ArchiveMember]
    let bytes: [UInt8]
    /// Events by host.
    let hosts: [String: Int]
    /// Of what was written, as it was in the store.
    let sum: LineSum
}

/// Makes lines and index of the blocks of a segment.
struct PartEncoder: ~Copyable {
    private var compressor = DeflateCompressor()

    /// - `info`: of the block, under the number that it has in the segment.
    mutating func encode(_ info: BlockInfo, of segment: SegmentReader) throws -> ArchivedBlock {
        let block = try segment.block(info.id)
        var terms = TermExtractor()
        try terms.add(block)
        let encoded = EncodedBlock(
            head: try segment.head(of: info.id), parts: [], words: terms.words, bloom: terms.bloom,
            timeTerms: info.timeTerms, fieldNames: Set(block.names.map(\.name)))
        return try encode(block, info, encoded, day: segment.day)
    }

    /// - `encoded`: what the index keeps of the block.
    mutating func encode(
        _ block: BlockReader, _ info: BlockInfo, _ encoded: EncodedBlock, day: Day
    ) throws(StoreError) -> ArchivedBlock {
        var lines = try EventLineWriter(block, day: day)
        var members: [ArchiveMember] = []
        var bytes: [UInt8] = []
        var sum = LineSum()
        var text: [UInt8] = []
        var row = 0
        while row < block.count {
            let end = min(row + IndexLimits.eventsPerMember, block.count)
            text.removeAll(keepingCapacity: true)
            lines.beginMember()
            for row in row..<end { try lines.append(row, to: &text, &sum) }
            let member = try ArchiveMember.encode(
                text, events: end - row, beginsBlock: row == 0, with: &compressor)
            members.append(
                ArchiveMember(
                    offset: bytes.count, bytes: member.count, events: end - row, textBytes: text.count,
                    beginsBlock: row == 0))
            bytes += member
            row = end
        }
        return ArchivedBlock(
            info: info, encoded: encoded, members: members, bytes: bytes, hosts: try Self.hosts(of: block),
            sum: sum)
    }

    static func hosts(of block: BlockReader) throws(StoreError) -> [String: Int] {
        var hosts: [String: Int] = [:]
        guard let column = block.columns(of: "host").first else { return hosts }
        let counts = try block.counts(of: column, among: RowSet(all: block.count))
        let values = try block.values(of: column)
        for value in 0..<values.count where counts[value + 1] > 0 {
            hosts[String(decoding: values[value], as: UTF8.self), default: 0] += counts[value + 1]
        }
        return hosts
    }
}
