import Parse

/// A `Glob` made ready for matching bytes.
///
/// Time is at most value length × pattern length, with no allocation.
///
/// The pattern is cut at its `*` into segments. The first place where a segment fits is always the best one,
/// as it leaves the most room for those behind it, so nothing is ever tried twice.
package struct GlobMatcher: Sendable {
    private struct Segment {
        /// Lower-cased.
        ///
        /// Meaningless where `isAny`.
        var bytes: [UInt8] = []
        /// `?` at this place.
        var isAny: [Bool] = []
    }

    private var segments: [Segment] = []
    private var startsOpen = false
    private var endsOpen = false

    package init(_ glob: Glob) {
        var segment = Segment()
        for piece in glob.pieces {
            switch piece {
            case .literal(let text):
                for byte in text.utf8 {
                    segment.bytes.append(Token.lowercased(byte))
                    segment.isAny.append(false)
                }
            case .one:
                segment.bytes.append(0)
                segment.isAny.append(true)
            case .any:
                if !segment.bytes.isEmpty { segments.append(segment) }
                if segments.isEmpty { startsOpen = true }
                endsOpen = true
                segment = Segment()
                continue
            }
            if !segment.bytes.isEmpty { endsOpen = false }
        }
        if !segment.bytes.isEmpty { segments.append(segment) }
    }

    /// Whether the whole value at `range` of `text` matches.
    package func matchesWhole(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let range = ByteText.clamped(range, to: text)
        guard !segments.isEmpty else { return startsOpen || range.isEmpty }
        var place = range.lowerBound
        for index in segments.indices {
            let length = segments[index].bytes.count
            let isLast = index == segments.count - 1
            var found: Int?
            if index == 0 && !startsOpen {
                if fits(index, text, place, range), !isLast || endsOpen || place + length == range.upperBound
                {
                    found = place
                }
            } else if isLast && !endsOpen {
                let start = range.upperBound - length
                if start >= place, fits(index, text, start, range) { found = start }
            } else {
                found = firstFit(index, text, from: place, range, edgeBefore: false, edgeBehind: false)
            }
            guard let found else { return false }
            place = found + length
        }
        return true
    }

    /// Whether a part of the value at `range` of `text` matches that begins and ends on token edges.
    package func matchesOnEdges(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let range = ByteText.clamped(range, to: text)
        var place = range.lowerBound
        for index in segments.indices {
            let found = firstFit(
                index, text, from: place, range, edgeBefore: index == 0 && !startsOpen,
                edgeBehind: index == segments.count - 1 && !endsOpen)
            guard let found else { return false }
            place = found + segments[index].bytes.count
        }
        return true
    }

    private func firstFit(
        _ index: Int, _ text: Span<UInt8>, from place: Int, _ range: Range<Int>, edgeBefore: Bool,
        edgeBehind: Bool
    ) -> Int? {
        let length = segments[index].bytes.count
        let first = segments[index].bytes[0]
        let startsWithAny = segments[index].isAny[0]
        var start = place
        while start + length <= range.upperBound {
            guard startsWithAny || Token.lowercased(text[start]) == first else {
                start += 1
                continue
            }
            if fits(index, text, start, range),
                !edgeBefore || ByteText.isEdge(start, in: text, range),
                !edgeBehind || ByteText.isEdge(start + length, in: text, range)
            {
                return start
            }
            start += 1
        }
        return nil
    }

    @inline(__always)
    private func fits(_ index: Int, _ text: Span<UInt8>, _ start: Int, _ range: Range<Int>) -> Bool {
        let length = segments[index].bytes.count
        guard start + length <= range.upperBound else { return false }
        var offset = 0
        while offset < length {
            if Token.lowercased(text[start + offset]) != segments[index].bytes[offset],
                !segments[index].isAny[offset]
            {
                return false
            }
            offset += 1
        }
        return true
    }
}
