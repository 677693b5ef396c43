import Glibc
import Parse
import Synchronization

/// Hands batches to the sink and waits where the sink cannot take them.
///
/// Waiting blocks the receiving thread, and this is the back-pressure: the thread reads nothing more, the
/// kernel's buffers fill, TCP senders wait, datagrams are dropped and counted. Nothing is queued here.
final class BatchDelivery: Sendable {
    private let services: IngestServices
    private let counters: ListenerCounters
    /// Nanoseconds of `origin`'s clock after which a refused batch is given up.
    ///
    /// 0: never.
    private let deadline = Atomic<Int64>(0)
    private let origin = ContinuousClock.now
    /// What the thread does for some milliseconds while the disk is full, in place of sleeping.
    private let whileFull: @Sendable (_ milliseconds: Int) -> Void

    init(
        _ services: IngestServices, _ counters: ListenerCounters,
        whileFull: @escaping @Sendable (_ milliseconds: Int) -> Void = { usleep(UInt32($0) * 1_000) }
    ) {
        self.services = services
        self.counters = counters
        self.whileFull = whileFull
    }

    /// From `limit` on, a refused batch is given up and counted as lost, so that the program can end.
    func stop(after limit: Duration) {
        deadline.store(max(1, elapsed + limit.nanoseconds), ordering: .relaxed)
    }

    /// The time given to `stop` has passed.
    var isOverdue: Bool {
        let deadline = deadline.load(ordering: .relaxed)
        return deadline != 0 && elapsed >= deadline
    }

    /// Returns when the sink has taken the batch.
    ///
    /// A refused batch is offered again until it is taken.
    func deliver(_ batch: borrowing EventBatch) {
        guard !batch.isEmpty else { return }
        let count = batch.events.count
        while true {
            do {
                try services.sink.append(batch)
                counters.events.add(count)
                counters.joinedLines.add(batch.joinedLines)
                counters.emptyFrames.add(batch.blankLines)
                return
            } catch {
                counters.sinkFailures.add()
                let way = counters.listener.name
                services.log.write(
                    "sink-\(way)",
                    "\(way): the store takes no events: \(error). "
                        + "Reading stops until it does"
                )
            }
            guard pause() else {
                counters.lostEvents.add(count)
                services.log.write(
                    "lost-\(counters.listener.name)",
                    "\(counters.listener.name): stopped while the store took no events; "
                        + "\(count) received events are lost"
                )
                return
            }
        }
    }

    /// Waits for the next attempt.
    ///
    /// False when there is none.
    private func pause() -> Bool {
        let step = 20
        var left = services.retryMilliseconds
        while left > 0, !isOverdue {
            let part = min(step, left)
            if services.isFull() { whileFull(part) } else { usleep(UInt32(part) * 1_000) }
            left -= step
        }
        return !isOverdue
    }

    private var elapsed: Int64 { (ContinuousClock.now - origin).nanoseconds }
}

extension Duration {
    /// Whole nanoseconds, within ±292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }
}
