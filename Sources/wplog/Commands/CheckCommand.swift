import ArgumentParser
import Parse
import Query

/// The command wplog check.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "A plugin for Nagios, Icinga, Monit and their like: a number, compared with two thresholds.",
        discussion: """
            wplog check 'status:5xx' --since 5m --warn 10 --crit 50
            wplog check 'program:backup done' --since 1d --crit 1 --below
            wplog check '| stats p95(request_time)' --since 10m --warn 0.5 --crit 2

            The number of events that match; or the one number that a query with stages ends in. Thresholds are
            those of the Nagios plugin guidelines: 10 (above 10), 5:10 (not from 5 to 10), @5:10 (from 5 to 10),
            ~:10, 10:. Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, which every error is.
            """)

    @Argument(
        help: ArgumentHelp("A query, as for search.", valueName: "query"), completion: QueryCompletion.kind)
    var query: [String]

    @Option(help: ArgumentHelp("From when.", valueName: "TIME"))
    var since = "5m"

    @Option(help: ArgumentHelp("Until when. Default: now.", valueName: "TIME"))
    var until: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where WARNING begins.", valueName: "RANGE"))
    var warn: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where CRITICAL begins.", valueName: "RANGE"))
    var crit: String?

    @Flag(help: "Too few are wrong: --warn 10 is below 10.")
    var below = false

    @Option(help: ArgumentHelp("UNKNOWN after so long.", valueName: "TIME"))
    var timeout = "10s"

    @OptionGroup var source: SourceOptions

    mutating func run() async throws {
        do {
            try await check()
        } catch let end as ExitCode {
            guard end.number > 3 || end.message != nil else { throw end }
            // A caret means nothing in one line.
            let lines = (end.message ?? "error \(end.number)").split(separator: "\n")
            try CheckState.unknown(lines.filter { !$0.hasPrefix("  ") }.joined(separator: "; "))
        }
    }

    private func check() async throws {
        let warn = try warn.map { try CheckRange($0, isLeast: below, "--warn") }
        let crit = try crit.map { try CheckRange($0, isLeast: below, "--crit") }
        guard warn != nil || crit != nil else {
            throw ExitCode.usage("a check needs a threshold: --warn N, --crit N, or both")
        }
        let text = query.joined(separator: " ")
        let reading = try source.place.settings().reading(text)
        let stages = reading?.stages ?? []
        let source = try source.source()
        let answer = try await source.rows(
            stages.isEmpty ? text + " | count" : text, since: since, until: until, timeout: timeout,
            asks: text)
        if let reason = answer.meta.reason { throw ExitCode.partial("the result is not whole: \(reason)") }
        let (name, value) = try Self.number(answer.rows, isCount: stages.isEmpty)
        let state: CheckState =
            crit?.isAlert(value) == true ? .critical : warn?.isAlert(value) == true ? .warning : .ok
        let filter = reading.map { "\(Query(filter: $0.filter))" } ?? text
        let words =
            stages.isEmpty
            ? "\(DecimalText.shortest(value)) \(value == 1 ? "event matches" : "events match") \(text)"
            : "\(name) is \(DecimalText.shortest(value)) for \(filter)"
        let label = name.contains { " '=".contains($0) } ? "'\(name.replacing("'", with: "''"))'" : name
        let data =
            "\(label)=\(DecimalText.shortest(value))\(Self.unit(stages));\(warn?.text ?? "");"
            + "\(crit?.text ?? "");\(stages.isEmpty ? "0" : "")"
        // A clock that is ahead can hide what is looked for.
        let ahead = answer.meta.ahead.map { ", \($0.description)" } ?? ""
        try state.end("\(words) in \(since)\(ahead)", data: data)
    }

    /// The one number of an answer, and its name.
    private static func number(
        _ rows: [[String: AnswerCell]], isCount: Bool
    ) throws -> (name: String, value: Double) {
        if rows.isEmpty, isCount { return ("count", 0) }
        guard rows.count == 1, let row = rows.first else {
            throw ExitCode.usage("the query gives \(rows.count) rows, and a check needs one number")
        }
        let numbers = row.filter { $0.value.number != nil }
        if numbers.isEmpty, row.count == 1, let name = row.keys.first {
            throw ExitCode.partial("there is no \(name): no event of the window has one")
        }
        guard numbers.count == 1, row.count == 1, let (name, cell) = numbers.first, let value = cell.number
        else { throw ExitCode.usage("the query gives \(row.count) columns, and a check needs one number") }
        return (name, value)
    }

    /// The unit of measurement of perfdata: that of the field which the number is made of.
    private static func unit(_ stages: [Stage]) -> String {
        guard case .aggregate(let aggregation)? = stages.last, let function = aggregation.functions.first,
            ![.count, .dc, .rate].contains(function.kind), let field = function.field
        else { return "" }
        switch Fields.definition(of: field)?.unit {
        case "s": return "s"
        case "ms": return "ms"
        case "bytes": return "B"
        default: return ""
        }
    }
}
