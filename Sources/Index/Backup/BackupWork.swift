import FoundationEssentials
import Glibc
import Parse

/// One run of a backup into a folder in the making.
struct BackupWork {
    /// Segments that are held open at one instant, three descriptors each.
    private static let viewsMost = 64
    /// Times that days which changed meanwhile are copied again without holding up the writer.
    private static let roundsMost = 3

    private let store: Store
    private let source: StoreLayout
    private let copy: StoreLayout
    private let meter: BackupMeter
    private var days: [Day: SegmentFacts] = [:]

    init(_ store: Store, to folder: String, _ meter: BackupMeter) {
        self.store = store
        source = store.layout
        copy = StoreLayout(directory: folder)
        self.meter = meter
    }

    /// Copies everything; returns what the segments hold.
    ///
    /// Most days do not change any more, and are copied as they are. The others are all seen as they were at one
    /// instant: while the writer waits, open blocks are committed, and a view of each such segment is taken.
    mutating func run(_ report: inout BackupReport) throws -> [Day: SegmentFacts] {
        let unclosed = try store.onWriter {
            store.setBackup(true)
            return store.takeChangedDays().unclosed
        }
        defer { store.setBackup(false) }
        try copyClosed(store.status().days.filter { !unclosed.contains($0) })
        var round = 0
        var instant: Instant?
        while instant == nil {
            round += 1
            let isLast = round == Self.roundsMost
            var changed: [Day] = []
            instant = try store.onWriter {
                let cut = try store.cut()
                changed = due()
                if changed.count > Self.viewsMost, !isLast { return nil }
                return try take(cut, changed)
            }
            if instant == nil { try copyClosed(changed) }
        }
        guard var instant else { return days }
        // Each view goes with its copy: the write-ahead log of its segment grows as long as it is there.
        while let view = instant.views.popLast() { try add(view) }
        store.setBackup(false)
        try write(instant)
        report.heldLines = instant.held.reduce(0) { $0 + $1.held.count }
        // After the instant: a day that was archived meanwhile is in its segment's copy as well, never in neither.
        report.archives = try ArchiveCopy(source, to: copy.directory).run(meter)
        return days
    }

    /// The store at one instant.
    private struct Instant {
        let cut: StoreCut
        /// Days that are still to be copied, oldest first.
        var views: [SegmentView]
        let held: [EventBatch]
    }

    /// The days whose copies are missing or old.
    ///
    /// On the writer queue; forgets copies of days that are not there any more.
    private mutating func due() -> [Day] {
        let present = Set(store.status().days)
        let changed = store.takeChangedDays().changed
        for day in days.keys where changed.contains(day) || !present.contains(day) {
            days[day] = nil
            _ = unsafe unlink(copy.segment(day))
        }
        return present.filter { days[$0] == nil }.sorted(by: >)
    }

    /// On the writer queue.
    private mutating func take(_ cut: StoreCut, _ changed: [Day]) throws -> Instant {
        let views = try changed.prefix(Self.viewsMost).map { try SegmentView($0, path: path(of: $0)) }
        // More days than can be held open change all the time: the writer waits for these.
        for day in changed.dropFirst(Self.viewsMost) { try add(SegmentView(day, path: path(of: day))) }
        return Instant(cut: cut, views: views.reversed(), held: try cut.heldLines(source))
    }

    private mutating func copyClosed(_ closed: [Day]) throws {
        for day in closed {
            // Archived since.
            let path = path(of: day)
            guard unsafe access(path, F_OK) == 0 else { continue }
            try add(SegmentView(day, path: path))
        }
    }

    /// Where the segment of a day stands; after an archive run it can have another name than the first.
    private func path(of day: Day) -> String {
        store.liveSegments.first { $0.day == day }?.path ?? source.segment(day)
    }

    private mutating func add(_ view: SegmentView) throws {
        try view.copy(to: copy.segment(view.day), meter)
        days[view.day] = view.facts
    }

    /// Writes what is in no segment.
    private func write(_ instant: Instant) throws {
        // Named by the next number, so that none is given twice.
        var journal = try Journal(layout: copy, files: [], nextSequence: instant.cut.nextSequence)
        for batch in instant.held {
            try journal.append(batch, firstSequence: instant.cut.nextSequence, days: [])
        }
        try PlainFile.sync(copy.journalFile(firstSequence: instant.cut.nextSequence))
        if !instant.cut.imports.isEmpty { try instant.cut.imports.write(copy) }
        try PlainFile(source.directory, "format").copy(to: copy.directory, meter)
    }
}
