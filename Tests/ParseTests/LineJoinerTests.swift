import TestSupport
import Testing

@testable import Parse

/// Lines that come one by one and are one event.
@Suite struct LineJoinerTests {
    /// A listener's side of the joiner: lines in, events out, with their lines.
    private struct Intake: ~Copyable {
        var parser: LineParser
        var now = ParsedLine.received
        /// The raw lines of all events so far.
        var events: [String] = []
        var hosts: [String] = []
        var programs: [String] = []
        var held: Set<UInt64> = []

        init(_ formats: FormatSet? = ParsedLine.formats) throws {
            parser = LineParser(formats: try #require(formats), zone: .utc)
        }

        mutating func take(_ lines: String..., from peer: Peer = Peer(.tcp, "10.0.0.1")) {
            var batch = EventBatch()
            batch.received = now
            batch.peers = [Peer(.own, ""), peer]
            for line in lines {
                let start = batch.bytes.count
                batch.bytes += Array(line.utf8) + [0x0A]
                parser.take(start..<batch.bytes.count - 1, peer: 1, in: &batch)
            }
            for line in batch.held {
                #expect(held.insert(line.id).inserted, "a number that was given before")
                #expect(batch.peers[Int(line.peer)] == peer)
            }
            note(batch)
            release(at: now)
        }

        mutating func release(at now: Int64?) {
            var batch = EventBatch()
            parser.release(at: now, into: &batch)
            #expect(held.isSuperset(of: batch.released))
            held.subtract(batch.released)
            note(batch)
        }

        private mutating func note(_ batch: EventBatch) {
            for event in batch.events {
                #expect(flaws(in: batch, event) == [])
                events.append(String(decoding: batch.bytes[event.raw.range], as: UTF8.self))
                func text(_ id: FieldID) -> String {
                    batch.fields(of: event).first { $0.field == id }
                        .map { String(decoding: batch.bytes(of: $0), as: UTF8.self) } ?? ""
                }
                hosts.append(text(.host))
                programs.append(text(.program))
            }
        }
    }

    private func nginx(_ text: String, host: String = "web1", pid: String = "") -> String {
        "<187>Nov 22 11:59:30 \(host) nginx\(pid): \(text)"
    }
    private let first =
        "2026/11/22 11:59:30 [error] 1#1: *2 FastCGI sent in stderr: \"PHP message: PHP Fatal error:"

    @Test func `a trace comes with the line before it, once nothing more follows`() throws {
        var intake = try Intake()
        intake.take(nginx(first))
        #expect(intake.events == [])
        intake.take(nginx("Stack trace:"), nginx("#0 {main}"))
        intake.release(at: intake.now + ParseLimits.lineWait - 1)
        #expect(intake.events == [])
        intake.release(at: intake.now + ParseLimits.lineWait)
        // The header once: the others say the same.
        #expect(intake.events == [nginx(first) + "\nStack trace:\n#0 {main}"])
        #expect(intake.hosts == ["web1"])
        #expect(intake.held == [])
        let holdsLines = intake.parser.holdsLines
        #expect(!holdsLines)
    }

    @Test func `the next first line completes the event before it`() throws {
        var intake = try Intake()
        intake.take(nginx(first), nginx("#0 a"), nginx(first + " two"))
        #expect(intake.events == [nginx(first) + "\n#0 a"])
        intake.release(at: nil)
        #expect(intake.events.last == nginx(first + " two"))
    }

    @Test func `an access line is an event at once, and completes the event before it`() throws {
        var intake = try Intake()
        let access = nginx(#"10.0.0.1 - - [22/Nov/2026:11:59:31 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#)
        intake.take(nginx(first), access)
        #expect(intake.events == [access, nginx(first)])
    }

    @Test func `lines of other programs are never kept`() throws {
        var intake = try Intake()
        intake.take("<13>Nov 22 11:59:30 web1 app[7]: one", "no header at all", "")
        // A blank line is no event.
        #expect(intake.events.count == 2)
        #expect(intake.held == [])
    }

    @Test func `senders, hosts and pids that interleave are kept apart`() throws {
        var intake = try Intake()
        let peers = [Peer(.tcp, "10.0.0.1"), Peer(.tcp, "10.0.0.2"), Peer(.udp, "10.0.0.1")]
        let names = [("web1", "[1]"), ("web2", "[1]"), ("web1", "[2]")]
        for line in [first, "#0 a", "#1 b"] {
            for peer in peers {
                for (host, pid) in names {
                    // Each says who it is, so that a mixture is seen.
                    let who = "\(peer.listener.name)/\(peer.address)/\(host)\(pid)"
                    intake.take(nginx("\(line) \(who)", host: host, pid: pid), from: peer)
                }
            }
        }
        #expect(intake.events == [])
        intake.release(at: nil)
        #expect(intake.events.count == 9)
        for event in intake.events {
            let writers = Set(event.split(separator: "\n").map { $0.split(separator: " ").last })
            #expect(writers.count == 1, "\(event)")
            #expect(event.contains("#0 a") && event.contains("#1 b"))
        }
    }

    @Test func `an event that never ends is given after the longest wait`() throws {
        var intake = try Intake()
        intake.take(nginx(first))
        var lines = 1
        while intake.events.isEmpty, lines < 1_000 {
            intake.now += ParseLimits.lineWait / 2
            intake.take(nginx("#\(lines)"))
            lines += 1
        }
        #expect(intake.now - ParsedLine.received == ParseLimits.joinWait)
        #expect(intake.events.first?.split(separator: "\n").count == lines)
    }

    @Test func `a clock that is set back does not keep lines`() throws {
        var intake = try Intake()
        intake.take(nginx(first))
        intake.release(at: intake.now - 3_600_000_000_000)
        #expect(intake.events == [nginx(first)])
    }

    @Test(arguments: [ParseLimits.joinedLines, ParseLimits.joinedLines + 1])
    func `an event of too many lines is two, each with its header`(_ count: Int) throws {
        var intake = try Intake()
        intake.take(nginx(first))
        for number in 1..<count { intake.take(nginx("#\(number)")) }
        intake.release(at: nil)
        let wanted = count > ParseLimits.joinedLines ? 2 : 1
        #expect(intake.events.count == wanted)
        #expect(intake.hosts == Array(repeating: "web1", count: wanted))
        #expect(intake.programs == Array(repeating: "nginx", count: wanted))
        let lines = intake.events.flatMap { $0.split(separator: "\n") }
        #expect(lines.count == count)
        #expect(intake.held == [])
    }

    @Test func `an event of too many bytes is several, and no byte is lost`() throws {
        var intake = try Intake()
        intake.take(nginx(first))
        let long = String(repeating: "x", count: 20_000)
        for number in 0..<10 { intake.take(nginx("#\(number) \(long)")) }
        intake.release(at: nil)
        #expect(intake.events.allSatisfy { $0.utf8.count <= ParseLimits.joinedBytes + 200 })
        for number in 0..<10 {
            #expect(intake.events.filter { $0.contains("#\(number) \(long)") }.count == 1)
        }
    }

    /// Bytes held are bounded, whoever sends.
    @Test func `too much held is given early`() throws {
        var intake = try Intake()
        let long = String(repeating: "x", count: 60_000)
        let count = ParseLimits.heldBytes / 60_000 + 20
        for number in 0..<count { intake.take(nginx(first + long, host: "h\(number)")) }
        #expect(intake.events.count > 250)
        intake.release(at: nil)
        #expect(intake.events.count == count)
    }

    @Test(arguments: [ParseLimits.heldWriters, ParseLimits.heldWriters + 1])
    func `too many writers are not waited for`(_ count: Int) throws {
        var intake = try Intake()
        for number in 0..<count { intake.take(nginx(first, host: "h\(number)")) }
        #expect(intake.events.count == (count > ParseLimits.heldWriters ? count : 0))
    }

    @Test func `of too many workers the one that waits longest is not waited for`() throws {
        let worker = { (number: Int) in
            "<13>Nov 22 11:59:30 h php-fpm: [22-Nov-2026 10:56:49] WARNING: [pool www] child \(number) "
                + "said into stderr: \"NOTICE: PHP message: PHP Warning:  x in /a.php on line 1\""
        }
        var intake = try Intake()
        for number in 0..<ParseLimits.heldWorkers { intake.take(worker(number)) }
        #expect(intake.events == [])
        intake.take(worker(5_000))
        #expect(intake.events == [worker(0)])
        intake.release(at: nil)
        #expect(intake.events.count == ParseLimits.heldWorkers + 1)
    }

    @Test func `events of many senders are numbered by their sender`() throws {
        var parser = LineParser(formats: try #require(ParsedLine.formats), zone: .utc)
        var batch = EventBatch()
        batch.received = ParsedLine.received
        batch.peers = (0..<3).map { Peer(.udp, "10.0.0.\($0)") }
        for number in 0..<30 {
            let start = batch.bytes.count
            batch.bytes += Array((nginx(first, host: "h\(number)") + "\n").utf8)
            parser.take(start..<batch.bytes.count - 1, peer: number % 3, in: &batch)
        }
        var joined = EventBatch()
        parser.release(at: nil, into: &joined)
        #expect(joined.events.count == 30)
        #expect(joined.peers.count == 3)
        for event in joined.events {
            let line = String(decoding: joined.bytes[event.raw.range], as: UTF8.self)
            let number = try #require(line.split(separator: " ").first { $0.first == "h" }?.dropFirst())
            #expect(joined.peers[Int(event.peer)].address == "10.0.0.\((Int(number) ?? 0) % 3)")
        }
    }

    // MARK: Rules in code

    /// Lines of `worker N: text`, where `!` begins an event, `-` is alone and `>` goes on.
    private static let workers: LineRule.LineReader = { bytes, range, state in
        guard bytes.has("worker ", at: range.lowerBound, to: range.upperBound), range.count > 9 else {
            return .unknown
        }
        let key = range.lowerBound &+ 7..<range.lowerBound &+ 8
        switch bytes[range.lowerBound &+ 8] {
        case UInt8(ascii: "!"): return .begins(key: key)
        case UInt8(ascii: ">"): return .continues(key: key)
        case UInt8(ascii: "?"): return state == 0 ? .alone : .continues(key: key)
        default: return .alone
        }
    }

    private func workers() throws -> Intake {
        try Intake(
            FormatSet(
                [
                    FormatDefinition(
                        name: "workers", programs: ProgramRule(names: ["app"]), body: .text("note"),
                        lines: .code(Self.workers))
                ], library: .embedded))
    }

    private func app(_ text: String) -> String { "<13>Nov 22 11:59:30 h app[1]: \(text)" }

    @Test func `a rule tells workers of one process apart`() throws {
        var intake = try workers()
        intake.take(app("worker 1! a"), app("worker 2! b"), app("worker 1> c"), app("worker 2> d"))
        intake.release(at: nil)
        #expect(
            intake.events == [
                app("worker 1! a") + "\nworker 1> c", app("worker 2! b") + "\nworker 2> d",
            ])
    }

    @Test func `what no rule knows is an event, unless it is a line of a trace`() throws {
        var intake = try workers()
        intake.take(
            app("nobody"), app("worker 1! a"), app("worker 2! b"), app("#0 main()"), app("more"),
            app("  indented"))
        intake.release(at: nil)
        #expect(
            intake.events == [
                app("nobody"), app("more"), app("  indented"), app("worker 1! a"),
                app("worker 2! b") + "\n#0 main()",
            ])
    }

    @Test func `a rule sees what it said of the line before`() throws {
        var intake = try workers()
        intake.take(app("worker 1? a"), app("worker 1! b"), app("worker 1? c"))
        intake.release(at: nil)
        #expect(intake.events == [app("worker 1? a"), app("worker 1! b") + "\nworker 1? c"])
    }

    @Test func `a line that goes on with nothing begins`() throws {
        var intake = try workers()
        intake.take(app("worker 1> a"), app("worker 1> b"))
        intake.release(at: nil)
        #expect(intake.events == [app("worker 1> a") + "\nworker 1> b"])
    }

    /// Whatever comes in whatever order: each line is in one event, once, and in the order of its writer.
    @Test func `no line is lost or twice`() throws {
        var random = SeededRandom()
        for _ in 0..<200 {
            var intake = try workers()
            var sent: [String] = []
            for number in 0..<random.below(60) {
                let kinds = [
                    "worker 1!", "worker 1>", "worker 2!", "worker 2>", "worker 3-", "worker 1?", "zz",
                ]
                let text = "\(kinds[random.below(kinds.count)]) \(number)"
                sent.append(text)
                intake.take(app(text))
                if random.below(10) == 0 { intake.now += 600_000_000 }
            }
            intake.release(at: nil)
            let got = intake.events.flatMap { event in
                event.dropFirst(app("").count).split(separator: "\n").map(String.init)
            }
            #expect(got.sorted() == sent.sorted(), "seed \(random.seed)")
            #expect(intake.held == [])
        }
    }
}
