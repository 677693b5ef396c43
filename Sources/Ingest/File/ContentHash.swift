/// FNV-1a with 64 bits, taken up where it was left: it tells whether a file still begins with what was read of it.
///
/// No protection against forgery.
package struct ContentHash: Sendable {
    package private(set) var value: UInt64

    /// - `value`: of the bytes so far.
    package init(_ value: UInt64 = 0xCBF2_9CE4_8422_2325) { self.value = value }

    package mutating func add(_ bytes: Span<UInt8>) {
        var hash = value
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        value = hash
    }
}
