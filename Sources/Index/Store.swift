import Dispatch
import Glibc
package import Parse
import Synchronization

/// The store: the only door to the data directory.
///
///     append ─► journal ─► open block ─(4,096 events)─► closed block ─(writer queue)─► segment
///                              └───────── snapshot ────────┴──────────────────────────────┘ ─► queries
///
/// One lock guards the journal, the open blocks and the list of closed ones. Encoding and SQLite run on the writer
/// queue, outside of it. When the writer falls behind, `append` waits.
package final class Store: Sendable {
    package let layout: StoreLayout
    package let archive: ArchiveLayout
    package let isReadOnly: Bool
    private let state: Mutex<State>
    private let writer = DispatchQueue(label: "wplog.writer")
    private let syncer = DispatchQueue(label: "wplog.sync")
    /// Free places for closed blocks.
    ///
    /// Filled by `init`: a semaphore that goes away below its first value ends the process.
    private let places = DispatchSemaphore(value: 0)
    private let timers: Mutex<[any DispatchSourceTimer]> = Mutex([])
    private let lock: DirectoryLock?
    private let clock: @Sendable () -> Int64

    /// A closed block that is not committed yet.
    private struct Pending {
        let block: Block
        /// Whether `append` waited for a place for it, which the commit gives back.
        let holdsPlace: Bool
    }

    private struct State: ~Copyable {
        var journal: Journal?
        var open = OpenBlocks()
        /// Closed blocks that are not committed yet, oldest first.
        var pending: [Pending] = []
        var segments: [Day: Segment] = [:]
        /// The parts of the days that are archived, oldest first.
        var archives: [Day: [Segment]] = [:]
        var nextSequence: UInt64 = 1
        /// Days with blocks that were committed after the day was last closed.
        var unclosed: Set<Day> = []
        /// Days whose segment was written to since a backup last asked.
        var changed: Set<Day> = []
        /// Whether a backup has views of segments: closing a day would wait for its end.
        var hasBackup = false
        var isUnsynced = false
        /// A commit has failed and is tried again soon: one attempt a second, however many blocks wait.
        var isRetrying = false
        /// Lines that wait for others, by number: the number of the last event before them.
        var held: [UInt64: UInt64] = [:]
        /// How far files have been imported, and whether only the journal knows of some of it.
        var imports = ImportRecord()
        /// Set when nothing can be promised any more.
        var failure: StoreError?
        var counters = StoreCounters()
        /// Scratch: the days of a batch's events.
        var days: [Day] = []

        /// The segment of a day; named where it is new.
        mutating func segment(_ day: Day, _ layout: StoreLayout) -> Segment {
            if let segment = segments[day] { return segment }
            let segment = Segment(day: day, path: layout.newSegment(day), isReadOnly: false)
            segments[day] = segment
            return segment
        }

        /// All segments, archived or not, oldest day first.
        var allSegments: [Segment] {
            (Array(segments.values) + archives.values.joined()).sorted { $0.day < $1.day }
        }

        /// Removes journal files of which every event is in a committed block.
        ///
        /// What else they say is written elsewhere first; where that fails, they stay.
        mutating func removeJournalFiles(_ layout: StoreLayout) {
            let oldest = [
                open.firstSequence, pending.compactMap(\.block.sequences.first).min(), held.values.min(),
            ].compactMap { $0 }.min()
            guard journal?.hasFiles(before: oldest ?? nextSequence) == true,
                (try? imports.save(layout)) != nil
            else { return }
            journal?.removeFiles(before: oldest ?? nextSequence)
        }

        /// Notes what a batch says beside its events.
        mutating func note(
            held: some Sequence<UInt64>, released: [UInt64], _ mark: ImportMark?, before sequence: UInt64
        ) {
            for id in held { self.held[id] = max(sequence, 1) - 1 }
            for id in released { self.held[id] = nil }
            if let mark { imports.add(mark) }
        }
    }

    /// Opens the store in `directory`, which is made if it is missing, and reads the journal back.
    ///
    /// - `parser`: parses the journal's frames.
    /// - `archive`: where archived days are; nil is `archive` in the directory.
    /// - `isReadOnly`: writes nothing, takes no lock, and shows what a running server has stored so far.
    /// - `clock`: nanoseconds since the Unix epoch.
    package init(
        directory: String, archive: String? = nil, isReadOnly: Bool = false, parser: () -> LineParser,
        clock: @escaping @Sendable () -> Int64
    ) throws {
        layout = StoreLayout(directory: directory)
        self.archive = ArchiveLayout(directory: archive ?? layout.archive)
        self.isReadOnly = isReadOnly
        self.clock = clock
        for _ in 0..<IndexLimits.pendingBlocks { places.signal() }
        lock = try isReadOnly ? nil : DirectoryLock(layout)
        try StoreFormat.check(layout, isReadOnly: isReadOnly)
        var state = State()
        let found = try StoredDays(layout, self.archive, isReadOnly: isReadOnly)
        state.segments = found.segments
        state.archives = found.archives
        // Who only reads has no use for it, and must not be stopped by its damage.
        if !isReadOnly { state.imports = try ImportRecord(layout) }
        self.state = Mutex(state)
        try recover(parser)
        if !isReadOnly { startTimers() }
    }

    /// Says in the data directory where this process answers HTTP, so that commands find it.
    package func announce(_ address: String) { lock?.announce(address) }

    // MARK: Taking events

    /// Takes all events of a batch.
    ///
    /// When this returns they survive a kill of the process and every query finds them. Waits while the
    /// writer is behind. Throws when the journal cannot be written; then none was taken.
    package func append(_ batch: EventBatch) throws(StoreError) {
        guard !batch.isEmpty else { return }
        let closed = try take(batch)
        for _ in 0..<closed {
            places.wait()
            writer.async { self.commitPending() }
        }
    }

    /// Puts the batch into the journal and the open blocks; returns how many blocks it closed.
    private func take(_ batch: EventBatch) throws(StoreError) -> Int {
        try state.withLock { (state) throws(StoreError) in
            if let failure = state.failure { throw failure }
            state.days.removeAll(keepingCapacity: true)
            for event in batch.events { state.days.append(Day(containing: event.time)) }
            guard state.journal != nil else { throw .stopped("it is open for reading only, or closed") }
            do throws(StoreError) {
                try state.journal?.append(batch, firstSequence: state.nextSequence, days: state.days)
            } catch {
                state.counters.noteShortWrite(error)
                // Behind a half record nothing would be found again.
                if case .stopped = error { state.failure = error }
                throw error
            }
            state.isUnsynced = true
            state.note(
                held: batch.held.lazy.map(\.id), released: batch.released, batch.mark,
                before: state.nextSequence)
            state.open.beginBatch()
            var closed = 0
            for (index, event) in batch.events.enumerated() {
                let day = state.days[index]
                if let block = state.open.append(event, of: batch, sequence: state.nextSequence, day: day) {
                    state.pending.append(Pending(block: block, holdsPlace: true))
                    closed += 1
                }
                state.nextSequence += 1
            }
            state.counters.events += UInt64(batch.events.count)
            return closed
        }
    }

    // MARK: Recovery

    /// The last event of a day that a segment holds.
    func lastSequence(of day: Day) throws -> UInt64? {
        let segments = state.withLock { state in
            (state.archives[day] ?? []) + [state.segments[day]].compactMap { $0 }
        }
        return try segments.compactMap { segment in
            // Without its index an archived day is not seen, and what the journal has of it stays in the store.
            segment.part == nil ? try segment.lastSequence() : try? segment.lastSequence()
        }.max()
    }

    /// Puts an event from the journal into its open block again, and commits the block when that fills it.
    func readd(_ event: Event, of batch: EventBatch, sequence: UInt64, day: Day) throws {
        let isFull = state.withLock { state in
            state.counters.recoveredEvents += 1
            state.open.beginBatch()
            guard let block = state.open.append(event, of: batch, sequence: sequence, day: day) else {
                return false
            }
            state.pending.append(Pending(block: block, holdsPlace: false))
            return true
        }
        if isFull, !isReadOnly { try commit(state.withLock { $0.pending }) }
    }

    /// Takes what a record of the journal says beside its events.
    func note(_ record: JournalRecord) {
        state.withLock { state in
            state.note(
                held: record.held.lazy.map(\.id), released: record.released, record.mark,
                before: record.firstSequence)
        }
    }

    /// The last event that any segment holds; 0 for none.
    ///
    /// A segment that cannot be read says so when it is asked for.
    func lastCommittedSequence() -> UInt64 {
        state.withLock { Array($0.segments.values) }.compactMap { try? $0.lastSequence() }.max() ?? 0
    }

    func noteCutJournal(bytes: Int) { state.withLock { $0.counters.cutJournalBytes += UInt64(bytes) } }

    /// Begins a new journal file behind those that still hold events of open blocks.
    func finishRecovery(files: [UInt64], nextSequence: UInt64) throws {
        try state.withLock { state in
            state.nextSequence = nextSequence
            guard !isReadOnly else { return }
            state.journal = try Journal(layout: layout, files: files, nextSequence: nextSequence)
            state.removeJournalFiles(layout)
        }
    }

    /// How far the files have been imported that begin as `head` says.
    package func importMarks(of head: String) -> [ImportMark] {
        state.withLock { $0.imports.marks(of: head) }
    }

    // MARK: Queries

    /// Everything that the store has taken so far.
    package func snapshot() -> StoreSnapshot {
        state.withLock { state in
            StoreSnapshot(
                memory: state.pending.map(\.block) + state.open.blocks,
                segments: state.allSegments,
                nextSequence: state.nextSequence)
        }
    }

    /// The number that the next event will have.
    package var nextSequence: UInt64 { state.withLock { $0.nextSequence } }

    /// Figures for `status` and `/metrics`.
    package func status() -> StoreStatus {
        state.withLock { state in
            StoreStatus(
                counters: state.counters, nextSequence: state.nextSequence,
                pendingBlocks: state.pending.count,
                openEvents: state.open.entries.reduce(0) { $0 + $1.builder.count },
                journalFiles: state.journal?.files.count ?? 0, days: state.segments.keys.sorted(),
                failure: state.failure)
        }
    }

    // MARK: Committing

    /// Writes closed blocks into their segments.
    ///
    /// On the writer queue.
    private func commitPending() {
        // No journal: the store was closed, and another process may write here now.
        let blocks = state.withLock {
            $0.journal == nil || $0.isRetrying ? [] : Array($0.pending.prefix(IndexLimits.blocksPerCommit))
        }
        guard !blocks.isEmpty else { return }
        do {
            try commit(blocks)
        } catch {
            // The events stay in the journal and in memory: nothing is lost.
            state.withLock { $0.counters.note(error) }
            retryCommit()
        }
    }

    /// Commits what waits in a second.
    ///
    /// What fails once mostly fails again: encoding the same blocks for each caller anew would only keep a core
    /// busy.
    private func retryCommit() {
        let isFirst = state.withLock { state in
            defer { state.isRetrying = true }
            return !state.isRetrying
        }
        guard isFirst else { return }
        writer.asyncAfter(deadline: .now() + .seconds(1)) {
            self.state.withLock { $0.isRetrying = false }
            // The calls that came meanwhile did nothing. Ends with the next failure, too.
            while self.state.withLock({ !$0.pending.isEmpty && !$0.isRetrying && $0.journal != nil }) {
                self.commitPending()
            }
        }
    }

    /// Encodes and commits the blocks at the head of `pending`, and takes them off it.
    private func commit(_ blocks: [Pending]) throws {
        var compressor = ZstdCompressor()
        var rest = blocks[...]
        while let day = rest.first?.block.day {
            let run = rest.prefix { $0.block.day == day }
            let encoded = try run.map { entry in
                (block: entry.block, encoded: try BlockCodec.encode(entry.block, with: &compressor))
            }
            let segment = state.withLock { $0.segment(day, layout) }
            try segment.append(encoded)
            rest = rest.dropFirst(run.count)
            state.withLock { state in
                state.pending.removeFirst(run.count)
                state.unclosed.insert(day)
                state.changed.insert(day)
                state.counters.blocks += UInt64(run.count)
                state.counters.storedEvents += run.reduce(0) { $0 + UInt64($1.block.count) }
                state.removeJournalFiles(layout)
            }
            for entry in run where entry.holdsPlace { places.signal() }
        }
    }

    // MARK: Changing what is stored

    /// Runs `body` on the writer queue, where alone segments are written; throws where this process may not
    /// write.
    ///
    /// Not from the writer queue itself.
    func onWriter<Result>(_ body: () throws -> Result) throws -> Result {
        try writer.sync {
            // No journal: the store was closed, and another process may write here now.
            guard state.withLock({ $0.journal != nil }) else {
                throw StoreError.stopped("it is open for reading only, or closed")
            }
            return try body()
        }
    }

    /// Commits all that waits now, and what is open of the days that pass.
    ///
    /// On the writer queue.
    func commitOpenBlocks(_ isWanted: (Day) -> Bool = { _ in true }) throws { _ = try cut(isWanted) }

    /// The same, and says what there was beside it at that instant.
    func cut(_ isWanted: (Day) -> Bool = { _ in true }) throws -> StoreCut {
        var (left, cut) = state.withLock { state in
            state.pending += state.open.takeAll { isWanted($0.builder.day) }.map {
                Pending(block: $0, holdsPlace: false)
            }
            return (
                state.pending.count,
                StoreCut(
                    nextSequence: state.nextSequence, held: Set(state.held.keys), imports: state.imports)
            )
        }
        while left > 0 {
            let blocks = state.withLock { Array($0.pending.prefix(min(left, IndexLimits.blocksPerCommit))) }
            do {
                try commit(blocks)
            } catch {
                // Nobody else may come for blocks that were closed early.
                retryCommit()
                throw error
            }
            left -= blocks.count
        }
        return cut
    }

    /// The segments that are not archived, oldest day first.
    var liveSegments: [Segment] { state.withLock { $0.segments.values.sorted { $0.day < $1.day } } }

    /// The archived parts, oldest day first.
    package var archivedSegments: [Segment] {
        state.withLock { $0.archives.values.joined().sorted { $0.day < $1.day } }
    }

    /// Puts archived parts of a day in the place of its segment: each query sees the one or the others.
    ///
    /// On the writer queue.
    func replace(_ segment: Segment, with parts: [Segment]) throws {
        // Segments and the journal's names say which numbers were given: the names must go on where a segment ends.
        let last = try segment.lastSequence() ?? 0
        try state.withLock { state in
            if state.journal?.files.last ?? 0 <= last { try state.journal?.begin(state.nextSequence) }
        }
        try FileBytes.syncFolder(of: layout.journal + "/")
        FaultPoint.reach("archive-before-drop")
        state.withLock { state in
            state.segments[segment.day] = nil
            state.unclosed.remove(segment.day)
            state.archives[segment.day, default: []] += parts
        }
        segment.drop()
    }

    /// Changes which archived parts there are.
    func updateArchives(_ body: (inout [Day: [Segment]]) -> Void) { state.withLock { body(&$0.archives) } }

    /// Puts a segment into the place of archived parts.
    ///
    /// On the writer queue.
    func restore(_ segment: Segment, insteadOf parts: [Segment]) {
        state.withLock { state in
            state.segments[segment.day] = segment
            state.archives[segment.day]?.removeAll { part in parts.contains { $0 === part } }
        }
    }

    /// Writes all events into segments, and lets go of the journal files that hold any of them; false where lines that
    /// wait for others keep one.
    ///
    /// On the writer queue.
    /// - `end`: events from this number on came later.
    func emptyJournal(before end: UInt64) throws -> Bool {
        try state.withLock { state in try state.journal?.begin(state.nextSequence) }
        try commitOpenBlocks()
        let isDone = state.withLock { state -> Bool in
            state.removeJournalFiles(layout)
            return state.journal?.files.first ?? 0 > end || state.journal?.isEmpty ?? false
        }
        // The names that are left say which numbers were given, also where the newest events go.
        try FileBytes.syncFolder(of: layout.journal + "/")
        return isDone
    }

    /// Puts a segment that was written anew in the place of another one; nil where no event is left.
    ///
    /// On the writer queue.
    func exchange(_ segment: Segment, for fresh: Segment?) {
        state.withLock { state in
            state.segments[segment.day] = fresh
            if fresh == nil { state.unclosed.remove(segment.day) } else { state.unclosed.insert(segment.day) }
        }
        segment.leave()
    }

    /// Notes that the day's segment is not in its final form any more.
    func noteChange(of day: Day) {
        state.withLock { state in
            state.unclosed.insert(day)
            state.changed.insert(day)
        }
    }

    /// Says that a backup is at work, or is not any more.
    func setBackup(_ isAtWork: Bool) { state.withLock { $0.hasBackup = isAtWork } }

    /// The days whose segments were written to since this was last called, and those that are likely to be next.
    ///
    /// Exact on the writer queue.
    func takeChangedDays() -> (changed: Set<Day>, unclosed: Set<Day>) {
        state.withLock { state in
            defer { state.changed = [] }
            return (state.changed, state.unclosed)
        }
    }

    // MARK: Time passes

    private func startTimers() {
        timers.withLock { timers in
            let sync = DispatchSource.makeTimerSource(queue: syncer)
            let interval = DispatchTimeInterval.nanoseconds(Int(IndexLimits.syncInterval))
            sync.schedule(deadline: .now(), repeating: interval, leeway: .milliseconds(20))
            sync.setEventHandler { [weak self] in self?.syncJournal() }
            let close = DispatchSource.makeTimerSource(queue: writer)
            close.schedule(deadline: .now() + .seconds(5), repeating: .seconds(5), leeway: .seconds(1))
            close.setEventHandler { [weak self] in self?.closeDueBlocks(at: self?.clock() ?? 0) }
            timers = [sync, close]
            for timer in timers { timer.activate() }
        }
    }

    /// Brings the journal to the disk.
    ///
    /// A failed sync is final: what the kernel dropped cannot be synced again.
    private func syncJournal() {
        let descriptors: [Int32] = state.withLock { state in
            guard state.isUnsynced else { return [] }
            state.isUnsynced = false
            return state.journal?.takeUnsynced() ?? []
        }
        for descriptor in descriptors {
            if fdatasync(descriptor) != 0 {
                let error = StoreError.system("fdatasync", layout.journal)
                state.withLock { $0.failure = .stopped(error.description) }
            }
            Glibc.close(descriptor)
        }
    }

    /// Does at once what the timer does every few seconds, as if it were `now`.
    ///
    /// Nanoseconds since the Unix epoch.
    package func closePastDays(at now: Int64) { writer.sync { closeDueBlocks(at: now) } }

    /// Commits blocks that wait for events which may never come, and closes past days.
    ///
    /// On the writer queue.
    private func closeDueBlocks(at now: Int64) {
        let today = Day(containing: now)
        let due: Int = state.withLock { state in
            let files = state.journal?.files ?? []
            let laggard =
                files.count > IndexLimits.journalFiles ? files[files.count - IndexLimits.journalFiles] : 0
            let blocks = state.open.takeAll { entry in
                let isPast =
                    entry.builder.day < today
                    && now - entry.touched > IndexLimits.closeDayAfter
                return isPast || (entry.builder.firstSequence ?? .max) < laggard
            }
            // These did not wait for a place: they are few, and this queue is the one that makes places free.
            state.pending += blocks.map { Pending(block: $0, holdsPlace: false) }
            return blocks.count
        }
        if due > 0 {
            while state.withLock({ !$0.pending.isEmpty }) {
                let blocks = state.withLock { Array($0.pending.prefix(IndexLimits.blocksPerCommit)) }
                do { try commit(blocks) } catch {
                    // Tried again with the next look.
                    return state.withLock { $0.counters.note(error) }
                }
            }
        }
        let closable = state.withLock { state in
            state.hasBackup
                ? [] : state.unclosed.filter { day in day < today && !state.open.contains(day) }
        }
        for day in closable.sorted() {
            let segment = state.withLock { $0.segment(day, layout) }
            if (try? segment.close()) != nil { state.withLock { _ = $0.unclosed.remove(day) } }
        }
        // With every event in a segment, the journal's last file is nothing but 16 MiB of disk.
        try? state.withLock { state in
            guard state.open.firstSequence == nil, state.pending.isEmpty, state.held.isEmpty else { return }
            try state.imports.save(layout)
            try state.journal?.startAnew(state.nextSequence)
        }
        releaseIdleSegments()
    }

    /// Keeps open what is used, and no more Bloom filters than the limit allows: the longest unused go first.
    private func releaseIdleSegments() {
        let segments = state.withLock { $0.allSegments }
        for segment in segments { segment.releaseIfIdle() }
        let uses = segments.map { (segment: $0, use: $0.bloomUse) }.sorted {
            $0.use.idleLooks > $1.use.idleLooks
        }
        var bytes = uses.reduce(0) { $0 + $1.use.bytes }
        for (segment, use) in uses where bytes > IndexLimits.bloomCacheBytes {
            segment.forgetBlooms()
            bytes -= use.bytes
        }
    }

    /// Commits what is closed, brings the journal to the disk, and lets go of all files.
    ///
    /// What is in open blocks stays in the journal for the next start.
    package func close() {
        timers.withLock { for timer in $0 { timer.cancel() } }
        guard !isReadOnly else { return }
        state.withLock { $0.isRetrying = false }
        writer.sync { self.commitPending() }
        while state.withLock({ !$0.pending.isEmpty && $0.counters.lastFailure == nil }) {
            writer.sync { self.commitPending() }
        }
        syncer.sync { self.syncJournal() }
        state.withLock { state in
            state.journal = nil
            state.segments = [:]
        }
        lock?.release()
    }
}
