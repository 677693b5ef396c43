import Dispatch
import Synchronization

/// Watches the room on the disk, says when nothing may be taken any more, and keeps the ballast.
///
/// Once a second it asks the file system how much is free and the store whether a write found no room. It never
/// waits for either: the looks have a queue of their own.
package final class DiskGuard: Sendable {
    /// Where it looks; tests put something else in.
    package struct Sources: Sendable {
        /// The room on the file system; nil where nobody knows.
        package var space: @Sendable () -> DiskSpace?
        /// Writes that found no room since the start.
        package var shortWrites: @Sendable () -> UInt64
        /// The last forecast; takes no time.
        package var forecast: @Sendable () -> StoreForecast?

        package init(
            space: @escaping @Sendable () -> DiskSpace?, shortWrites: @escaping @Sendable () -> UInt64,
            forecast: @escaping @Sendable () -> StoreForecast? = { nil }
        ) {
            self.space = space
            self.shortWrites = shortWrites
            self.forecast = forecast
        }
    }

    /// Who is told.
    package struct Listeners: Sendable {
        /// Each change of the state, on the queue of the looks.
        package var onChange: @Sendable (_ old: DiskState, _ report: DiskReport) -> Void
        /// Room gets short: the state was ok and is not any more.
        ///
        /// On a queue of its own, so that it may move days away for as long as that takes. Called again only after
        /// it has returned.
        package var onLow: @Sendable (DiskReport) -> Void
        /// The ballast cannot be made, and why; once.
        package var onNoBallast: @Sendable (String) -> Void

        package init(
            onChange: @escaping @Sendable (_ old: DiskState, _ report: DiskReport) -> Void = { _, _ in },
            onLow: @escaping @Sendable (DiskReport) -> Void = { _ in },
            onNoBallast: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.onChange = onChange
            self.onLow = onLow
            self.onNoBallast = onNoBallast
        }
    }

    private struct State {
        var machine = DiskStateMachine()
        var report = DiskReport()
        /// Its length says nothing of a copy with holes: the first look allocates it once more.
        var isBallastSure = false
        /// No more attempts to make the ballast: this file system has none.
        var hasNoBallast = false
    }

    private let policy: DiskPolicy
    private let ballast: Ballast
    private let sources: Sources
    private let listeners: Listeners
    private let state = Mutex(State())
    private let isClosed = Atomic<Bool>(false)
    private let isStopping = Atomic<Bool>(false)
    private let looks = DispatchQueue(label: "wplog.disk")
    private let low = DispatchQueue(label: "wplog.disk.low", qos: .utility)
    private let timer = Mutex<(any DispatchSourceTimer)?>(nil)

    package init(
        _ layout: StoreLayout, _ policy: DiskPolicy, _ sources: Sources, _ listeners: Listeners = Listeners()
    ) {
        self.policy = policy
        self.sources = sources
        self.listeners = listeners
        ballast = Ballast(path: layout.ballast)
    }

    /// Whether nothing may be taken.
    ///
    /// Costs nothing: asked for each batch.
    package var isFull: Bool { isClosed.load(ordering: .relaxed) }

    /// What the last look saw.
    package var report: DiskReport { state.withLock { $0.report } }

    /// Lets go of the ballast of a data directory that nobody serves, where the disk is full.
    package static func makeRoom(_ layout: StoreLayout, _ policy: DiskPolicy) {
        guard let space = DiskSpace(of: layout.directory), space.free < policy.reserve(of: space.total) else {
            return
        }
        Ballast(path: layout.ballast).release()
    }

    /// Looks once, and from now on once a second.
    package func start() {
        looks.sync { look() }
        timer.withLock { timer in
            let source = DispatchSource.makeTimerSource(queue: looks)
            let pause = DispatchTimeInterval.milliseconds(DiskLimits.lookMilliseconds)
            source.schedule(deadline: .now() + pause, repeating: pause, leeway: .milliseconds(50))
            source.setEventHandler { [weak self] in self?.look() }
            source.activate()
            timer = source
        }
    }

    /// The process is about to end: half of the reserve may be used for what the kernel has delivered already.
    ///
    /// It would be lost, and the reserve is there for what cannot wait.
    package func beginStop() {
        isStopping.store(true, ordering: .relaxed)
        looks.async { self.look() }
    }

    /// Looks no more.
    ///
    /// The ballast stays for the next start.
    package func stop() {
        timer.withLock { $0?.cancel() }
        looks.sync {}
    }

    /// One look, and what follows from it.
    package func look() {
        let (space, shortWrites, forecast) = (sources.space(), sources.shortWrites(), sources.forecast())
        let held = ballast.bytes
        let old = state.withLock { state in
            var report = state.report
            let hasShortWrite = shortWrites > report.shortWrites
            report.shortWrites = shortWrites
            report.forecast = forecast
            report.space = space ?? report.space
            if let space {
                report.reserve = policy.reserve(of: space.total)
                report.inodeReserve = space.inodes.map { policy.inodes(of: $0) } ?? 0
                report.wantedBallast = state.hasNoBallast ? 0 : policy.ballast(of: space.total)
            }
            report.ballast = held
            let old = state.machine.state
            state.machine.take(Self.reading(report, hasShortWrite: hasShortWrite))
            report.state = state.machine.state
            report.cause = state.machine.cause
            state.report = report
            return old
        }
        settleBallast()
        let report = report
        isClosed.store(report.state == .full && !mayUseReserve(report), ordering: .relaxed)
        guard report.state != old else { return }
        listeners.onChange(old, report)
        if old == .ok { low.async { [listeners] in listeners.onLow(report) } }
    }

    private func mayUseReserve(_ report: DiskReport) -> Bool {
        guard isStopping.load(ordering: .relaxed), report.cause == .bytes, let space = report.space else {
            return false
        }
        return space.free > report.reserve / 2
    }

    private static func reading(_ report: DiskReport, hasShortWrite: Bool) -> DiskStateMachine.Reading {
        DiskStateMachine.Reading(
            usable: report.usable ?? .max, reserve: report.reserve, freeInodes: report.space?.freeInodes,
            inodeReserve: report.inodeReserve, hasShortWrite: hasShortWrite, daysLeft: report.daysLeft)
    }

    /// Lets go of the ballast where the disk is full, and makes it where it is not.
    ///
    /// Where it finds less room than the file system says, the disk is full.
    private func settleBallast() {
        let (report, isSure) = state.withLock { ($0.report, $0.isBallastSure) }
        let isTooLarge = report.ballast > report.wantedBallast
        if report.ballast > 0, report.state == .full || isTooLarge { ballast.release() }
        if report.state != .full, report.wantedBallast > 0,
            !isSure || report.ballast != report.wantedBallast
        {
            let outcome = ballast.make(report.wantedBallast)
            state.withLock { state in
                switch outcome {
                case .made: state.isBallastSure = true
                case .noRoom:
                    state.machine.noteShortWrite()
                    state.report.state = state.machine.state
                    state.report.cause = state.machine.cause
                case .impossible:
                    state.hasNoBallast = true
                    state.report.wantedBallast = 0
                }
            }
            if case .impossible(let reason) = outcome { listeners.onNoBallast(reason) }
        }
        let held = ballast.bytes
        state.withLock { $0.report.ballast = held }
    }
}
