import CCrypto
import Glibc

/// SHA-256 of what is on a disk (FIPS 180-4), by OpenSSL's libcrypto.
@safe package struct FileDigest: ~Copyable {
    private let context: OpaquePointer?

    package init() {
        unsafe context = EVP_MD_CTX_new()
        _ = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        _ = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Ends the sum: 64 digits in lower case.
    package consuming func hex() -> String {
        var sum = [UInt8](repeating: 0, count: 32)
        _ = unsafe sum.withUnsafeMutableBufferPointer {
            unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
        }
        return sum.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// The sum of a file, read part by part.
    package static func ofFile(_ path: String) throws(StoreError) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { Glibc.close(descriptor) }
        var digest = FileDigest()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { return digest.hex() }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .system("read", path)
            }
            unsafe buffer.withUnsafeBytes {
                unsafe digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        }
    }
}

extension FileDigest {
    /// The sum of some bytes.
    package static func of(_ bytes: [UInt8]) -> String {
        var digest = FileDigest()
        unsafe bytes.withUnsafeBytes { unsafe digest.update($0) }
        return digest.hex()
    }
}
