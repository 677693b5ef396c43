import Index
import Parse

/// New events as they come in, each once, in the order in which the store took them.
///
/// Events are told apart by their numbers: what was there at the beginning is the backlog, and every call of `next`
/// gives what has come since the one before.
package struct LiveTail {
    private let store: Store
    private let test: EventTest
    /// The stages that shape each event.
    package let shape: [Stage]
    /// The last event that was looked at.
    package private(set) var last: UInt64
    /// Whether events may stand in segments that were closed long ago.
    private var isResumed: Bool

    /// - `query`: a filter, and stages that look at one event at a time: `where`, `extract`, `fields`.
    /// - `resume`: the number of the last event that was seen before; nil begins now.
    ///
    /// Throws where the query has other stages.
    package init(_ engine: QueryEngine, _ query: Query, resume: UInt64? = nil) throws(QueryError) {
        let pipeline = Pipeline(query, limit: .max)
        guard pipeline.isStream else {
            throw QueryError(
                .badValue, "tail follows single events, and this query counts or sorts them", at: 0..<0,
                hint: "only where, extract and fields can stand behind | here")
        }
        test = EventTest(pipeline.filter, pipeline.steps)
        shape = pipeline.rest
        store = engine.store
        last = min(resume ?? .max, engine.store.nextSequence - 1)
        isResumed = resume != nil
    }

    /// Whether anything has come since the last call.
    package var isDue: Bool { store.nextSequence - 1 > last }

    /// The newest events of a window that were there when the tail began, oldest first.
    ///
    /// Blocks the thread.
    package mutating func backlog(_ limit: Int, window: TimeSpan) throws -> [FoundEvent] {
        let snapshot = store.snapshot()
        last = snapshot.nextSequence - 1
        var work = SearchWork()
        let scan = Scan(snapshot, test, window: window, SearchBudget())
        return try scan.run(&work) { EdgeEvents(.newest, limit: limit) }.result()
    }

    /// Events that one call looks at: who comes back after a week must not have the week in memory.
    private static let step: UInt64 = 2_000

    /// What has come since, or the first part of it; `isDue` says whether there is more.
    ///
    /// Blocks the thread.
    package mutating func next() throws -> [FoundEvent] {
        let snapshot = store.snapshot()
        let first = last
        let newest = min(snapshot.nextSequence - 1, first &+ Self.step)
        guard newest > first else { return [] }
        var found: [FoundEvent] = []
        var seen: UInt64 = 0
        for block in snapshot.memory {
            let rows = Self.rows(block.sequences, after: first, to: newest)
            seen += UInt64(rows.count)
            try take(rows, of: BlockReader(block), into: &found)
        }
        if seen < newest - first {
            // Between two calls blocks were filled and committed.
            for segment in try snapshot.segments(behind: first, all: isResumed) {
                try segment.read { reader in
                    for info in snapshot.blocks(of: reader)
                    where info.lastSequence > first && info.firstSequence <= newest {
                        let block = try reader.block(info.id)
                        let rows = Self.rows(try block.sequences(), after: first, to: newest)
                        try take(rows, of: block, into: &found)
                    }
                }
            }
        }
        last = newest
        if newest == snapshot.nextSequence - 1 { isResumed = false }
        return found.sorted { $0.sequence < $1.sequence }
    }

    private func take(_ rows: RowSet, of block: BlockReader, into found: inout [FoundEvent]) throws {
        guard !rows.isEmpty else { return }
        try test.rows(of: block, among: rows).forEach { row in found.append(try block.event(row)) }
    }

    private static func rows(_ sequences: [UInt64], after first: UInt64, to last: UInt64) -> RowSet {
        var rows = RowSet(size: sequences.count)
        for (row, sequence) in sequences.enumerated() where sequence > first && sequence <= last {
            rows.insert(row)
        }
        return rows
    }
}
