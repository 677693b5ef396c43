import Parse
import TestSupport
import Testing

@testable import Query

/// parse → print → parse of stages.
struct StagePrinterTests {
    private static func fields(_ name: String) -> FieldKind? {
        ["a", "no_such", "odd name", "by", "x)y", "7up"].contains(name) ? .open : nil
    }

    @Test(arguments: [
        // Each verb, and how other languages write it.
        ("count", "count"), ("count()", "count"), ("count(*)", "count"), ("stats count", "count"),
        ("count(user)", "count(user)"), ("count as n", "count as n"),
        ("count by host as n", "count as n by host"),
        ("count by (host, status)", "count by host, status"), ("stats by (host) count()", "count by host"),
        ("stats count() by host", "count by host"), ("stats count by host", "count by host"),
        ("groupby host, status", "count by host, status"), ("groupby source", "count by host"),
        ("dc(user)", "dc(user)"), ("dc user by host", "dc(user) by host"),
        ("stats distinct_count(user)", "dc(user)"),
        ("uniq host, a", "uniq host, a"), ("uniq by (host)", "uniq host"),
        ("stats count, p95(rt) as slow by vhost", "stats count, p95(request_time) as slow by vhost"),
        ("stats count p50(rt)", "stats count, p50(request_time)"),
        ("stats median(rt)", "stats p50(request_time)"),
        ("stats avg(rt), mean(bytes)", "stats avg(request_time), avg(bytes)"), ("stats rate", "stats rate"),
        ("stats earliest(user), latest(user)", "stats first(user), last(user)"),
        ("stats sum(bytes), min(time), max(level)", "stats sum(bytes), min(time), max(level)"),
        ("histogram", "histogram"), ("hits 1h", "histogram 1h"), ("histogram 3600s", "histogram 1h"),
        ("histogram 90s by host", "histogram 90s by host"),
        ("count by bin(5m), host", "histogram 5m by host"),
        ("count by bin(_time, 5m)", "histogram 5m"), ("stats by (_time:5m) count()", "histogram 5m"),
        ("stats by (_time:1d, host) count() as n", "histogram 1d as n by host"),
        ("timechart span=5m count by host", "histogram 5m by host"), ("timechart count", "histogram"),
        (
            "timechart 1h p95(rt), avg(rt) by host",
            "timechart 1h p95(request_time), avg(request_time) by host"
        ),
        ("timechart avg(rt)", "timechart avg(request_time)"), ("rate 1m by host", "rate 1m by host"),
        ("timechart 1m rate", "rate 1m"), ("timechart rate", "timechart rate"),
        ("top path", "top 10 path"), ("top 5 by (path, host)", "top 5 path, host"),
        ("rare path", "rare 10 path"),
        ("sort -time", "sort -time"), ("sort by (host desc, +status)", "sort -host, status"),
        ("sort by host asc", "sort host"), ("head", "head 10"), ("limit 5", "head 5"), ("tail 3", "tail 3"),
        ("fields host,status", "fields host, status"), ("fields -host, -status", "fields -host, -status"),
        ("fields -host, status", "fields -host, -status"), ("fields \"odd name\"", "fields \"odd name\""),
        ("dedup host", "dedup host"), ("dedup by (host, a)", "dedup host, a"),
        ("where status:>=500", "where status:>=500"), ("filter status >= 500", "where status:>=500"),
        ("where a:1 or a:2", "where a:1 OR a:2"), ("patterns", "patterns"),
        ("patterns new 24h", "patterns new 1d"),
        ("extract \"user=<user> \"", "extract \"user=<user> \""),
        ("extract 'a \"<x>\"' from message", #"extract "a \"<x>\"" from message"#),
        ("extract \"<a>\" | where a:5 | top a", "extract \"<a>\" | where a:5 | top 10 a"),
        ("context", "context before 5 after 5"), ("context 3", "context before 3 after 3"),
        ("context after 2", "context before 0 after 2"), ("context before", "context before 5 after 0"),
        ("context after 1 before 2", "context before 2 after 1"),
        ("context of all", "context before 5 after 5 of all"),
        ("context 2 of host", "context before 2 after 2"),
        ("context after 1 of program", "context before 0 after 1 of program"), ("diff 1d", "diff 1d"),
        ("diff 90m", "diff 90m"),
        // Columns of the table before.
        ("stats p95(rt) by path | sort -p95", "stats p95(request_time) by path | sort -p95(request_time)"),
        ("stats median(rt) | sort -median(rt)", "stats p50(request_time) | sort -p50(request_time)"),
        (
            "stats avg(bytes) by host | stats max(avg(bytes)) | sort max(avg(bytes))",
            "stats avg(bytes) by host | stats max(avg(bytes)) | sort max(avg(bytes))"
        ),
        (
            "stats p95(rt) by path | where p95 > 500ms",
            "stats p95(request_time) by path | where p95(request_time):>0.5"
        ),
        ("stats p95(rt) | where has:p95(rt)", "stats p95(request_time) | where has:p95(request_time)"),
        (
            "count by host | where count > 10 | sort count | head 3",
            "count by host | where count:>10 | sort count | head 3"
        ),
        ("stats p95(\"odd name\") | sort p95", "stats p95(\"odd name\") | sort \"p95(odd name)\""),
        ("stats dc(\"x)y\") | sort dc", "dc(\"x)y\") | sort \"dc(x)y)\""),
        ("count by \"by\", \"7up\"", "count by \"by\", \"7up\""),
    ])
    func `the canonical text is fixed`(_ text: String, _ expected: String) throws {
        let query = try Query.parse("| " + text, fields: Self.fields)
        #expect(query.description == "* | " + expected)
        #expect(try Query.parse(query.description, fields: Self.fields) == query)
    }

    @Test func `random stages survive printing and parsing`() throws {
        var random = SeededRandom()
        let vocabulary = RandomQuery.Vocabulary(
            texts: ["timeout", "and", "a b", "|", "by"],
            fields: [
                ("host", .keyword, ["docs", "a b"]), ("status", .number, ["500"]), ("a", .open, ["5", "x"]),
            ])
        var queries = RandomStages(vocabulary, seed: random.next())
        for _ in 0..<5_000 {
            let made = queries.query()
            let printed = made.description
            let parsed = try? Query.parse(printed, fields: Self.fields)
            guard parsed == made else {
                Issue.record("seed \(random.seed): \(printed)\n\(Query.failure(of: printed))")
                return
            }
        }
    }

    /// Nothing traps, and what is read is printed so that it is read again.
    @Test func `random texts of stages survive parsing, printing and parsing`() {
        var random = SeededRandom()
        let pieces = [
            "count", "stats", "by", "as", "n", "(", ")", ",", " ", " ", " ", "| ", "host", "status",
            "p95(rt)", "-",
            "5m", "7", "histogram", "timechart", "span=", "bin(", "_time:", "top", "sort", "head", "where",
            "\"",
            "'", "<x>", "extract ", "\"a=<x>\"", "from", "context", "before", "new", "patterns", "diff",
            "fields",
            "dedup", "rate", ":>5", "p95", "(((((", "99999999999999999999", "desc", "uniq", "dc", "\u{201C}",
            "*",
        ]
        for _ in 0..<6_000 {
            let text =
                "| "
                + (0..<random.below(14)).map { _ in random.pick(pieces) + random.pick(["", " "]) }.joined()
            guard let query = try? Query.parse(text, fields: Self.fields) else { continue }
            let again = try? Query.parse(query.description, fields: Self.fields)
            guard again == query else {
                Issue.record("seed \(random.seed): \(text) is printed as \(query)")
                return
            }
        }
    }
}
