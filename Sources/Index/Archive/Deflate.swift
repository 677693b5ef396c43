import CDeflate

/// Compresses with libdeflate (RFC 1951): one context, used again and again by one thread.
///
/// Why not zlib: docs/adr/0006-archives.md.
@safe
struct DeflateCompressor: ~Copyable {
    private let context: OpaquePointer?

    /// See docs/adr/0006-archives.md.
    private static let level: Int32 = 6

    init() { unsafe context = libdeflate_alloc_compressor(Self.level) }

    deinit { unsafe libdeflate_free_compressor(context) }

    /// The raw deflate stream of `text`; nil where there was no memory.
    mutating func deflate(_ text: [UInt8]) -> [UInt8]? {
        guard unsafe context != nil else { return nil }
        let bound = unsafe libdeflate_deflate_compress_bound(context, text.count)
        let output = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            count = unsafe text.withUnsafeBytes { source in
                unsafe libdeflate_deflate_compress(
                    context, source.baseAddress, source.count, target.baseAddress, target.count)
            }
        }
        return output.isEmpty ? nil : output
    }
}

/// Expands raw deflate streams of known size.
@safe
final class DeflateExpander {
    private let context: OpaquePointer?

    init() { unsafe context = libdeflate_alloc_decompressor() }

    deinit { unsafe libdeflate_free_decompressor(context) }

    /// The text of a whole stream; nil where it is damaged, or not of `count` bytes.
    func expand(_ stream: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        guard unsafe context != nil else { return nil }
        var isWhole = false
        let text = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { target, filled in
            let result = unsafe stream.withUnsafeBytes { source in
                // Without a place for the count, anything but `count` bytes is an error.
                unsafe libdeflate_deflate_decompress(
                    context, source.baseAddress, source.count, target.baseAddress, count, nil)
            }
            isWhole = result == LIBDEFLATE_SUCCESS
            filled = isWhole ? count : 0
        }
        return isWhole ? text : nil
    }
}

/// CRC-32 as gzip has it (RFC 1952 §8).
enum CRC32 {
    static func of(_ bytes: [UInt8]) -> UInt32 { of(bytes[...]) }

    static func of(_ bytes: ArraySlice<UInt8>, after start: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe libdeflate_crc32(start, $0.baseAddress, $0.count) }
    }
}
