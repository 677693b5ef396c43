import Parse
import Testing

@testable import Index

/// One block in every form that it takes on its way: open, closed, and stored.
struct BlockForms {
    let open: BlockReader
    let stored: BlockReader
    let block: Block
    let encoded: EncodedBlock

    init(_ batches: [EventBatch]) throws {
        var builder = BlockBuilder(day: Day(containing: 0))
        var sequence: UInt64 = 1
        for batch in batches {
            builder.beginBatch()
            for event in batch.events {
                builder.append(event, of: batch, sequence: sequence)
                sequence += 1
            }
        }
        try self.init(builder.block)
    }

    init(_ block: Block) throws {
        self.block = block
        open = BlockReader(block)
        var compressor = ZstdCompressor()
        encoded = try BlockCodec.encode(block, with: &compressor)
        stored = try Self.reader(encoded.head, encoded.parts)
    }

    static func reader(_ head: [UInt8], _ parts: [(column: Int, bytes: [UInt8])]) throws -> BlockReader {
        try BlockCodec.decode(head) { (column) throws(StoreError) in
            guard let part = parts.first(where: { $0.column == column }) else {
                throw .damaged("no such part")
            }
            return part.bytes
        }
    }

    /// The lines whose bytes did not come back.
    func lost(_ lines: [[UInt8]]) throws -> [String] {
        var lost: [String] = []
        for (form, reader) in [("open", open), ("stored", stored)] {
            if reader.count != lines.count {
                lost.append("\(form): \(reader.count) events of \(lines.count)")
            }
            for (row, line) in lines.enumerated() {
                var raw: [UInt8] = []
                try reader.appendRaw(row, to: &raw)
                if raw != line {
                    lost.append("\(form): \(String(decoding: line.prefix(300), as: UTF8.self))")
                }
            }
        }
        return lost
    }
}
