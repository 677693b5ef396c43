import Index
import Parse

/// A filter made ready to run: the one thing that decides whether an event is in a result.
indirect enum Predicate: Sendable {
    case everything
    case field(FieldTest)
    case raw(RawTest)
    case time(TimeSpan)
    case received(TimeSpan)
    case not(Predicate)
    case all([Predicate])
    case any([Predicate])

    init(_ filter: Filter) {
        switch filter {
        case .everything: self = .everything
        case .test(let test): self.init(test)
        case .not(let filter): self = .not(Predicate(filter))
        // Cheap parts first: they leave fewer events for the others.
        case .and(let parts): self = .all(parts.map { Predicate($0) }.sorted { $0.cost < $1.cost })
        case .or(let parts): self = .any(parts.map { Predicate($0) }.sorted { $0.cost < $1.cost })
        }
    }

    private init(_ test: Test) {
        switch (test.field, test.condition) {
        case ("time", .during(let span)): self = .time(span)
        case (_, .during(let span)): self = .received(span)
        // Every event has both.
        case ("time", _), ("received", _): self = .everything
        case ("raw", _): self = .raw(RawTest(test))
        default: self = .field(FieldTest(test))
        }
    }

    /// Values and lines that no test could decide, and which did not pass.
    var gaveUp: Int {
        switch self {
        case .everything, .time, .received: 0
        case .field(let test): test.gaveUp
        case .raw(let test): test.gaveUp
        case .not(let part): part.gaveUp
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.gaveUp }
        }
    }

    /// Relative, to order the parts of a conjunction.
    private var cost: Int {
        switch self {
        case .everything, .time, .received: 0
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
        case .time(let span): return rows.keeping(span, of: try block.times())
        case .received(let span): return rows.keeping(span, of: try block.received())
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

extension RowSet {
    /// Those of the events whose time lies in a span.
    func keeping(_ span: TimeSpan, of times: [Int64]) -> RowSet {
        var kept = self
        forEach { row in
            if !span.contains(times[row]) { kept.remove(row) }
        }
        return kept
    }
}
