import Index
import Query

/// What comes in now, by host and program.
struct TopSample {
    private struct Row {
        var host: String
        var program: String
        var rate: Double
        var failed: Double
    }

    private let rows: [Row]
    private let status: ServerStatus
    private let url: String

    /// Seconds that a rate is taken over.
    private static let span = 10.0

    init(_ source: Source) async throws {
        url = source.name
        status = try ServerStatus(try await source.status(), from: url)
        // By when they arrived: a host's clock may be wrong, or its lines late.
        func counts(_ filter: String) async throws -> [[String: AnswerCell]] {
            try await source.rows(
                "received:10s \(filter) | count by host, program", since: "1d", timeout: "10s"
            ).rows
        }
        let all = try await counts("")
        let failed = try await counts("parse:failed")
        func key(_ row: [String: AnswerCell]) -> String {
            "\(row["host"]?.text ?? "-") \(row["program"]?.text ?? "-")"
        }
        var failures: [String: Double] = [:]
        for row in failed { failures[key(row)] = row["count"]?.number ?? 0 }
        rows = all.map { row in
            Row(
                host: row["host"]?.text ?? "-", program: row["program"]?.text ?? "-",
                rate: (row["count"]?.number ?? 0) / Self.span, failed: (failures[key(row)] ?? 0) / Self.span)
        }.sorted { ($1.rate, $0.host, $0.program) < ($0.rate, $1.host, $1.program) }
    }

    /// The lines of a screen.
    func lines(width: Int, height: Int) -> [String] {
        let sum = rows.reduce(0) { $0 + $1.rate }
        let failed = rows.reduce(0) { $0 + $1.failed }
        let clock = TimeText.local(Clock.now(), Zones.local).suffix(8)
        var lines = [
            "wplog \(status.version) \(status.state)  \(clock)  \(url)",
            "\(Words.rate(sum)) events/s, \(Words.rate(failed))/s not parsed, "
                + "\(Words.count(status.udpDropped, "datagram")) dropped, "
                + "\(Words.count(status.tcpConnections, "connection"))",
        ]
        if let failure = status.failure { lines.append("FAILED: \(failure)") }
        lines.append("")
        if rows.isEmpty { lines.append("no events in the last 10 seconds") }
        lines += table(width: width, height: max(1, height - lines.count - 1))
        return lines.map { String($0.prefix(width)) }
    }

    private func table(width: Int, height: Int) -> [String] {
        guard !rows.isEmpty else { return [] }
        let shown = rows.prefix(rows.count > height ? max(1, height - 2) : height)
        func widest(_ title: String, _ texts: [String]) -> Int {
            min(max(12, width / 4), texts.reduce(title.count) { max($0, $1.count) })
        }
        let host = widest("HOST", shown.map(\.host))
        let program = widest("PROGRAM", shown.map(\.program))
        // Two columns of numbers, nine wide each, and four gaps.
        let room = max(0, width - host - program - 2 * 9 - 8)
        let most = shown.map(\.rate).max() ?? 1
        func line(_ cells: [String], _ bar: String) -> String {
            let texts = [
                Words.padded(String(cells[0].prefix(host)), host),
                Words.padded(String(cells[1].prefix(program)), program), Words.right(cells[2], 9),
                Words.right(cells[3], 9),
            ]
            return (texts + (bar.isEmpty ? [] : [bar])).joined(separator: "  ")
        }
        var lines = [line(["HOST", "PROGRAM", "EVENTS/S", "FAILED/S"], "")]
        for row in shown {
            let length = room < 8 ? 0 : max(1, Int((row.rate / most * Double(room)).rounded()))
            let cells = [
                row.host, row.program, Words.rate(row.rate), row.failed > 0 ? Words.rate(row.failed) : "-",
            ]
            lines.append(line(cells, String(repeating: "█", count: length)))
        }
        if shown.count < rows.count { lines.append("and \(rows.count - shown.count) more") }
        return lines
    }
}
