import Query

/// What a function gives for the rows of one group, from the plainest reading.
enum NaiveFunctions {
    /// - `cells`: the values of the field by row, oldest first, those that are missing as well; nil without a field.
    /// - `seconds`: how long the rows took to come.
    static func value(
        _ function: AggregateFunction, _ cells: [ResultTable.Cell]?, rows: Int, seconds: Double
    ) -> ResultTable.Cell {
        let values = (cells ?? []).filter { $0 != .missing }
        let numbers = values.compactMap(number)
        let count = cells == nil ? rows : values.count
        switch function.kind {
        case .count: return .count(UInt64(count))
        case .rate: return .number(Double(count) / seconds)
        case .dc: return .count(UInt64(Set(values).count))
        case .sum: return numbers.isEmpty ? .missing : .number(numbers.reduce(0, +))
        case .avg: return numbers.isEmpty ? .missing : .number(numbers.reduce(0, +) / Double(numbers.count))
        case .min, .max: return extreme(function, values, numbers)
        case .first, .last:
            let value = function.kind == .first ? values.first : values.last
            guard let value else { return .missing }
            // Numbers that the catalogue says are numbers.
            let isNumber = ["status", "bytes", "request_time", "port"].contains(function.field ?? "")
            return isNumber ? number(value).map { .number($0) } ?? value : value
        case .p50: return percentile(50, numbers)
        case .p90: return percentile(90, numbers)
        case .p95: return percentile(95, numbers)
        case .p99: return percentile(99, numbers)
        }
    }

    private static func extreme(
        _ function: AggregateFunction, _ values: [ResultTable.Cell], _ numbers: [Double]
    ) -> ResultTable.Cell {
        if function.field == "level" {
            let sorted = values.sorted { badness($0) < badness($1) }
            return (function.kind == .min ? sorted.first : sorted.last) ?? .missing
        }
        if !numbers.isEmpty {
            return (function.kind == .min ? numbers.min() : numbers.max()).map { .number($0) } ?? .missing
        }
        return (function.kind == .min ? values.min() : values.max()) ?? .missing
    }

    /// The least of the numbers that at least so many percent of them do not exceed.
    private static func percentile(_ percent: Int, _ numbers: [Double]) -> ResultTable.Cell {
        let sorted = numbers.sorted()
        let found = sorted.first { number in
            sorted.count(where: { $0 <= number }) * 100 >= percent * sorted.count
        }
        return found.map { .number($0) } ?? .missing
    }

    static func number(_ cell: ResultTable.Cell) -> Double? {
        switch cell {
        case .text(let text): Naive.decimal(text).flatMap { $0.isFinite ? $0 : nil }
        case .count(let count): Double(count)
        case .number(let number): number
        case .time, .missing: nil
        }
    }

    static func badness(_ cell: ResultTable.Cell) -> Int {
        let names = ["debug", "info", "notice", "warning", "err", "crit", "alert", "emerg"]
        guard case .text(let text) = cell else { return -1 }
        return names.firstIndex(of: String(decoding: text, as: UTF8.self)) ?? -1
    }
}
