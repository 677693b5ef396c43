import Index

/// Goes through the blocks of a snapshot that can hold a match, newest day first and newest block first.
///
/// The same loop serves every query: it opens a block, finds the rows, and hands both on. What is done with them
/// decides when to stop.
struct Scan {
    let snapshot: StoreSnapshot
    let window: TimeSpan
    let predicate: Predicate
    let plan: BlockPlan
    let budget: SearchBudget

    init(_ snapshot: StoreSnapshot, _ request: SearchRequest, _ budget: SearchBudget) {
        self.snapshot = snapshot
        self.budget = budget
        window = request.window
        predicate = Predicate(request.query.filter)
        plan = BlockPlan(request.query.filter)
    }

    /// One block of the scan, before it is opened.
    private enum Unit {
        case memory(Block, last: Int64)
        case stored(BlockInfo)

        var lastTime: Int64 {
            switch self {
            case .memory(_, let last): last
            case .stored(let info): info.lastTime
            }
        }
    }

    /// Runs the scan.
    ///
    /// - `wants`: whether a block with events up to this time can still change the result.
    /// - `body`: takes each block with a match, and its matching rows.
    /// - `endDay`: is called while a day's blocks are still open, after the last of them.
    func run(
        _ work: inout SearchWork, wants: (Int64) -> Bool = { _ in true },
        body: (MatchedBlock) throws -> Void, endDay: () throws -> Void = {}
    ) throws {
        var memory: [Day: [Block]] = [:]
        for block in snapshot.memory { memory[block.day, default: []].append(block) }
        let segments = Dictionary(uniqueKeysWithValues: snapshot.segments.map { ($0.day, $0) })
        let days = Set(memory.keys).union(segments.keys).filter { Self.overlaps($0, window) }
        for day in days.sorted(by: >) where work.partial == nil {
            // Older days cannot bring anything newer.
            guard wants(day.start.addingReportingOverflow(Day.nanoseconds - 1).partialValue) else { break }
            let blocks = memory[day] ?? []
            if let segment = segments[day] {
                try segment.read { reader in
                    let infos = snapshot.blocks(of: reader).filter {
                        $0.firstTime <= window.latest && $0.lastTime >= window.earliest
                    }
                    let candidates = try plan.candidates(among: infos, in: reader)
                    var units = infos.indices.filter(candidates.contains).map { Unit.stored(infos[$0]) }
                    work.blocks += infos.count - units.count
                    units += blocks.map { .memory($0, last: $0.times.max() ?? 0) }
                    try visit(units, reader, &work, wants, body)
                    try endDay()
                }
            } else {
                try visit(blocks.map { .memory($0, last: $0.times.max() ?? 0) }, nil, &work, wants, body)
                try endDay()
            }
        }
    }

    private func visit(
        _ units: [Unit], _ segment: SegmentReader?, _ work: inout SearchWork, _ wants: (Int64) -> Bool,
        _ body: (MatchedBlock) throws -> Void
    ) throws {
        work.blocks += units.count
        for unit in units.sorted(by: { $0.lastTime > $1.lastTime }) where wants(unit.lastTime) {
            if let reason = budget.exhausted() {
                work.partial = reason
                return
            }
            work.blocksRead += 1
            switch unit {
            case .memory(let block, _): try match(BlockReader(block), needsTimes: true, &work, body)
            case .stored(let info):
                guard let segment else { continue }
                let isInside = info.firstTime >= window.earliest && info.lastTime <= window.latest
                if isInside, case .everything = predicate {
                    work.matched += UInt64(info.events)
                    try body(
                        MatchedBlock(rows: RowSet(all: info.events), span: info.firstTime...info.lastTime) {
                            try segment.block(info.id)
                        })
                } else {
                    try match(try segment.block(info.id), needsTimes: !isInside, &work, body)
                }
            }
        }
    }

    private func match(
        _ block: BlockReader, needsTimes: Bool, _ work: inout SearchWork,
        _ body: (MatchedBlock) throws -> Void
    ) throws {
        let inWindow = needsTimes ? try block.rows(in: window) : RowSet(all: block.count)
        let rows = try predicate.rows(of: block, among: inWindow)
        guard !rows.isEmpty else { return }
        work.matched += UInt64(rows.count)
        try body(MatchedBlock(rows: rows, span: nil) { block })
    }

    static func overlaps(_ day: Day, _ window: TimeSpan) -> Bool {
        Day(containing: window.earliest) <= day && day <= Day(containing: window.latest)
    }
}

extension BlockReader {
    /// The events whose time lies in `window`.
    func rows(in window: TimeSpan) throws(StoreError) -> RowSet {
        var rows = RowSet(size: count)
        for (row, time) in try times().enumerated()
        where time >= window.earliest && time <= window.latest { rows.insert(row) }
        return rows
    }
}

/// A block of a scan, and the events in it that passed.
///
/// Opened only where what the segment's table of blocks says is not enough.
struct MatchedBlock {
    let rows: RowSet
    /// First and last time, where every event of the block passed and its times were not looked at.
    let span: ClosedRange<Int64>?
    private let open: () throws -> BlockReader

    init(rows: RowSet, span: ClosedRange<Int64>?, _ open: @escaping () throws -> BlockReader) {
        self.rows = rows
        self.span = span
        self.open = open
    }

    func reader() throws -> BlockReader { try open() }
}

/// How long a query may run, and whether anybody still waits for it.
package struct SearchBudget: Sendable {
    private let deadline: ContinuousClock.Instant
    private let limit: Duration
    private let isCancelled: @Sendable () -> Bool

    package init(_ limit: Duration = .seconds(30), isCancelled: @escaping @Sendable () -> Bool = { false }) {
        self.limit = limit
        self.isCancelled = isCancelled
        deadline = .now + limit
    }

    /// Why the query must end now; nil while it may go on.
    func exhausted() -> String? {
        if isCancelled() { return "cancelled" }
        return ContinuousClock.now > deadline ? "stopped after \(limit.components.seconds) s" : nil
    }
}
