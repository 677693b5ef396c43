import Index
import TestSupport
import Testing

struct DayTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01"), (-1, "1969-12-31"), (951_782_400_000_000_000, "2000-02-29"),
        (1_795_348_800_000_000_000, "2026-11-22"), (.min, "1677-09-21"), (.max, "2262-04-11"),
    ])
    func `an instant lies in its day`(_ instant: Int64, _ text: String) {
        #expect(Day(containing: instant).description == text)
        #expect(Day(text) == Day(containing: instant))
        #expect(Day(containing: instant).start <= instant)
    }

    @Test(arguments: [
        "", "2026-11", "2026-13-01", "2026-02-30", "2026-1-01", "26-11-22", "2026-11-22x", "-026-11-22",
    ])
    func `what is no day is none`(_ text: String) {
        #expect(Day(text) == nil)
    }

    @Test func `every day reads back as itself, and begins where the one before ends`() {
        for number in Int32(-106_000)...106_000 where number % 37 == 0 {
            let day = Day(number: number)
            #expect(Day(day.description) == day)
            #expect(Day(containing: day.start) == day)
            #expect(Day(containing: day.start - 1) == Day(number: number - 1))
        }
    }
}
