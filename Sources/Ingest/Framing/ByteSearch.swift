import Glibc

/// The only unsafe code of framing: memchr is several times faster than an index loop over a span.
enum ByteSearch {
    /// The first offset of `byte` in `range`; nil if it is not there, or if the range is empty or not inside
    /// `bytes`.
    static func first(_ byte: UInt8, in bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else { return nil }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            guard let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count) else {
                return nil
            }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }
}
