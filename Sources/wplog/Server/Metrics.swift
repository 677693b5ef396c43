import Index
import Ingest

/// The metrics in Prometheus' text format.
///
/// docs/metrics.md lists every name; a test compares the two.
enum Metrics {
    /// One metric of the store; those of the receiving side come from `IngestCounters`.
    private struct Metric: Sendable {
        let name: String
        let help: String
        let value: @Sendable (StoreStatus) -> UInt64
    }

    private static let store: [Metric] = [
        Metric(name: "wplog_events_stored_total", help: "Events taken into the journal.") {
            $0.counters.events
        },
        Metric(name: "wplog_events_recovered_total", help: "Events read back from the journal at the start.")
        {
            $0.counters.recoveredEvents
        },
        Metric(name: "wplog_events_committed_total", help: "Events in blocks that are in a segment.") {
            $0.counters.storedEvents
        },
        Metric(name: "wplog_blocks_committed_total", help: "Blocks that are in a segment.") {
            $0.counters.blocks
        },
        Metric(name: "wplog_commits_failed_total", help: "Commits that failed and were tried again.") {
            $0.counters.failedCommits
        },
        Metric(
            name: "wplog_journal_cut_bytes_total", help: "Bytes of half records at the end of journal files."
        ) {
            $0.counters.cutJournalBytes
        },
        Metric(name: "wplog_blocks_pending", help: "Closed blocks that wait for the writer.") {
            UInt64($0.pendingBlocks)
        },
        Metric(name: "wplog_events_open", help: "Events in open blocks.") { UInt64($0.openEvents) },
        Metric(name: "wplog_journal_files", help: "Journal files.") { UInt64($0.journalFiles) },
        Metric(name: "wplog_days", help: "Days with a segment.") { UInt64($0.days.count) },
    ]

    /// All metrics as they are now.
    static func text(_ status: StoreStatus, _ counters: IngestCounters, _ disk: DiskReport) -> String {
        var output = ""
        for metric in store {
            output += head(metric.name, metric.help) + "\(metric.name) \(metric.value(status))\n"
        }
        for metric in disk.metrics {
            output += head(metric.name, metric.help) + "\(metric.name) \(metric.value)\n"
        }
        var last = ""
        for sample in counters.snapshot() {
            if sample.name != last { output += head(sample.name, help[sample.name] ?? "") }
            last = sample.name
            let labels = sample.labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            output += sample.name + (labels.isEmpty ? "" : "{\(labels)}") + " \(sample.value)\n"
        }
        return output
    }

    private static func head(_ name: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(name.hasSuffix("_total") ? "counter" : "gauge")\n"
    }

    private static let help = [
        "wplog_events_received_total": "Events that the store has taken from a listener.",
        "wplog_received_bytes_total": "Bytes read from the network.",
        "wplog_lines_joined_total": "Lines that were added to the event of the line before them.",
        "wplog_frames_empty_total": "Frames without a byte; they are no events.",
        "wplog_frames_truncated_total": "Frames longer than a line may be; their first bytes are stored.",
        "wplog_frames_unterminated_total": "Lines that a connection ended in; they are stored.",
        "wplog_discarded_bytes_total": "Bytes beyond the line limit, and behind framing errors.",
        "wplog_sink_failures_total": "Batches that the store refused; each is offered again.",
        "wplog_events_lost_total": "Events given up because wplog was stopped while the store refused them.",
        "wplog_connections_opened_total": "TCP connections let in.",
        "wplog_connections_open": "TCP connections open now.",
        "wplog_connections_closed_total": "TCP connections that ended or were not let in, by reason.",
        "wplog_datagrams_dropped_total": "Datagrams that were dropped, by reason.",
    ]
}
