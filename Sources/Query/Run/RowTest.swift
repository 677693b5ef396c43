import Parse

/// A filter over single rows: columns of a table, or fields of an event that has been read already.
indirect enum RowTest {
    case everything
    case test(Test, ValueTest)
    case not(RowTest)
    case all([RowTest])
    case any([RowTest])

    init(_ filter: Filter) {
        switch filter {
        case .everything: self = .everything
        case .test(let test): self = .test(test, ValueTest(test))
        case .not(let part): self = .not(RowTest(part))
        case .and(let parts): self = .all(parts.map { RowTest($0) })
        case .or(let parts): self = .any(parts.map { RowTest($0) })
        }
    }

    /// Whether a row passes, by the values that it has of a field.
    func passes(_ values: (String) -> [ResultTable.Cell]) -> Bool {
        switch self {
        case .everything: true
        case .test(let test, let value): values(test.field).contains { Self.passes($0, test, value) }
        case .not(let part): !part.passes(values)
        case .all(let parts): parts.allSatisfy { $0.passes(values) }
        case .any(let parts): parts.contains { $0.passes(values) }
        }
    }

    private static func passes(_ cell: ResultTable.Cell, _ test: Test, _ value: ValueTest) -> Bool {
        switch cell {
        case .missing: false
        case .text(let text): value.passes(text.span, 0..<text.count)
        case .count, .number:
            // As the text that the number is shown with.
            passes(.text(Array(DecimalText.shortest(cell.decimal ?? 0).utf8)), test, value)
        case .time(let time):
            switch test.condition {
            case .exists: true
            case .during(let span): span.contains(time)
            default: false
            }
        }
    }
}
