import Parse
import Query

/// A pattern that is tried on lines.
///
/// It may match anywhere in a line, as in Logstash.
struct GrokTrial {
    private let program: GrokProgram
    /// Where lines that do not match are explained.
    private let progress: PatternProgress?

    /// The capture that is the whole match.
    static let whole = "wplog_match"

    init(_ pattern: String, library: PatternLibrary, explains: Bool) throws {
        do {
            // Alone first: what is wrong is then told by its place in the pattern as it was given.
            _ = try GrokProgram(pattern, library: library, wholeLine: false)
            program = try Self.search(pattern, library)
        } catch let error as GrokError { throw ExitCode.usage("\(error)") }
        progress = explains ? PatternProgress(pattern, library: library, isSearch: true) : nil
    }

    static func search(_ pattern: String, _ library: PatternLibrary) throws -> GrokProgram {
        try GrokProgram(".*?(?<\(whole)>\(pattern))", library: library, wholeLine: false)
    }

    /// Appends the captures of a line, or null, or the explanation why there are none.
    func append(_ line: [UInt8], _ matcher: inout GrokMatcher, to json: inout JSONText) {
        switch matcher.match(program, line.span, from: 0, to: line.count) {
        case .matched: appendCaptures(line, matcher, to: &json)
        case .noMatch:
            if let progress { explain(line, progress, &matcher, to: &json) } else { json.null() }
        case .limit where progress == nil:
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
        for (index, capture) in program.captures.enumerated() where capture.field != Self.whole {
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
    private func explain(
        _ line: [UInt8], _ progress: PatternProgress, _ matcher: inout GrokMatcher, to json: inout JSONText
    ) {
        let reach = progress.reach(line, 0..<line.count, &matcher)
        json.object { json in
            json.key("matched")
            json.boolean(false)
            json.key("offset")
            json.number(reach.line.upperBound)
            json.key("pattern_matched")
            json.string(Array(progress.text[..<reach.pattern]))
            json.key("pattern_next")
            json.string(Array(progress.text[reach.pattern...]))
            json.key("line_matched")
            json.string(Array(line[reach.line]))
            json.key("line_next")
            json.string(Array(line[reach.line.upperBound...]))
        }
    }
}
