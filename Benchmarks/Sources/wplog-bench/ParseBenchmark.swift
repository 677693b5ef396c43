import Ingest
import Parse

/// Frames and events from bytes, on one thread, in reads of the size that a busy connection has.
struct ParseBenchmark {
    private static let count = 200_000
    private static let passes = 5

    private let load: Load

    init(_ load: Load) { self.load = load }

    func run(into report: inout Report) throws {
        let inputs = [
            ("nginx access lines in RFC 5424", try load.lines(.rfc5424, count: Self.count, of: Self.count)),
            ("nginx access lines in RFC 3164", try load.lines(.rfc3164, count: Self.count, of: Self.count)),
            ("plain syslog lines in RFC 3164", Self.plainLines()),
        ]
        for (name, bytes) in inputs {
            let feed = try Feed(day: load.day)
            var times = Samples()
            for pass in 0...Self.passes {
                let start = Clocks.thread
                let events = feed.run(bytes) { _ in }
                // The first pass fills caches.
                if pass > 0 { times.add(Clocks.thread - start) }
                guard events == Self.count else { throw Failure("\(events) events of \(Self.count) lines") }
            }
            let perLine = times.median / Double(Self.count)
            report.add(
                "parse, one thread: \(name)", 1 / perLine, "lines/s",
                more: "\(Report.number(perLine * 1e9, 0)) ns a line of \(bytes.count / Self.count) bytes")
        }
    }

    /// Lines of programs that have no format of their own.
    private static func plainLines() -> [UInt8] {
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
