/// Small numbers by the bytes of their key: what a thread remembers of names, so that the hot path makes no
/// String.
///
/// Open addressing with linear probing. Entries are never taken out; a full map takes no more.
struct ByteKeyMap {
    private struct Entry {
        var hash: UInt64 = 0
        var start: UInt32 = 0
        var count: UInt32 = 0
        var value: UInt16 = 0
    }

    private let capacity: Int
    private var slots: [Entry]
    private var keys: [UInt8] = []
    private var count = 0

    /// Room for `capacity` keys, one or more.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
        // At most half full, so that probes stay short. A power of two.
        slots = Array(
            repeating: Entry(), count: 1 << (Int.bitWidth - (max(1, capacity) * 2 - 1).leadingZeroBitCount))
    }

    /// The number of the key that `bytes` holds in `range`; nil where the map does not have it.
    @inline(__always)
    func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt16? {
        let hash = Self.hash(bytes, range)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
        while slots[slot].count != 0 {
            let entry = slots[slot]
            if entry.hash == hash, Int(entry.count) == range.count,
                bytes.equals(range, keys, at: Int(entry.start))
            {
                return entry.value
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        return nil
    }

    /// Remembers a key that the map does not have.
    ///
    /// Empty keys are not kept, nor any once it is full.
    mutating func remember(_ value: UInt16, for bytes: Span<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty, count < capacity else { return }
        let hash = Self.hash(bytes, range)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot].count != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Entry(hash: hash, start: UInt32(keys.count), count: UInt32(range.count), value: value)
        for index in range { keys.append(bytes[index]) }
        count += 1
    }

    /// Keys are short names; the probe limit that an attacker could reach is bounded by the capacity.
    @inline(__always)
    private static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash = UInt64(range.count) &* 0x9E37_79B9_7F4A_7C15
        var at = range.lowerBound
        while at &+ 8 <= range.upperBound {
            hash = mix(hash ^ bytes.word(at: at))
            at &+= 8
        }
        var rest: UInt64 = 0
        while at < range.upperBound {
            rest = rest << 8 | UInt64(bytes[at])
            at &+= 1
        }
        return mix(hash ^ rest)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
