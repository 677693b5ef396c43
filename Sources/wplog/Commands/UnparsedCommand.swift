import ArgumentParser
import Index
import Parse
import Query

/// The command wplog unparsed.
struct UnparsedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unparsed",
        abstract: "Stored lines that did not parse, by shape, with the reason.",
        discussion: """
            wplog unparsed --top                       the shapes, the most frequent first
            wplog unparsed --since 2h                  the lines, and how far each got
            wplog unparsed program:shop --to-test > tests/shop.ndjson
            wplog test tests/shop.ndjson               after the pattern has been mended
            wplog reparse --where 'parse:failed program:shop'

            --to-test writes one test case for each shape: complete what it expects.
            """)

    @Argument(help: ArgumentHelp("Which of them: a query, as for search.", valueName: "query"))
    var query: [String] = []

    @Flag(help: "Only the shapes, with counts, the most frequent first.")
    var top = false

    @Flag(name: .customLong("to-test"), help: "Write a test case for each shape, for wplog test.")
    var toTest = false

    @Option(help: ArgumentHelp("From when: 15m, 2h, today, 2026-11-21. Default: all.", valueName: "TIME"))
    var since = "1970-01-01"

    @Option(help: ArgumentHelp("Until when.", valueName: "TIME"))
    var until: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Lines looked at, the newest: 1 to \(SearchQuestion.limitMost).", valueName: "N"))
    var limit = 1_000

    @Option(help: ArgumentHelp("Ask this server, and no other.", valueName: "URL"))
    var server: String?

    @OptionGroup var place: PlaceOptions

    /// Lines of one shape.
    private struct Group {
        var first: StoredEvent
        var count = 0
    }

    mutating func run() async throws {
        try SearchQuestion.check(limit: limit)
        let settings = try place.settings()
        let source = try Source(server: server, settings: settings, isNamed: place.data != nil)
        let more = query.isEmpty ? "" : " (\(query.joined(separator: " ")))"
        var question = SearchQuestion(
            "parse:failed" + more, since: since, until: until, form: OutputForm(.json))
        question.limit = limit
        let answer = try await source.answer(question)
        let events = answer.bytes.split(separator: 0x0A).compactMap { StoredEvent($0) }
        var groups: [String: Group] = [:]
        for event in events.reversed() {
            let program = event.text("program")
            let shape = program + "\0" + LineShape.of(Array(event.text("message").utf8))
            groups[shape, default: Group(first: event)].count += 1
        }
        let sorted = groups.values.sorted { ($0.count, $1.first.id) > ($1.count, $0.first.id) }
        var reader = LineReader(formats: try settings.formats(), zone: settings.zone, received: Clock.now())
        if toTest {
            for group in sorted { try Output.write(TestCase.row(of: group.first)) }
        } else if top {
            try Output.write(Array(Self.table(sorted, &reader).utf8))
        } else {
            for event in events { try Output.write(Array(Self.shown(event, &reader).utf8)) }
        }
        if events.isEmpty { Output.note("every line was parsed") }
        if answer.meta.truncated == true { Output.note("these are of the newest \(limit); -n looks at more") }
        if let reason = answer.meta.reason { throw ExitCode.partial("the result is not whole: \(reason)") }
    }

    /// Where the nearest format gave up.
    private static func place(_ event: StoredEvent, _ reader: inout LineReader) throws -> String {
        let explanation = try reader.explain(event.raw, from: event.source)
        guard let failure = explanation.failure else {
            return explanation.isFailed ? event.text("reason") : "parsed by now: wplog reparse"
        }
        let seen = failure.seen.isEmpty ? "the end" : LineExplanation.printable(failure.seen, most: 30)
        return "\(failure.format) got to byte \(failure.reach.line.upperBound), saw \(seen)"
    }

    private static func table(_ groups: [Group], _ reader: inout LineReader) throws -> String {
        var text = ""
        for group in groups {
            let count = String(group.count)
            let program = Self.printable(group.first.text("program"))
            text += String(repeating: " ", count: max(0, 7 - count.count)) + count + "  \(program)"
            text += "  \(try place(group.first, &reader))\n"
            let shape = LineShape.of(Array(group.first.text("message").utf8))
            text += "         \(LineExplanation.printable(Array(shape.utf8), most: 160))\n"
        }
        return text
    }

    private static func printable(_ text: String) -> String {
        LineExplanation.printable(Array(text.utf8), most: 100)
    }

    private static func shown(_ event: StoredEvent, _ reader: inout LineReader) throws -> String {
        "\(event.id)  \(printable(event.text("host")))  \(printable(event.text("program")))  "
            + "\(try place(event, &reader))\n"
            + "    \(LineExplanation.printable(event.raw, most: 300))\n"
    }
}
