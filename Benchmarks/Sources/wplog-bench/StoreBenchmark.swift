import Foundation
import Index
import Parse

/// Parsed batches into a store: journal, blocks, index, and the day closed in the end.
struct StoreBenchmark {
    private static let count = 200_000

    private let load: Load
    private let directory: String

    init(_ load: Load, _ folder: TemporaryFolder) {
        self.load = load
        directory = folder.path + "/store"
    }

    func run(into report: inout Report) throws {
        // Parsed before, so that storing alone is measured.
        var batches: [EventBatch] = []
        let bytes = try load.lines(.rfc5424, count: Self.count, of: Self.count)
        _ = try Feed(day: load.day).run(bytes) { batches.append($0) }

        let formats = try FormatSet(library: .embedded)
        let now = Int64(load.day + 86_400) * 1_000_000_000
        let store = try Store(
            directory: directory, parser: { LineParser(formats: formats, zone: .utc) }, clock: { now })
        defer {
            store.close()
            try? FileManager.default.removeItem(atPath: directory)
        }
        // Sets the peak back to what is in use now.
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let resident = try ProcessFigures(getpid()).resident
        let cpu = Clocks.process
        let wall = Clocks.wall
        for batch in batches { try store.append(batch) }
        while store.status().pendingBlocks > 0 { usleep(1_000) }
        let seconds = Clocks.wall - wall
        let work = Clocks.process - cpu
        let peak = try ProcessFigures(getpid()).peak

        let count = Double(Self.count)
        report.add(
            "store: journal, blocks and index", count / seconds, "events/s",
            more: "\(Report.number(work / count * 1e6, 2)) µs of CPU an event")
        report.add("store: peak RSS above the parsed events", (peak - resident) / 1e6, "MB")
        // As if the time without events that closes a day had passed.
        store.closePastDays(at: now + 2 * IndexLimits.closeDayAfter)
        report.addDisk("store: disk after the day is closed", directory, events: Self.count)
    }
}
