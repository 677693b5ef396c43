import Parse

/// How far a grok pattern gets in a line that it does not match.
///
/// The pattern is cut where its parts end; the longest beginning that still matches says how far.
struct PatternProgress {
    /// The pattern whose parts are tried.
    let text: [UInt8]
    private let beginnings: [(program: GrokProgram, length: Int)]

    /// How far it got.
    struct Reach {
        /// Bytes of the pattern that still match.
        var pattern: Int
        /// The part of the line that they match: offsets.
        var line: Range<Int>
        /// What they captured.
        var captures: [(name: String, value: [UInt8])]
    }

    /// - `isSearch`: the pattern may begin anywhere in the line.
    ///
    /// A pattern that is one reference and no more, `%{NAME}`, is replaced by what the name stands for.
    init(_ pattern: String, library: PatternLibrary, isSearch: Bool) {
        var pattern = pattern
        for _ in 0..<8 {
            guard !isSearch, pattern.hasPrefix("%{"), pattern.hasSuffix("}"),
                let inner = library.text(of: String(pattern.dropFirst(2).dropLast()))
            else { break }
            pattern = inner
        }
        let bytes = Array(pattern.utf8)
        text = bytes
        beginnings = (1...max(1, bytes.count)).reversed().compactMap { length in
            guard length <= bytes.count, Self.endsPart(bytes, length) else { return nil }
            let beginning = String(decoding: bytes[..<length], as: UTF8.self)
            let program =
                isSearch
                ? try? GrokTrial.search(beginning, library)
                : try? GrokProgram(beginning, library: library, wholeLine: false)
            return program.map { ($0, length) }
        }
    }

    /// Whether a part of the pattern ends at `length`: what begins with a quantifier or inside `%{…}` is none.
    private static func endsPart(_ text: [UInt8], _ length: Int) -> Bool {
        guard length < text.count else { return true }
        if "*+?{".utf8.contains(text[length]) { return false }
        if text[length - 1] == UInt8(ascii: "\\") || text[length - 1] == UInt8(ascii: "%") { return false }
        // Not inside a word: it is expected as a whole.
        if isWordByte(text[length - 1]), isWordByte(text[length]) { return false }
        let head = text[..<length]
        let open = head.lastIndex(of: UInt8(ascii: "{")) ?? -1
        return open < 0 || (head.lastIndex(of: UInt8(ascii: "}")) ?? -1) > open
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F
            || (0x61...0x7A).contains(byte)
    }

    /// How far the pattern gets in `range` of a line.
    func reach(_ line: [UInt8], _ range: Range<Int>, _ matcher: inout GrokMatcher) -> Reach {
        for (program, length) in beginnings
        where matcher.match(program, line.span, from: range.lowerBound, to: range.upperBound) == .matched {
            let end = matcher.matchEnd ?? range.lowerBound
            var start = range.lowerBound
            var captures: [(name: String, value: [UInt8])] = []
            for (index, capture) in program.captures.enumerated() {
                guard let found = matcher.range(of: index)?.range else { continue }
                if capture.field == GrokTrial.whole {
                    start = found.lowerBound
                } else if !found.isEmpty {
                    captures.append((capture.field, Array(line[found])))
                }
            }
            return Reach(pattern: length, line: min(start, end)..<end, captures: captures)
        }
        return Reach(pattern: 0, line: range.lowerBound..<range.lowerBound, captures: [])
    }
}
