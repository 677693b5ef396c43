import Ingest
import Parse

/// Lines that are made to cost much: what the worst of them cost alone, how that grows with their length, and
/// what is left of the speed when every tenth line is one.
///
/// Of each format the worst is looked for anew, among some thousand stretched lines.
struct HostileBenchmark {
    private static let count = 20_000
    /// One hostile line among so many.
    private static let share = 10
    /// 8 KiB is what rsyslog sends at most, unless told otherwise.
    private static let lengths: [[Int]] = [(10...13).map { 1 << $0 }, (10...16).map { 1 << $0 }]
    private static let finalists = 3

    /// A line that costs more than all others of its format.
    private struct Worst {
        let line: HostileLine
        /// Seconds at the longest frame, and at half of it.
        let whole: Double
        let half: Double

        var growth: Double { whole / half }
    }

    private let file: LineFile

    init() throws { file = try LineFile("mixed.txt") }

    func run(into report: inout Report) throws {
        let stopwatch = try Stopwatch()
        var tried = 0
        var worst: [Worst] = []
        for lines in Dictionary(grouping: file.lines, by: \.format).values {
            guard let longest = lines.max(by: { $0.frame.count < $1.frame.count }) else { continue }
            let made = HostileLine.made(of: longest)
            tried += made.count
            if let found = Self.worst(of: made, stopwatch) { worst.append(found) }
        }
        worst.sort { $0.whole > $1.whole }
        guard let first = worst.first, let steepest = worst.max(by: { $0.growth < $1.growth }) else {
            throw Failure("no hostile lines were made")
        }
        for one in worst.prefix(8) {
            let time = Report.number(one.whole * 1e6, 0)
            Console.note("hostile: \(time) µs, ×\(Report.number(one.growth, 1)), \(one.line.recipe)")
        }
        report.add(
            "parse: worst of \(Report.number(Double(tried), 0)) hostile lines of 64 KiB", first.whole * 1e6,
            "µs", more: first.line.recipe, most: 1_000)
        // Linear is 2, quadratic 4.
        report.add(
            "parse: steepest growth of a hostile line's cost from 32 to 64 KiB", steepest.growth, "times",
            digits: 1, more: steepest.line.recipe, most: 3)
        try mix(worst.map(\.line), into: &report)
    }

    private static func worst(of lines: [HostileLine], _ stopwatch: Stopwatch) -> Worst? {
        let longest = IngestLimits.frameBytes
        let finalists = lines.map { (line: $0, time: stopwatch.time($0.frame(longest))) }
            .sorted { $0.time > $1.time }.prefix(finalists)
        return finalists.map { finalist in
            // In turns, so that what else the machine does meets both lengths.
            var whole = Double.infinity
            var half = Double.infinity
            for _ in 0..<20 {
                whole = min(whole, stopwatch.time(finalist.line.frame(longest)))
                half = min(half, stopwatch.time(finalist.line.frame(longest / 2)))
            }
            return Worst(line: finalist.line, whole: whole, half: half)
        }.max { $0.whole < $1.whole }
    }

    /// Lines of all formats, with and without hostile ones among them.
    private func mix(_ hostile: [HostileLine], into report: inout Report) throws {
        let plain = file.mixed(Self.count)
        var inputs = [try Input("all formats, none hostile", plain)]
        for lengths in Self.lengths {
            var mixed = plain
            for (number, index) in stride(from: 0, to: plain.count, by: Self.share).enumerated() {
                let line = hostile[number % hostile.count]
                let length = lengths[number / hostile.count % lengths.count]
                mixed[index] = LineFile.Line(format: line.format, frame: line.frame(length))
            }
            inputs.append(
                try Input(
                    "all formats, every tenth line hostile, 1 to \((lengths.last ?? 0) >> 10) KiB",
                    LineFile.stream(mixed), mixed.count, day: LineFile.day))
        }
        try ParseBenchmark.measure(&inputs)
        for input in inputs { input.add(to: &report) }
        let plainLine = inputs[0].times.median / Double(plain.count)
        for (input, lengths) in zip(inputs.dropFirst(), Self.lengths) {
            let all = input.times.median / Double(input.count)
            let one = (all - plainLine) * Double(Self.share) + plainLine
            let bytes = Double(input.bytes.count) / Double(inputs[0].bytes.count) * plainLine / all
            let longest = (lengths.last ?? 0) >> 10
            report.add(
                "parse: with every tenth line hostile, 1 to \(longest) KiB, of the speed without",
                plainLine / all, "of the lines", digits: 2,
                more: "\(Report.number(bytes, 2)) of the bytes, "
                    + "\(Report.number(one * 1e6, 1)) µs a hostile line",
                least: 0.5)
        }
    }
}

/// Times single lines.
private final class Stopwatch {
    private var parser: LineParser
    private var batch = EventBatch()

    init() throws { parser = LineParser(formats: try FormatSet(library: .embedded), zone: .utc) }

    /// Seconds for one parse of a frame.
    func time(_ frame: [UInt8]) -> Double {
        batch.recycle(consumed: batch.bytes.count)
        batch.bytes += frame
        batch.received = Int64(LineFile.day + 86_400) * 1_000_000_000
        batch.peers = [Peer(.tcp, "127.0.0.1")]
        let start = Clocks.thread
        parser.parse(0..<frame.count, peer: 0, in: &batch)
        return Clocks.thread - start
    }
}
