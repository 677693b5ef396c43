import Testing

@testable import Index

/// What retention decides, from facts alone.
struct RetentionPlanTests {
    private static let today = Day(number: 20_000)

    private static func day(_ age: Int) -> Day { Day(number: today.number - Int32(age)) }

    private static func stored(
        _ age: Int, events: Int = 100, bytes: Int = 10, last: UInt64 = 1, restored: Bool = false
    )
        -> RetentionFacts.StoredDay
    {
        RetentionFacts.StoredDay(
            day(age), events: events, bytes: bytes, lastSequence: last, isRestored: restored)
    }

    private static func part(_ age: Int, events: Int = 100, restored: Bool = false)
        -> RetentionFacts.StoredPart
    {
        RetentionFacts.StoredPart(
            ArchivePart(ArchiveVolume(year: day(age).year), day(age)), events: events, bytes: 10,
            isRestored: restored)
    }

    private static func plan(
        _ days: [RetentionFacts.StoredDay], _ rules: RetentionRules, parts: [RetentionFacts.StoredPart] = [],
        applied: [Day: RetentionRecord] = [:], clock: Day = today
    ) -> RetentionPlan {
        RetentionPlan(RetentionFacts(days: days, parts: parts, applied: applied), rules, clock: clock)
    }

    @Test(
        arguments: [
            // hot days, hot size, ages of the days (10 bytes each), ages that go into the archive
            (30, nil, [0, 1, 30, 31, 40], [40, 31]),
            (0, nil, [0, 1, 2], [2, 1]),
            (30, 1_000, [0, 1, 2], []),
            (30, 30, [0, 1, 2], []),
            (30, 29, [0, 1, 2], [2]),
            (30, 10, [0, 1, 2, 3], [3, 2, 1]),
            (30, 0, [0, 1], [1]),
            (1, 15, [0, 1, 2, 3], [3, 2, 1]),
            (.max, nil, [0, 9_000], []),
        ] as [(Int, Int?, [Int], [Int])])
    func `days go into the archive by age and by size`(hot: Int, size: Int?, ages: [Int], expected: [Int]) {
        let plan = Self.plan(ages.map { Self.stored($0) }, RetentionRules(hotDays: hot, hotSize: size))
        #expect(plan.archive == expected.map { Self.day($0) })
        #expect(plan.sweeps.isEmpty && plan.delete.isEmpty && plan.brake(swept: 0) == nil)
    }

    @Test(arguments: [
        // newest day's age, clock days ahead, today's age
        (0, 0, 0), (5, 0, 4), (0, 400, -1), (0, -10, 10), (400, 0, 399), (1, 0, 0),
    ])
    func `a clock that jumps ahead makes nothing old`(newest: Int, ahead: Int, expected: Int) {
        let plan = Self.plan(
            [Self.stored(newest)], RetentionRules(), clock: Self.day(-ahead))
        #expect(plan.today == Self.day(expected))
    }

    @Test func `a clock 400 days ahead archives and deletes nothing but what was due`() {
        let rules = RetentionRules(
            hotDays: 30, archiveKeep: 100, classes: [.init(query: "*", keep: 7)])
        let days = (0..<7).map { Self.stored($0) }
        let plan = Self.plan(days, rules, parts: (31..<90).map { Self.part($0) }, clock: Self.day(-400))
        #expect(plan.archive.isEmpty && plan.sweeps.isEmpty && plan.delete.isEmpty)
    }

    @Test func `classes are due by their age, once a day, and again for late events`() throws {
        let debug = RetentionRules.Class(query: "program:debug", keep: 7)
        let test = RetentionRules.Class(query: "host:test*", keep: 14)
        let rules = RetentionRules(classes: [debug, test])
        let days = [0, 7, 8, 14, 15].map { Self.stored($0, last: 50) } + [Self.stored(20, restored: true)]
        let plan = Self.plan(days, rules)
        #expect(plan.sweeps.map(\.day) == [15, 14, 8].map { Self.day($0) })
        #expect(plan.sweeps.map(\.classes) == [[debug, test], [debug], [debug]])

        let applied = Dictionary(uniqueKeysWithValues: plan.sweeps.map { ($0.day, $0.record) })
        #expect(Self.plan(days, rules, applied: applied).sweeps.isEmpty)
        // A late event, another set of rules, and a rule that has come of age.
        #expect(
            Self.plan([Self.stored(0), Self.stored(8, last: 51)], rules, applied: applied).sweeps.count == 1)
        #expect(Self.plan([Self.stored(0), Self.stored(8, last: 9)], rules, applied: applied).sweeps.isEmpty)
        let other = RetentionRules(classes: [.init(query: "program:debug", keep: 6)])
        #expect(
            Self.plan([Self.stored(0), Self.stored(8, last: 50)], other, applied: applied).sweeps.count == 1)
        let aged = [Self.day(15): try #require(applied[Self.day(8)])]
        #expect(
            Self.plan([Self.stored(0), Self.stored(15, last: 50)], rules, applied: aged).sweeps.count == 1)
    }

    @Test func `the archive ends where it was told to, and not what was restored`() {
        let rules = RetentionRules(archiveKeep: 100)
        let parts = [99, 100, 101, 102].map { Self.part($0) } + [Self.part(103, restored: true)]
        let plan = Self.plan([Self.stored(0, events: 10_000)], rules, parts: parts)
        #expect(plan.delete.map(\.part.day) == [102, 101].map { Self.day($0) })
        #expect(plan.deletedEvents == 200)
        #expect(Self.plan([Self.stored(0)], RetentionRules(), parts: parts).delete.isEmpty)
    }

    @Test(arguments: [
        // events in the store, of the archive that go, of classes that go, whether it stops
        (800, 200, 0, false), (799, 200, 0, true), (900, 100, 100, false), (900, 100, 101, true),
        (0, 0, 0, false), (1_000, 0, 200, false), (1_000, 0, 201, true),
    ])
    func `more than a fifth is not deleted unasked`(kept: Int, archived: Int, swept: Int, stops: Bool) {
        let parts = archived > 0 ? [Self.part(101, events: archived)] : []
        let plan = Self.plan([Self.stored(0, events: kept)], RetentionRules(archiveKeep: 100), parts: parts)
        #expect((plan.brake(swept: swept) != nil) == stops)
    }

    @Test func `a year is not deleted whole unasked, but its last days may go`() {
        let rules = RetentionRules(archiveKeep: 400)
        let rest = [Self.stored(0, events: 1_000_000)]
        let many = Self.plan(rest, rules, parts: (500..<520).map { Self.part($0) })
        #expect(many.wholeYears == [Self.day(500).year] && many.brake(swept: 0) != nil)
        #expect(Self.plan(rest, rules, parts: (500..<505).map { Self.part($0) }).brake(swept: 0) == nil)
        // Where some of the year stays, it does not go whole.
        let years = Self.plan(rest, rules, parts: (395..<420).map { Self.part($0) })
        #expect(years.delete.count == 19 && years.brake(swept: 0) == nil)
    }
}
