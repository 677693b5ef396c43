import NIOCore

/// Read buffers that live for one read.
///
/// NIO keeps a connection's last buffers to fill them again. With thousands of connections that were busy
/// once, these would hold 256 KiB each for ever. An allocator that names no size for the next buffer is not
/// pooled.
struct TransientReadBuffers: RecvByteBufferAllocator {
    private var sizes = AdaptiveRecvByteBufferAllocator(
        minimum: IngestLimits.firstReadBytes, initial: IngestLimits.firstReadBytes,
        maximum: IngestLimits.readBytes)

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        sizes.buffer(allocator: allocator)
    }

    mutating func record(actualReadBytes: Int) -> Bool {
        sizes.record(actualReadBytes: actualReadBytes)
    }

    func nextBufferSize() -> Int? { nil }
}
