package import Index
import Parse

/// One event of a result, put together from its block.
package struct FoundEvent: Sendable {
    /// Number of the event in the store.
    package var sequence: UInt64
    /// Nanoseconds since the Unix epoch.
    package var time: Int64
    package var received: Int64
    /// The line as it was received.
    package var raw: [UInt8]
    /// Field values in the order of the line; what is not in the line comes first.
    package var fields: [(name: String, value: [UInt8])]

    /// Whether the event comes before another: among events of one time by the order of their arrival.
    func isOlder(than other: FoundEvent) -> Bool { (time, sequence) < (other.time, other.sequence) }

    /// The first value of a field.
    package func value(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }
}

extension BlockReader {
    /// Everything about one event.
    package func event(_ row: Int) throws(StoreError) -> FoundEvent {
        let shape = try shape(ofRow: row)
        var raw: [UInt8] = []
        try append(shape, 0..<shape.elements.count, row, isAlone: true, to: &raw)
        var fields: [(name: String, value: [UInt8])] = []
        var inLine: [(name: String, value: [UInt8])] = []
        var named = Set<Int>()
        for (index, element) in shape.elements.enumerated() {
            switch element {
            case .hole(let column), .derived(let column):
                named.insert(column)
                guard names[column].name != "raw" else { continue }
                if let value = try value(of: column, row: row) { inLine.append((names[column].name, value)) }
            case .begin(let column):
                named.insert(column)
                guard let range = shape.span(at: index) else { continue }
                var text: [UInt8] = []
                try append(shape, range, row, isAlone: true, to: &text)
                inLine.append((names[column].name, text))
            case .literal, .time, .end: continue
            }
        }
        // The columns that no shape names: level, facility, parser and their like; and what a query added.
        for column in names.indices where !named.contains(column) {
            guard let value = try value(of: column, row: row) else { continue }
            if column < names.count - added {
                fields.append((names[column].name, value))
            } else {
                inLine.append((names[column].name, value))
            }
        }
        return FoundEvent(
            sequence: try sequences()[row], time: try times()[row], received: try received()[row], raw: raw,
            fields: fields + inLine)
    }
}
