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
}
