import CZstd
import Synchronization

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
        try expand(try packedSection(limit: limit))
    }

    /// Passes over a section that `expand` may read later.
    mutating func packedSection(limit: Int = IndexLimits.columnBytes) throws(StoreError) -> PackedSection {
        let count = try self.count(limit: limit)
        return PackedSection(count: count, stored: try range(try self.count(limit: limit)))
    }

    /// The bytes of a section.
    func expand(_ section: PackedSection) throws(StoreError) -> [UInt8] {
        if section.stored.count == section.count { return slice(section.stored) }
        let output = unsafe [UInt8](unsafeUninitializedCapacity: section.count) { target, filled in
            let size: Int? = unsafe withBytes(section.stored) { source in
                unsafe ZstdContexts.decompress(
                    source,
                    UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(target)[..<section.count]))
            }
            filled = size ?? 0
        }
        guard output.count == section.count else {
            throw .damaged("a compressed section does not expand to its \(section.count) bytes")
        }
        return output
    }
}

/// A section as it is stored.
struct PackedSection {
    /// Bytes after decompression.
    let count: Int
    let stored: Range<Int>
}

/// Contexts for decompression: as many as threads ever decompressed at once.
///
/// To make one costs more than to expand most sections.
private enum ZstdContexts {
    /// Used by one thread at a time, as each is taken out of the list for its work.
    @safe
    private struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private static let idle = Mutex<[Context]>([])

    /// How many bytes came out; nil for damage.
    static func decompress(
        _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard let context = idle.withLock({ $0.popLast() }) ?? make() else { return nil }
        let size = unsafe ZSTD_decompressDCtx(
            context.pointer, target.baseAddress, target.count, source.baseAddress, source.count)
        idle.withLock { $0.append(context) }
        return ZSTD_isError(size) == 0 ? size : nil
    }

    private static func make() -> Context? {
        unsafe ZSTD_createDCtx().map { unsafe Context(pointer: $0) }
    }
}
