/// Byte strings one behind the other, each found by its number.
package struct ByteTable: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Where the first string begins.
    private var start: UInt32 = 0
    /// Where each string ends; it begins where the one before ends.
    private var ends: [UInt32] = []

    init() {}

    /// `ends` must rise from `start` on and stay within `bytes`.
    init(bytes: [UInt8], start: UInt32 = 0, ends: [UInt32]) throws(StoreError) {
        var last = start
        for end in ends {
            guard end >= last, Int(end) <= bytes.count else {
                throw .damaged("a table of strings out of order")
            }
            last = end
        }
        self.bytes = bytes
        self.start = start
        self.ends = ends
    }

    /// Strings of one length, which together are `bytes`.
    init(bytes: [UInt8], count: Int, width: Int) {
        self.bytes = bytes
        ends = (0..<count).map { UInt32(truncatingIfNeeded: ($0 + 1) * width) }
    }

    package var count: Int { ends.count }

    /// The bytes of string `index`, as a range of `bytes`.
    package func range(_ index: Int) -> Range<Int> {
        Int(index == 0 ? start : ends[index - 1])..<Int(ends[index])
    }

    /// The bytes of all strings, as a range of `bytes`.
    package var range: Range<Int> { Int(start)..<Int(ends.last ?? start) }

    package subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

    mutating func reserve(_ count: Int, bytes byteCount: Int) {
        bytes.reserveCapacity(byteCount)
        ends.reserveCapacity(count)
    }

    mutating func append(_ span: Span<UInt8>) {
        bytes.append(span)
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }
}

/// A `ByteTable` of distinct strings that finds the number of a string: open addressing over the strings' hashes.
struct ByteDictionary {
    private(set) var table = ByteTable()
    private var hashes: [UInt32] = []
    /// Number of a string plus one, 0 where free.
    ///
    /// The length is a power of two, at most half of it in use.
    private var slots: [UInt16]

    /// Holds at most 65,534 strings.
    init(capacity: Int = 32) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = [UInt16](repeating: 0, count: size)
    }

    var count: Int { table.count }

    /// The number of the string, which is added if it is new.
    mutating func code(of span: Span<UInt8>) -> UInt16 {
        let hash = UInt32(truncatingIfNeeded: hashBytes(span) >> 32)
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let code = Int(slots[slot]) - 1
            if hashes[code] == hash, equalBytes(table.bytes.span.extracting(table.range(code)), span) {
                return UInt16(truncatingIfNeeded: code)
            }
            slot = (slot + 1) & mask
        }
        return insert(span, hash, at: slot)
    }

    /// The number of the string if it is there.
    func existing(_ span: Span<UInt8>) -> UInt16? {
        let hash = UInt32(truncatingIfNeeded: hashBytes(span) >> 32)
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let code = Int(slots[slot]) - 1
            if hashes[code] == hash, equalBytes(table.bytes.span.extracting(table.range(code)), span) {
                return UInt16(truncatingIfNeeded: code)
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds the string without a look whether it is there: for columns whose values hardly ever repeat.
    mutating func appendUnchecked(_ span: Span<UInt8>) -> UInt16 {
        table.append(span)
        hashes.append(0)
        return UInt16(truncatingIfNeeded: table.count - 1)
    }

    private mutating func insert(_ span: Span<UInt8>, _ hash: UInt32, at slot: Int) -> UInt16 {
        let code = UInt16(truncatingIfNeeded: table.count)
        table.append(span)
        hashes.append(hash)
        slots[slot] = code &+ 1
        if table.count * 2 > slots.count { grow() }
        return code
    }

    private mutating func grow() {
        slots = [UInt16](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (code, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt16(truncatingIfNeeded: code) &+ 1
        }
    }
}
