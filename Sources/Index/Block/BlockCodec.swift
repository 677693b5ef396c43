import Parse

/// A block as it is stored: a head, which holds all that is small, and the large columns as parts of their own, so
/// that a query reads and expands only what it asks for.
///
/// docs/format/segment.md draws it.
struct EncodedBlock: Sendable {
    var head: [UInt8]
    /// Large columns by their index.
    var parts: [(column: Int, bytes: [UInt8])]
    /// The distinct words, separated by blanks, for FTS5.
    var words: [UInt8]
    var bloom: BloomFilter
    var timeTerms: String
    /// The names of the fields that its events have.
    var fieldNames: Set<String>
}

enum BlockCodec {
    /// The version of the head.
    ///
    /// Raised with any change of the block format.
    static let version: UInt8 = 1
    /// A column of more bytes than this, or of more values, is a part of its own.
    static let smallBytes = 4_096
    private static let smallValues = 256

    private enum Place {
        static let head: UInt8 = 0
        static let part: UInt8 = 1
    }

    /// - `headBytes`: a column of more encoded bytes is a part of its own.
    static func encode(
        _ block: Block, with compressor: inout ZstdCompressor, headBytes: Int = smallBytes
    ) throws(StoreError) -> EncodedBlock {
        var head: [UInt8] = [version]
        var parts: [(column: Int, bytes: [UInt8])] = []
        var small: [UInt8] = []
        head.append(varint: UInt64(block.count))
        head.append(varint: UInt64(block.names.count))
        for (index, name) in block.names.enumerated() {
            head.append(varint: UInt64(name.name.utf8.count))
            head.append(contentsOf: name.name.utf8)
            head.append(name.occurrence)
            head.append((name.isSpan ? 0x80 : 0) | Alphabet(block.columns[index].values.bytes).rawValue)
            var encoded: [UInt8] = []
            ColumnCodec.encode(block.columns[index], rows: block.count, with: &compressor, to: &encoded)
            if encoded.count <= min(headBytes, smallBytes), block.columns[index].values.count <= smallValues {
                head.append(Place.head)
                head.append(varint: UInt64(encoded.count))
                small += encoded
            } else {
                head.append(Place.part)
                parts.append((index, encoded))
            }
        }
        head += small
        encode(block.times, with: &compressor, to: &head)
        encode(block.received, with: &compressor, to: &head)
        encode(block.sequences.map { Int64(bitPattern: $0) }, with: &compressor, to: &head)
        ColumnCodec.encode(block.shapes, rows: block.count, with: &compressor, to: &head)

        var terms = TermExtractor()
        try terms.add(BlockReader(block))
        return EncodedBlock(
            head: head, parts: parts, words: terms.words, bloom: terms.bloom,
            timeTerms: [
                try TimeTerms.of(block), BlockInfo.receiptTerm(block.received), BlockInfo.beginningsMark,
            ]
            .compactMap { $0 }.joined(separator: " "),
            fieldNames: Set(block.names.map(\.name)))
    }

    /// Reads a head; `part` fetches the stored bytes of a column that is not in it.
    ///
    /// - `known`: the names of blocks read before.
    /// - `lines`: where the block is archived.
    static func decode(
        _ head: [UInt8], known: KnownNames = KnownNames(), lines: ArchivedLines? = nil,
        part: @escaping (Int) throws(StoreError) -> [UInt8]
    ) throws(StoreError) -> BlockReader {
        var reader = ByteReader(head)
        let found = try reader.byte()
        guard found == version else { throw .newerFormat(found: Int(found), supported: Int(version)) }
        let rows = try reader.count(limit: IndexLimits.eventsPerBlock)
        let columns = try reader.count(limit: IndexLimits.columnsPerBlock)
        var names: [ColumnName] = []
        var sizes: [Int?] = []
        names.reserveCapacity(min(columns, 64))
        sizes.reserveCapacity(min(columns, 64))
        for _ in 0..<columns {
            let name = known.name(names.count, head, try reader.range(try reader.count(limit: 1_024)))
            let occurrence = try reader.byte()
            let flags = try reader.byte()
            names.append(
                ColumnName(
                    name: name, occurrence: occurrence, isSpan: flags & 0x80 != 0,
                    alphabet: Alphabet(rawValue: flags & 0x7F)))
            sizes.append(try reader.byte() == Place.head ? try reader.count(limit: smallBytes) : nil)
        }
        var sources: [BlockReader.Source] = []
        sources.reserveCapacity(sizes.count)
        for (index, size) in sizes.enumerated() {
            if let size {
                sources.append(.head(try reader.range(size)))
            } else {
                sources.append(.part(index))
            }
        }
        return BlockReader(
            rows: rows, names: names, sources: sources, head: head, rest: try reader.range(reader.remaining),
            lines: lines, part: part)
    }

    /// Differences from number to number, as varints, compressed.
    private static func encode(
        _ numbers: [Int64], with compressor: inout ZstdCompressor, to output: inout [UInt8]
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 4)
        var last: Int64 = 0
        for number in numbers {
            bytes.append(zigzag: number &- last)
            last = number
        }
        compressor.append(bytes, to: &output)
    }

    static func decodeNumbers(_ reader: inout ByteReader, rows: Int) throws(StoreError) -> [Int64] {
        var bytes = ByteReader(try reader.section())
        var last: Int64 = 0
        return try bytes.varints(rows, as: Int64.self) { value in
            last = last &+ (Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
            return last
        }
    }
}
