import CZlib

/// Unpacks gzip (RFC 1952), any number of members one behind the other.
@safe struct Gunzip: ~Copyable {
    static let magic: [UInt8] = [0x1F, 0x8B]

    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the last member ended with the bytes so far.
    private(set) var isWhole = false
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    init() {
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15: the largest window; 16 more: a gzip head and end.
        unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Unpacks the next bytes of the file and appends what they hold.
    ///
    /// Zeros behind the last member are padding, as tape tools write it.
    mutating func add(_ bytes: [UInt8], to output: inout [UInt8]) throws(GunzipError) {
        guard !bytes.isEmpty else { return }
        var failure: GunzipError?
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            while failure == nil {
                let left = unsafe Int(stream.pointee.avail_in)
                if isWhole {
                    guard left > 0 else { break }
                    if unsafe input[(input.count - left)...].allSatisfy({ $0 == 0 }) { break }
                    unsafe inflateReset(stream)
                    isWhole = false
                }
                let (code, count) = inflateOnce()
                output += buffer[..<count]
                switch code {
                case Z_STREAM_END: isWhole = true
                case Z_OK: break
                case Z_BUF_ERROR where unsafe stream.pointee.avail_in == 0: return
                default:
                    failure = GunzipError(
                        reason: unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
                            ?? "error \(code)")
                }
            }
        }
        if let failure { throw failure }
    }

    private mutating func inflateOnce() -> (code: Int32, count: Int) {
        unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe stream.pointee.next_out = buffer.baseAddress
            unsafe stream.pointee.avail_out = UInt32(buffer.count)
            let code = unsafe inflate(stream, Z_NO_FLUSH)
            return unsafe (code, buffer.count - Int(stream.pointee.avail_out))
        }
    }
}

/// What is wrong with a compressed file.
struct GunzipError: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
