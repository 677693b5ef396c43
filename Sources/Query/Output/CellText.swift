import Index
import Parse

/// Cells of rows as texts.
enum CellText {
    /// For programs: times in UTC, numbers exact; nil where there is no value.
    static func exact(_ cell: ResultTable.Cell) -> [UInt8]? {
        switch cell {
        case .text(let text): text
        case .count(let count): Array(String(count).utf8)
        case .number(let value): Array(DecimalText.shortest(value).utf8)
        case .time(let time): Array(TimeText.utc(time).utf8)
        case .missing: nil
        }
    }

    /// For people: times on their clock, numbers rounded.
    ///
    /// The text of a `.text` cell is as it is.
    static func readable(
        _ cell: ResultTable.Cell, of column: String, digits: UInt8, _ clock: inout LocalClock
    ) -> [UInt8] {
        switch cell {
        case .number(let value):
            return Array((column == "percent" ? DecimalText.tenths(value) : DecimalText.rounded(value)).utf8)
        case .time(let time):
            var text: [UInt8] = []
            clock.append(time, digits: digits, to: &text)
            return text
        case .text, .count, .missing: return exact(cell) ?? [UInt8(ascii: "-")]
        }
    }

    /// Whether a cell of the column is a number, which stands to the right; nil for one without a value.
    static func isNumber(_ cell: ResultTable.Cell, of column: String) -> Bool? {
        switch cell {
        case .count, .number: true
        case .text(let text): FieldTraits.of(column).isNumber && JSONText.isNumber(text)
        case .time: false
        case .missing: nil
        }
    }
}

extension FoundEvent {
    /// The field as one cell; several values with commas between them.
    ///
    /// The message of an event without one is its line.
    func cell(_ name: String) -> ResultTable.Cell {
        switch name {
        case "id": return .text(Array(id.utf8))
        case "time": return .time(time)
        case "received": return .time(received)
        case "raw": return .text(raw)
        default: break
        }
        var text: [UInt8]?
        for field in fields where field.name == name {
            text = text.map { $0 + [UInt8(ascii: ",")] + field.value } ?? field.value
        }
        if name == "message", text == nil { return .text(raw) }
        return text.map { .text($0) } ?? .missing
    }

    /// What finds the event again: its day in UTC, and its number.
    var id: String { "\(Day(containing: time))-\(sequence)" }
}
