import Parse
import TestSupport
import Testing

@testable import Query

struct ClockStepsTests {
    private static let hour: Int64 = 3_600_000_000_000
    private static let window = TimeSpan(earliest: 0, latest: 1)

    /// Every step against the calendar of another library, over both changes of the clock in Berlin.
    @Test(arguments: NaiveClock.zones)
    func `steps begin where a calendar says`(_ zone: String) throws {
        let changes: [Int64] = [1_774_746_000_000_000_000, StageEvents.change]
        for minutes in [1, 15, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 720, 1_440, 7 * 1_440] as [Int64]
        {
            let step = Aggregation.Step.fixed(minutes * 60_000_000_000)
            let clock = ClockSteps(step, window: Self.window, zone: try NaiveClock.rule(zone))
            let naive = try NaiveClock(step, window: Self.window, zone: zone)
            for change in changes {
                for quarter in -200..<200 as Range<Int64> {
                    let time = change + quarter * Self.hour / 4
                    #expect(clock.start(of: time) == naive.start(of: time), "\(minutes) min, \(time)")
                }
            }
        }
    }

    /// Steps follow each other without a gap, whatever the clock does, such as half an hour on Lord Howe Island.
    @Test(arguments: [
        "UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut",
    ])
    func `each time lies in one step`(_ zone: String) throws {
        var random = SeededRandom()
        let rule = try NaiveClock.rule(zone)
        for minutes in [1, 7, 12, 20, 45, 60, 61, 90, 180, 720, 1_440, 3 * 1_440, 7 * 1_440] as [Int64] {
            let clock = ClockSteps(.fixed(minutes * 60_000_000_000), window: Self.window, zone: rule)
            for _ in 0..<300 {
                let time =
                    StageEvents.change + Int64.random(in: -9_000...9_000, using: &random) * Self.hour / 4
                let context = "seed \(random.seed), \(minutes) min, \(time)"
                let start = clock.start(of: time)
                let next = clock.next(after: start)
                #expect(start <= time && time < next, "\(context)")
                #expect(clock.start(of: start) == start, "\(context)")
                #expect(clock.start(of: next) == next && clock.start(of: next - 1) == start, "\(context)")
            }
        }
    }
}
