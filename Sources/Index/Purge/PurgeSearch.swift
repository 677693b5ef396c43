import Parse

/// Which events of one segment are to go.
struct PurgeFinding {
    /// The events by block; no block without any.
    var rows: [Int64: RowSet] = [:]
    /// Blocks that cannot be read.
    var unread: [String] = []

    var events: Int { rows.values.reduce(0) { $0 + $1.count } }
}

/// Looks for the events that are to go: those of a choice, and those with certain numbers.
struct PurgeSearch {
    let choice: EventChoice
    /// Events that are known from another place of the same day, where they were read otherwise.
    var numbers: Set<UInt64> = []

    /// - `limit`: the number of the first event that does not count.
    func find(in segment: Segment, before limit: UInt64 = .max) throws -> PurgeFinding {
        try segment.read { view in try find(in: view, among: view.blocks.filter { $0.firstSequence < limit })
        }
    }

    func find(in view: SegmentReader, among blocks: [BlockInfo]) throws -> PurgeFinding {
        var finding = PurgeFinding()
        let chosen = try choice.blocks(blocks, view)
        for (index, info) in blocks.enumerated() {
            let isNumbered = numbers.contains { $0 >= info.firstSequence && $0 <= info.lastSequence }
            guard chosen.contains(index) || isNumbered else { continue }
            do {
                let rows = try rows(of: try view.block(info.id), isChosen: chosen.contains(index))
                if !rows.isEmpty { finding.rows[info.id] = rows }
            } catch let error as StoreError {
                // What is damaged in an archive is left out and named; a damaged store is an error.
                guard case .unreadableBlock = error else { throw error }
                finding.unread.append("\(error)")
            }
        }
        return finding
    }

    private func rows(of block: BlockReader, isChosen: Bool) throws -> RowSet {
        var rows = isChosen ? try choice.events(block) : RowSet(size: block.count)
        guard !numbers.isEmpty else { return rows }
        for (row, sequence) in try block.sequences().enumerated() where numbers.contains(sequence) {
            rows.insert(row)
        }
        return rows
    }

    /// The numbers of the events that were found.
    static func numbers(of finding: PurgeFinding, in segment: Segment) throws -> Set<UInt64> {
        try segment.read { view in
            var numbers: Set<UInt64> = []
            for (id, rows) in finding.rows {
                let sequences = try view.block(id).sequences()
                rows.forEach { numbers.insert(sequences[$0]) }
            }
            return numbers
        }
    }
}
