import Index
import Query
import Testing

/// Where the window of a question ends: the same for all commands.
struct QueryWindowTests {
    private static let minute: Int64 = 60_000_000_000
    /// 2026-11-22T12:00:00Z.
    private static let now: Int64 = 1_795_348_800_000_000_000
    private static let ahead = now + QueryLimits.clockSkew
    private static let times = TimeExpression(now: now) { _ in 0 }
    private static let midnight = now - 720 * minute
    private static let tonight = now + 720 * minute - 1

    /// A question, and its window.
    struct Case: CustomTestStringConvertible {
        var since: String?
        var until: String?
        var query = ""
        let earliest: Int64
        let latest: Int64
        var endsNow = false

        var testDescription: String { "\(since ?? "") … \(until ?? "") \(query)" }
    }

    @Test(arguments: [
        // Nobody names an end: it is now, and what is a little ahead is of now.
        Case(earliest: now - 1_440 * minute, latest: ahead, endsNow: true),
        Case(since: "15m", earliest: now - 15 * minute, latest: ahead, endsNow: true),
        Case(since: "today", earliest: midnight, latest: ahead, endsNow: true),
        Case(query: "a time:15m", earliest: now - 15 * minute, latest: ahead, endsNow: true),
        Case(query: "time:>=2026-11-22", earliest: midnight, latest: ahead, endsNow: true),
        Case(query: "time:[2026-11-22 TO *]", earliest: midnight, latest: ahead, endsNow: true),
        Case(query: "time:2026-11-22..* b", earliest: midnight, latest: ahead, endsNow: true),
        Case(query: "NOT time:>now", earliest: now - 1_440 * minute, latest: ahead, endsNow: true),
        Case(query: "time:>now OR a", earliest: now - 1_440 * minute, latest: ahead, endsNow: true),
        Case(since: "1h", query: "time:>=30m", earliest: now - 60 * minute, latest: ahead, endsNow: true),
        Case(since: "1h", query: "time:<30m", earliest: now - 60 * minute, latest: ahead, endsNow: true),

        // Somebody does, ahead of now or not.
        Case(since: "1h", until: "now", earliest: now - 60 * minute, latest: now),
        Case(until: "2026-11-22", earliest: tonight - 1_440 * minute, latest: tonight),
        Case(since: "1h", until: "now+1h", earliest: now - 60 * minute, latest: now + 60 * minute),
        Case(since: "2h..1h", earliest: now - 120 * minute, latest: now - 60 * minute),
        Case(query: "time:today", earliest: midnight, latest: tonight),
        Case(query: "time:<2026-11-22", earliest: .min, latest: midnight - 1),
        Case(since: "1h", query: "time:today", earliest: now - 60 * minute, latest: tonight),

        // What is ahead is asked for.
        Case(query: "time:>now", earliest: now + 1, latest: .max),
        Case(query: "time:>now+1h host:db1", earliest: now + 60 * minute + 1, latest: .max),
        Case(since: "1h", query: "time:>now", earliest: now - 60 * minute, latest: .max),

        // Arrival says enough.
        Case(query: "received:10s", earliest: .min, latest: .max),
        Case(since: "1h", query: "received:10s", earliest: now - 60 * minute, latest: .max),
        Case(since: "1h", until: "now", query: "received:10s", earliest: now - 60 * minute, latest: now),
    ])
    func `a window ends where somebody says, or now`(_ wanted: Case) throws {
        let filter = try Query.parse(wanted.query, QueryContext(times: Self.times)).filter
        let asked = try Self.times.asked(since: wanted.since, until: wanted.until)
        let window = Self.times.window(asked: asked, filter)
        #expect(window.span == TimeSpan(earliest: wanted.earliest, latest: wanted.latest))
        #expect(window.endsNow == wanted.endsNow)
    }
}
