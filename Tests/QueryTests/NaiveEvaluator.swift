import Parse
import Query

/// One event as the naive evaluator sees it.
struct NaiveEvent {
    var raw: [UInt8]
    /// Every value of each field, by the field's short name; without `raw`, `level` and `time`.
    var fields: [String: [[UInt8]]] = [:]
    /// Nanoseconds since the Unix epoch.
    var time: Int64 = 0
    var received: Int64 = 0
    /// 0 (emergency) to 7 (debug); nil where nothing says.
    var severity: Int?

    /// Where it stands among others: at its time, or within a second that its time names as a whole where it arrived;
    /// at the end of this second if it arrived later.
    var place: Int64 {
        let second: Int64 = 1_000_000_000
        if time % second != 0 || received <= time { return time }
        return received - time < second ? received : time + second - 1
    }
}

/// What a filter means, written as plainly as possible and with nothing of the engine: the oracle of its
/// tests.
func matches(_ filter: Filter, _ event: NaiveEvent) -> Bool {
    switch filter {
    case .everything: return true
    case .not(let inner): return !matches(inner, event)
    case .and(let parts): return parts.allSatisfy { matches($0, event) }
    case .or(let parts): return parts.contains { matches($0, event) }
    case .test(let test):
        switch test.field {
        case "level":
            guard let severity = event.severity else { return false }
            if case .regex = test.condition { return Naive.holds(test, Array(Naive.levels[severity].utf8)) }
            return Naive.holds(test, number: Double(7 - severity))
        case "time": return Naive.holds(test, time: event.time)
        case "received": return Naive.holds(test, time: event.received)
        case "raw": return Naive.holds(test, event.raw)
        default: return (event.fields[test.field] ?? []).contains { Naive.holds(test, $0) }
        }
    }
}

enum Naive {
    static let levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]

    static func holds(_ test: Test, time: Int64) -> Bool {
        switch test.condition {
        case .exists: true
        case .during(let span): span.earliest <= time && time <= span.latest
        default: false
        }
    }

    static func holds(_ test: Test, number: Double) -> Bool {
        switch test.condition {
        case .exists: true
        case .within(let bounds): lies(number, in: bounds)
        default: false
        }
    }

    static func holds(_ test: Test, _ value: [UInt8]) -> Bool {
        switch test.condition {
        case .exists: return true
        case .exactly(let text): return value == Array(text.utf8)
        case .contains(let text): return contains(lower(Array(text.utf8)), in: value)
        case .matches(let glob):
            let edges = (0...value.count).filter { isEdge($0, value) }
            return edges.contains { start in
                !ends(of: glob, in: value, from: start).isDisjoint(with: edges)
            }
        case .like(let glob): return ends(of: glob, in: value, from: 0).contains(value.count)
        case .within(let bounds): return decimal(value).map { lies($0, in: bounds) } ?? false
        case .regex(let pattern): return NaiveRegex.known(pattern).matches(value)
        case .network(let network): return NaiveNetwork(network.description).holds(value)
        case .during: return false
        case .equals(let text):
            let wanted = Array(text.utf8)
            if test.kind == .open, let left = decimal(wanted), let right = decimal(value) {
                return left == right
            }
            if lower(value) == lower(wanted) { return true }
            let firstLabel = value.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)[0]
            return test.field == "host" && !wanted.isEmpty && lower(Array(firstLabel)) == lower(wanted)
        }
    }

    static func contains(_ needle: [UInt8], in value: [UInt8]) -> Bool {
        guard needle.count <= value.count else { return false }
        return (0...(value.count - needle.count)).contains { start in
            let end = start + needle.count
            return lower(Array(value[start..<end])) == needle && isEdge(start, value) && isEdge(end, value)
        }
    }

    static func lies(_ number: Double, in bounds: Bounds) -> Bool {
        if let lower = bounds.lower {
            if lower.inclusive ? number < lower.value : number <= lower.value { return false }
        }
        if let upper = bounds.upper {
            if upper.inclusive ? number > upper.value : number >= upper.value { return false }
        }
        return true
    }

    static func lower(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }

    static func isToken(_ byte: UInt8) -> Bool {
        byte >= 128 || "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8.contains(byte)
    }

    static func isEdge(_ place: Int, _ value: [UInt8]) -> Bool {
        if place == 0 || place == value.count { return true }
        return !(isToken(value[place - 1]) && isToken(value[place]))
    }

    /// Every place where a match of the pattern that begins at `start` can end.
    static func ends(of glob: Glob, in value: [UInt8], from start: Int) -> Set<Int> {
        var places: Set<Int> = [start]
        for piece in glob.pieces {
            var next: Set<Int> = []
            for place in places {
                switch piece {
                case .any: next.formUnion(place...value.count)
                case .one: if place < value.count { next.insert(place + 1) }
                case .literal(let text):
                    let bytes = Array(text.utf8)
                    if lower(Array(value[place...].prefix(bytes.count))) == lower(bytes) {
                        next.insert(place + bytes.count)
                    }
                }
            }
            places = next
        }
        return places
    }

    /// Reads `-?digits[.digits][e[+-]digits]`.
    static func decimal(_ bytes: [UInt8]) -> Double? {
        guard bytes.allSatisfy({ $0 < 128 }) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.wholeMatch(of: #/-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/#) != nil else { return nil }
        return Double(text)
    }
}
