import Parse
import Query

/// A pattern that is tried on lines.
///
/// It may match anywhere in a line, as in Logstash.
struct GrokTrial {
    private let program: GrokProgram
    /// The beginnings of the pattern that are patterns themselves, the longest first.
    ///
    /// For explanations.
    private let beginnings: [(program: GrokProgram, length: Int)]
    private let text: [UInt8]

    init(_ pattern: String, library: PatternLibrary, explains: Bool) throws {
        text = Array(pattern.utf8)
        do {
            // Alone first: what is wrong is then told by its place in the pattern as it was given.
            _ = try GrokProgram(pattern, library: library, wholeLine: false)
            program = try Self.search(pattern, library)
        } catch let error as GrokError { throw ExitCode.usage("\(error)") }
        guard explains else {
            beginnings = []
            return
        }
        let bytes = text
        beginnings = (1...max(1, bytes.count)).reversed().compactMap { length in
            guard length <= bytes.count, Self.endsPart(bytes, length) else { return nil }
            let beginning = String(decoding: bytes[..<length], as: UTF8.self)
            guard let program = try? Self.search(beginning, library) else { return nil }
            return (program, length)
        }
    }

    private static func search(_ pattern: String, _ library: PatternLibrary) throws -> GrokProgram {
        try GrokProgram(".*?(?<wplog_match>\(pattern))", library: library, wholeLine: false)
    }

    /// Whether a part of the pattern ends at `length`: what begins with a quantifier or inside `%{…}` is none.
    private static func endsPart(_ text: [UInt8], _ length: Int) -> Bool {
        guard length < text.count else { return true }
        if "*+?{".utf8.contains(text[length]) { return false }
        if text[length - 1] == UInt8(ascii: "\\") || text[length - 1] == UInt8(ascii: "%") { return false }
        let head = text[..<length]
        let open = head.lastIndex(of: UInt8(ascii: "{")) ?? -1
        return open < 0 || (head.lastIndex(of: UInt8(ascii: "}")) ?? -1) > open
    }

    /// Appends the captures of a line, or null, or the explanation why there are none.
    func append(_ line: [UInt8], _ matcher: inout GrokMatcher, to json: inout JSONText) {
        switch matcher.match(program, line.span, from: 0, to: line.count) {
        case .matched: appendCaptures(line, matcher, to: &json)
        case .noMatch where beginnings.isEmpty: json.null()
        case .noMatch: explain(line, &matcher, to: &json)
        case .limit where beginnings.isEmpty:
            Output.note("a line took more than the steps that one may take, and was given up")
            json.null()
        case .limit:
            json.object { json in
                json.key("matched")
                json.boolean(false)
                json.key("reason")
                json.string("limit")
            }
        }
    }

    /// As Logstash has it, a capture of nothing is no field.
    private func appendCaptures(_ line: [UInt8], _ matcher: borrowing GrokMatcher, to json: inout JSONText) {
        var found: [(GrokCapture, [UInt8])] = []
        for (index, capture) in program.captures.enumerated() where capture.field != "wplog_match" {
            guard let range = matcher.range(of: index)?.range, !range.isEmpty else { continue }
            found.append((capture, Array(line[range])))
        }
        json.object { json in
            for (capture, value) in found {
                json.key(capture.field)
                switch capture.type {
                case .integer, .number: json.number(text: value)
                case .boolean where value == Array("true".utf8): json.boolean(true)
                case .boolean where value == Array("false".utf8): json.boolean(false)
                default: json.string(value)
                }
            }
        }
    }

    /// Says which beginning of the pattern still matches, where in the line that ends, and what stood against the
    /// next part.
    private func explain(_ line: [UInt8], _ matcher: inout GrokMatcher, to json: inout JSONText) {
        var length = 0
        var start = 0
        var end = 0
        for (beginning, count) in beginnings
        where matcher.match(beginning, line.span, from: 0, to: line.count) == .matched {
            length = count
            start = matcher.range(of: 0).map { Int($0.start) } ?? 0
            end = matcher.matchEnd ?? 0
            break
        }
        json.object { json in
            json.key("matched")
            json.boolean(false)
            json.key("offset")
            json.number(end)
            json.key("pattern_matched")
            json.string(Array(text[..<length]))
            json.key("pattern_next")
            json.string(Array(text[length...]))
            json.key("line_matched")
            json.string(Array(line[min(start, end)..<end]))
            json.key("line_next")
            json.string(Array(line[end...]))
        }
    }
}
