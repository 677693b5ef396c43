import Query

/// What the events themselves tell: programs that do not parse, hosts that are silent, clocks that are wrong.
struct EventExamination {
    private let source: Source
    let settings: Settings
    /// The settings file.
    let file: String

    init(_ source: Source, _ settings: Settings, file: String) {
        (self.source, self.settings, self.file) = (source, settings, file)
    }

    /// Lines of a program below which a share says nothing.
    private static let leastLines = 20.0
    /// The share of lines that may fail.
    private static let failedShare = 0.05
    private static let timeout = "10s"

    func findings() async -> [Finding] {
        do {
            let parsing = try await parsing()
            let hosts = try await hosts()
            return parsing + [silence(hosts), try await times()] + clocks(hosts)
        } catch {
            return [
                Finding(.error, "queries", Examination.words(error), fix: "wplog search '*' --since 1h -n 1")
            ]
        }
    }

    private func counts(_ query: String, by field: String, since: String) async throws -> [String: Double] {
        // By when they arrived: a host whose clock is wrong counts as well.
        let rows = try await source.rows(
            "received:\(since) \(query) | count by \(field)", since: "2d", timeout: Self.timeout
        ).rows
        return rows.reduce(into: [:]) { $0[$1[field]?.text ?? "-"] = $1["count"]?.number }
    }

    private func parsing() async throws -> [Finding] {
        let all = try await counts("*", by: "program", since: "1h")
        let failed = try await counts("parse:failed", by: "program", since: "1h")
        let bad = failed.filter { program, count in
            let lines = all[program] ?? count
            return lines >= Self.leastLines && count / lines > Self.failedShare
        }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !bad.isEmpty else {
            let sum = UInt64(failed.values.reduce(0, +))
            let lines = UInt64(all.values.reduce(0, +))
            return [
                Finding(
                    .ok, "parsing",
                    "\(Words.grouped(sum)) of \(Words.count(lines, "line")) of the last hour failed")
            ]
        }
        return bad.prefix(5).map { program, count in
            let share = count / max(1, all[program] ?? count) * 100
            return Finding(
                .warning, "parsing",
                "\(Words.rate(share)) % of \(program)'s lines of the last hour did not parse "
                    + "(\(Words.grouped(UInt64(count))))",
                fix: "wplog unparsed --top --since 1h 'program:\"\(program)\"'")
        }
    }

    private func hosts() async throws -> [[String: AnswerCell]] {
        let question = SearchQuestion("", since: "7d", until: nil, form: OutputForm(.json))
        return AnswerRows.read(try await source.inventory(.hosts(silentOnly: false), question))
    }

    private func silence(_ hosts: [[String: AnswerCell]]) -> Finding {
        let rows = hosts.filter { $0["state"] == .text("silent") }
        guard !rows.isEmpty else { return Finding(.ok, "silence", "no host has fallen silent") }
        let names = rows.prefix(5).map { $0["host"]?.text ?? "-" }.joined(separator: ", ")
        let more = rows.count > 5 ? " and \(rows.count - 5) more" : ""
        return Finding(.warning, "silence", "silent: \(names)\(more)", fix: "wplog hosts --silent")
    }

    private func times() async throws -> Finding {
        let hosts = try await counts("reason:time_suspect", by: "host", since: "1d")
        guard let worst = hosts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
            return Finding(.ok, "timestamps", "no line of the last day had a time too far away to believe")
        }
        let sum = UInt64(hosts.values.reduce(0, +))
        return Finding(
            .warning, "timestamps",
            "\(Words.count(sum, "line")) had times too far away to believe, most of them from \(worst.key)",
            fix: "wplog search 'reason:time_suspect' --since 1d")
    }
}
