import Index

/// Goes through the blocks of a snapshot that can hold a match, newest day first and newest block first.
///
/// The same loop serves every query: it opens a block, finds the rows, and hands both on. What is done with them
/// decides when to stop.
struct Scan {
    let snapshot: StoreSnapshot
    let window: TimeSpan
    private let test: EventTest
    private let budget: SearchBudget
    private let isAscending: Bool
    /// When the store received all events that can match; nil: at any time.
    private let receipt: TimeSpan?

    /// - `isAscending`: oldest first.
    init(
        _ snapshot: StoreSnapshot, _ test: EventTest, window: TimeSpan, _ budget: SearchBudget,
        isAscending: Bool = false
    ) {
        self.snapshot = snapshot
        self.test = test
        self.budget = budget
        self.window = window.intersection(test.filter.timeHull)
        self.isAscending = isAscending
        receipt = test.filter.receiptHull
    }

    /// One block of the scan, before it is opened.
    enum Unit: Sendable {
        case memory(Block, ClosedRange<Int64>)
        /// A block of a segment of the day, by its number among them.
        case stored(BlockInfo, Int)

        var times: ClosedRange<Int64> {
            switch self {
            case .memory(_, let times): times
            case .stored(let info, _): min(info.firstTime, info.lastTime)...info.lastTime
            }
        }
    }

    /// Runs the scan: every block that can change the result goes to a collector, with its matching events.
    ///
    /// - `make`: makes a collector; where a day has many blocks, a second thread has one of its own, which the first
    ///   takes over at the end.
    func run<C: Collector>(_ work: inout SearchWork, _ make: @escaping @Sendable () -> C) throws -> C {
        defer { work.addPartial(ofRegex: test.gaveUp) }
        var collector = make()
        var memory: [Day: [Unit]] = [:]
        for block in snapshot.memory {
            guard let first = block.times.min(), let last = block.times.max(),
                first <= window.latest, last >= window.earliest
            else { continue }
            memory[block.day, default: []].append(.memory(block, first...last))
        }
        // A day has one segment, and one more for each time that some of it was archived.
        let segments = Dictionary(grouping: snapshot.segments, by: \.day)
        let days = Set(memory.keys).union(segments.keys).filter { Self.overlaps($0, window) }
        for day in days.sorted(by: { isAscending ? $0 < $1 : $0 > $1 }) where work.partial == nil {
            // Days further on cannot bring anything nearer.
            let end = day.start.addingReportingOverflow(Day.nanoseconds - 1)
            guard try collector.wants(day.start...(end.overflow ? .max : end.partialValue)) else { break }
            let parts = segments[day] ?? []
            let open = memory[day] ?? []
            try Self.read(parts[...]) { readers in
                try scan(parts, readers, open, &collector, &work, make)
                // While the views are there: the collector reads what it keeps.
                try collector.endDay()
            }
        }
        return collector
    }

    /// Runs `body` with a view of each segment.
    private static func read(
        _ segments: ArraySlice<Segment>, _ readers: [SegmentReader] = [],
        _ body: ([SegmentReader]) throws -> Void
    ) throws {
        guard let first = segments.first else { return try body(readers) }
        try first.read { try read(segments.dropFirst(), readers + [$0], body) }
    }

    /// Takes the blocks of a day.
    private func scan<C: Collector>(
        _ segments: [Segment], _ readers: [SegmentReader], _ open: [Unit], _ collector: inout C,
        _ work: inout SearchWork, _ make: @escaping @Sendable () -> C
    ) throws {
        var units = open
        for (number, reader) in readers.enumerated() {
            if let volume = segments[number].part?.volume { work.archives.insert(volume) }
            let infos = snapshot.blocks(of: reader).filter { $0.overlaps(window, received: receipt) }
            if infos.isEmpty { continue }
            let candidates = try test.plan.candidates(among: infos, in: reader)
            units.reserveCapacity(candidates.count + units.count)
            candidates.forEach { units.append(.stored(infos[$0], number)) }
            work.blocks += infos.count - candidates.count
        }
        let queue = ScanQueue(sorted(units))
        guard !segments.isEmpty else { return try visit(queue, readers, &collector, &work) }
        try visit(queue, readers, &collector, &work, isFirst: true)
        if work.partial == nil, queue.left > 1, collector.canShare,
            segments.allSatisfy(\.hasSeveralReaders),
            let second = SecondScanner.start({ [self] in try part(of: segments, queue, make()) })
        {
            // Whatever happens here, the other thread must have ended before the segments are let go of.
            let own = Result { try visit(queue, readers, &collector, &work) }
            let other = second.wait()
            try own.get()
            let (theirs, theirWork) = try other.get()
            collector.merge(theirs)
            work.add(theirWork)
        } else {
            try visit(queue, readers, &collector, &work)
        }
    }

    /// What a second thread does: its share of a day's blocks, on connections of its own.
    private func part<C: Collector>(
        of segments: [Segment], _ queue: ScanQueue, _ fresh: C
    ) throws -> (C, SearchWork) {
        var collector = fresh
        var work = SearchWork()
        // With regular expressions of its own, which work for one thread at a time.
        let own = Scan(snapshot, test.copy, window: window, budget, isAscending: isAscending)
        try Self.read(segments[...]) { readers in
            try own.visit(queue, readers, &collector, &work)
            try collector.endDay()
        }
        work.addPartial(ofRegex: own.test.gaveUp)
        return (collector, work)
    }

    private func sorted(_ units: [Unit]) -> [Unit] {
        // Units are large to move about: what is sorted is their places.
        let keys = units.enumerated().map { place, unit in
            (time: isAscending ? unit.times.lowerBound : ~unit.times.upperBound, place: place)
        }
        return keys.sorted { $0 < $1 }.map { units[$0.place] }
    }

    /// Blocks that a collector may hold open.
    private static let openBlocks = 32
    /// The same where lines of archives were expanded for them: each takes some megabytes.
    private static let openArchivedBlocks = 8

    /// Takes blocks off the queue until it is empty.
    ///
    /// - `isFirst`: only until a second thread is worth its start.
    private func visit(
        _ queue: ScanQueue, _ segments: [SegmentReader], _ collector: inout some Collector,
        _ work: inout SearchWork, isFirst: Bool = false
    ) throws {
        let start = ContinuousClock.now
        let room = segments.contains(where: \.isArchived) ? Self.openArchivedBlocks : Self.openBlocks
        var taken = 0
        while !isFirst || ContinuousClock.now - start < ScanQueue.alone, let unit = queue.next() {
            taken += 1
            // Each open block takes some hundred kilobytes.
            if taken % room == 0 { try collector.release() }
            work.blocks += 1
            guard try collector.wants(unit.times) else { continue }
            if let reason = budget.exhausted() {
                work.partial = reason
                return
            }
            work.blocksRead += 1
            do { try take(unit, segments, &collector, &work) } catch let error as StoreError {
                guard collector.loses(error) else { throw error }
            }
        }
    }

    /// Opens a block, and hands its matching events on.
    private func take(
        _ unit: Unit, _ segments: [SegmentReader], _ collector: inout some Collector, _ work: inout SearchWork
    ) throws {
        switch unit {
        case .memory(let block, _):
            try match({ BlockReader(block) }, needsTimes: true, &work, &collector)
        case .stored(let info, let number):
            let segment = segments[number]
            let isInside = info.firstTime >= window.earliest && info.lastTime <= window.latest
            if isInside, test.isEverything {
                work.matched += UInt64(info.events)
                try collector.add(
                    MatchedBlock(rows: RowSet(all: info.events), span: unit.times, nil) {
                        try segment.block(info.id)
                    })
            } else {
                try match({ try segment.block(info.id) }, needsTimes: !isInside, &work, &collector)
            }
        }
    }

    private func match(
        _ reopen: @escaping () throws -> BlockReader, needsTimes: Bool, _ work: inout SearchWork,
        _ collector: inout some Collector
    ) throws {
        let block = try reopen()
        let inWindow = needsTimes ? try block.rows(in: window) : RowSet(all: block.count)
        let rows = try test.rows(of: block, among: inWindow)
        guard !rows.isEmpty else { return }
        work.matched += UInt64(rows.count)
        try collector.add(
            MatchedBlock(rows: rows, span: nil, block) { [test] in
                let block = try reopen()
                try test.restore(block, rows)
                return block
            })
    }

    static func overlaps(_ day: Day, _ window: TimeSpan) -> Bool {
        Day(containing: window.earliest) <= day && day <= Day(containing: window.latest)
    }
}

extension BlockInfo {
    /// Whether an event of the block can lie in a window, and have been received in another one.
    func overlaps(_ window: TimeSpan, received receipt: TimeSpan?) -> Bool {
        guard firstTime <= window.latest, lastTime >= window.earliest else { return false }
        guard let receipt, let received else { return true }
        return received.lowerBound <= receipt.latest && received.upperBound >= receipt.earliest
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
final class MatchedBlock {
    let rows: RowSet
    /// First and last time, where every event of the block passed and its times were not looked at.
    let span: ClosedRange<Int64>?
    private let open: () throws -> BlockReader
    private var block: BlockReader?

    /// - `block`: the block, if it is open.
    /// - `open`: opens it, as often as it is needed again.
    init(
        rows: RowSet, span: ClosedRange<Int64>?, _ block: BlockReader?,
        _ open: @escaping () throws -> BlockReader
    ) {
        self.rows = rows
        self.span = span
        self.block = block
        self.open = open
    }

    func reader() throws -> BlockReader {
        if let block { return block }
        let opened = try open()
        block = opened
        return opened
    }

    var isOpen: Bool { block != nil }

    /// Lets go of the block; it is opened again when it is asked for.
    func release() { block = nil }
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
