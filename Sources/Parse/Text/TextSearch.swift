/// Searches for texts of several bytes.
///
/// First and last byte of the text are compared at eight places at once, so that a run of one of them costs no
/// more than any other bytes.
extension Span where Element == UInt8 {
    /// The first offset in `from ..< to` at which `text` stands, all of it before `to`; nil where it does not.
    ///
    /// `to` must not pass the end.
    func find(_ text: StaticString, from: Int, to: Int) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length > 0 else { return nil }
        let first = unsafe text.utf8Start[0]
        let last = unsafe text.utf8Start[length &- 1]
        var at = from
        while at &+ 7 &+ length <= to {
            var places = places(of: first, last, length, at: at)
            while places != 0 {
                let place = at &+ places.trailingZeroBitCount >> 3
                if has(text, at: place, to: to) { return place }
                places &= places &- 1
            }
            at &+= 8
        }
        while to &- at >= length {
            if self[at] == first, has(text, at: at, to: to) { return at }
            at &+= 1
        }
        return nil
    }

    /// Whether `text` stands in `range`, which must lie within the span.
    package func holds(_ text: [UInt8], in range: Range<Int>) -> Bool { place(of: text, in: range) != nil }

    /// The first place at which `text` stands in `range`, which must lie within the span; its beginning for no text.
    package func place(of text: [UInt8], in range: Range<Int>) -> Int? {
        let length = text.count
        guard length > 0 else { return range.lowerBound }
        let first = text[0]
        let last = text[length &- 1]
        var at = range.lowerBound
        while at &+ 7 &+ length <= range.upperBound {
            var places = places(of: first, last, length, at: at)
            while places != 0 {
                let place = at &+ places.trailingZeroBitCount >> 3
                if equals(place..<place &+ length, text, at: 0) { return place }
                places &= places &- 1
            }
            at &+= 8
        }
        while range.upperBound &- at >= length {
            if self[at] == first, equals(at..<at &+ length, text, at: 0) { return at }
            at &+= 1
        }
        return nil
    }

    /// The last offset in `from ..< to` at which `text` stands, all of it before `to`; nil where it does not.
    ///
    /// `to` must not pass the end.
    func findLast(_ text: StaticString, from: Int, to: Int) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length > 0 else { return nil }
        let first = unsafe text.utf8Start[0]
        let last = unsafe text.utf8Start[length &- 1]
        var at = to &- length
        while at &- 7 >= from {
            var places = places(of: first, last, length, at: at &- 7)
            while places != 0 {
                let bit = 63 &- places.leadingZeroBitCount
                let place = at &- 7 &+ bit >> 3
                if has(text, at: place, to: to) { return place }
                places &= ~(1 << UInt64(bit))
            }
            at &-= 8
        }
        while at >= from {
            if self[at] == first, has(text, at: at, to: to) { return at }
            at &-= 1
        }
        return nil
    }

    /// Of the eight offsets from `at` on those at which `length` bytes may begin with `first` and end with
    /// `last`: the highest bit of each byte, the first in the lowest bits.
    ///
    /// It may name one too many, never one too few.
    @inline(__always)
    private func places(of first: UInt8, _ last: UInt8, _ length: Int, at: Int) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference =
            (word(at: at) ^ UInt64(first) &* ones) | (word(at: at &+ length &- 1) ^ UInt64(last) &* ones)
        return (difference &- ones) & ~difference & 0x8080_8080_8080_8080
    }
}
