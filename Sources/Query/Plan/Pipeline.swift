import Parse

/// What a query does: which events, what becomes of each block of them, and what of the whole.
///
///     filter ─► blocks ─► steps ─► collection ─► rest
struct Pipeline {
    /// The query's filter, with every `where` that stands before anything else.
    private(set) var filter: Filter
    /// What is done with the events of each block: `extract`, and `where` behind it.
    private(set) var steps: [Stage] = []
    /// What is kept of all blocks.
    private(set) var collection: Collection
    /// What is done with the rows that come out.
    private(set) var rest: [Stage] = []
    /// Whether a stage says how many events come out, and not the limit of the request.
    let isCounted: Bool
    /// Whether what stands behind a sort should get all of the events.
    private(set) var sortsAll = false

    enum Collection {
        case events(EdgeEvents.Edge, Int)
        case sorted([SortKey], Int)
        case newestOfEach([String])
        case groups(Aggregation)
        case top(Int, fields: [String], isRare: Bool)
        case patterns(newSince: Int64?)
        case difference(Int64)
    }

    /// - `limit`: events at most, where no stage says.
    init(_ query: Query, limit: Int) {
        filter = query.filter
        isCounted = query.stages.contains { stage in
            switch stage {
            case .head, .tail: true
            default: false
            }
        }
        collection = .events(.newest, limit)
        var rest = Self.columnsLast(query.stages)[...]
        while let stage = rest.first {
            switch stage {
            case .filter(let more) where steps.isEmpty: filter = .all(of: [filter, more])
            case .filter, .extract: steps.append(stage)
            default:
                let isTaken = collect(stage, rest.dropFirst(), limit)
                self.rest = Array(isTaken.map { rest.dropFirst(1 + $0) } ?? rest)
                return
            }
            rest = rest.dropFirst()
        }
    }

    /// The stages, with `fields` behind all others that work on events.
    ///
    /// Which columns are shown matters only when the events are: those that are counted need not be cut first.
    private static func columnsLast(_ stages: [Stage]) -> [Stage] {
        let table = stages.firstIndex(where: \.makesTable) ?? stages.endIndex
        let events = stages[..<table]
        return events.filter { !$0.isProjection }
            + (table == stages.endIndex ? events.filter(\.isProjection) : Array(stages[table...]))
    }

    /// Lets the scan do a stage; returns how many of the following it does as well, or nil if it cannot.
    private mutating func collect(_ stage: Stage, _ following: ArraySlice<Stage>, _ limit: Int) -> Int? {
        switch stage {
        case .aggregate(let aggregation): collection = .groups(aggregation)
        case .top(let count, let fields, let isRare): collection = .top(count, fields: fields, isRare: isRare)
        case .head(let count): collection = .events(.oldest, count)
        case .tail(let count): collection = .events(.newest, count)
        case .sort(let keys):
            if case .head(let count)? = following.first {
                collection = .sorted(keys, count)
                return 1
            }
            sortsAll = !following.allSatisfy(\.isProjection)
            collection = .sorted(keys, sortsAll ? QueryLimits.rows : limit)
        case .dedup(let fields): collection = .newestOfEach(fields)
        case .patterns(let newSince): collection = .patterns(newSince: newSince)
        case .diff(let length): collection = .difference(length)
        case .fields, .without, .context, .filter, .extract: return nil
        }
        return 0
    }

    /// Whether events come out one by one, so that they need not be collected: `fields` at most follows.
    var isStream: Bool {
        guard case .events(.newest, _) = collection else { return false }
        return rest.allSatisfy(\.isProjection)
    }
}

extension Stage {
    /// Whether the stage only chooses columns.
    var isProjection: Bool {
        switch self {
        case .fields, .without: true
        default: false
        }
    }

    /// Whether rows of another kind come out than events.
    fileprivate var makesTable: Bool {
        switch self {
        case .aggregate, .top, .patterns, .diff: true
        default: false
        }
    }
}
