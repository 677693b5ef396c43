/// A stretch of time.
///
/// Nanoseconds since the Unix epoch, both ends included; one instant has equal ends. A span whose ends are
/// crossed holds no time.
package struct TimeSpan: Equatable, Sendable {
    package var earliest: Int64
    package var latest: Int64

    package init(earliest: Int64, latest: Int64) {
        self.earliest = earliest
        self.latest = latest
    }

    /// All of time.
    package static let everything = TimeSpan(earliest: .min, latest: .max)

    package func contains(_ time: Int64) -> Bool { time >= earliest && time <= latest }

    /// What both spans hold; the span itself for nil.
    package func intersection(_ other: TimeSpan?) -> TimeSpan {
        guard let other else { return self }
        return TimeSpan(earliest: max(earliest, other.earliest), latest: min(latest, other.latest))
    }

    /// The shortest span that holds both.
    func hull(_ other: TimeSpan) -> TimeSpan {
        if earliest > latest { return other }
        if other.earliest > other.latest { return self }
        return TimeSpan(earliest: min(earliest, other.earliest), latest: max(latest, other.latest))
    }
}
