import Query

/// The tables of `wplog stats`.
struct StatsReport {
    /// One table: its key in JSON, its title, and the query that makes it.
    private struct Section {
        let key: String
        let title: String
        let filter: String
        let stages: String
    }

    private static let sections = [
        Section(key: "by_level", title: "Levels", filter: "level:*", stages: "count by level"),
        Section(key: "by_host", title: "Hosts", filter: "host:*", stages: "top 10 host"),
        Section(key: "by_program", title: "Programs", filter: "program:*", stages: "top 10 program"),
        Section(key: "by_status", title: "Status of requests", filter: "status:*", stages: "count by status"),
        Section(key: "by_path", title: "Paths", filter: "path:*", stages: "top 10 path"),
        Section(
            key: "slowest", title: "Slowest requests (95 % are faster, in seconds)",
            filter: "request_time:* path:*",
            stages: "stats count, p95(request_time) as p95 by vhost, path | sort -p95 | head 10"),
        Section(
            key: "parse_failures", title: "Lines that did not parse (wplog unparsed --top)",
            filter: "parse:failed", stages: "top 10 program"),
    ]

    /// The whole report.
    private(set) var bytes: [UInt8] = []
    private(set) var matched: UInt64 = 0
    /// Why it is not whole.
    private(set) var reason: String?

    init(_ source: Source, _ question: SearchQuestion) async throws {
        let isJSON = question.form.style == .json
        var json = JSONText()
        // First alone, so that a mistake in the query is shown at its own place.
        var first = question
        first.query = question.query + " | stats count, rate"
        first.form = OutputForm(.json)
        let (row, meta) = try await source.answer(first, asks: question.query)
        matched = meta.matched
        reason = meta.reason
        let rate = AnswerRows.read(row).first?["rate"]?.number ?? 0
        let isPeople = question.form.style == .text || question.form.style == .table
        if isPeople {
            let head =
                "\(meta.window(Zones.local)): \(Words.count(matched, "event")), \(Words.frequency(rate))"
            let ahead = meta.ahead.map { "\n\($0.description)" } ?? ""
            bytes += Array((head + ahead + "\n").utf8)
        }
        var tables: [(key: String, bytes: [UInt8])] = []
        for section in Self.sections {
            var part = question
            part.query = Self.query(question.query, section)
            part.limit = SearchQuestion.limitMost
            let answer = try await source.answer(part)
            reason = reason ?? answer.meta.reason
            tables.append((section.key, answer.meta.matched == 0 ? [] : answer.bytes))
            guard !isJSON, answer.meta.matched > 0 else { continue }
            if !bytes.isEmpty { bytes.append(0x0A) }
            if isPeople { bytes += Array((section.title + "\n").utf8) }
            bytes += answer.bytes
        }
        guard isJSON else { return }
        json.object { json in
            for (name, time) in [("from", meta.from), ("to", meta.to)] {
                json.key(name)
                if let time { json.string(time) } else { json.null() }
            }
            json.key("events")
            json.number(matched)
            if let ahead = meta.ahead {
                json.key("ahead")
                ahead.append(to: &json)
            }
            json.key("rate")
            json.value(Array(DecimalText.shortest(rate).utf8))
            for table in tables {
                json.key(table.key)
                json.array { json in
                    for line in table.bytes.split(separator: 0x0A) { json.value(Array(line)) }
                }
            }
        }
        json.endLine()
        bytes = json.bytes
    }

    private static func query(_ text: String, _ section: Section) -> String {
        text.isEmpty
            ? "\(section.filter) | \(section.stages)" : "(\(text)) \(section.filter) | \(section.stages)"
    }
}
