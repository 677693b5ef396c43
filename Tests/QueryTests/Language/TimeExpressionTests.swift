import Query
import Testing

/// Times as `--since` and `--until` take them.
struct TimeExpressionTests {
    /// 2014-05-12T10:02:11.5Z, a Monday.
    private static let now: Int64 = 1_399_888_931_500_000_000
    /// Two hours east from the last Sunday of March 2014 to that of October, one hour else.
    @Sendable private static func zone(_ local: Int64) -> Int {
        local >= 1_396_148_400 && local < 1_414_292_400 ? 7_200 : 3_600
    }
    private static let times = TimeExpression(now: now, zone: zone)

    private static func second(_ count: Int64) -> Int64 { count * 1_000_000_000 }

    @Test(arguments: [
        ("now", now, now), ("15m", now - second(900), now - second(900)),
        ("1h30m", now - second(5_400), now - second(5_400)),
        ("2h..1h", now - second(7_200), now - second(3_600)), ("[2h TO now]", now - second(7_200), now),
        ("2014-05-12", second(1_399_845_600), second(1_399_932_000) - 1),
        ("2014-05", second(1_398_895_200), second(1_401_573_600) - 1),
        ("2014", second(1_388_530_800), second(1_420_066_800) - 1),
        ("2012-02-29", second(1_330_470_000), second(1_330_556_400) - 1),
        ("2014-12", second(1_417_388_400), second(1_420_066_800) - 1),
        // The day that the clock goes forward has 23 hours.
        ("2014-03-30", second(1_396_134_000), second(1_396_216_800) - 1),
        ("2014-05-12T10:00", second(1_399_881_600), second(1_399_881_600)),
        ("2014-05-12 10:00:30", second(1_399_881_630), second(1_399_881_630)),
        ("2014-05-12T10:00Z", second(1_399_888_800), second(1_399_888_800)),
        ("2014-05-12t10:00:00.25z", second(1_399_888_800) + 250_000_000, second(1_399_888_800) + 250_000_000),
        ("2014-05-12T10:00+02:00", second(1_399_881_600), second(1_399_881_600)),
        ("2014-05-12T10:00:00-0130", second(1_399_894_200), second(1_399_894_200)),
        ("2014-05-12T23:59:60Z", second(1_399_939_200), second(1_399_939_200)),
        ("today", second(1_399_845_600), second(1_399_932_000) - 1),
        ("Yesterday", second(1_399_759_200), second(1_399_845_600) - 1),
        ("monday", second(1_399_845_600), second(1_399_932_000) - 1),
        ("tue", second(1_399_327_200), second(1_399_413_600) - 1),
        ("sunday", second(1_399_759_200), second(1_399_845_600) - 1),
        ("now-1d", now - second(86_400), now - second(86_400)),
        ("now-1d/d", second(1_399_759_200), second(1_399_845_600) - 1),
        ("now/h", second(1_399_888_800), second(1_399_892_400) - 1),
        ("now/w", second(1_399_845_600), second(1_400_450_400) - 1),
        ("1399888931", second(1_399_888_931), second(1_399_888_931)), ("1399888931.5", now, now),
        ("1399888931500", now, now),
        ("2014-05-10..2014-05-12", second(1_399_672_800), second(1_399_932_000) - 1),
        ("1970-01-01T00:00Z", 0, 0), ("1969-12-31T23:59:59Z", second(-1), second(-1)),
        ("1700-03-01T00:00Z", second(-8_515_238_400), second(-8_515_238_400)),
    ])
    func `a time is read`(_ text: String, _ earliest: Int64, _ latest: Int64) throws {
        #expect(try Self.times.span(of: text) == TimeSpan(earliest: earliest, latest: latest))
    }

    @Test(arguments: [
        "", "x", "15", "15q", "m", "-15m", "20140512", "12345678901", "2014-5-12", "2014-13", "2014-02-29",
        "2014-05-32", "2014-05-12T",
        "2014-05-12T10", "2014-05-12T24:00", "2014-05-12T10:60", "2014-05-12T10:00.5", "2014-05-12T10:00:61",
        "2014-05-12T10:00+25:00",
        "2014-05T10:00", "2014-05-12T10:00:00.1234567890Z", "nowx", "now-", "now-1", "now/x", "now-1d/", "..",
        "1h..", "..1h", "1h..2h",
        "[1h TO", "[ TO ]", "9999", "1676", "2263", "now-300000w", "99999999999999999999d",
        "999999999999999999w", "2014-05-12T10:00Zz", "١٥m",
        "2014\0", "🪵", "[TO ]", "1399888931.", "1399888931500.5",
    ])
    func `anything else is an error that names what is accepted`(_ text: String) {
        do throws(QueryError) {
            let span = try Self.times.span(of: text)
            Issue.record("\(text) was read as \(span)")
        } catch {
            #expect(error.code == .badTime)
            #expect(error.range.upperBound <= text.utf8.count)
            #expect(error.hint?.contains("2014-05-12T10:00") == true)
        }
    }

    @Test func `the error text points at the bad end`() {
        let error = #expect(throws: QueryError.self) { try Self.times.span(of: "2h..soon") }
        #expect(
            error?.rendered(query: "2h..soon") == """
                no time is written "soon"
                  2h..soon
                      ^
                accepted: 15m, 2h, 1d (ago), 2h..1h, 2014-05-12, 2014-05, 2014, 2014-05-12T10:00[:00][Z|+02:00], \
                now, today, yesterday, monday, now-1d/d, seconds or milliseconds since 1970
                """)
    }

    @Test func `a window has sensible ends where none are given`() throws {
        let day: Int64 = 86_400_000_000_000
        let times = Self.times
        #expect(try times.window(since: nil, until: nil) == TimeSpan(earliest: Self.now - day, latest: .max))
        #expect(
            try times.window(since: "15m", until: nil)
                == TimeSpan(earliest: Self.now - Self.second(900), latest: .max))
        #expect(try times.window(since: "2h..1h", until: nil) == times.span(of: "2h..1h"))
        #expect(try times.window(since: nil, until: "1h").earliest == Self.now - Self.second(3_600) - day)
        #expect(try times.window(since: "2014-05-10", until: "2014-05-10") == times.span(of: "2014-05-10"))
        #expect(throws: QueryError.self) { try times.window(since: "1h", until: "2h") }
        #expect(throws: QueryError.self) { try times.window(since: "2h..1h", until: "now") }
        #expect(throws: QueryError.self) { try times.window(since: "2h", until: "2h..1h") }
    }

    @Test func `times at the ends of the clock do not trap`() throws {
        for now in [Int64.min, .max, 0] {
            for offset in [-86_400, 0, 86_400] {
                let times = TimeExpression(now: now) { _ in offset }
                for text in [
                    "now", "1w", "today", "yesterday", "monday", "now/w", "now+1s/s", "2262-04-11",
                    "1677-09-21", "0000",
                ] {
                    _ = try? times.window(since: text, until: nil)
                    _ = try? times.window(since: nil, until: text)
                }
            }
        }
    }

    @Test func `random texts are a time or an error`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SplitMix(seed: seed)
        let pieces = [
            "now", "-", "/", "d", "m", "1", "2014", "-05", "-12", "T", "10:00", ":00", ".5", "Z", "+02:00",
            "..", "[", " TO ", "]", "9", "w", "é",
        ]
        var read = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            if let span = try? Self.times.span(of: text) {
                read += 1
                #expect(span.earliest <= span.latest, "seed \(seed): \(text)")
            }
        }
        #expect(read > 100)
    }
}
