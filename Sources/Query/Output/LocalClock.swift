import Parse

/// Writes times on the clocks of a zone.
struct LocalClock {
    let zone: ZoneRule
    private var renderer = TimeRenderer()

    init(_ zone: ZoneRule) { self.zone = zone }

    /// Appends `2026-11-22 10:02:11.482`, with as many digits behind the point as wanted.
    mutating func append(_ time: Int64, digits: UInt8, to output: inout [UInt8]) {
        let minutes = Int16(clamping: zone.offset(at: time.floorQuotient(1_000_000_000)) / 60)
        let start = output.count
        renderer.render(
            time, as: TimeLayout(.iso, fractionDigits: digits, offsetMinutes: minutes), into: &output)
        if output.count > start + 10 { output[start + 10] = UInt8(ascii: " ") }
    }

    /// The day on the reader's calendar, as days since 1970.
    func day(of time: Int64) -> Int64 {
        let seconds = time.floorQuotient(1_000_000_000)
        return (seconds + Int64(zone.offset(at: seconds))).floorQuotient(86_400)
    }

    /// `Sat 2026-11-21`.
    static func name(ofDay day: Int64) -> String {
        let date = CivilTime(seconds: day * 86_400)
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        return "\(names[Int(date.weekday)]) \(date.year)-\(padded(date.month))-\(padded(date.day))"
    }

    /// The two largest units of a length of time: `2h 13m`.
    static func length(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let units = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ]
        let parts = units.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return parts.isEmpty ? "0s" : parts.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    private static func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
