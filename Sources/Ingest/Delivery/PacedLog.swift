import Synchronization

/// wplog's own log, at most one line per topic in each interval: a sender must not be able to flood it.
package final class PacedLog: Sendable {
    private struct Entry {
        var last: ContinuousClock.Instant
        var silenced: Int
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let interval: Duration
    private let output: @Sendable (String) -> Void

    /// `output` takes one line without a newline.
    ///
    /// It never holds content of log lines.
    package init(every interval: Duration = .seconds(60), to output: @escaping @Sendable (String) -> Void) {
        self.interval = interval
        self.output = output
    }

    /// Writes a line, unless one with this topic was written within the interval.
    ///
    /// Topics come from a fixed set.
    package func write(_ topic: String, _ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        let silenced: Int? = entries.withLock { entries in
            if let entry = entries[topic], now - entry.last < interval {
                entries[topic]?.silenced += 1
                return nil
            }
            let silenced = entries[topic]?.silenced ?? 0
            entries[topic] = Entry(last: now, silenced: 0)
            return silenced
        }
        guard let silenced else { return }
        output(silenced == 0 ? text() : "\(text()) (and \(silenced) more since the last such line)")
    }
}
