import Foundation

/// The whole way: lines over TCP into a server, then questions, then a restart.
struct ServerBenchmark {
    private static let runs = 30

    private let load: Load
    private let binary: String
    private let directory: String
    private let events: Int

    init(_ load: Load, _ folder: TemporaryFolder, _ options: Options) throws {
        self.load = load
        binary = options.binary
        directory = folder.path + "/data"
        events = options.events
        guard FileManager.default.isExecutableFile(atPath: binary) else {
            throw Failure("there is no program \(binary): `make build` makes it, --binary names another")
        }
    }

    func run(into report: inout Report) throws {
        let server = try Server(binary: binary, directory: directory)
        var client = try HTTPClient(port: server.http)
        try receive(server, &client, &report)
        try waitForClosedDay(&client)
        report.addDisk("disk after the day is closed", directory, events: events, most: 45)
        try ask(&client, &report)
        report.add("peak RSS of the server, queries included", try server.figures.peak / 1e6, "MB", digits: 0)
        try server.child.stop()
        try restart(&report)
    }

    // MARK: Receiving

    private func receive(_ server: Server, _ client: inout HTTPClient, _ report: inout Report) throws {
        let begin = Clocks.wall
        let cpu = try server.figures.cpu
        try load.send(events, port: server.syslog)
        let sent = Clocks.wall - begin
        var metrics = try client.metrics()
        try wait("all events are stored", seconds: 120) {
            metrics = try client.metrics()
            return metrics["wplog_events_stored_total", default: 0] >= events
        }
        let stored = Clocks.wall - begin
        var found = 0
        try wait("all events are found", seconds: 60) {
            found = try number("count", in: search(&client, "* | count", limit: 10))
            return found >= events
        }
        let searchable = Clocks.wall - begin
        guard found == events else { throw Failure("\(found) events are found of \(events) that were sent") }
        try wait("all full blocks are committed", seconds: 120) {
            try client.metrics()["wplog_blocks_pending", default: 0] == 0
        }
        let figures = try server.figures
        let count = Double(events)
        report.add(
            "end to end, TCP, one sender: until all is searchable", count / searchable, "events/s",
            more: "sent in \(Report.number(sent, 2)) s, stored in \(Report.number(stored, 2)) s",
            least: 180_000)
        report.add(
            "CPU of the server, all blocks committed", (figures.cpu - cpu) / count * 1e6, "s a million",
            digits: 2,
            most: 5.5)
        report.add("peak RSS of the server while receiving", figures.peak / 1e6, "MB", most: 300)
    }

    /// A past day is closed some time after its last event: no event in an open block, nothing in a write-ahead log.
    private func waitForClosedDay(_ client: inout HTTPClient) throws {
        Console.note("waiting until the server closes the day (about 40 s)")
        var last = -1
        try wait("the day is closed", seconds: 120, step: 2_000_000) {
            let size = TemporaryFolder.size(of: directory)
            defer { last = size }
            let open = try client.metrics()["wplog_events_open", default: 0]
            return open == 0 && TemporaryFolder.size(of: directory, suffix: "-wal") == 0 && size == last
        }
    }

    private func wait(_ what: String, seconds: Double, step: UInt32 = 5_000, until isSo: () throws -> Bool)
        throws
    {
        let begin = Clocks.wall
        while try !isSo() {
            guard Clocks.wall - begin < seconds else {
                throw Failure("after \(Int(seconds)) s it is not so that \(what)")
            }
            usleep(step)
        }
    }

    // MARK: Asking

    private struct Question {
        var what: String
        var query: (Int) throws -> String
        var limit: Int
        /// Milliseconds.
        var target: Double?
        /// Lines of the answer; nil for any number.
        var lines: Int?
        /// Whether one hour is asked about, and not the whole day.
        var isHour = false
    }

    private func questions() -> [Question] {
        func fixed(_ query: String) -> (Int) throws -> String { { _ in query } }
        return [
            // Another id each time: the same one would be found in warm caches only.
            Question(
                what: "an id that one line has",
                query: { try load.id((2 * $0 + 1) * events / (2 * Self.runs + 8), of: events) }, limit: 50,
                target: 20,
                lines: 1),
            Question(
                what: "newest 50 of `status:500 host:docs`", query: fixed("status:500 host:docs"), limit: 50,
                target: 10),
            Question(
                what: "newest 50 of a common word, `Mozilla`", query: fixed("Mozilla"), limit: 50, target: 5,
                lines: 50),
            Question(
                what: "newest 50 of a phrase of common words, `\"Windows NT\"`",
                query: fixed("\"Windows NT\""), limit: 50,
                lines: 50),
            Question(what: "a word that no line has", query: fixed("zyzzyvaquux"), limit: 50, lines: 0),
            Question(
                what: "a word and a phrase within one hour, all rows",
                query: fixed("404 \"Windows NT\""), limit: 10_000, target: 30, isHour: true),
            Question(
                what: "`status:500 | count`", query: fixed("status:500 | count"), limit: 1_000, target: 40,
                lines: 1),
            Question(
                what: "`* | count by status`", query: fixed("* | count by status"), limit: 1_000, target: 60),
            Question(
                what: "`* | count by host`", query: fixed("* | count by host"), limit: 1_000, target: 60),
            Question(
                what: "`* | histogram 1h`", query: fixed("* | histogram 1h"), limit: 1_000, target: 25,
                lines: 24),
            Question(
                what: "`/fav[a-z]+\\.ico/ | count` within one hour",
                query: fixed("/fav[a-z]+\\.ico/ | count"),
                limit: 1_000, target: 60, lines: 1, isHour: true),
            Question(
                what: "two common words that never meet, `MSIE Safari`", query: fixed("MSIE Safari"),
                limit: 50,
                target: 700),
        ]
    }

    private func ask(_ client: inout HTTPClient, _ report: inout Report) throws {
        for question in questions() {
            var times = Samples()
            var lines = 0
            for run in -3..<Self.runs {
                let query = try question.query(run + 3)
                let begin = Clocks.wall
                let answer = try search(&client, query, limit: question.limit, isHour: question.isHour)
                if run >= 0 { times.add((Clocks.wall - begin) * 1e3) }
                lines = answer.split(separator: "\n").count
                let isRight = question.lines.map { lines == $0 } ?? true
                guard isRight else {
                    throw Failure("\(query): \(lines) lines; the first are \(answer.prefix(300))")
                }
            }
            report.add(
                "query, warm, HTTP, p50 of \(times.count): \(question.what)", times.median, "ms", digits: 1,
                more: "p99 \(Report.number(times.percentile(0.99), 1)) ms, \(lines) lines",
                most: question.target)
        }
    }

    private var window: [(String, String)] {
        [("since", "\(load.day)"), ("until", "\(load.day + 86_400)")]
    }

    private func search(
        _ client: inout HTTPClient, _ query: String, limit: Int, isHour: Bool = false
    ) throws -> String {
        let hour = [("since", "\(load.day + 36_000)"), ("until", "\(load.day + 39_599)")]
        return try client.get(
            "/api/v1/search", [("query", query), ("limit", "\(limit)")] + (isHour ? hour : window))
    }

    /// The value of a key in a line of JSON whose values are numbers.
    private func number(_ key: String, in json: String) throws -> Int {
        let digits = json.split(separator: "\"\(key)\":").dropFirst().first?.prefix { $0.isNumber }
        guard let digits, let number = Int(digits) else { throw Failure("no \(key) in \(json.prefix(300))") }
        return number
    }

    // MARK: Starting again

    private func restart(_ report: inout Report) throws {
        var starts = Samples()
        for _ in 0..<5 {
            let server = try Server(binary: binary, directory: directory)
            starts.add(server.startSeconds * 1e3)
            try server.child.stop()
        }
        let stored = Report.number(Double(events), 0)
        report.add(
            "start with \(stored) events stored, p50 of \(starts.count)", starts.median, "ms", digits: 0,
            most: 500)

        let server = try Server(binary: binary, directory: directory)
        // Longer than two looks of the timer that lets go of what is not in use.
        sleep(12)
        report.add(
            "RSS of the server, idle after a start", try server.figures.resident / 1e6, "MB", digits: 1,
            most: 60)
        var times = Samples()
        let arguments =
            ["search", "-q", "--data", directory, "-n", "50"] + window.flatMap { ["--\($0)", $1] }
        for run in -2..<Self.runs {
            let begin = Clocks.wall
            let child = try Child(binary, arguments + ["status:500 host:docs"], reading: .output)
            let hasAnswer = child.waitForFirstByte()
            if run >= 0 { times.add((Clocks.wall - begin) * 1e3) }
            guard hasAnswer else { throw Failure("wplog search printed nothing") }
            child.drain()
            try child.waitForSuccess()
        }
        report.add(
            "`wplog search`, start to first byte, p50 of \(times.count)", times.median, "ms", digits: 1,
            more: "p99 \(Report.number(times.percentile(0.99), 1)) ms", most: 50)
        try server.child.stop()
    }
}
