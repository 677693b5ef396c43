import Index
import Parse

/// Computes an `Aggregation`: groups of rows, and functions of each.
///
/// A block's values are looked at once each and not once an event: rows are numbered by group, then by group and
/// value, and what comes out is added to the groups of all blocks.
struct Aggregator: Collector {
    let aggregation: Aggregation
    private let steps: ClockSteps?
    private let window: TimeSpan
    private var numbers: [[ResultTable.Cell]: Int] = [:]
    private var keys: [[ResultTable.Cell]] = []
    /// Bytes of the texts in the keys: whole lines may be groups.
    private var keyBytes = 0
    private var counts: [UInt64] = []
    private var columns: [FunctionColumn]
    /// Why the result is not whole.
    private(set) var partial: String?

    /// Groups beyond this number are not opened; their rows are in one group of their own, or in one a step.
    static let groupLimit = 100_000
    /// Rows with steps of no event that are put into a table.
    static let stepLimit = 100_000
    /// What stands in the row of all groups that were not opened.
    static let others = ResultTable.Cell.text(Array("(others)".utf8))

    private let groupLimit: Int

    init(
        _ aggregation: Aggregation, window: TimeSpan, zone: ZoneRule, now: Int64,
        groupLimit: Int = Self.groupLimit
    ) {
        self.groupLimit = groupLimit
        self.aggregation = aggregation
        // Unless all of it lies ahead, it is over now.
        let end = window.earliest > now ? window.latest : min(window.latest, now)
        let window = TimeSpan(earliest: window.earliest, latest: end)
        self.window = window
        steps = aggregation.step.map { ClockSteps($0, window: window, zone: zone) }
        let entries = FunctionColumn.entryLimit / max(1, aggregation.functions.count)
        columns = aggregation.functions.map { FunctionColumn($0, entryLimit: entries) }
    }

    /// Adds the events of a block.
    mutating func add(_ match: MatchedBlock) throws {
        let isCount = aggregation.functions.allSatisfy { $0.field == nil }
        if isCount, aggregation.by.isEmpty, !match.rows.isEmpty {
            // Mostly, all of a block lies in one step, or there is none: then it need not be opened.
            guard let steps else { return add(match.rows.count, to: []) }
            if let span = match.span, steps.start(of: span.lowerBound) == steps.start(of: span.upperBound) {
                return add(match.rows.count, to: [.time(steps.start(of: span.lowerBound))])
            }
        }
        if isCount, steps == nil, aggregation.by.count == 1 { return try addCounts(match) }
        try add(try BlockRows(match))
    }

    /// Counts the events of a block by the values of one field, which needs no more than the values' codes.
    private mutating func addCounts(_ match: MatchedBlock) throws {
        let block = try match.reader()
        if let column = block.plainColumn(of: aggregation.by[0]) {
            let byValue = try block.counts(of: column, among: match.rows)
            let values = try block.values(of: column)
            for (value, count) in byValue.enumerated() where count > 0 {
                add(count, to: [value == 0 ? .missing : .text(Array(values[value - 1]))])
            }
            return
        }
        let field = try block.codes(of: aggregation.by[0], among: match.rows)
        var byCode = [Int](repeating: 0, count: field.cells.count)
        let isAll = match.rows.count == match.rows.size
        do {
            var output = byCode.mutableSpan
            if isAll {
                for code in field.codes { output[Int(code)] += 1 }
                output[0] += max(0, match.rows.size - field.codes.count)
            } else {
                match.rows.forEach { row in output[field.code(row)] += 1 }
            }
        }
        for (code, count) in byCode.enumerated() where count > 0 { add(count, to: [field.cells[code]]) }
    }

    /// Adds rows.
    mutating func add(_ input: some FieldRows) throws {
        let local = try LocalGroups(input, by: aggregation.by, steps)
        let global = (0..<local.count).map { group(local.key(of: $0)) }
        for (number, count) in local.counts.enumerated() { counts[global[number]] += UInt64(count) }
        for index in columns.indices {
            try columns[index].add(input, local, groups: global)
            partial = partial ?? columns[index].partial
        }
    }

    /// Adds what another one has counted.
    mutating func merge(_ other: Aggregator) {
        let global = other.keys.map { group($0) }
        for (number, count) in other.counts.enumerated() { counts[global[number]] += count }
        for index in columns.indices { columns[index].merge(other.columns[index], groups: global) }
        partial = partial ?? other.partial
    }

    private mutating func add(_ count: Int, to key: [ResultTable.Cell]) {
        counts[group(key)] += UInt64(count)
    }

    /// The number of a group; made where it is new.
    private mutating func group(_ key: [ResultTable.Cell]) -> Int {
        if let number = numbers[key] { return number }
        var key = key
        if keys.count >= groupLimit || keyBytes > KeptLimits.bytes {
            let limit = keys.count >= groupLimit ? "\(groupLimit)" : "\(KeptLimits.bytes >> 20) MiB of"
            partial = "more than \(limit) groups; the rest is in the row (others)"
            key = othersKey(of: key)
            if let number = numbers[key] { return number }
        }
        numbers[key] = keys.count
        for case .text(let text) in key { keyBytes += text.count }
        keys.append(key)
        counts.append(0)
        for index in columns.indices { columns[index].addGroup() }
        return keys.count - 1
    }

    /// The key of the group that takes the rows of groups that are not opened.
    private func othersKey(of key: [ResultTable.Cell]) -> [ResultTable.Cell] {
        let names = [ResultTable.Cell](repeating: Self.others, count: aggregation.by.count)
        guard steps != nil else { return names }
        // One a step, as long as there are not too many steps, either.
        return (names.isEmpty || keys.count >= groupLimit * 2 ? [.missing] : Array(key.prefix(1))) + names
    }

    // MARK: Result

    /// A row a group.
    ///
    /// Steps stand in the order of time; else a count in front stands most first, and anything else in the order of
    /// the groups' values. The others stand last.
    var table: ResultTable {
        var rows = keys.indices.map { number in keys[number] + values(of: number) }
        // A count of nothing is 0, not no row.
        if rows.isEmpty, aggregation.by.isEmpty, steps == nil { rows = [nothing] }
        let width = aggregation.columns.count - aggregation.functions.count
        if let steps { rows = withEmptySteps(rows, steps) }
        let countFirst = steps == nil && aggregation.functions.first?.kind == .count
        func isOthers(_ row: [ResultTable.Cell]) -> Bool {
            partial != nil && steps == nil && row.prefix(width).allSatisfy { $0 == Self.others }
        }
        rows.sort { left, right in
            if isOthers(left) != isOthers(right) { return isOthers(right) }
            if countFirst, left[width] != right[width] { return left[width] > right[width] }
            return left.prefix(width).lexicographicallyPrecedes(right.prefix(width))
        }
        return ResultTable(columns: aggregation.columns, rows: rows)
    }

    private func values(of group: Int) -> [ResultTable.Cell] {
        zip(aggregation.functions, columns).map { function, column in
            switch function.kind {
            case .count where function.field == nil: .count(counts[group])
            case .rate: .number(Double(column.count(group) ?? counts[group]) / seconds(of: keys[group]))
            default: column.cell(group)
            }
        }
    }

    /// What the functions give for no events.
    private var nothing: [ResultTable.Cell] {
        aggregation.functions.map { function in
            switch function.kind {
            case .count, .dc: .count(0)
            case .rate: .number(0)
            default: .missing
            }
        }
    }

    /// The time that a group's events were counted in.
    private func seconds(of key: [ResultTable.Cell]) -> Double {
        var span = window
        if let steps, case .time(let start)? = key.first {
            span = TimeSpan(
                earliest: max(start, window.earliest),
                latest: min(steps.next(after: start) - 1, window.latest))
        }
        let length = Double(span.latest) - Double(span.earliest) + 1
        return max(length, 1) / 1e9
    }

    /// The rows, and those of the steps without events: for each group that there is, from the first step with an
    /// event to the last.
    private func withEmptySteps(
        _ rows: [[ResultTable.Cell]], _ steps: ClockSteps
    ) -> [[ResultTable.Cell]] {
        func time(_ row: [ResultTable.Cell]) -> Int64? {
            if case .time(let time)? = row.first { time } else { nil }
        }
        let times = rows.compactMap(time)
        guard let first = times.min(), let last = times.max() else { return rows }
        let groups = Set(rows.map { Array($0[1..<aggregation.by.count + 1]) })
        var starts: [Int64] = []
        var start = first
        while start <= last {
            starts.append(start)
            // Too many to show: only what is there.
            guard starts.count * groups.count <= Self.stepLimit else { return rows }
            start = steps.next(after: start)
        }
        let empty = nothing
        var all = rows
        let known = Set(rows.map { Array($0.prefix(aggregation.by.count + 1)) })
        for start in starts {
            for group in groups where !known.contains([.time(start)] + group) {
                all.append([.time(start)] + group + empty)
            }
        }
        return all
    }
}
