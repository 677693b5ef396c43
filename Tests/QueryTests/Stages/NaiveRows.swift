import Foundation
import Index
import Parse
import Query
import TestSupport

/// An event on its way through stages.
struct NaiveFound {
    let sequence: Int
    var event: NaiveEvent

    /// The first value of a field.
    func cell(_ field: String) -> ResultTable.Cell {
        let levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
        switch field {
        case "time": return .time(event.time)
        case "received": return .time(event.received)
        case "raw": return .text(event.raw)
        case "level": return event.severity.map { .text(Array(levels[$0].utf8)) } ?? .missing
        default: return event.fields[field]?.first.map { .text($0) } ?? .missing
        }
    }

    /// The event with what an extraction finds, by a regular expression over its bytes as Latin-1.
    func extracting(_ extraction: Extraction) throws -> NaiveFound {
        guard case .text(let source) = cell(extraction.source) else { return self }
        var pattern = "\\A"
        if case .literal? = extraction.parts.first { pattern += ".*?" }
        for part in extraction.parts {
            switch part {
            case .literal(let text):
                pattern += NSRegularExpression.escapedPattern(for: Self.latin(Array(text.utf8)))
            case .field: pattern += "(.*?)"
            }
        }
        if case .field? = extraction.parts.last { pattern += "\\z" }
        let text = Self.latin(source)
        let expression = try NSRegularExpression(pattern: pattern, options: .dotMatchesLineSeparators)
        let whole = NSRange(location: 0, length: source.count)
        guard let match = expression.firstMatch(in: text, range: whole) else { return self }
        var found = self
        for (index, part) in extraction.parts.filter({ if case .field = $0 { true } else { false } })
            .enumerated()
        {
            guard case .field(let name?) = part else { continue }
            let range = match.range(at: index + 1)
            let value = Array(source[range.location..<range.location + range.length])
            found.event.fields[name, default: []].append(value)
        }
        return found
    }

    private static func latin(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

extension ResultTable {
    /// The cell of a row in a column; missing where there is none.
    func cell(_ column: String, _ row: Int) -> Cell {
        columns.firstIndex(of: column).map { rows[row][$0] } ?? .missing
    }

    /// Whether a row passes a filter.
    func passes(_ filter: Filter, _ row: Int) -> Bool {
        switch filter {
        case .everything: true
        case .not(let inner): !passes(inner, row)
        case .and(let parts): parts.allSatisfy { passes($0, row) }
        case .or(let parts): parts.contains { passes($0, row) }
        case .test(let test):
            (test.field == "raw" && !columns.contains("raw") ? rows[row] : [cell(test.field, row)])
                .contains { Self.passes(test, $0) }
        }
    }

    private static func passes(_ test: Test, _ cell: Cell) -> Bool {
        switch cell {
        case .missing: return false
        case .time: return test.condition == .exists
        case .text where test.kind == .level && test.condition != .exists:
            return NaiveFunctions.badness(cell) >= 0
                && Naive.holds(test, number: Double(NaiveFunctions.badness(cell)))
        case .text(let text): return Naive.holds(test, text)
        case .count, .number:
            let text = DecimalText.shortest(NaiveFunctions.number(cell) ?? 0)
            return Naive.holds(test, Array(text.utf8))
        }
    }
}
