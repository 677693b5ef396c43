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

    /// Where it stands among others.
    var place: Int64 { EventOrder.place(time, received: received) }

    /// Whether the event comes before another: among events of one place by the order of their arrival.
    func isOlder(than other: FoundEvent) -> Bool { (place, sequence) < (other.place, other.sequence) }

    /// The first value of a field.
    package func value(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }
}

extension BlockReader {
    /// Everything about one event.
    package func event(_ row: Int) throws(StoreError) -> FoundEvent {
        let shape = try shape(ofRow: row)
        var raw: [UInt8] = []
        raw.reserveCapacity(512)
        var inLine: [(name: String, value: [UInt8])] = []
        inLine.reserveCapacity(shape.elements.count)
        let beside = columnsBesideLines
        var isNamed = [Bool](repeating: false, count: names.count)
        /// Fields around others that have begun, and where.
        var open: [(field: Int, start: Int)] = []
        for (index, element) in shape.elements.enumerated() {
            let start = raw.count
            switch element {
            case .literal, .time: try append(shape, index..<index + 1, row, to: &raw)
            case .hole(let column):
                isNamed[column] = true
                guard try appendValue(of: column, row: row, to: &raw), names[column].name != "raw" else {
                    continue
                }
                inLine.append((names[column].name, Array(raw[start...])))
            case .derived(let column):
                isNamed[column] = true
                guard names[column].name != "raw", let value = try value(of: column, row: row) else {
                    continue
                }
                inLine.append((names[column].name, value))
            case .begin(let column):
                isNamed[column] = true
                open.append((inLine.count, start))
                inLine.append((names[column].name, []))
            case .end:
                guard let begun = open.popLast() else { continue }
                inLine[begun.field].value = Array(raw[begun.start...])
            }
        }
        var fields: [(name: String, value: [UInt8])] = []
        fields.reserveCapacity(beside.count + inLine.count)
        // What every block has stands in front of the line's own, and what a query added behind it.
        for column in beside where !isNamed[column] {
            guard let value = try value(of: column, row: row) else { continue }
            if column < names.count - added {
                fields.append((names[column].name, value))
            } else {
                inLine.append((names[column].name, value))
            }
        }
        var event = FoundEvent(
            sequence: try sequences()[row], time: try times()[row], received: try received()[row], raw: raw,
            fields: fields + inLine)
        event.addHeaderLevel()
        return event
    }
}

extension FoundEvent {
    /// Adds the level that the header gives the event, where the message says another.
    fileprivate mutating func addHeaderLevel() {
        guard let text = value("pri"), let priority = UInt8(String(decoding: text, as: UTF8.self)),
            priority <= 191, let index = fields.firstIndex(where: { $0.name == "level" })
        else { return }
        let name = Array(Level.names[7 - Int(priority % 8)].utf8)
        guard fields[index].value != name, value("syslog_level") == nil else { return }
        fields.insert((name: "syslog_level", value: name), at: index + 1)
    }
}
