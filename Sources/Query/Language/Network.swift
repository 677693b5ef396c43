/// The addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`; or one address.
///
/// An IPv4 address lies in IPv4 networks alone, in whichever way it is written.
package struct Network: Equatable, Sendable {
    /// The first address; bits behind the prefix are 0.
    package let base: IPAddress
    /// How many of the 128 bits are fixed: for IPv4, 96 more than are written.
    package let length: Int

    /// The network of an address: bits behind the prefix are dropped.
    package init(_ address: IPAddress, length: Int) {
        self.length = min(max(length, address.isV4 ? 96 : 0), 128)
        base = IPAddress(bits: address.bits & Self.mask(self.length))
    }

    /// One address.
    package init(_ address: IPAddress) { self.init(address, length: 128) }

    /// `address/bits`; nil for any other text.
    package init?(_ text: String) {
        guard case .network(let network) = Self.read(text) else { return nil }
        self = network
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.bits & Self.mask(length) == base.bits && address.isV4 == base.isV4
    }

    private static func mask(_ length: Int) -> UInt128 { length == 0 ? 0 : .max << UInt128(128 - length) }

    /// What a text with a slash is.
    enum Reading: Equatable {
        case network(Network)
        /// The part before the slash is no address.
        case noAddress
        /// The part behind it is no number from 0 to `most`.
        case badLength(most: Int)
    }

    static func read(_ text: String) -> Reading {
        let bytes = text.utf8
        guard let slash = bytes.firstIndex(of: 0x2F), let address = IPAddress(String(text[..<slash])) else {
            return .noAddress
        }
        // ::ffff:10.0.0.0/104 is written in bits of IPv6.
        let isShort = address.isV4 && !text[..<slash].utf8.contains(0x3A)
        let most = isShort ? 32 : 128
        let digits = bytes[bytes.index(after: slash)...]
        guard digits.count <= 3, digits.allSatisfy({ $0 &- 0x30 < 10 }), let length = Int(Substring(digits)),
            length <= most, isShort || !address.isV4 || length >= 96
        else { return .badLength(most: most) }
        return .network(Network(address, length: isShort ? length + 96 : length))
    }
}

extension Network: CustomStringConvertible {
    /// The form that a query has: one IPv6 address stands without its length.
    package var description: String {
        if base.isV4 { return "\(base)/\(length - 96)" }
        return length == 128 ? "\(base)" : "\(base)/\(length)"
    }
}
