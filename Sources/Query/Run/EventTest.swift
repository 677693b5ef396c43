import Index

/// Which events of a block pass: the filter, and then `extract` and `where` in the order of the query.
struct EventTest: Sendable {
    let filter: Filter
    let predicate: Predicate
    let plan: BlockPlan
    private let stages: [Stage]
    private let steps: [Step]

    private enum Step: Sendable {
        case extract(Extractor)
        case filter(Predicate)
    }

    /// - `stages`: of `extract` and `where`.
    init(_ filter: Filter, _ stages: [Stage] = []) {
        self.filter = filter
        self.stages = stages
        predicate = Predicate(filter)
        plan = BlockPlan(filter)
        steps = stages.compactMap { stage in
            switch stage {
            case .extract(let extraction): .extract(Extractor(extraction))
            case .filter(let filter): .filter(Predicate(filter))
            default: nil
            }
        }
    }

    /// The same for another thread.
    var copy: EventTest { EventTest(filter, stages) }

    /// Values of which regular expressions could not tell whether they match.
    var gaveUp: Int {
        steps.reduce(predicate.gaveUp) { sum, step in
            if case .filter(let predicate) = step { sum + predicate.gaveUp } else { sum }
        }
    }

    /// Whether every event passes, and nothing is added to any.
    var isEverything: Bool {
        if case .everything = predicate { steps.isEmpty } else { false }
    }

    /// Those of the events that pass; what `extract` finds becomes columns of the block.
    func rows(of block: BlockReader, among rows: RowSet) throws -> RowSet {
        var rows = try predicate.rows(of: block, among: rows)
        for step in steps where !rows.isEmpty {
            switch step {
            case .extract(let extractor): try extractor.run(on: block, among: rows)
            case .filter(let predicate): rows = try predicate.rows(of: block, among: rows)
            }
        }
        return rows
    }

    /// Adds the columns again that `rows` has added to a block that was closed since.
    func restore(_ block: BlockReader, _ rows: RowSet) throws {
        for case .extract(let extractor) in steps { try extractor.run(on: block, among: rows) }
    }
}
