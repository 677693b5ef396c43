/// A set of 64-bit hashes, open addressing.
///
/// Its seed is random, so that no sender can craft terms that collide.
struct HashSet {
    let seed = UInt64.random(in: .min ... .max)
    /// 0 is free; a hash of 0 is held as 1.
    private var slots = [UInt64](repeating: 0, count: 1 << 12)
    private var count = 0

    /// A hash that was made without the seed, mixed with it: hashes that were crafted to share their low bits do not
    /// share them any more.
    func keyed(_ hash: UInt64) -> UInt64 {
        let product = (hash ^ seed).multipliedFullWidth(by: seed.byteSwapped | 1)
        return product.high ^ product.low
    }

    /// Adds the hash; false where it was there.
    mutating func insert(_ hash: UInt64) -> Bool {
        let hash = hash == 0 ? 1 : hash
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] == hash { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = hash
        count += 1
        if count * 2 > slots.count { grow() }
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for hash in old where hash != 0 {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = hash
        }
    }
}
