import Parse

/// Finds what a query looked for in a text, to underline it.
package struct Highlight: Sendable {
    /// Matches in a text, which the caller bounds to what it shows.
    let ranges: @Sendable ([UInt8]) -> [Range<Int>]

    /// Matches in one line; beyond it they only cost time.
    static let limit = 100

    /// A condition that knows its matches by itself, such as a regular expression.
    package init(_ ranges: @escaping @Sendable ([UInt8]) -> [Range<Int>]) { self.ranges = ranges }

    /// A text on token edges, letters of ASCII in both cases.
    package static func text(_ text: String) -> Highlight { glob(Glob([.literal(text)])) }

    /// From the first to the last literal of a pattern.
    package static func glob(_ glob: Glob) -> Highlight {
        var literals: [[UInt8]] = []
        for case .literal(let text) in glob.pieces { literals.append(ByteText.lowercased(text)) }
        let found = literals.filter { !$0.isEmpty }
        let startsOpen = glob.pieces.first.map { if case .literal = $0 { false } else { true } } ?? true
        let endsOpen = glob.pieces.last.map { if case .literal = $0 { false } else { true } } ?? true
        return Highlight { text in
            guard let first = found.first else { return [] }
            var ranges: [Range<Int>] = []
            var place = 0
            while ranges.count < limit,
                let start = find(
                    first, in: text, from: place, edgeBefore: !startsOpen,
                    edgeBehind: !endsOpen && found.count == 1)
            {
                var end = start.upperBound
                for (index, literal) in found.enumerated().dropFirst() {
                    let isLast = index == found.count - 1
                    guard
                        let next = find(
                            literal, in: text, from: end, edgeBefore: false, edgeBehind: isLast && !endsOpen)
                    else { return ranges }
                    end = next.upperBound
                }
                ranges.append(start.lowerBound..<end)
                place = end
            }
            return ranges
        }
    }

    /// What a filter asks for in texts, negations left out.
    package static func all(of filter: Filter) -> [Highlight] {
        switch filter {
        case .and(let parts), .or(let parts): return parts.flatMap(all)
        case .test(let test) where test.kind == .text:
            switch test.condition {
            case .contains(let text): return [Self.text(text)]
            case .matches(let pattern): return [glob(pattern)]
            default: return []
            }
        default: return []
        }
    }

    private static func find(
        _ needle: [UInt8], in text: [UInt8], from: Int, edgeBefore: Bool, edgeBehind: Bool
    ) -> Range<Int>? {
        let span = text.span
        var start = from
        while start + needle.count <= text.count {
            defer { start += 1 }
            guard Token.lowercased(text[start]) == needle[0] else { continue }
            let end = start + needle.count
            var place = start + 1
            while place < end, Token.lowercased(text[place]) == needle[place - start] { place += 1 }
            if place == end, !edgeBefore || ByteText.isEdge(start, in: span, 0..<text.count),
                !edgeBehind || ByteText.isEdge(end, in: span, 0..<text.count)
            {
                return start..<end
            }
        }
        return nil
    }
}
