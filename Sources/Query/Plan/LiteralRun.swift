import Index
import Parse

/// A text that every match of a pattern holds.
struct LiteralRun: Equatable, Sendable {
    /// As written, in any case.
    var bytes: [UInt8]
    /// No token goes on before the first byte, or behind the last one.
    var startsOnEdge = false
    var endsOnEdge = false

    /// The part of the run whose tokens are whole ones in every match; nil where there is none.
    var wholeTerms: [UInt8]? {
        var start = bytes.startIndex
        var end = bytes.endIndex
        if !startsOnEdge { while start < end, Token.isTokenByte(bytes[start]) { start += 1 } }
        if !endsOnEdge { while end > start, Token.isTokenByte(bytes[end - 1]) { end -= 1 } }
        return bytes[start..<end].contains(where: Token.isTokenByte) ? Array(bytes[start..<end]) : nil
    }

    /// The token that ends where the run does, and may go on there; nil where there is none.
    var openTerm: [UInt8]? {
        guard !endsOnEdge else { return nil }
        let start = (bytes.lastIndex { !Token.isTokenByte($0) }).map { $0 + 1 } ?? 0
        return start < bytes.count && (start > 0 || startsOnEdge) ? Array(bytes[start...]) : nil
    }

    /// The runs of a wildcard pattern, whose match begins and ends on token edges.
    static func runs(of glob: Glob) -> [LiteralRun] {
        glob.pieces.enumerated().compactMap { index, piece in
            guard case .literal(let text) = piece else { return nil }
            return LiteralRun(
                bytes: Array(text.utf8), startsOnEdge: index == 0,
                endsOnEdge: index == glob.pieces.count - 1)
        }
    }
}

extension LiteralRun {
    /// What the index can be asked for a pattern: every block with a match answers yes to all.
    static func probes(of condition: Condition) -> [TermProbe] {
        if case .contains = condition { return [] }
        return runs(of: condition).runs.flatMap { run in
            (run.wholeTerms.map { TermProbe.probes(of: $0) } ?? [])
                + (run.openTerm.flatMap { TermProbe.probe(ofPrefix: $0) }.map { [$0] } ?? [])
        }
    }

    /// The words that a line holds on token edges if its value, on edges itself, meets a condition.
    static func words(of condition: Condition) -> [WordTest] {
        runs(of: condition).runs.compactMap(\.wholeTerms).flatMap(WordTest.words)
    }

    /// The texts that every match of a condition holds, and whether in any case.
    static func runs(of condition: Condition) -> (runs: [LiteralRun], ignoresCase: Bool) {
        switch condition {
        case .matches(let glob), .like(let glob): return (runs(of: glob), true)
        case .regex(let pattern):
            let literals = RegexLiterals(pattern)
            return (literals.runs, literals.ignoresCase)
        case .contains(let text):
            return ([LiteralRun(bytes: Array(text.utf8), startsOnEdge: true, endsOnEdge: true)], true)
        default: return ([], false)
        }
    }
}
