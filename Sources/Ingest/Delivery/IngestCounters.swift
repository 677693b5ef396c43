package import Parse
import Synchronization

/// One number that grows, read and written from any thread.
package final class Counter: Sendable {
    private let number = Atomic<UInt64>(0)

    package init() {}

    package var value: UInt64 { number.load(ordering: .relaxed) }

    /// Adds `amount`; a negative amount counts as 0.
    package func add(_ amount: Int = 1) {
        number.wrappingAdd(UInt64(max(0, amount)), ordering: .relaxed)
    }
}

/// What one way in has received and what became of it: `frames = events + joinedLines + emptyFrames`, and nothing
/// goes uncounted.
package final class ListenerCounters: Sendable {
    package let listener: Peer.Listener
    /// Events that the sink has taken.
    package let events = Counter()
    /// Bytes read from the network or from files.
    package let bytes = Counter()
    /// Lines that were added to the event of the line before them.
    package let joinedLines = Counter()
    package let emptyFrames = Counter()
    package let truncatedFrames = Counter()
    package let unterminatedFrames = Counter()
    /// Bytes of truncated frames beyond the limit, and all that followed a framing error.
    package let discardedBytes = Counter()
    /// Batches that the sink refused.
    ///
    /// Each is offered again.
    package let sinkFailures = Counter()
    /// Events given up when wplog was stopped while the sink refused them.
    package let lostEvents = Counter()

    init(_ listener: Peer.Listener) {
        self.listener = listener
    }

    func add(_ tally: FrameDecoder.Tally) {
        if tally.emptyFrames > 0 { emptyFrames.add(tally.emptyFrames) }
        if tally.discardedBytes > 0 { discardedBytes.add(tally.discardedBytes) }
    }

    func note(_ reasons: ParseReasons) {
        guard reasons.rawValue != 0 else { return }
        if reasons.contains(.truncated) { truncatedFrames.add() }
        if reasons.contains(.unterminated) { unterminatedFrames.add() }
    }
}

/// All counters of the receiving side.
///
/// One object for the life of the process.
package final class IngestCounters: Sendable {
    package let tcp = ListenerCounters(.tcp)
    package let udp = ListenerCounters(.udp)
    /// Of imported files.
    package let file = ListenerCounters(.file)
    /// Connections let in.
    package let connectionsOpened = Counter()
    /// Datagrams that the kernel dropped because its buffer was full (SO_RXQ_OVFL).
    package let kernelDrops = Counter()
    /// Datagrams that were read and dropped because the disk was full.
    package let diskFullDrops = Counter()
    private let closed = CloseReason.allCases.map { _ in Counter() }
    private let ended = Counter()

    package init() {}

    /// Connections open now.
    package var connectionsOpen: UInt64 {
        let ended = ended.value
        return max(connectionsOpened.value, ended) - ended
    }

    /// Connections that ended for this reason, or were not let in for it.
    package func connectionsClosed(_ reason: CloseReason) -> UInt64 {
        closed[reason.rawValue].value
    }

    /// Counts a connection that had been let in.
    func connectionEnded(_ reason: CloseReason) {
        closed[reason.rawValue].add()
        ended.add()
    }

    /// Counts a connection that was not let in.
    func connectionRefused(_ reason: CloseReason) {
        closed[reason.rawValue].add()
    }

    /// One line of an exposition: a metric, its labels, its value.
    package struct Sample: Equatable, Sendable {
        package struct Label: Equatable, Sendable {
            package let name: String
            package let value: String
        }

        /// A Prometheus metric name.
        ///
        /// Ends in `_total` unless it is a gauge.
        package let name: String
        package let labels: [Label]
        package let value: UInt64

        init(_ name: String, _ value: UInt64, _ labels: KeyValuePairs<String, String> = [:]) {
            self.name = name
            self.value = value
            self.labels = labels.map { Label(name: $0.key, value: $0.value) }
        }
    }

    /// All values, samples of one metric side by side.
    ///
    /// Not one instant: each is read on its own.
    package func snapshot() -> [Sample] {
        let perListener: [(String, (ListenerCounters) -> Counter)] = [
            ("wplog_events_received_total", \.events),
            ("wplog_received_bytes_total", \.bytes),
            ("wplog_lines_joined_total", \.joinedLines),
            ("wplog_frames_empty_total", \.emptyFrames),
            ("wplog_frames_truncated_total", \.truncatedFrames),
            ("wplog_frames_unterminated_total", \.unterminatedFrames),
            ("wplog_discarded_bytes_total", \.discardedBytes),
            ("wplog_sink_failures_total", \.sinkFailures),
            ("wplog_events_lost_total", \.lostEvents),
        ]
        var samples = perListener.flatMap { name, counter in
            [udp, tcp, file].map { Sample(name, counter($0).value, ["listener": $0.listener.name]) }
        }
        for (reason, drops) in [("kernel_buffer", kernelDrops), ("disk_full", diskFullDrops)] {
            samples.append(Sample("wplog_datagrams_dropped_total", drops.value, ["reason": reason]))
        }
        samples.append(Sample("wplog_connections_open", connectionsOpen))
        samples.append(Sample("wplog_connections_opened_total", connectionsOpened.value))
        samples += CloseReason.allCases.map {
            Sample("wplog_connections_closed_total", connectionsClosed($0), ["reason": $0.name])
        }
        return samples
    }
}
