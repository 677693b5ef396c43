import Index
import Parse

/// A filter made ready to run: the one thing that decides whether an event is in a result.
indirect enum Predicate: Sendable {
    case everything
    case field(FieldTest)
    case raw(RawTest)
    case not(Predicate)
    case all([Predicate])
    case any([Predicate])

    init(_ filter: Filter) {
        switch filter {
        case .everything: self = .everything
        case .test(let test): self = test.field == "raw" ? .raw(RawTest(test)) : .field(FieldTest(test))
        case .not(let filter): self = .not(Predicate(filter))
        // Cheap parts first: they leave fewer events for the others.
        case .and(let parts): self = .all(parts.map { Predicate($0) }.sorted { $0.cost < $1.cost })
        case .or(let parts): self = .any(parts.map { Predicate($0) }.sorted { $0.cost < $1.cost })
        }
    }

    /// Relative, to order the parts of a conjunction.
    private var cost: Int {
        switch self {
        case .everything: 0
        case .field(let test): test.cost
        case .raw: 8
        case .not(let part): part.cost
        case .all(let parts), .any(let parts): parts.map(\.cost).max() ?? 0
        }
    }

    /// Those of the events `among` of a block that pass.
    func rows(of block: BlockReader, among rows: RowSet) throws(StoreError) -> RowSet {
        if rows.isEmpty { return rows }
        switch self {
        case .everything: return rows
        case .field(let test): return try test.rows(of: block, among: rows)
        case .raw(let test): return try test.rows(of: block, among: rows)
        case .not(let part): return rows.subtracting(try part.rows(of: block, among: rows))
        case .all(let parts):
            var left = rows
            for part in parts { left = try part.rows(of: block, among: left) }
            return left
        case .any(let parts):
            var found = RowSet(size: rows.size)
            for part in parts { found.formUnion(try part.rows(of: block, among: rows.subtracting(found))) }
            return found
        }
    }
}
