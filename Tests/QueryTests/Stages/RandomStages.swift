import Parse
import TestSupport

@testable import Query

/// Makes random stages, each of them one that query text can express.
struct RandomStages {
    /// Filters over the fields of the events.
    private var events: RandomQuery
    private let vocabulary: RandomQuery.Vocabulary
    private var random: SeededRandom
    private var scope = StageScope()
    private var names: [String] = []

    static let fields = [
        "host", "status", "level", "a", "request_time", "user", "client_ip", "path", "program", "bytes",
        "message",
        "no_such",
    ]
    /// Values that the columns of tables have.
    private static let values = ["1", "2", "100", "docs", "root", "10.0.0.1", "0.5", "a", "x"]

    init(_ vocabulary: RandomQuery.Vocabulary, seed: UInt64) {
        random = SeededRandom(seed: seed)
        self.vocabulary = vocabulary
        events = RandomQuery(vocabulary, seed: random.next())
    }

    mutating func query() -> Query {
        scope = StageScope()
        names = []
        let filter = random.once(in: 2) ? Filter.everything : events.filter(depth: 1)
        var stages: [Stage] = []
        for _ in 0..<random.pick([0, 1, 1, 2, 2, 3, 3, 4]) {
            let stage = stage()
            scope.apply(stage)
            if case .extract(let extraction) = stage { names += extraction.fields }
            stages.append(stage)
            // A table may have lost all of its columns.
            if scope.columns?.isEmpty ?? false { break }
        }
        return Query(filter: filter, stages: stages)
    }

    private mutating func stage() -> Stage {
        switch random.below(scope.isEvents ? 16 : 11) {
        case 0, 1: return .aggregate(aggregation())
        case 2:
            let fields = fields(1 + random.below(2)).filter { $0 != "count" && $0 != "percent" }
            return fields.isEmpty ? .head(3) : .top(count(), fields: fields, isRare: random.once(in: 2))
        case 3, 4:
            let keys = fields(1 + random.below(3))
            return .sort(keys.map { SortKey($0, isDescending: random.once(in: 2)) })
        case 5: return .head(count())
        case 6: return .tail(count())
        case 7: return .dedup(fields(1 + random.below(2)))
        case 8: return random.once(in: 3) ? .without(fields(1)) : .fields(fields(1 + random.below(3)))
        case 9, 10: return .filter(scope.isEvents ? eventFilter() : tableFilter())
        case 11: return .patterns(newSince: nil)
        case 12:
            guard scope.cut == nil else { return .patterns(newSince: nil) }
            let length = Int64(1 + random.below(30)) * StageEvents.hour
            return random.once(in: 2) ? .diff(length) : .patterns(newSince: length)
        case 13 where scope.cut != "context":
            return .context(
                before: random.below(3), after: random.below(3), of: random.pick([.host, .program, .all]))
        default: return .extract(extraction())
        }
    }

    private mutating func count() -> Int { random.pick([1, 2, 3, 5, 10, 100]) }

    /// Different names of fields or columns.
    private mutating func fields(_ count: Int) -> [String] {
        let known = scope.columnNames ?? Self.fields + names
        var chosen = Set((0..<count).compactMap { _ in known.randomElement(using: &random) })
        if scope.isEvents, random.once(in: 6) { chosen.insert(random.pick(["time", "received", "raw"])) }
        return chosen.isEmpty ? ["host"] : chosen.sorted().shuffled(using: &random)
    }

    private mutating func aggregation() -> Aggregation {
        let hasTime = scope.columnNames?.contains("time") ?? true
        var step: Aggregation.Step?
        if hasTime, random.once(in: 3) {
            let hours = random.pick([2, 3, 4, 6, 12, 24, 24, 5, 7 * 24, 0])
            step = hours == 0 ? .automatic : .fixed(Int64(hours) * StageEvents.hour)
        }
        var by = random.once(in: 3) ? [] : fields(1 + random.below(step == nil ? 3 : 1))
        if step != nil { by.removeAll { ["time", "received", "raw", "message"].contains($0) } }
        let count = by.isEmpty || step != nil ? 1 + random.below(3) : random.below(4)
        var aggregation = Aggregation([], by: by, step: step)
        for number in 0..<count {
            var function = self.function()
            if random.once(in: 4) { function.alias = "f\(number)" }
            let isKnown = aggregation.columns.contains(function.name)
            if !isKnown { aggregation.functions.append(function) }
        }
        if aggregation.functions.isEmpty, by.isEmpty || step != nil {
            aggregation.functions = [AggregateFunction(.count, alias: "n")]
        }
        return aggregation
    }

    private mutating func function() -> AggregateFunction {
        let kind = random.pick(AggregateFunction.Kind.allCases)
        switch kind {
        case .count, .rate: return AggregateFunction(kind, random.once(in: 2) ? nil : fields(1)[0])
        default: return AggregateFunction(kind, fields(1)[0])
        }
    }

    // MARK: Filters

    private mutating func eventFilter() -> Filter {
        var words = vocabulary
        words.fields += names.map { ($0, .open, Self.values) }
        var filters = RandomQuery(words, seed: random.next())
        return filters.filter(depth: 1)
    }

    private mutating func tableFilter() -> Filter {
        let columns = (scope.columns ?? []).filter { column in
            column.kind != .time
                && column.name.utf8.allSatisfy { Token.isTokenByte($0) || "().".utf8.contains($0) }
        }
        guard !columns.isEmpty else { return .everything }
        var filters = RandomQuery(
            .init(
                texts: Self.values,
                fields: columns.map { ($0.name, $0.kind, $0.kind == .level ? ["0"] : Self.values) }),
            seed: random.next())
        return filters.filter(depth: 1)
    }

    private mutating func extraction() -> Extraction {
        let parts: [[Extraction.Part]] = [
            [.literal("user="), .field("user"), .literal(" from "), .field("client")],
            [.field("first"), .literal(" "), .field(nil), .literal(" "), .field("third")],
            [.literal("took "), .field("ms"), .literal(" ")],
            [.literal("\"GET "), .field("path"), .literal(" HTTP")],
            [.literal("= <"), .field("x")], [.field("all")], [.literal("0"), .field("a"), .literal("0")],
        ]
        let source = random.once(in: 3) ? fields(1)[0] : "raw"
        return Extraction(random.pick(parts), from: ["time", "received"].contains(source) ? "raw" : source)
    }
}
