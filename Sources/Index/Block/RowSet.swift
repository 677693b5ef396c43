/// A set of events of one block, a bit each.
package struct RowSet: Sendable {
    @usableFromInline var words: [UInt64]
    /// How many events the block has.
    package let size: Int

    /// No event of a block with `size`.
    package init(size: Int) {
        self.size = size
        words = [UInt64](repeating: 0, count: (size + 63) / 64)
    }

    /// All events of a block with `size`.
    package init(all size: Int) {
        self.size = size
        words = [UInt64](repeating: .max, count: (size + 63) / 64)
        if size % 64 != 0 { words[words.count - 1] = (1 << UInt64(size % 64)) - 1 }
    }

    /// The events of a block with `size` that pass.
    @inline(__always)
    init(size: Int, where passes: (Int) -> Bool) {
        self.init(size: size)
        for index in words.indices {
            let start = index << 6
            var word: UInt64 = 0
            for bit in 0..<min(64, size - start) where passes(start + bit) { word |= 1 << UInt64(bit) }
            words[index] = word
        }
    }

    /// The events that `words` names, a bit each.
    init(size: Int, words: ArraySlice<UInt64>) {
        self.size = size
        self.words = Array(words)
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    @inlinable package func contains(_ row: Int) -> Bool { words[row >> 6] & (1 << UInt64(row & 63)) != 0 }

    @inlinable package mutating func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

    package mutating func remove(_ row: Int) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }

    package mutating func formUnion(_ other: RowSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    package mutating func formIntersection(_ other: RowSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    package mutating func subtract(_ other: RowSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    package func intersection(_ other: RowSet) -> RowSet {
        var result = self
        result.formIntersection(other)
        return result
    }

    package func subtracting(_ other: RowSet) -> RowSet {
        var result = self
        result.subtract(other)
        return result
    }

    /// Calls `body` with each event, in order.
    @inlinable
    package func forEach<Failure>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                try body(index << 6 | word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}
