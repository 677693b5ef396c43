import Glibc
import Parse
import Query

/// Which events a filter lets through.
///
/// Answers of single tests are kept: queries ask the same again and again.
final class Oracle {
    private let events: [NaiveEvent]
    /// The lines in lower case, to look for texts in.
    private let lines: [[CChar]]
    private var known: [String: Set<Int>] = [:]

    init(_ events: [NaiveEvent]) {
        self.events = events
        lines = events.map { Self.searchable($0.raw) }
    }

    /// The events that pass, as indices, in order.
    func rows(_ filter: Filter) -> [Int] { passing(filter).sorted() }

    /// Whether a filter holds a pattern that may stand anywhere in a value.
    static func hasPattern(_ filter: Filter) -> Bool {
        switch filter {
        case .everything: return false
        case .not(let inner): return hasPattern(inner)
        case .and(let parts), .or(let parts): return parts.contains { hasPattern($0) }
        case .test(let test):
            switch test.condition {
            case .matches: return true
            case .regex: return test.kind == .text
            default: return false
            }
        }
    }

    private func passing(_ filter: Filter) -> Set<Int> {
        switch filter {
        case .everything: return Set(events.indices)
        case .not(let inner): return Set(events.indices).subtracting(passing(inner))
        case .and(let parts):
            return parts.dropFirst().reduce(passing(parts[0])) { $0.intersection(passing($1)) }
        case .or(let parts): return parts.reduce(into: []) { $0.formUnion(passing($1)) }
        case .test(let test):
            let key = filter.description
            if let rows = known[key] { return rows }
            let parts = Self.parts(of: test)
            let rows = Set(events.indices.filter { mayMatch($0, parts) && matches(filter, events[$0]) })
            known[key] = rows
            return rows
        }
    }

    /// The plainest reading is slow.
    ///
    /// A line that lacks a part of what it must hold need not be read.
    private func mayMatch(_ row: Int, _ parts: [[CChar]]) -> Bool {
        parts.allSatisfy { part in
            unsafe lines[row].withUnsafeBufferPointer { line in
                unsafe part.withUnsafeBufferPointer { part in
                    guard let line = line.baseAddress, let part = part.baseAddress else { return true }
                    return unsafe strstr(line, part) != nil
                }
            }
        }
    }

    /// Text in lower case for C, with another byte for each 0.
    private static func searchable(_ text: [UInt8]) -> [CChar] {
        Naive.lower(text).map { CChar(bitPattern: $0 == 0 ? 1 : $0) } + [0]
    }

    /// Texts in lower case that a line must hold somewhere, if it is to pass a test of the line.
    private static func parts(of test: Test) -> [[CChar]] {
        guard test.field == "raw" else { return [] }
        switch test.condition {
        case .contains(let text): return [searchable(Array(text.utf8))]
        case .matches(let glob):
            return glob.pieces.compactMap { piece in
                if case .literal(let text) = piece { searchable(Array(text.utf8)) } else { nil }
            }
        default: return []
        }
    }
}
