import Index
import Parse

/// What an index can say about a filter: which blocks cannot hold a match.
///
/// Never decides about an event.
indirect enum BlockPlan: Equatable, Sendable {
    /// The index knows nothing: every block must be looked at.
    case scan
    /// Blocks that hold, or may hold, this term.
    case term(TermProbe)
    case all([BlockPlan])
    case any([BlockPlan])

    init(_ filter: Filter) {
        switch filter {
        case .everything, .not: self = .scan
        case .test(let test): self = Self.plan(test)
        case .and(let parts): self = Self.conjunction(parts.map { BlockPlan($0) })
        case .or(let parts):
            let plans = parts.map { BlockPlan($0) }
            self = plans.contains(.scan) ? .scan : .any(plans)
        }
    }

    private static func plan(_ test: Test) -> BlockPlan {
        // Made of another field's values: its words stand in no index.
        if test.field == "syslog_level" { return .scan }
        let text: String
        switch test.condition {
        case .matches, .like, .regex:
            return conjunction(LiteralRun.probes(of: test.condition).map { .term($0) })
        case .contains(let needle), .exactly(let needle): text = needle
        // 5 equals 5.0 in a field of which nobody knows the type, so no term must be there.
        case .equals(let needle) where test.kind != .open || Decimal.value(needle) == nil: text = needle
        default: return .scan
        }
        return conjunction(TermProbe.probes(of: Array(text.utf8)).map { .term($0) })
    }

    private static func conjunction(_ parts: [BlockPlan]) -> BlockPlan {
        let telling = parts.filter { $0 != .scan }
        return telling.isEmpty ? .scan : telling.count == 1 ? telling[0] : .all(telling)
    }

    /// Which of the blocks have to be looked at, as a set of their indices.
    func candidates(among blocks: [BlockInfo], in segment: SegmentReader) throws -> RowSet {
        switch self {
        case .scan: return RowSet(all: blocks.count)
        case .term(let probe):
            let known: Set<Int64>
            switch probe.term {
            case .word(let word): known = Set(try segment.blocks(withWord: word))
            case .id(let hash): known = Set(try segment.blocks(blocks.map(\.id), mayHold: hash))
            case .prefix(let prefix): known = Set(try segment.blocks(blocks, withPrefix: prefix))
            }
            var found = RowSet(size: blocks.count)
            for (index, block) in blocks.enumerated() {
                let mayHold =
                    known.contains(block.id) || probe.timeForm.map(block.writesTimes(ofForm:)) ?? false
                if mayHold { found.insert(index) }
            }
            return found
        case .all(let parts):
            var found = RowSet(all: blocks.count)
            for part in parts where !found.isEmpty {
                found.formIntersection(try part.candidates(among: blocks, in: segment))
            }
            return found
        case .any(let parts):
            var found = RowSet(size: blocks.count)
            for part in parts { found.formUnion(try part.candidates(among: blocks, in: segment)) }
            return found
        }
    }
}
