/// A set of hashes that may answer yes for one that it does not hold, and never no for one that it does.
struct BloomFilter: Sendable {
    /// A power of two is not needed: positions come from a multiplication, not from a mask.
    private(set) var bits: [UInt8]

    /// A filter for `terms` different hashes.
    init(terms: Int) {
        bits = [UInt8](repeating: 0, count: (max(terms, 1) * IndexLimits.bloomBitsPerTerm + 7) / 8)
    }

    init(bits: [UInt8]) { self.bits = bits }

    mutating func insert(_ hash: UInt64) {
        for probe in 0..<IndexLimits.bloomProbes {
            let position = Self.position(hash, probe, bits.count)
            bits[position >> 3] |= 1 << UInt8(truncatingIfNeeded: position & 7)
        }
    }

    func mayContain(_ hash: UInt64) -> Bool {
        guard !bits.isEmpty else { return false }
        for probe in 0..<IndexLimits.bloomProbes {
            let position = Self.position(hash, probe, bits.count)
            if bits[position >> 3] & (1 << UInt8(truncatingIfNeeded: position & 7)) == 0 { return false }
        }
        return true
    }

    /// Probe `number` of a hash, as a bit of `bytes` bytes: two hashes in one, added up (Kirsch–Mitzenmacher).
    private static func position(_ hash: UInt64, _ number: Int, _ bytes: Int) -> Int {
        let step = (hash >> 32) | 1
        let probe = hash &+ UInt64(truncatingIfNeeded: number) &* (step &* 0x9E37_79B9_7F4A_7C15)
        return Int(
            truncatingIfNeeded: probe.multipliedFullWidth(by: UInt64(truncatingIfNeeded: bytes * 8)).high)
    }
}
