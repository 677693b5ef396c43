import Ingest
import Parse

/// Frames and events from bytes, on one thread, in reads of the size that a busy connection has.
struct ParseBenchmark {
    private static let count = 200_000
    private static let mixedCount = 50_000
    private static let passes = 5

    private let load: Load

    init(_ load: Load) { self.load = load }

    func run(into report: inout Report) throws {
        var inputs = [
            try Input("nginx access lines in RFC 5424", load, .rfc5424, Self.count),
            try Input("nginx access lines in RFC 3164", load, .rfc3164, Self.count),
            try Input(
                "sshd, kernel, cron and Postfix in RFC 3164", Self.shortLines(), Self.count, day: load.day),
        ]
        inputs += try Self.shapes()
        try Self.measure(&inputs)
        for input in inputs { input.add(to: &report) }
        try HostileBenchmark().run(into: &report)
    }

    /// Lines of one format, and of all.
    private static func shapes() throws -> [Input] {
        [
            try Input(
                "nginx combined in RFC 5424",
                LineFile(
                    example: "docs-nginx.log",
                    header: "<190>1 2026-11-22T10:57:00.123456Z docs nginx 1187 access - ",
                    format: "nginx-access"
                ).mixed(mixedCount), least: 1_000_000),
            try Input(
                "Apache combined in RFC 5424",
                LineFile(
                    example: "blog-apache2.log",
                    header: "<190>1 2026-11-22T10:57:00.123456Z blog apache2 - - - ",
                    format: "apache-access"
                ).mixed(mixedCount), least: 1_000_000),
            try Input(
                "MediaWiki exception JSON in RFC 5424", LineFile("mediawiki-exception.txt").mixed(mixedCount),
                least: 300_000),
            try Input(
                "all formats in equal shares", LineFile("mixed.txt").mixed(mixedCount), least: 400_000),
        ]
    }

    /// Measures in turns, so that what else the machine does meets all of them.
    static func measure(_ inputs: inout [Input]) throws {
        for pass in 0...passes {
            for index in inputs.indices {
                let seconds = try inputs[index].run()
                // The first pass fills caches.
                if pass > 0 { inputs[index].times.add(seconds) }
            }
        }
    }

    /// Short lines of programs that every machine has.
    private static func shortLines() -> [UInt8] {
        var bytes: [UInt8] = []
        for index in 0..<count {
            let clock = "Nov 21 1\(index / 3_600 % 10):\(10 + index / 60 % 50):\(10 + index % 50)"
            let number = index &* 7_919 % 50_000
            let text =
                switch index % 4 {
                case 0:
                    "sshd[\(number)]: Accepted publickey for deploy from 10.2.3.\(number % 250) port \(number) ssh2"
                case 1: "kernel: [\(number).123456] eth0: link becomes ready, speed \(number % 10_000) Mb/s"
                case 2:
                    "CRON[\(number)]: (root) CMD (test -x /usr/sbin/job && /usr/sbin/job --quiet \(number % 60))"
                default:
                    "postfix/smtpd[\(number)]: connect from mail\(number % 90).example.net[192.0.2.\(number % 250)]"
                }
            bytes += Array("<\(number % 150)>\(clock) host\(number % 12) \(text)\n".utf8)
        }
        return bytes
    }
}

/// What is parsed again and again, and how long that took.
struct Input {
    let name: String
    let bytes: [UInt8]
    let count: Int
    private let least: Double?
    private let feed: Feed
    var times = Samples()

    init(_ name: String, _ load: Load, _ frame: Load.Frame, _ count: Int) throws {
        try self.init(name, load.lines(frame, count: count, of: count), count, day: load.day)
    }

    /// `count` lines that were sent on `day` (seconds since the Unix epoch).
    init(_ name: String, _ bytes: [UInt8], _ count: Int, day: Int, least: Double? = nil) throws {
        self.name = name
        self.bytes = bytes
        self.count = count
        self.least = least
        feed = try Feed(day: day)
    }

    /// Lines of known formats, of 2026-11-22.
    ///
    /// Throws where another format reads one of them.
    init(_ name: String, _ lines: [LineFile.Line], least: Double? = nil) throws {
        try self.init(
            name, LineFile.stream(lines), lines.count, day: LineFile.day, least: least)
        var index = 0
        _ = try feed.run(bytes) { batch in
            for event in batch.events {
                let format = Formats.names.name(of: event.format)
                guard index < lines.count, format == lines[index].format else {
                    let text = String(decoding: batch.bytes[event.raw.range].prefix(200), as: UTF8.self)
                    throw Failure("\(name): \(format) read a line of another format: \(text)")
                }
                index += 1
            }
        }
    }

    /// Seconds of this thread for one pass.
    func run() throws -> Double {
        let start = Clocks.thread
        let events = feed.run(bytes) { _ in }
        let seconds = Clocks.thread - start
        guard events == count else { throw Failure("\(name): \(events) events of \(count) lines") }
        return seconds
    }

    /// Lines a second, by the median.
    var rate: Double { Double(count) / times.median }

    func add(to report: inout Report) {
        let best = Report.number(Double(count) / times.percentile(0), 0)
        let perLine = Report.number(times.median / Double(count) * 1e9, 0)
        report.add(
            "parse, one thread: \(name)", rate, "lines/s",
            more: "best \(best), \(perLine) ns a line of \(bytes.count / count) bytes", least: least)
    }
}

/// Makes events of bytes as a listener does: reads of 256 KiB, one batch used again and again.
final class Feed {
    private var parser: LineParser
    private let received: Int64

    init(day: Int) throws {
        parser = LineParser(formats: try FormatSet(library: .embedded), zone: .utc)
        received = Int64(day + 86_400) * 1_000_000_000
    }

    /// Calls `body` with each batch; returns the number of events.
    func run(_ bytes: [UInt8], _ body: (EventBatch) throws -> Void) rethrows -> Int {
        var decoder = FrameDecoder()
        var batch = EventBatch()
        var count = 0
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + IngestLimits.readBytes)
            batch.bytes += bytes[start..<end]
            batch.received = received
            batch.peers = [Peer(.tcp, "127.0.0.1")]
            start = end
            var position = 0
            while case .frame(let range, let noted) = decoder.next(in: batch.bytes.span, from: &position) {
                parser.parse(range, peer: 0, noted: noted, in: &batch)
            }
            count += batch.events.count
            try body(batch)
            batch.recycle(consumed: position)
        }
        return count
    }
}
