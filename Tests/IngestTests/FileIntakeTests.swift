import Parse
import TestSupport
import Testing

@testable import Ingest

/// The lines of a file, part by part.
@Suite struct FileIntakeTests {
    private static let new = ImportMark(file: "a-1", offset: 0, contentHash: 0, events: 0)
    private static let source = LineSource(program: "nginx", host: "web1")
    private static let first =
        "2026/11/22 10:56:49 [error] 1#1: *174 FastCGI sent in stderr: \"PHP message: x"

    @Test func `blank lines between events are no events`() throws {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: Self.source, bench.services)
        let text = "\nplain\n\n\(Self.first)\n\n#0 {main}\n\n\n\(Self.first)\n\n"
        let progress = try intake.take(Array(text.utf8), isLast: true)
        #expect(bench.sink.texts == ["plain", "\(Self.first)\n\n#0 {main}", Self.first])
        #expect(progress.events == 3)
        #expect(progress.failed == 1)
        #expect(progress.mark.offset == UInt64(text.utf8.count))
        #expect(bench.counters.file.events.value == 3)
        #expect(bench.counters.file.bytes.value == UInt64(text.utf8.count))
    }

    @Test func `an event goes on in the next part`() throws {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: Self.source, bench.services)
        #expect(try intake.take(Array("\(Self.first)\n#0 a\n".utf8), isLast: false).events == 0)
        #expect(try intake.take(Array("#1 b\n".utf8), isLast: true).events == 1)
        #expect(bench.sink.texts == ["\(Self.first)\n#0 a\n#1 b"])
    }

    /// However a file is cut into parts, the events are the same, and so is the last mark.
    @Test func `parts make no difference`() throws {
        var random = SeededRandom()
        var text: [String] = []
        for number in 0..<200 {
            text.append(
                ["\(Self.first) \(number)", "#\(number) f()", "", "plain \(number)"][random.below(4)])
        }
        func run(_ parts: [[String]]) throws -> (texts: [String], mark: ImportMark) {
            let bench = try Bench()
            let intake = FileIntake(Self.new, source: Self.source, bench.services)
            for (index, part) in parts.enumerated() {
                let bytes = Array(part.map { $0 + "\n" }.joined().utf8)
                _ = try intake.take(bytes, isLast: index == parts.count - 1)
            }
            return (bench.sink.texts, intake.mark)
        }
        let whole = try run([text])
        var parts: [[String]] = [[]]
        for line in text {
            if random.below(6) == 0 { parts.append([]) }
            parts[parts.count - 1].append(line)
        }
        let cut = try run(parts)
        #expect(cut.texts.sorted() == whole.texts.sorted(), "seed \(random.seed)")
        #expect(cut.mark == whole.mark)
        #expect(whole.mark.events == UInt64(whole.texts.count))
    }

    @Test(arguments: [IngestLimits.frameBytes, IngestLimits.frameBytes + 1])
    func `a line of more bytes than a frame has is cut, and that is counted`(_ count: Int) throws {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: LineSource(program: ""), bench.services)
        _ = try intake.take(Array("a\n".utf8) + [UInt8](repeating: 0x78, count: count) + [0x0A], isLast: true)
        let isCut = count > IngestLimits.frameBytes
        #expect(bench.sink.frames.map(\.bytes.count) == [1, IngestLimits.frameBytes])
        #expect(bench.counters.file.truncatedFrames.value == (isCut ? 1 : 0))
        #expect(bench.counters.file.discardedBytes.value == (isCut ? 1 : 0))
        #expect(bench.sink.frames[1].noted.contains(.truncated) == isCut)
    }

    @Test func `a part that the sink refuses is offered again, once`() throws {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: Self.source, bench.services)
        _ = try intake.take(Array("one\n".utf8), isLast: false)
        bench.sink.refuse(1)
        #expect(throws: CollectingSink.Refusal.self) { try intake.take(Array("two\n".utf8), isLast: false) }
        #expect(intake.mark.offset == 4)
        #expect(intake.mark.events == 1)
        try intake.finish()
        #expect(intake.mark.offset == 8)
        #expect(bench.sink.texts == ["one", "two"])
        #expect(bench.counters.file.events.value == 2)
    }

    @Test func `what waits becomes an event when nothing more comes`() throws {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: Self.source, bench.services)
        _ = try intake.take(Array("\(Self.first)\n#0 a\n".utf8), isLast: false)
        #expect(bench.sink.texts == [])
        try intake.finish()
        #expect(bench.sink.texts == ["\(Self.first)\n#0 a"])
        #expect(intake.mark.events == 1)
        try intake.finish()
        #expect(bench.sink.texts.count == 1)
    }

    // MARK: Times

    private static let minute: Int64 = 60_000_000_000

    /// What the events of a file, given in parts, have of times: minutes after 2025-06-24T14:00Z and reasons.
    private static func times(_ parts: [String], _ source: LineSource) throws -> [String] {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: source, bench.services)
        for (index, part) in parts.enumerated() {
            _ = try intake.take(Array(part.utf8), isLast: index == parts.count - 1)
        }
        return bench.sink.times.map { time, reasons in
            let word =
                reasons.contains(.noTime) ? " undated" : reasons.contains(.generalTime) ? " general" : ""
            return "\((time - 1_750_773_600_000_000_000) / Self.minute)\(word)"
        }
    }

    @Test func `a line without a date has the time of the line before, or of the file`() throws {
        var source = LineSource(program: "")
        source.date = 1_750_773_600_000_000_000 + 90 * Self.minute
        let parts = ["first\n2025-06-24 14:05:00 a\nb\n", "c\n2025-06-24 14:10:00 d\n", "e\n"]
        let wanted = ["90 undated", "5 general", "5 undated", "5 undated", "10 general", "10 undated"]
        #expect(try Self.times(parts, source) == wanted)
        #expect(try Self.times([parts.joined()], source) == wanted)
        let alone = try Self.times(["x\n"], LineSource(program: ""))
        #expect(alone == ["\((Bench.time - 1_750_773_600_000_000_000) / Self.minute) undated"])
    }

    /// Lines that wait are read when those after them have gone by.
    @Test func `an event that waited keeps to the time before it`() throws {
        var source = LineSource(program: "nginx")
        source.date = 1_750_773_600_000_000_000
        let text =
            "2025/06/24 14:05:00 [error] 1#1: *1 a\nStack trace:\n#0 x\n2025/06/24 14:30:00 [error] 1#1: *2 b\n"
        #expect(try Self.times([text], source) == ["5", "30"])
    }

    @Test func `dates without a year are of the file's year, or of the one that was asked for`() throws {
        var source = LineSource(program: "")
        source.yearReference = 1_735_732_800_000_000_000  // 2025-01-01T12:00Z
        let text = "Dec 31 14:00:00 web1 app: a\nJan  1 14:00:00 web1 app: b\n"
        let day = 24 * 60
        #expect(try Self.times([text], source) == ["\(-175 * day)", "\(-174 * day)"])
        source.yearReference = LineSource.reference(ofYear: 2_025)
        #expect(try Self.times([text], source) == ["\(190 * day)", "\(-174 * day)"])
    }

    @Test(arguments: [1_970, 1_999, 2_024, 2_100]) func `a year holds for all its days`(_ year: Int) throws {
        var source = LineSource(program: "")
        source.yearReference = LineSource.reference(ofYear: year)
        let text = "Jan  1 00:00:00 h a: x\nDec 31 00:00:00 h a: x\n"
        let days = try Self.times([text], source).compactMap { Int($0) }.map { $0 / 1_440 }
        #expect(days[1] - days[0] == (year % 4 == 0 && year % 100 != 0 ? 365 : 364))
    }

    @Test func `what times rest on is counted`() throws {
        let bench = try Bench()
        let intake = FileIntake(Self.new, source: LineSource(program: ""), bench.services)
        let progress = try intake.take(Array("2025-06-24 14:05:00 a\nb\nc\n".utf8), isLast: true)
        #expect(progress.generalTimes == 1)
        #expect(progress.undated == 2)
    }
}
