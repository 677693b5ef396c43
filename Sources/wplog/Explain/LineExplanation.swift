import Parse
import Query

/// How one line was read, step by step, by the same code that reads lines for the store.
struct LineExplanation {
    private let event: FoundEvent
    private let attempts: [FormatAttempt]
    private let route: [String]
    private let formats: FormatSet
    /// Where the message stands in the line.
    private let message: Range<Int>

    init(_ event: FoundEvent, _ attempts: [FormatAttempt], route: [String], formats: FormatSet) {
        self.event = event
        self.attempts = attempts
        self.route = route
        self.formats = formats
        let text = event.value("message") ?? []
        message = Self.last(text, in: event.raw) ?? 0..<event.raw.count
    }

    /// How far the nearest pattern got, for lines that no format took.
    struct Failure {
        let format: String
        let reach: PatternProgress.Reach
        /// What the pattern expected next, and what stood there.
        let expected: String
        let seen: [UInt8]
    }

    /// The pattern that got furthest; nil where a format took the line, or none has a pattern.
    var failure: Failure? {
        guard isFailed else { return nil }
        var matcher = GrokMatcher()
        var best: Failure?
        for attempt in attempts where attempt.outcome == .noMatch || attempt.outcome == .limit {
            guard let pattern = attempt.pattern else { continue }
            let progress = PatternProgress(
                pattern, library: formats.library(ofFormat: attempt.format), isSearch: false)
            let seen = message.lowerBound..<min(message.upperBound, message.lowerBound + 2_048)
            let reach = progress.reach(event.raw, seen, &matcher)
            if let best, best.reach.line.upperBound >= reach.line.upperBound { continue }
            let rest = progress.text[min(reach.pattern, progress.text.count)...]
            let next = event.raw[reach.line.upperBound..<message.upperBound]
            best = Failure(
                format: attempt.format, reach: reach, expected: Self.firstPart(Array(rest)),
                seen: Array(next.prefix(while: { $0 != 0x20 && $0 != 0x0A }).prefix(40)))
        }
        return best
    }

    var isFailed: Bool { text("parse") == "failed" }

    // MARK: Text

    /// The whole explanation, for people.
    var description: String {
        var lines: [String] = []
        lines.append(row("header", header))
        lines.append(row("time", time))
        lines.append(row("routing", routing))
        lines.append(row("parser", parser))
        if let failure { lines += Self.shown(failure, of: event.raw) }
        let tried = attempts.map { "\($0.format): \(Self.words($0))" }
        if !tried.isEmpty { lines.append(row("tried", tried.joined(separator: "\n"))) }
        lines.append(row("fields", fields))
        if let failure {
            lines.append(row("fix", Self.fix(failure)))
        } else if isFailed {
            lines.append(
                row("fix", "describe the lines in the settings file, [[format]]; docs/formats.md says how"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var header: String {
        var parts: [String] = []
        let pri = text("pri")
        if event.raw.first == UInt8(ascii: "<"), !pri.isEmpty {
            let isNew = event.raw.dropFirst(pri.utf8.count + 2).starts(with: "1 ".utf8)
            parts.append(isNew ? "syslog RFC 5424" : "syslog RFC 3164")
            parts.append("PRI \(pri) (\(text("facility")).\(text("level")))")
        } else {
            parts.append(
                text("header_time").isEmpty && text("host").isEmpty ? "no syslog header" : "syslog, no PRI")
        }
        for name in ["host", "program", "pid", "msgid"] where !text(name).isEmpty {
            parts.append("\(name) \(text(name))")
        }
        return parts.joined(separator: ", ")
    }

    private var time: String {
        let stands = TimeText.utc(event.time)
        let reasons = Set(text("reason").split(separator: " ").map { String($0) })
        if reasons.contains("bad_time") { return "\(stands), of receipt: the line's own could not be read" }
        if reasons.contains("time_suspect") { return "\(stands), of receipt: the line's own is too far away" }
        return event.time == event.received ? "\(stands), of receipt: the line has none" : stands
    }

    private var routing: String {
        let program = text("program")
        guard !route.isEmpty else {
            return program.isEmpty ? "no program, so no format" : "no format is for program \(program)"
        }
        return "program \(program) → \(route.joined(separator: ", "))"
    }

    private var parser: String {
        let reason = text("reason")
        let why = reason.isEmpty ? "" : " (\(reason))"
        return isFailed
            ? "none took the message: parse failed\(why)" : "\(text("parser")): \(text("parse"))\(why)"
    }

    private var fields: String {
        let own: Set<String> = [
            "parser", "parse", "reason", "peer", "listener", "raw", "level_text", "escaped",
        ]
        let shown = event.fields.filter { !own.contains($0.name) }
        let width = shown.map(\.name.count).max() ?? 0
        return shown.map { name, value in
            Self.printable(Array(name.utf8), most: 128)
                + String(repeating: " ", count: width - name.count + 2) + Self.printable(value, most: 300)
        }.joined(separator: "\n")
    }

    private static func words(_ attempt: FormatAttempt) -> String {
        switch attempt.outcome {
        case .sender: "for other hosts or listeners"
        case .check: "does not look like it"
        case .noMatch: "no match"
        case .limit: "given up at the limit"
        case .refused: "begins like it, and goes on otherwise"
        case .matched: "read"
        }
    }

    private static func shown(_ failure: Failure, of raw: [UInt8]) -> [String] {
        let at = failure.reach.line.upperBound
        let from = max(0, at - 60)
        let before = (from > 0 ? "…" : "") + printable(Array(raw[from..<at]), most: 1_000)
        let after = printable(Array(raw[at..<min(raw.count, at + 40)]), most: 1_000)
        let seen = failure.seen.isEmpty ? "the end" : "\"\(printable(failure.seen, most: 60))\""
        var lines = [
            row("", "\(failure.format) got furthest, to byte \(at) of the line:"), row("", before + after),
            row(
                "",
                String(repeating: " ", count: before.count) + "^ expected \(failure.expected), saw \(seen)"),
        ]
        if !failure.reach.captures.isEmpty {
            let captures = failure.reach.captures.map { "\($0.name)=\(printable($0.value, most: 60))" }
            lines.append(row("", "matched so far: " + captures.joined(separator: " ")))
        }
        return lines
    }

    private static func fix(_ failure: Failure) -> String {
        let seen = printable(failure.seen, most: 40)
        let piece =
            failure.seen.isEmpty ? "(?:\(failure.expected))?" : "(?:\(failure.expected)|\(escaped(seen)))"
        return "where such lines are right, let the pattern take them: \(piece)\n"
            + "wplog unparsed --to-test writes a test for it"
    }

    private func row(_ name: String, _ text: String) -> String { Self.row(name, text) }

    /// A name and a text beside it, on as many lines as it has.
    private static func row(_ name: String, _ text: String) -> String {
        let indent = String(repeating: " ", count: 10)
        return name + indent.dropFirst(name.count) + text.replacing("\n", with: "\n" + indent)
    }

    private func text(_ name: String) -> String {
        event.fields.filter { $0.name == name }.map { Self.printable($0.value, most: 300) }.joined(
            separator: " ")
    }

    // MARK: Bytes

    /// The first part of a pattern: a reference, a group, a set, or literal text.
    private static func firstPart(_ pattern: [UInt8]) -> String {
        var depth = 0
        var isSet = false
        var end = 0
        while end < pattern.count {
            let byte = pattern[end]
            if byte == UInt8(ascii: "\\") {
                end += 2
                if depth == 0, !isSet { break }
                continue
            }
            switch byte {
            case UInt8(ascii: "[") where !isSet: isSet = true
            case UInt8(ascii: "]") where isSet: isSet = false
            case UInt8(ascii: "("), UInt8(ascii: "{"): if !isSet { depth += 1 }
            case UInt8(ascii: ")"), UInt8(ascii: "}"): if !isSet { depth -= 1 }
            default: break
            }
            end += 1
            let isWord = PatternProgress.isWordByte(byte)
            if depth <= 0, !isSet, byte != UInt8(ascii: "%"),
                !(isWord && end < pattern.count && PatternProgress.isWordByte(pattern[end]))
            {
                break
            }
        }
        while end < pattern.count, "*+?".utf8.contains(pattern[end]) { end += 1 }
        return pattern.isEmpty ? "the end" : printable(Array(pattern[..<min(end, pattern.count)]), most: 120)
    }

    private static func last(_ text: [UInt8], in line: [UInt8]) -> Range<Int>? {
        guard !text.isEmpty, text.count <= line.count else { return nil }
        for start in (0...line.count - text.count).reversed()
        where line[start] == text[0] && line[start..<start + text.count].elementsEqual(text) {
            return start..<start + text.count
        }
        return nil
    }

    /// A text that a terminal can show: control characters escaped, cut where it is too long.
    static func printable(_ bytes: [UInt8], most: Int) -> String {
        let text = String(decoding: bytes.prefix(most), as: UTF8.self).unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F || scalar.properties.isBidiControl
                ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }.joined()
        return bytes.count > most ? text + "…" : text
    }

    private static func escaped(_ text: String) -> String {
        text.map { "\\^$.|?*+()[]{}".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
