import Glibc
import Index
import Ingest
import Parse
import Query

/// One file on its way into the store: finds where to go on, and gives the rest in parts.
struct FileTransfer {
    /// Bytes of a part: some thousand lines, so that a step is stored several times a second.
    private static let partBytes = 2 << 20

    private let path: String
    private let source: LineSource
    private let target: ImportTarget
    private var file: LogFile

    init(_ path: String, _ source: LineSource, _ target: ImportTarget) throws {
        self.path = path
        self.target = target
        file = try LogFile(path)
        var source = source
        let now = Clock.now()
        source.date = file.modified.map { min($0, now) }
        source.yearReference = source.yearReference ?? source.date
        self.source = source
    }

    /// Gives all lines, and says on standard error what became of them.
    mutating func run() async throws {
        guard let first = try file.next(1) else { return Output.note("\(path): empty, nothing to take") }
        let head = Self.head(first, source)
        var mark: ImportMark?
        if path != "-" {
            mark = try Self.lastStep(of: path, try await target.marks(head))
            file = try LogFile(path)
        }
        let known = mark
        var now =
            mark
            ?? ImportMark(
                file: "\(head)-\(String(UInt64.random(in: 1...UInt64.max), radix: 16))", offset: 0,
                contentHash: 0, events: 0)
        var bar = ProgressBar()
        var pending = path == "-" ? first : try skip(now.offset)
        var sum = Sum()
        func give(isLast: Bool) async throws {
            guard !pending.isEmpty else { return }
            let answer = try await target.take(
                pending, of: now.file, offset: now.offset, source, isLast: isLast)
            now = answer.mark
            sum.add(answer)
        }
        var damage: LogFileError?
        do {
            while let next = try file.next(Self.partBytes) {
                try await give(isLast: false)
                let share = file.size > 0 ? Double(file.bytesRead) / Double(file.size) : nil
                bar.show(path + "  ", share: share, "\(bar.rate(sum.events)) lines/s")
                pending = next
            }
        } catch let error as LogFileError { damage = error }
        // Of a damaged file, what could be read is taken.
        try await give(isLast: true)
        bar.end()
        Output.note(sum.text(path, known: known, bar.rate(sum.events)))
        if let damage { throw damage }
    }

    /// What a file is told by: its first line, and what is said of its lines.
    private static func head(_ first: [UInt8], _ source: LineSource) -> String {
        var hash = ContentHash()
        let line = first.prefix { $0 != 0x0A }
        let text = Array(line) + [0] + Array(source.program.utf8) + [0] + Array(source.host.utf8)
        hash.add(text.span)
        return String(hash.value, radix: 16)
    }

    /// The furthest of the steps that the file still begins with; nil where it is a new file.
    private static func lastStep(of path: String, _ marks: [ImportMark]) throws -> ImportMark? {
        let marks = marks.sorted { $0.offset < $1.offset }
        guard let last = marks.last else { return nil }
        var hash = ContentHash()
        var offset: UInt64 = 0
        var found: ImportMark?
        let file = try LogFile(path)
        while offset < last.offset, let part = try? file.next(partBytes) {
            var from = 0
            for mark in marks where mark.offset > offset && mark.offset <= offset + UInt64(part.count) {
                let end = Int(mark.offset - offset)
                hash.add(part.span.extracting(from..<end))
                from = max(from, end)
                if hash.value == mark.contentHash { found = mark }
            }
            hash.add(part.span.extracting(from..<part.count))
            offset += UInt64(part.count)
        }
        return found
    }

    /// Passes over what was taken before; returns what was read beyond it.
    private func skip(_ offset: UInt64) throws -> [UInt8] {
        var passed: UInt64 = 0
        while passed < offset, let part = try file.next(Self.partBytes) {
            passed += UInt64(part.count)
            if passed > offset { return Array(part.suffix(Int(passed - offset))) }
        }
        return []
    }

    /// What became of the lines of a file.
    private struct Sum {
        private(set) var events = 0
        private var failed = 0
        private var generalTimes = 0
        private var undated = 0

        mutating func add(_ answer: ImportPart.Answer) {
            events += answer.events
            failed += answer.failed
            generalTimes += answer.generalTimes
            undated += answer.undated
        }

        /// A line, and one each for what the times of some lines rest on.
        ///
        /// - `known`: how far the file was taken before.
        func text(_ path: String, known: ImportMark?, _ rate: Int) -> String {
            guard events > 0 else {
                return known.map {
                    "\(path): nothing new; its \($0.events) events were taken before"
                } ?? "\(path): no lines"
            }
            let before = known.map { " beyond the \($0.events) taken before" } ?? ""
            let unparsed = failed > 0 ? ", \(failed) of them not parsed (wplog unparsed)" : ""
            var lines = ["\(path): \(events) events\(before)\(unparsed); \(rate) lines/s"]
            if generalTimes > 0 {
                lines.append(
                    "  \(Self.lines(generalTimes)) had a date that only the general rule could read "
                        + "(reason:general_time)")
            }
            if undated > 0 {
                lines.append(
                    "  \(Self.lines(undated)) had no date: filed under the time of the line before, or of the file "
                        + "(reason:no_time)")
            }
            return lines.joined(separator: "\n")
        }

        private static func lines(_ count: Int) -> String { Words.count(UInt64(count), "line") }
    }
}
