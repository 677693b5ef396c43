/// How sender addresses are written.
enum PeerAddress {
    /// The address as events carry it: an IPv4 sender on a dual-stack socket (`::ffff:192.0.2.1`, RFC 4291
    /// §2.5.5.2) is written as IPv4.
    static func text(_ address: String) -> String {
        let mapped = "::ffff:"
        guard address.utf8.starts(with: mapped.utf8), address.utf8.contains(UInt8(ascii: ".")) else {
            return address
        }
        return String(address.dropFirst(mapped.utf8.count))
    }
}
