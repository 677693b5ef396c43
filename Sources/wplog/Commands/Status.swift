import ArgumentParser
import Index
import Query

/// The command wplog status.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How the server is doing: one screen, or JSON.",
        discussion: """
            wplog status
            wplog status --json                       for programs; docs/http-api.md

            wplog doctor looks for what is wrong, and says what mends it.
            """)

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        let source = try source.source()
        let bytes = try await source.status()
        if json { return try Output.write(bytes) }
        let status = try ServerStatus(bytes, from: source.name)
        // A server that is too busy to say so still has a status.
        let rates = try? await source.rows(
            "received:1m | count by listener", since: "1d", timeout: "5s"
        ).rows
        try Output.write(Array(Self.screen(status, source.name, rates ?? []).utf8))
    }

    /// The screen.
    ///
    /// - `minute`: how many events of the last minute came by each listener.
    private static func screen(
        _ status: ServerStatus, _ name: String, _ minute: [[String: AnswerCell]]
    ) -> String {
        var text = ""
        func line(_ title: String, _ value: String) { text += Words.padded(title, 12) + value + "\n" }
        line("server", "\(name), wplog \(status.version)")
        line("state", status.failure.map { "\(status.state): \($0)" } ?? status.state)
        if let started = ServerStatus.nanoseconds(status.started) {
            let length = Words.length(seconds: (Clock.now() - started) / 1_000_000_000)
            line("since", "\(TimeText.local(started, Zones.local)), for \(length)")
        }
        if let data = status.data { line("data", data) }
        if let listeners = status.listeners {
            let words = listeners.map { "\($0.listener) \($0.address)" }.joined(separator: ", ")
            line("listening", words.isEmpty ? "to nobody" : words)
        }
        let perMinute = minute.reduce(into: [String: Double]()) { sums, row in
            sums[row["listener"]?.text ?? "-", default: 0] += row["count"]?.number ?? 0
        }
        let ways = status.eventsReceived.sorted { $0.key < $1.key }
        for (index, way) in ways.enumerated() {
            let rate = (perMinute[way.key] ?? 0) / 60
            line(
                index == 0 ? "received" : "",
                Words.padded(way.key, 5) + Words.right(Words.count(way.value, "event"), 18)
                    + Words.right(Words.rate(rate), 10) + "/s of the last minute")
        }
        let whileFull = status.udpDroppedDiskFull ?? 0
        line(
            "dropped",
            "\(Words.count(status.udpDropped, "datagram")) by the kernel"
                + (whileFull > 0 ? ", \(Words.grouped(whileFull)) while the disk was full" : ""))
        line("connections", Words.grouped(status.tcpConnections))
        line(
            "in memory",
            "\(Words.count(status.eventsOpen, "event")), \(Words.count(status.blocksPending, "block")) waiting, "
                + "\(Words.count(status.journalFiles, "journal file"))")
        var days = Words.count(UInt64(status.days.count), "day")
        if let first = status.days.min(), let last = status.days.max() { days += ", \(first) … \(last)" }
        line("on disk", days)
        if let disk = status.disk { line("room", disk.line) }
        if let forecast = status.forecast { line("growth", forecast.line) }
        if let cost = status.cost {
            line("hosts", CostStatus.line(cost.hosts, of: cost.day))
            line("programs", CostStatus.line(cost.programs, of: cost.day))
        }
        if status.commitsFailed > 0 {
            line(
                "failures", Words.count(status.commitsFailed, "commit") + " that failed and were tried again")
        }
        return text
    }
}
