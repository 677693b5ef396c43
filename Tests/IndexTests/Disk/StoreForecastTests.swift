import Parse
import TestSupport
import Testing

@testable import Index

/// How much a store grows by, and whose bytes these are.
@Suite(.temporaryDirectory) struct StoreForecastTests {
    private static let today = Day(containing: LineBatch.received)
    private static let noon = LineBatch.received

    private func day(_ back: Int32, bytes: UInt64, events: UInt64, from part: Double = 0) -> DayUsage {
        let day = Day(number: Self.today.number - back)
        return DayUsage(
            day: day, fileBytes: bytes, events: events, rawBytes: events * 100,
            firstTime: day.start + Int64(part * Double(Day.nanoseconds)))
    }

    private func forecast(_ past: [DayUsage], today: DayUsage? = nil, oldest: Int32 = 100) -> StoreForecast {
        StoreForecast(
            past: past, today: today, oldest: Day(number: Self.today.number - oldest), now: Self.noon,
            cost: nil)
    }

    @Test func `whole days count, and today does not`() {
        let some = forecast(
            [day(3, bytes: 300, events: 30), day(2, bytes: 600, events: 60), day(1, bytes: 300, events: 90)],
            today: day(0, bytes: 9_999, events: 9_999))
        #expect(some.bytesPerDay == 400 && some.eventsPerDay == 60 && some.wholeDays == 3)
        // A day without a segment had nothing.
        let gap = forecast([day(4, bytes: 300, events: 30), day(1, bytes: 300, events: 30)])
        #expect(gap.bytesPerDay == 150 && gap.eventsPerDay == 15 && gap.wholeDays == 2)
    }

    @Test func `the first day of a store is only as long as it was`() {
        let half = forecast([day(1, bytes: 300, events: 30, from: 0.5)], oldest: 1)
        #expect(half.bytesPerDay == 600 && half.eventsPerDay == 60)
        let late = forecast([day(1, bytes: 300, events: 30, from: 0.9999)], oldest: 1)
        #expect(late.bytesPerDay.map { abs($0 - 300 * 24) < 1 } == true)
        let later = forecast([day(2, bytes: 300, events: 30, from: 0.5)], oldest: 2)
        #expect(later.bytesPerDay == 200)
    }

    @Test func `without a whole day, today is drawn out`() {
        let now = forecast([], today: day(0, bytes: 300, events: 30))
        #expect(now.bytesPerDay == 600 && now.eventsPerDay == 60 && now.wholeDays == 0)
        let quarter = forecast([], today: day(0, bytes: 300, events: 30, from: 0.25))
        #expect(quarter.bytesPerDay == 1_200 && quarter.eventsPerDay == 120)
        // Seconds are taken for ten minutes.
        let just = forecast([], today: day(0, bytes: 300, events: 30, from: 0.49999))
        #expect(just.eventsPerDay == 30 * 144)
        #expect(forecast([]).bytesPerDay == nil)
        let open = forecast([], today: day(0, bytes: 0, events: 30))
        #expect(open.bytesPerDay == nil && open.eventsPerDay == 60)
    }

    /// Lines of three hosts, whose lengths differ.
    private static func lines(_ count: Int, on day: String) -> [[UInt8]] {
        (0..<count).map { number in
            let host = ["web", "web", "db", "mail"][number % 4]
            let program = number % 2 == 0 ? "app" : "cron"
            return Array("<13>1 \(day)T11:00:00Z \(host) \(program) - - - number \(number) of many".utf8)
        }
    }

    @Test func `the cost of a whole day goes to its hosts and programs`() throws {
        let fixture = try StoreFixture(TemporaryDirectory.path + "/data")
        let count = 2 * IndexLimits.eventsPerBlock
        try fixture.append(Self.lines(count, on: "2026-11-21"))
        fixture.store.closePastDays(at: StoreFixture.later)
        try fixture.append(Self.lines(10, on: "2026-11-22"))
        let forecaster = StoreForecaster(fixture.store) { LineBatch.received }
        #expect(forecaster.forecast == nil)
        forecaster.update()
        let forecast = try #require(forecaster.forecast)
        #expect(forecast.wholeDays == 1)
        let file = Files.size(fixture.store.layout.segment(Day(number: Self.today.number - 1)))
        // The first day of the store began at eleven.
        #expect(forecast.bytesPerDay.map { abs($0 - Double(file) * 24 / 13) < 1 } == true)
        let cost = try #require(forecast.cost)
        #expect("\(cost.day)" == "2026-11-21" && cost.isWhole && cost.events == UInt64(count))
        #expect(cost.storedBytes == UInt64(file))
        #expect(cost.rawBytes == UInt64(fixture.lines.prefix(count).reduce(0) { $0 + $1.count }))
        #expect(cost.hosts.map { String(decoding: $0.name, as: UTF8.self) } == ["web", "db", "mail"])
        #expect(cost.hosts.map(\.events) == [count / 2, count / 4, count / 4].map { UInt64($0) })
        #expect(cost.programs.map(\.events) == [UInt64(count / 2), UInt64(count / 2)])
        for shares in [cost.hosts, cost.programs] {
            let raw = shares.reduce(0) { $0 + $1.rawBytes }
            let stored = shares.reduce(0) { $0 + $1.storedBytes }
            // Each is rounded.
            #expect(max(raw, cost.rawBytes) - min(raw, cost.rawBytes) <= 3)
            #expect(max(stored, cost.storedBytes) - min(stored, cost.storedBytes) <= 3)
        }
        fixture.store.close()
    }

    @Test func `today's cost has what is in memory, and lines without a host`() throws {
        let fixture = try StoreFixture(TemporaryDirectory.path + "/data")
        try fixture.append([Array("<13>no header at all".utf8), Array("<13>1 - - - - - - x".utf8)])
        try fixture.append(Self.lines(6, on: "2026-11-22"))
        let forecaster = StoreForecaster(fixture.store) { LineBatch.received }
        forecaster.update()
        let forecast = try #require(forecaster.forecast)
        #expect(forecast.bytesPerDay == nil && forecast.eventsPerDay > 0 && forecast.wholeDays == 0)
        let cost = try #require(forecast.cost)
        #expect(!cost.isWhole && cost.events == 8 && cost.storedBytes == 0)
        #expect(cost.hosts.reduce(0) { $0 + $1.events } == 8)
        #expect(cost.hosts.contains { $0.name == Array("web".utf8) && $0.events == 4 })
        fixture.store.close()
    }

    @Test func `ten names, the largest, however many there are`() throws {
        let fixture = try StoreFixture(TemporaryDirectory.path + "/data")
        for number in 0..<30 {
            let line = Array("<13>1 2026-11-22T11:00:00Z host\(number) app - - - x".utf8)
            try fixture.append([[UInt8]](repeating: line, count: number + 1))
        }
        let forecaster = StoreForecaster(fixture.store) { LineBatch.received }
        forecaster.update()
        let hosts = try #require(forecaster.forecast?.cost?.hosts)
        #expect(hosts.count == DiskLimits.costRows)
        #expect(hosts.first.map { String(decoding: $0.name, as: UTF8.self) } == "host29")
        fixture.store.close()
    }

    @Test func `a store without events has a forecast of nothing`() throws {
        let fixture = try StoreFixture(TemporaryDirectory.path + "/data")
        let forecaster = StoreForecaster(fixture.store) { LineBatch.received }
        forecaster.update()
        #expect(forecaster.forecast?.bytesPerDay == nil && forecaster.forecast?.cost == nil)
        fixture.store.close()
    }
}
