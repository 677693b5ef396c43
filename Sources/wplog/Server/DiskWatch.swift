import Index
import Ingest

/// The watch over the disk in a running server: it says changes of the state in the log itself, and on standard
/// error at most once a minute.
struct DiskWatch: Sendable {
    let disk: DiskGuard
    private let forecaster: StoreForecaster
    private let directory: String

    /// - `onLow`: room gets short, and old days could be moved away now; see `DiskGuard.Listeners.onLow`.
    init(
        _ settings: Settings, _ store: Store, _ own: OwnEvents, _ counters: IngestCounters,
        onLow: @escaping @Sendable (DiskReport) -> Void = { _ in }
    ) {
        let forecaster = StoreForecaster(store, clock: Clock.now)
        let folder = settings.data
        let sources = DiskGuard.Sources(
            space: { DiskSpace(of: folder) },
            shortWrites: { store.status().counters.shortWrites }, forecast: { forecaster.forecast })
        let voice = DiskVoice(own, counters, folder)
        disk = DiskGuard(
            store.layout, settings.disk, sources,
            DiskGuard.Listeners(
                onChange: { voice.say($0, $1) }, onLow: onLow,
                onNoBallast: { Output.note("there is no ballast: \($0)") }))
        self.forecaster = forecaster
        directory = folder
    }

    /// Lets go of the ballast where the disk is full to the last byte: a start writes some bytes, too.
    ///
    /// To be called before the store is opened.
    static func makeRoom(_ settings: Settings) {
        guard LockOwner(directory: settings.data) == nil else { return }
        DiskGuard.makeRoom(StoreLayout(directory: settings.data), settings.disk)
    }

    /// Looks for the first time: from here on the listeners know whether they may take anything.
    func start() {
        disk.start()
        forecaster.start()
    }

    /// Why nothing may be taken; nil while the disk is not full.
    var shortage: DiskFull? { disk.isFull ? DiskFull(disk.report, directory) : nil }

    /// To be called before the store is closed.
    func stop() {
        disk.stop()
        forecaster.stop()
    }
}

/// Says what becomes of the disk.
private struct DiskVoice: Sendable {
    private let own: OwnEvents
    private let counters: IngestCounters
    private let folder: String
    private let log = PacedLog { Output.note($0) }

    init(_ own: OwnEvents, _ counters: IngestCounters, _ folder: String) {
        (self.own, self.counters, self.folder) = (own, counters, folder)
    }

    func say(_ old: DiskState, _ report: DiskReport) {
        var text = "the disk of \(folder) is \(report.state), after \(old): \(DiskWords.reason(report))"
        if report.state == .full { text += ". Nothing is taken until there is more room" }
        if old == .full {
            let dropped = counters.diskFullDrops.value
            text += ". \(Words.count(dropped, "datagram")) were dropped for it since the start"
        }
        log.write("disk-\(report.state)", text)
        // Below err is what an operator can sleep through.
        let level: UInt8 = report.state == .full ? 2 : report.state == .low ? 4 : 5
        own.store(level: level, id: "disk-\(report.state)", text)
    }
}
