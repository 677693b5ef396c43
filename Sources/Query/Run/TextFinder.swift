import Index
import Parse

/// Finds a text in a lot of bytes at once: all values of a column, which stand one behind the other.
///
/// Looks at 16 places at a time for the first and the last byte of the text, and at the rest where both are there.
struct TextFinder: Sendable {
    /// In lower case where case does not count.
    private let needle: [UInt8]
    private let ignoresCase: Bool
    private let first: UInt8
    private let last: UInt8
    /// 0x20 where the byte is a letter whose case does not count: what makes both cases the lower one.
    private let firstFold: UInt8
    private let lastFold: UInt8

    /// Nil for no text at all.
    init?(_ text: [UInt8], ignoresCase: Bool) {
        needle = ignoresCase ? text.map(Token.lowercased) : text
        guard let first = needle.first, let last = needle.last else { return nil }
        self.ignoresCase = ignoresCase
        self.first = first
        self.last = last
        firstFold = ignoresCase && first &- 0x61 < 26 ? 0x20 : 0
        lastFold = ignoresCase && last &- 0x61 < 26 ? 0x20 : 0
    }

    var count: Int { needle.count }

    /// Whether the text stands in a JSON string as it is.
    var isPlainInJSON: Bool { needle.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C } }

    /// Calls `body` with each place where the text stands in `range`, until it returns false.
    func forEach(in bytes: Span<UInt8>, _ range: Range<Int>, _ body: (Int) -> Bool) {
        let end = min(range.upperBound, bytes.count) - needle.count
        var place = max(0, range.lowerBound)
        let raw = unsafe bytes.bytes
        let reach = needle.count - 1
        let firsts = SIMD16<UInt8>(repeating: first)
        let lasts = SIMD16<UInt8>(repeating: last)
        let firstFolds = SIMD16<UInt8>(repeating: firstFold)
        let lastFolds = SIMD16<UInt8>(repeating: lastFold)
        while place + 15 <= end {
            // Both loads end within the range: the last place that can match is `end`.
            let head = unsafe raw.unsafeLoadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            let tail = unsafe raw.unsafeLoadUnaligned(
                fromByteOffset: place + reach, as: SIMD16<UInt8>.self)
            // 0 where both are there.
            let differences = ((head | firstFolds) ^ firsts) | ((tail | lastFolds) ^ lasts)
            let hits = differences .== SIMD16<UInt8>(repeating: 0)
            // A byte of ones a hit: eight of them at a time are looked at as one number.
            let groups = unsafe unsafeBitCast(hits, to: SIMD2<UInt64>.self)
            if groups[0] | groups[1] != 0 {
                for group in 0..<2 {
                    var left = UInt64(littleEndian: groups[group])
                    while left != 0 {
                        let lane = left.trailingZeroBitCount >> 3
                        left &= ~(0xFF << UInt64(lane << 3))
                        let found = place + group * 8 + lane
                        if stands(bytes, at: found), !body(found) { return }
                    }
                }
            }
            place += 16
        }
        while place <= end {
            if bytes[place] | firstFold == first, stands(bytes, at: place), !body(place) { return }
            place += 1
        }
    }

    /// Whether the value at `range` holds the text; with `onEdges` between token edges of the value.
    func isHeld(by bytes: Span<UInt8>, _ range: Range<Int>, onEdges: Bool) -> Bool {
        var isHeld = false
        forEach(in: bytes, range) { place in
            isHeld = !onEdges || ByteText.isEdges(place..<place + count, in: bytes, range)
            return !isHeld
        }
        return isHeld
    }

    private func stands(_ bytes: Span<UInt8>, at place: Int) -> Bool {
        for index in needle.indices {
            let byte = bytes[place + index]
            if (ignoresCase ? Token.lowercased(byte) : byte) != needle[index] { return false }
        }
        return true
    }
}

extension ByteText {
    /// Whether a stretch of the value at `range` begins and ends on edges.
    fileprivate static func isEdges(
        _ stretch: Range<Int>, in text: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        isEdge(stretch.lowerBound, in: text, range) && isEdge(stretch.upperBound, in: text, range)
    }
}

extension ByteTable {
    /// The values that hold the text; with `onEdges` between token edges of the value.
    ///
    /// By value, and one more in front that stands for no value; nil where none holds it.
    func values(holding text: TextFinder, onEdges: Bool) -> [Bool]? {
        var hits: [Bool]?
        let span = bytes.span
        var value = 0
        text.forEach(in: span, range) { place in
            // Places rise, and so do the values.
            if range(value).upperBound <= place { value = self.value(at: place, from: value) }
            let range = range(value)
            guard place + text.count <= range.upperBound,
                !onEdges || ByteText.isEdges(place..<place + text.count, in: span, range)
            else { return true }
            if hits == nil { hits = [Bool](repeating: false, count: count + 1) }
            hits?[value + 1] = true
            return true
        }
        return hits
    }

    /// The value in which a place of the bytes lies, which is `first` or a later one.
    private func value(at place: Int, from first: Int) -> Int {
        var low = first
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if range(middle).upperBound <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
