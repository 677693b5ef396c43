/// The verbs of stages, for messages.
package enum StageVerb {
    /// Each verb that queries print, and how it is used.
    package static let all: [(name: String, usage: String)] = [
        ("count", "count [by field, …] [as name]"),
        ("top", "top [N] field, …"),
        ("rare", "rare [N] field, …"),
        ("uniq", "uniq field, …"),
        ("dc", "dc(field) [by field, …]"),
        ("stats", "stats count, p95(field) [as name], … [by field, …]"),
        ("histogram", "histogram [5m] [by field]"),
        ("timechart", "timechart 5m p95(field), … [by field, …]"),
        ("rate", "rate 1m [by field]"),
        ("where", "where status:>=500 or a column: where count > 10"),
        ("sort", "sort [-]field, …"),
        ("head", "head [N]"),
        ("tail", "tail [N]"),
        ("fields", "fields field, … or fields -field, …"),
        ("dedup", "dedup field, …"),
        ("patterns", "patterns [new 24h]"),
        ("extract", "extract \"user=<user> from <client>\" [from field]"),
        ("context", "context [before N] [after N] [of host, program or all]"),
        ("diff", "diff 1d"),
    ]

    /// Verbs of other languages that are understood.
    private static let aliases = [
        "limit": "head", "filter": "where", "groupby": "count", "hits": "histogram",
    ]

    /// All verbs, and what other languages call them.
    package static let names = all.map(\.name) + aliases.keys.sorted()

    /// How the verb is used; nil for a word that is none.
    static func usage(_ verb: String) -> String? {
        let first = verb.split(separator: " ").first.map { String($0) } ?? verb
        let name = aliases[first] ?? first
        return all.first { $0.name == name }.map { "write: \($0.usage)" }
    }
}
