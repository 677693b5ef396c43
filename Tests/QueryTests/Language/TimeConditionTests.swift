import Query
import Testing

/// Times in queries.
struct TimeConditionTests {
    private static let day: Int64 = 86_400_000_000_000
    private static let hour: Int64 = 3_600_000_000_000
    private static let skew = QueryLimits.clockSkew
    /// 2014-05-12T10:02:11.5Z.
    private static let now: Int64 = 1_399_888_931_500_000_000
    /// 2014-05-12T00:00+02:00.
    private static let may12: Int64 = 1_399_845_600_000_000_000
    /// Two hours east from the last Sunday of March 2014 to that of October, one hour else.
    @Sendable private static func zone(_ local: Int64) -> Int {
        local >= 1_396_148_400 && local < 1_414_292_400 ? 7_200 : 3_600
    }
    private static let context = QueryContext(times: TimeExpression(now: now, zone: zone))

    @Test(arguments: [
        ("time:2014-05-12", may12, may12 + day - 1), ("_time:2014-05-12", may12, may12 + day - 1),
        ("timestamp:\"2014-05-12\"", may12, may12 + day - 1), ("time:=2014-05-12", may12, may12 + day - 1),
        ("time:[2014-05-12 TO 2014-05-13]", may12, may12 + 2 * day - 1),
        ("time:{2014-05-12 TO 2014-05-14}", may12 + day, may12 + 2 * day - 1),
        ("time:[2014-05-12 TO 2014-05-14}", may12, may12 + 2 * day - 1),
        ("time:2014-05-12..2014-05-13", may12, may12 + 2 * day - 1),
        ("time:[* TO 2014-05-12]", .min, may12 + day - 1), ("time:*..2014-05-12", .min, may12 + day - 1),
        ("time:2014-05-12..*", may12, .max), ("time:[2014-05-12 to *]", may12, .max),
        ("time:>2014-05-12", may12 + day, .max), ("time:>=2014-05-12", may12, .max),
        ("time:<2014-05-12", .min, may12 - 1), ("time:<=2014-05-12", .min, may12 + day - 1),
        ("time >= 2014-05-12", may12, .max), ("time<2014-05-12", .min, may12 - 1),
        ("time:>=\"2014-05-12 10:00\"", may12 + 10 * hour, .max),
        (
            "time:[\"2014-05-12 10:00\" TO 2014-05-12T10:00:01]", may12 + 10 * hour,
            may12 + 10 * hour + 1_000_000_000
        ),
        // A minute and a second are spans, too; a fraction is an instant.
        ("time:2014-05-12T10:00", may12 + 10 * hour, may12 + 10 * hour + 60_000_000_000 - 1),
        (
            "time:2014-05-12T10:00:07", may12 + 10 * hour + 7_000_000_000,
            may12 + 10 * hour + 8_000_000_000 - 1
        ),
        ("time:2014-05-12T10:00:07.5", may12 + 10 * hour + 7_500_000_000, may12 + 10 * hour + 7_500_000_000),
        ("time:15m", now - hour / 4, now + skew), ("time:1D", now - day, now + skew),
        ("time:>=15m", now - hour / 4, .max),
        ("time:2h..1h", now - 2 * hour, now - hour), ("time:[2h TO 1h]", now - 2 * hour, now - hour),
        ("time:today", may12, may12 + day - 1), ("time:now-1d/d", may12 - day, may12 - 1),
        // The days on which the clock changes have 23 and 25 hours.
        ("time:2014-03-30", 1_396_134_000_000_000_000, 1_396_134_000_000_000_000 + 23 * hour - 1),
        ("time:2014-10-26", 1_414_274_400_000_000_000, 1_414_274_400_000_000_000 + 25 * hour - 1),
    ])
    func `a time is a span`(_ text: String, _ earliest: Int64, _ latest: Int64) throws {
        let query = try Query.parse(text, Self.context)
        #expect(query == Query(filter: .during(earliest, latest)))
        // Printed, it means the same to everybody.
        #expect(try Query.parse(query.description) == query)
    }

    @Test func `values of one time are any of them`() throws {
        let days: [Filter] = [
            .during(Self.may12, Self.may12 + Self.day - 1), .during(.min, 1_388_530_799_999_999_999),
        ]
        #expect(try Query.parse("time:2014-05-12,*..2013", Self.context).filter == .or(days))
        #expect(try Query.parse("time:(2014-05-12 OR <2014)", Self.context).filter == .or(days))
        #expect(try Query.parse("time:(2014-05-12 <2014)", Self.context).filter == .or(days))
        #expect(
            try Query.parse("received:>2014-05-12", Self.context).filter
                == .during(Self.may12 + Self.day, .max, in: "received"))
    }

    @Test func `an empty span lets nothing through`() throws {
        #expect(
            try Query.parse("time:{2014-05-12T10:00Z TO 2014-05-12T10:00Z}").filter == .not(.everything))
    }

    @Test(arguments: [
        ("a", nil), ("time:[100000000Z TO *]", nil), ("received:2014", nil), ("NOT time:2014", nil),
        ("time:*", nil),
        ("time:2014 OR a", nil), ("a time:>=2014 time:<2015 b", "time:[2014 TO 2014]"),
        ("time:2014 (time:2014-05 OR time:2014-07)", "time:[2014-05 TO 2014-07]"),
        ("time:2014 OR time:2012 status:5", "time:[2012 TO 2014]"),
    ])
    func `the hull of a filter holds all its events`(_ text: String, _ expected: String?) throws {
        guard let filter = try? Query.parse(text, Self.context).filter else {
            return #expect(expected == nil)
        }
        let span = try expected.map { try Query.parse($0, Self.context).filter.timeHull }
        #expect(filter.timeHull == span ?? nil)
    }
}
