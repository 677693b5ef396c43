import Index
import Parse

/// Why a query found nothing: what each of its parts finds alone, what comes near, and when it was last seen.
struct ZeroHits {
    private let engine: QueryEngine
    private let window: TimeSpan
    private let now: Int64
    private let zone: ZoneRule
    private let budget: SearchBudget

    /// Parts that are looked at, and names that are shown.
    private static let partLimit = 8
    private static let nameLimit = 5

    init(_ engine: QueryEngine, window: TimeSpan, now: Int64, zone: ZoneRule) {
        (self.engine, self.window, self.now, self.zone) = (engine, window, now, zone)
        // Nobody waits long for a reason.
        budget = SearchBudget(.seconds(2))
    }

    /// Sentences for people, most telling first; none where nothing can be said.
    func reasons(_ filter: Filter) throws -> [String] {
        if case .everything = filter { return try outside(.everything, "events").map { [$0] } ?? [] }
        let parts: [Filter] = if case .and(let parts) = filter { parts } else { [filter] }
        var counts: [String] = []
        var lines: [String] = []
        var allFind = true
        for part in parts.prefix(Self.partLimit) {
            let count = try count(part)
            counts.append("\(part) → \(count)")
            guard count == 0 else { continue }
            allFind = false
            if let names = try near(part) { lines.append(names) }
            if let last = try outside(part, "\(part)") { lines.append(last) }
        }
        if parts.count > 1 { lines.insert("alone: " + counts.joined(separator: ", "), at: 0) }
        if allFind, parts.count > 1 { lines.append("each part finds events, but no event has all of them") }
        return lines
    }

    private func count(_ filter: Filter) throws -> UInt64 {
        try run(filter, [.count(by: [])], window).work.matched
    }

    /// The newest event of a part outside of the window.
    private func outside(_ part: Filter, _ name: String) throws -> String? {
        guard case .events(let events) = try run(part, [], TimeSpan(earliest: .min, latest: .max)).rows,
            let last = events.last, !window.contains(last.time)
        else { return nil }
        let isAhead = last.time > window.latest && last.time > now
        return "\(name): last seen \(TimeText.local(last.time, zone)), "
            + (isAhead ? "ahead of now" : "outside of the window")
    }

    /// Values of the part's field that somebody may have meant, or that there are at all.
    private func near(_ part: Filter) throws -> String? {
        guard case .test(let test) = part, test.field != "raw", test.kind != .text, test.kind != .level,
            let wanted = Self.text(of: test.condition)
        else { return nil }
        let stages: [Stage] = [.count(by: [test.field])]
        guard case .table(let table) = try run(.everything, stages, window).rows else { return nil }
        let names = table.rows.compactMap { row -> String? in
            guard case .text(let bytes)? = row.first else { return nil }
            return String(validating: bytes, as: UTF8.self)
        }
        guard !names.isEmpty else { return "\(test.field): no event of the window has this field" }
        let lower = wanted.lowercased()
        let alike = names.filter { name in
            let name = name.lowercased()
            return name.contains(lower) || lower.contains(name)
                || Suggestion.nearest(to: lower, in: [name]) != nil
        }
        let shown = (alike.isEmpty ? names : alike).prefix(Self.nameLimit).map { name in
            String(decoding: ResultText.printable(Array(name.utf8)), as: UTF8.self)
        }
        let rest = (alike.isEmpty ? names : alike).count - shown.count
        return "\(alike.isEmpty ? "known" : "near") \(test.field): \(shown.joined(separator: ", "))"
            + (rest > 0 ? " and \(rest) more" : "")
    }

    private static func text(of condition: Condition) -> String? {
        switch condition {
        case .equals(let text), .exactly(let text): text
        case .like(let glob):
            glob.pieces.compactMap { if case .literal(let text) = $0 { text } else { nil } }.max {
                $0.utf8.count < $1.utf8.count
            }
        case .within(let bounds): bounds.lower.map { DecimalText.shortest($0.value) } ?? ""
        default: nil
        }
    }

    private func run(_ filter: Filter, _ stages: [Stage], _ window: TimeSpan) throws -> SearchResult {
        try engine.run(
            SearchRequest(
                query: Query(filter: filter, stages: stages), window: window, limit: 1, zone: zone, now: now),
            budget)
    }
}
