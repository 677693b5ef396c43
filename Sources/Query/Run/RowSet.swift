/// A set of events of one block, a bit each.
struct RowSet: Sendable {
    private var words: [UInt64]
    /// How many events the block has.
    let size: Int

    /// No event of a block with `size`.
    init(size: Int) {
        self.size = size
        words = [UInt64](repeating: 0, count: (size + 63) / 64)
    }

    /// All events of a block with `size`.
    init(all size: Int) {
        self.size = size
        words = [UInt64](repeating: .max, count: (size + 63) / 64)
        if size % 64 != 0 { words[words.count - 1] = (1 << UInt64(size % 64)) - 1 }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func contains(_ row: Int) -> Bool { words[row >> 6] & (1 << UInt64(row & 63)) != 0 }

    mutating func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

    mutating func formUnion(_ other: RowSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    mutating func formIntersection(_ other: RowSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func subtract(_ other: RowSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    func intersection(_ other: RowSet) -> RowSet {
        var result = self
        result.formIntersection(other)
        return result
    }

    func subtracting(_ other: RowSet) -> RowSet {
        var result = self
        result.subtract(other)
        return result
    }

    /// Calls `body` with each event, in order.
    @inline(__always)
    func forEach<Failure>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                try body(index << 6 | word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}
