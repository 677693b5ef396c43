import Foundation
import Parse
import Query
import TestSupport

/// Steps of a clock, by the calendar of another library.
final class NaiveClock {
    let zone: ZoneRule
    private let step: Int64
    private let calendar: Calendar
    private var known: [Int64: Int64] = [:]

    private static let second: Int64 = 1_000_000_000
    private static let hour: Int64 = 3_600 * second
    private static let day: Int64 = 24 * hour

    static let zones = ["UTC", "Europe/Berlin", "Asia/Kolkata"]

    static func rule(_ name: String) throws -> ZoneRule {
        if name == "UTC" { return .utc }
        return try ZoneRule(tzif: [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)"))))
    }

    init(_ step: Aggregation.Step, window: TimeSpan, zone name: String) throws {
        zone = try Self.rule(name)
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try TimeZone(identifier: name).orThrow()
        self.calendar = calendar
        switch step {
        case .fixed(let length): self.step = length
        case .automatic:
            let seconds = Double(window.latest) / 1e9 - Double(window.earliest) / 1e9
            let choices = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400]
            let choice = choices.first { seconds / Double($0) < 61 } ?? 7 * 86_400
            self.step = Int64(choice) * Self.second
        }
    }

    func start(of time: Int64) -> Int64 {
        // All clocks here show the same minutes within a quarter of an hour; shorter steps are plain.
        let quarter = step % (900 * Self.second) == 0 ? floor(time, 900 * Self.second) : time
        if let start = known[quarter] { return start }
        let start = computed(quarter)
        known[quarter] = start
        return start
    }

    /// The beginnings of all steps between two of them.
    func starts(from first: Int64, to last: Int64) -> [Int64] {
        var starts = [first]
        var time = first
        while time < last {
            time += min(step, 900 * Self.second)
            let start = start(of: time)
            if start > starts[starts.count - 1], start <= last { starts.append(start) }
        }
        return starts
    }

    /// The beginning of the step behind one.
    func next(_ start: Int64) -> Int64 {
        var time = start
        while self.start(of: time) <= start { time += min(step, 900 * Self.second) }
        return self.start(of: time)
    }

    private func computed(_ time: Int64) -> Int64 {
        let date = Date(timeIntervalSince1970: Double(floor(time, Self.second) / Self.second))
        if Self.hour % step == 0 {
            let offset = Int64(calendar.timeZone.secondsFromGMT(for: date)) * Self.second
            return floor(time + offset, step) - offset
        }
        if step == 7 * Self.day {
            return nanoseconds(calendar.dateInterval(of: .weekOfYear, for: date)?.start)
        }
        if step == Self.day { return nanoseconds(calendar.startOfDay(for: date)) }
        guard step % Self.hour == 0, Self.day % step == 0 else { return floor(time, step) }
        var parts = calendar.dateComponents([.year, .month, .day, .hour], from: date)
        let hours = Int(step / Self.hour)
        parts.hour = (parts.hour ?? 0) / hours * hours
        return nanoseconds(calendar.date(from: parts))
    }

    private func nanoseconds(_ date: Date?) -> Int64 {
        Int64(date?.timeIntervalSince1970 ?? 0) * Self.second
    }

    private func floor(_ time: Int64, _ step: Int64) -> Int64 {
        let rest = time % step
        return time - (rest < 0 ? rest + step : rest)
    }
}

extension Optional {
    /// The value that a test cannot go on without.
    func orThrow() throws -> Wrapped {
        guard let self else { throw Unexpected() }
        return self
    }
}
