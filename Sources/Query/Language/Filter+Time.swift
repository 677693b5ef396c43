extension Filter {
    /// A span that the time of every event lies in which the filter lets through; nil where there is none.
    ///
    /// From conditions on `time` alone: when an event was received says little about its time.
    package var timeHull: TimeSpan? {
        switch self {
        case .everything, .not: return nil
        case .test(let test):
            guard test.field == "time", case .during(let span) = test.condition else { return nil }
            return span
        case .and(let parts):
            return parts.compactMap(\.timeHull).reduce(nil) { $1.intersection($0) }
        case .or(let parts):
            let hulls = parts.compactMap(\.timeHull)
            guard hulls.count == parts.count, let first = hulls.first else { return nil }
            return hulls.dropFirst().reduce(first) { $0.hull($1) }
        }
    }

    /// Whether the filter asks when events were received.
    var asksForReceipt: Bool {
        switch self {
        case .everything: return false
        case .not(let part): return part.asksForReceipt
        case .and(let parts), .or(let parts): return parts.contains(where: \.asksForReceipt)
        case .test(let test):
            guard test.field == "received", case .during = test.condition else { return false }
            return true
        }
    }

    /// A span in which the store received every event that the filter lets through; nil where there is none.
    var receiptHull: TimeSpan? {
        switch self {
        case .test(let test):
            guard test.field == "received", case .during(let span) = test.condition else { return nil }
            return span
        case .and(let parts): return parts.compactMap(\.receiptHull).reduce(nil) { $1.intersection($0) }
        case .everything, .not, .or: return nil
        }
    }
}
