import Query

/// What a server says of its disk at `/api/v1/status`.
struct DiskStatus: Decodable {
    var state: String
    var reason: String?
    var totalBytes: UInt64?
    var freeBytes: UInt64?
    var reserveBytes: UInt64
    var ballastBytes: UInt64

    /// One line.
    var line: String {
        if let reason { return "\(state): \(reason)" }
        guard let freeBytes, let totalBytes else { return "\(state), and nobody knows how much is free" }
        return "\(state): \(Words.size(freeBytes)) of \(Words.size(totalBytes)) free, "
            + "reserve \(Words.size(reserveBytes)), ballast \(Words.size(ballastBytes))"
    }
}

/// How a server's store grows.
struct ForecastStatus: Decodable {
    var bytesPerDay: Double?
    var eventsPerDay: Double
    var daysLeft: Double?
    var wholeDays: UInt64

    /// One line.
    var line: String {
        let events = Words.count(UInt64(exactly: eventsPerDay.rounded()) ?? 0, "event")
        guard let bytesPerDay else { return "\(events) a day at the rate of today; \(enough)" }
        let bytes = Words.size(UInt64(exactly: bytesPerDay.rounded()) ?? 0)
        let basis =
            wholeDays > 0 ? "the average of \(Words.count(wholeDays, "whole day"))" : "the rate of today"
        return "\(bytes) and \(events) a day at \(basis); \(enough)"
    }

    /// How long the room lasts.
    var enough: String {
        guard let daysLeft else { return "how long the room lasts is not known yet" }
        if daysLeft > 3_650 { return "enough for years" }
        return "\(Words.rate(daysLeft)) days until the reserve is reached"
    }
}

/// Whose bytes a server stores.
struct CostStatus: Decodable {
    struct Share: Decodable {
        var name: String
        var events: UInt64
        var rawShare: Double
        var storedShare: Double
    }

    var day: String
    var whole: Bool
    var hosts: [Share]
    var programs: [Share]

    /// Names that a line of the screen has room for.
    private static let shown = 5
    private static let nameWidth = 40

    /// The largest on one line: `web1 61 %, db1 20 %`.
    static func line(_ shares: [Share], of day: String) -> String {
        let words = shares.prefix(shown).map { share in
            // Senders choose these names.
            let name = String(decoding: ResultText.printable(Array(share.name.utf8)), as: UTF8.self)
            let shown = name.isEmpty ? "-" : String(name.prefix(nameWidth))
            return "\(shown) \(Words.rate(share.storedShare * 100)) %"
        }
        return words.joined(separator: ", ") + " of the bytes of \(day)"
    }
}

extension DiskStatus {
    /// Days below which a person should know.
    private static let fewDays = 7.0

    /// What `wplog doctor` has to say of it.
    func finding(_ forecast: ForecastStatus?, data: String?) -> Finding {
        let fix = "du -h \(data ?? "")/days | sort -h | tail -n 20"
        let days = forecast?.daysLeft
        let growth = forecast.map { "; \($0.enough)" } ?? ""
        let isFewDays = days.map { $0 < Self.fewDays } ?? false
        let severity: Finding.Severity =
            state == "full" ? .error : state == "low" || isFewDays ? .warning : .ok
        return Finding(severity, "disk", line + growth, fix: fix)
    }
}
