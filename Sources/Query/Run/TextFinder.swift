import Index
import Parse

/// Finds a text in a lot of bytes at once: all values of a column, which stand one behind the other.
///
/// Looks at 32 places at a time for the first and the last byte of the text, and at the rest where both are there.
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

    /// Calls `body` with each place where the text stands in `range`, until it returns false.
    func forEach(in bytes: Span<UInt8>, _ range: Range<Int>, _ body: (Int) -> Bool) {
        let end = min(range.upperBound, bytes.count) - needle.count
        var place = max(0, range.lowerBound)
        let raw = unsafe bytes.bytes
        let reach = needle.count - 1
        let firsts = SIMD32<UInt8>(repeating: first)
        let lasts = SIMD32<UInt8>(repeating: last)
        let firstFolds = SIMD32<UInt8>(repeating: firstFold)
        let lastFolds = SIMD32<UInt8>(repeating: lastFold)
        while place + 31 <= end {
            // Both loads end within the range: the last place that can match is `end`.
            let head = unsafe raw.unsafeLoadUnaligned(fromByteOffset: place, as: SIMD32<UInt8>.self)
            let tail = unsafe raw.unsafeLoadUnaligned(
                fromByteOffset: place + reach, as: SIMD32<UInt8>.self)
            let hits = ((head | firstFolds) .== firsts) .& ((tail | lastFolds) .== lasts)
            if any(hits) {
                for lane in 0..<32 where hits[lane] {
                    if stands(bytes, at: place + lane), !body(place + lane) { return }
                }
            }
            place += 32
        }
        while place <= end {
            if bytes[place] | firstFold == first, stands(bytes, at: place), !body(place) { return }
            place += 1
        }
    }

    private func stands(_ bytes: Span<UInt8>, at place: Int) -> Bool {
        for index in needle.indices {
            let byte = bytes[place + index]
            if (ignoresCase ? Token.lowercased(byte) : byte) != needle[index] { return false }
        }
        return true
    }
}

extension ByteTable {
    /// The values that hold the text; with `onEdges` between token edges of the value.
    ///
    /// By value, and one more in front that stands for no value; nil where none holds it.
    func values(holding text: TextFinder, onEdges: Bool) -> [Bool]? {
        var hits: [Bool]?
        let bytes = bytes.span
        var value = 0
        text.forEach(in: bytes, 0..<bytes.count) { place in
            // Places rise, and so do the values.
            if range(value).upperBound <= place { value = self.value(at: place, from: value) }
            let range = range(value)
            guard place >= range.lowerBound, place + text.count <= range.upperBound else { return true }
            if onEdges {
                guard ByteText.isEdge(place, in: bytes, range),
                    ByteText.isEdge(place + text.count, in: bytes, range)
                else { return true }
            }
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

extension Column {
    /// Those of the events whose value holds the text.
    func rows(among rows: RowSet, holding text: TextFinder, onEdges: Bool) -> RowSet {
        var found = RowSet(size: rows.size)
        guard let hits = values.values(holding: text, onEdges: onEdges) else { return found }
        for row in codes.indices where hits[Int(codes[row])] { found.insert(row) }
        found.formIntersection(rows)
        return found
    }
}
