import Foundation
import TestSupport
import Testing

@testable import Parse

/// Which frames become one event, and which never do.
@Suite struct JoinTests {
    /// A frame, and the connection that it comes over.
    struct Frame {
        var text: String
        var connection: UInt64 = 1
        var peer = Peer(.tcp, "192.0.2.1")

        init(_ text: String, over connection: UInt64 = 1) {
            self.text = text
            self.connection = connection
        }
    }

    /// The raw lines of the events that frames become, in the order of their beginnings.
    static func events(_ frames: [Frame]) throws -> [String] {
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        return events(frames, &parser)
    }

    static func events(_ frames: [Frame], _ parser: inout LineParser) -> [String] {
        var events: [String] = []
        func note(_ batch: EventBatch) {
            events += batch.events.map { String(decoding: batch.bytes[$0.raw.range], as: UTF8.self) }
        }
        for frame in frames {
            var batch = EventBatch()
            batch.received = ParsedLine.received
            batch.peers = [frame.peer]
            batch.bytes = Array((frame.text + "\n").utf8)
            parser.take(0..<batch.bytes.count - 1, peer: 0, connection: frame.connection, in: &batch)
            note(batch)
            var joined = EventBatch()
            parser.release(at: ParsedLine.received, into: &joined)
            note(joined)
        }
        var joined = EventBatch()
        parser.release(at: nil, into: &joined)
        note(joined)
        return events
    }

    private static func php(_ text: String, _ pri: Int = 11, pid: Int = 5) -> String {
        "<\(pri)>Nov 22 11:59:30 web1 php[\(pid)]: \(text)"
    }
    private static func app(_ text: String, _ pri: Int = 14) -> String {
        "<\(pri)>Nov 22 11:59:30 web1 app[5]: \(text)"
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let frames: [Frame]
        /// How many frames each event has, in the order of their beginnings.
        let sizes: [Int]
        var testDescription: String { name }

        init(_ name: String, _ frames: [String], _ sizes: [Int]) {
            self.name = name
            self.frames = frames.map { Frame($0) }
            self.sizes = sizes
        }

        init(_ name: String, over frames: [(UInt64, String)], _ sizes: [Int]) {
            self.name = name
            self.frames = frames.map { Frame($0.1, over: $0.0) }
            self.sizes = sizes
        }
    }

    static let warning = php("PHP Warning:  Undefined variable $x in /a.php on line 2", 12)
    static let fatal = php("PHP Fatal error:  Uncaught Exception: no stock in /a.php:2")

    static let cases: [Case] = [
        // What is no line of a trace is an event.
        Case("another PRI", [warning, php("payment refused")], [1, 1]),
        Case("the same PRI", [warning, php("payment refused", 12)], [1, 1]),
        Case(
            "a trace of PHP",
            [
                fatal, php("Stack trace:"), php("#0 /a.php(9): pay()"), php("#1 {main}"),
                php("  thrown in /a.php on line 2"),
            ], [5]),
        Case(
            "the line after a trace",
            [fatal, php("#0 {main}"), php("  thrown in /a.php on line 2"), php("  3 tries left")],
            [3, 1]),
        Case("a trace of another PRI", [fatal, php("#0 {main}", 12)], [1, 1]),
        Case("a trace of another pid", [fatal, php("#0 {main}", pid: 6)], [1, 1]),
        Case("a trace of another connection", over: [(1, fatal), (2, php("#0 {main}"))], [1, 1]),
        Case("two fatal errors", [fatal, php("#0 {main}"), fatal, php("#0 {main}")], [2, 2]),
        Case(
            "lines of PHP that begin as all do",
            [fatal, php("PHP Stack trace:"), php("PHP   1. {main}() /a.php:0")], [3]),

        // Traces of programs that no format knows.
        Case(
            "Java",
            [
                app("java.lang.IllegalStateException: pool closed"),
                app("\tat org.example.Pool.take(Pool.java:31)"),
                app("Caused by: java.io.IOException: reset"), app("\t... 12 more"), app("next request"),
            ], [4, 1]),
        Case(
            "Python",
            [
                app("Traceback (most recent call last):"), app("  File \"/srv/app.py\", line 3, in <module>"),
                app("    pay()"), app("ShopError: no stock"), app("ShopError: again"),
            ], [4, 1]),
        Case(
            "Python, one error while another was handled",
            [
                app("Traceback (most recent call last):"), app("  File \"a.py\", line 3"),
                app("KeyError: 'x'"), app(""),
                app("During handling of the above exception, another exception occurred:"), app(""),
                app("Traceback (most recent call last):"), app("  File \"a.py\", line 9"),
                app("ValueError: y"),
            ], [9]),
        Case(
            "Go",
            [
                app("panic: runtime error: index out of range [3] with length 3"), app(""),
                app("goroutine 1 [running]:"),
                app("main.(*Pool).take(0xc000, 0x1)"), app("\t/srv/pool.go:31 +0x1d"), app("exit status 2"),
            ], [5, 1]),
        Case(
            "Node",
            [
                app("TypeError: x is not a function"), app("    at pay (/srv/app.js:3:9)"),
                app("    at main"), app("listening"),
            ],
            [3, 1]),
        Case(
            "Ruby",
            [
                app("/srv/app.rb:10:in 'pay': no stock (RuntimeError)"),
                app("from /srv/app.rb:22:in '<main>'"),
                app("from the start"),
            ], [2, 1]),
        Case(
            "Rust",
            [
                app("thread 'main' panicked at src/main.rs:2:5:"), app("no stock"),
                app("note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"),
                app("bye"),
            ], [3, 1]),
        Case(
            "what is indented after a plain text", [app("request failed", 11), app("  3 rows", 11)], [1, 1]),
        Case(
            "a trace with the blank that rsyslog adds, and one without",
            [
                "<11>1 2026-11-22T11:59:30Z web1 php - - -  PHP Fatal error:  Uncaught Exception: x in /a.php:2",
                "<11>1 2026-11-22T11:59:30Z web1 php - - -  #0 {main}",
                "<11>1 2026-11-22T11:59:30Z web1 php - - -    thrown in /a.php on line 2",
                "<11>1 2026-11-22T11:59:30Z web1 php - - - PHP Fatal error:  Uncaught Exception: y in /a.php:2",
                "<11>1 2026-11-22T11:59:30Z web1 php - - - #0 {main}",
                "<11>1 2026-11-22T11:59:30Z web1 php - - -   thrown in /a.php on line 2",
            ], [3, 3]),
        Case(
            "a trace among lines of others", [app("Error: x"), php("y"), app("    at pay (a.js:1:1)")],
            [2, 1]),
        Case(
            "lines without a header go on with the frame of their connection",
            over: [
                (1, app("Traceback (most recent call last):", 11)),
                (2, app("Traceback (most recent call last):", 11)),
                (1, "  File \"a.py\", line 1"), (2, "  File \"b.py\", line 2"), (1, "KeyError: 'a'"),
                (1, "hello"),
            ], [3, 2, 1]),

        // A channel of MediaWiki's groups is none of another's.
        Case(
            "groups of MediaWiki",
            [
                "exception 2026-11-22 11:59:30 web1 wpwiki: [id] /wiki/X  RuntimeException: x",
                "exception #0 {main}",
                "api 2026-11-22 11:59:30 web1 wpwiki: API GET ::1", "2026 words of nobody",
            ], [2, 1, 1]),
        Case("an object", [fatal, php(#"{"level":"info","msg":"x"}"#)], [1, 1]),
    ]

    @Test(arguments: cases) func `frames become events`(_ test: Case) throws {
        let events = try Self.events(test.frames)
        var sizes: [Int] = []
        for event in events {
            let lines = event.split(separator: "\n", omittingEmptySubsequences: false).count
            sizes.append(lines)
        }
        #expect(sizes.sorted() == test.sizes.sorted(), "\(events)")
        #expect(sizes.reduce(0, +) == test.frames.count)
    }

    /// The blank is the separator of its writer, or the message's own: the first line tells.
    @Test func `indentation of further lines stays`() throws {
        let head = "<11>1 2026-11-22T11:59:30Z web1 php - - - "
        for blank in ["", " "] {
            let events = try Self.events(
                [
                    head + blank + "PHP Fatal error:  x", head + blank + "#0 {main}",
                    head + blank + "  thrown in /a.php",
                ]
                .map { Frame($0) })
            #expect(events == [head + blank + "PHP Fatal error:  x\n#0 {main}\n  thrown in /a.php"])
        }
    }

    // MARK: Properties

    /// Some lines of each file of real lines, with their programs.
    static func samples() throws -> [(program: String, line: String)] {
        var samples: [(program: String, line: String)] = []
        var seen: [String: Int] = [:]
        for row in try Repository.lines(in: "Tests/Formats", suffix: ".ndjson") {
            guard let object = try JSONSerialization.jsonObject(with: Data(row)) as? [String: Any],
                let line = object["line"] as? String, let program = object["program"] as? String,
                let format = object["format"] as? String, !line.contains("\n"), !line.hasPrefix("<"),
                !program.isEmpty
            else { continue }
            let variant = "\(format) \(object["variant"] ?? "")"
            guard seen[variant, default: 0] < 3 else { continue }
            seen[variant, default: 0] += 1
            samples.append((program, line))
        }
        return samples
    }

    /// No line goes into the event of another writer: all pairs of samples, each kind of difference.
    @Test func `no sample is swallowed by a sample of another writer`() throws {
        let samples = try Self.samples()
        #expect(samples.count > 60)
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        var held = 0
        for first in samples {
            let one = Frame("<11>Nov 22 11:59:30 web1 \(first.program)[5]: \(first.line)")
            // A line that waits for no other cannot swallow one.
            guard Self.waits(one, &parser) else { continue }
            held += 1
            for second in samples {
                for (pri, pid, connection) in [(14, 5, UInt64(1)), (11, 6, 1), (11, 5, 2)] {
                    let other = "<\(pri)>Nov 22 11:59:30 web1 \(first.program)[\(pid)]: \(second.line)"
                    let events = Self.events([one, Frame(other, over: connection)], &parser)
                    #expect(events.count == 2, "\(one.text)\n\(other)")
                }
            }
        }
        #expect(held > 10)
    }

    private static func waits(_ frame: Frame, _ parser: inout LineParser) -> Bool {
        var batch = EventBatch()
        batch.received = ParsedLine.received
        batch.peers = [frame.peer]
        batch.bytes = Array((frame.text + "\n").utf8)
        parser.take(0..<batch.bytes.count - 1, peer: 0, in: &batch)
        var rest = EventBatch()
        parser.release(at: nil, into: &rest)
        return !batch.held.isEmpty
    }

    /// However the lines of some writers interleave, the same events come out.
    @Test func `interleaving changes no event`() throws {
        var random = SeededRandom()
        let traces: [[String]] = [
            [
                Self.fatal, Self.php("Stack trace:"), Self.php("#0 {main}"),
                Self.php("  thrown in /a.php on line 2"),
            ],
            [Self.app("Error: x"), Self.app("    at pay (a.js:1:1)"), Self.app("done")],
            [
                Self.app("Traceback (most recent call last):", 11), Self.app("  File \"a.py\"", 11),
                Self.app("E: x", 11),
            ],
            [Self.warning, Self.php("refused", 12), Self.php("again", 12)],
        ]
        for _ in 0..<200 {
            let writers = (0..<6).map { number in
                traces[random.below(traces.count)].map {
                    Frame($0 + " of \(number)", over: UInt64(number + 1))
                }
            }
            let expected = try writers.flatMap { try Self.events($0) }.sorted()
            var left = writers
            var mixed: [Frame] = []
            while true {
                let open = left.indices.filter { !left[$0].isEmpty }
                guard !open.isEmpty else { break }
                mixed.append(left[random.pick(open)].removeFirst())
            }
            #expect(try Self.events(mixed).sorted() == expected, "seed \(random.seed)")
        }
    }
}
