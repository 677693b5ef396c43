import Index

/// Which events of a block pass: the filter, and then `extract` and `where` in the order of the query.
struct EventTest: Sendable {
    let predicate: Predicate
    let plan: BlockPlan
    private let steps: [Pipeline.Step]

    init(_ filter: Filter, _ steps: [Pipeline.Step] = []) {
        predicate = Predicate(filter)
        plan = BlockPlan(filter)
        self.steps = steps
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
