import CZstd

/// Compresses sections of blocks.
///
/// One context, used again and again by one thread.
@safe
struct ZstdCompressor: ~Copyable {
    private let context: OpaquePointer?
    private var buffer: [UInt8] = []

    /// Level 1: see docs/adr/0004-codec.md.
    private static let level: Int32 = 1

    init() { unsafe context = ZSTD_createCCtx() }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// Appends `bytes` as a section: its length, its stored length, and the stored bytes, which are the bytes
    /// themselves where compression does not pay.
    mutating func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        let bound = ZSTD_compressBound(bytes.count)
        if buffer.count < bound { buffer = [UInt8](repeating: 0, count: bound) }
        let size = unsafe buffer.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compressCCtx(
                    context, target.baseAddress, target.count, source.baseAddress, source.count, Self.level)
            }
        }
        output.append(varint: UInt64(bytes.count))
        if bytes.count < 32 || ZSTD_isError(size) != 0 || size >= bytes.count {
            output.append(varint: UInt64(bytes.count))
            output.append(contentsOf: bytes)
        } else {
            output.append(varint: UInt64(size))
            output.append(contentsOf: buffer[..<size])
        }
    }
}

extension ByteReader {
    /// Reads a section that `ZstdCompressor` wrote; at most `limit` bytes.
    mutating func section(limit: Int = IndexLimits.columnBytes) throws(StoreError) -> [UInt8] {
        let count = try self.count(limit: limit)
        let stored = try self.count(limit: limit)
        let range = try self.range(stored)
        if stored == count { return slice(range) }
        var output = [UInt8](repeating: 0, count: count)
        let size = unsafe output.withUnsafeMutableBytes { target in
            unsafe withBytes(range) { source in
                unsafe ZSTD_decompress(target.baseAddress, target.count, source.baseAddress, source.count)
            }
        }
        guard ZSTD_isError(size) == 0, size == count else {
            throw .damaged("a compressed section does not expand to its \(count) bytes")
        }
        return output
    }
}
