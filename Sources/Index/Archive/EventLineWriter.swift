import FoundationEssentials
import Parse

/// Writes the events of a block as lines of an archive.
struct EventLineWriter {
    private let block: BlockReader
    private let times: [Int64]
    private let received: [Int64]
    private let sequences: [UInt64]
    private let day: [UInt8]
    /// By number, as far as it was needed.
    private var shapes: [ShapeLines?]
    /// The shapes that the member in hand has told already.
    private var told: Set<Int> = []
    private var renderer = TimeRenderer()
    private var line: [UInt8] = []
    private var places: [Range<Int>] = []
    private var cuts: [Range<Int>] = []
    private var lastReceived: (time: Int64, text: [UInt8]) = (.min, [])

    /// What all lines of a shape have in common.
    private struct ShapeLines {
        let shape: Shape
        let cut: LineCut
        /// The keys in front of `shape`, and the columns of their values by occurrence.
        let keys: [(key: [UInt8], columns: [Int?])]
        let number: [UInt8]
        let line: [UInt8]
    }

    init(_ block: BlockReader, day: Day) throws(StoreError) {
        self.block = block
        self.day = Array(day.description.utf8)
        times = try block.times()
        received = try block.received()
        sequences = try block.sequences()
        shapes = [ShapeLines?](repeating: nil, count: try block.shapeCount())
    }

    /// Begins a member: what one before it has told is not known in it.
    mutating func beginMember() { told.removeAll(keepingCapacity: true) }

    /// Appends the line of an event, and adds its raw line to `sum`.
    mutating func append(
        _ row: Int, to output: inout [UInt8], _ sum: inout LineSum
    ) throws(StoreError) {
        guard let number = try block.shapeCodes().value(at: row) else {
            throw .damaged("an event without a shape")
        }
        let lines = try lines(number)
        try readLine(lines.shape, row)
        sum.add(line, time: times[row], sequence: sequences[row])

        output += "{\"time\":\"".utf8
        renderer.render(times[row], as: TimeLayout.utc(times[row]), into: &output)
        output += "\",\"id\":\"".utf8
        output += day
        output.append(UInt8(ascii: "-"))
        output += String(sequences[row]).utf8
        output += "\",\"received\":\"".utf8
        if received[row] != lastReceived.time || lastReceived.text.isEmpty {
            lastReceived = (received[row], [])
            renderer.render(received[row], as: TimeLayout.utc(received[row]), into: &lastReceived.text)
        }
        output += lastReceived.text
        output.append(UInt8(ascii: "\""))
        for (key, columns) in lines.keys { try append(key, columns, row, to: &output) }
        if !line.span.isUTF8(0..<line.count) {
            output += EventLine.base64Key
            output += Data(line).base64EncodedString().utf8
            output.append(UInt8(ascii: "\""))
        }
        output += EventLine.shapeKey
        output += lines.number
        if told.insert(number).inserted { output += lines.line }
        let text = line
        let isCut = lines.cut.cut(text.span, lengths: nil, into: &cuts)
        if !isCut || cuts != places {
            output += EventLine.cutKey
            appendLengths(lines.shape, to: &output)
            output.append(UInt8(ascii: "]"))
        }
        output += EventLine.rawKey
        JSONBytes.append(line.span, to: &output)
        output += "}\n".utf8
    }

    /// Puts the raw line together, and notes where each element of its shape stands in it.
    private mutating func readLine(_ shape: Shape, _ row: Int) throws(StoreError) {
        line.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        for index in shape.elements.indices {
            let start = line.count
            try block.append(shape, index..<index + 1, row, to: &line)
            places.append(start..<line.count)
        }
    }

    private func appendLengths(_ shape: Shape, to output: inout [UInt8]) {
        var isFirst = true
        for (element, place) in zip(shape.elements, places) {
            switch element {
            case .hole, .time:
                if !isFirst { output.append(UInt8(ascii: ",")) }
                output += String(place.count).utf8
                isFirst = false
            case .literal, .begin, .end, .derived: continue
            }
        }
    }

    /// Appends a key with its value; with several values an array, in which null stands for one of the line.
    private func append(
        _ key: [UInt8], _ columns: [Int?], _ row: Int, to output: inout [UInt8]
    ) throws(StoreError) {
        if columns.count == 1, let column = columns[0] {
            guard let value = try block.value(of: column, row: row) else { return }
            output += key
            return EventLine.append(value, to: &output)
        }
        var values: [[UInt8]?] = []
        for column in columns {
            values.append(
                try column.flatMap { (column) throws(StoreError) in try block.value(of: column, row: row) })
        }
        guard values.contains(where: { $0 != nil }) else { return }
        output += key
        output.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if let value { EventLine.append(value, to: &output) } else { output += "null".utf8 }
        }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func lines(_ number: Int) throws(StoreError) -> ShapeLines {
        if let lines = shapes[number] { return lines }
        let shape = try block.shape(number)
        var line = EventLine.lineKey
        for (index, element) in shape.elements.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            append(element, of: shape, to: &line)
        }
        line.append(UInt8(ascii: "]"))
        let lines = ShapeLines(
            shape: shape, cut: LineCut(shape), keys: keys(of: shape), number: Array(String(number).utf8),
            line: line)
        shapes[number] = lines
        return lines
    }

    /// The keys of what does not stand in a line of this shape, and of its host and its program.
    private func keys(of shape: Shape) -> [(key: [UInt8], columns: [Int?])] {
        var inLine: Set<Int> = []
        var columns = Array(FixedColumn.allCases.indices)
        for element in shape.elements {
            switch element {
            case .hole(let column):
                let name = block.names[column]
                if name.occurrence == 0, name.name == "host" || name.name == "program" {
                    columns.insert(column, at: name.name == "host" ? 0 : min(1, columns.count))
                } else {
                    inLine.insert(column)
                }
            case .derived(let column): columns.append(column)
            case .literal, .time, .begin, .end: continue
            }
        }
        var keys: [(name: String, columns: [Int?])] = []
        var seen: Set<Int> = []
        for column in columns where !inLine.contains(column) && seen.insert(column).inserted {
            let name = block.names[column]
            let place = keys.firstIndex { $0.name == name.name } ?? keys.count
            if place == keys.count { keys.append((name.name, [])) }
            while keys[place].columns.count <= Int(name.occurrence) { keys[place].columns.append(nil) }
            keys[place].columns[Int(name.occurrence)] = column
        }
        return keys.map { (EventLine.key($0.name), $0.columns) }
    }

    private func append(_ element: Shape.Element, of shape: Shape, to output: inout [UInt8]) {
        func object(_ key: String, _ value: String, occurrence: UInt8 = 0) {
            output += "{\"\(key)\":".utf8
            JSONBytes.append(Array(value.utf8).span, to: &output)
            if occurrence > 0 { output += ",\"number\":\(occurrence)".utf8 }
            output.append(UInt8(ascii: "}"))
        }
        func object(_ key: String, column: Int) {
            object(key, block.names[column].name, occurrence: block.names[column].occurrence)
        }
        switch element {
        case .literal(let range): EventLine.append(Array(shape.bytes[range]), to: &output)
        case .hole(let column): object("field", column: column)
        case .time(let layout): object("time", EventLine.name(of: layout))
        case .begin(let column): object("begin", column: column)
        case .end: output += "{\"end\":true}".utf8
        case .derived(let column): object("beside", column: column)
        }
    }
}

/// A sum over the raw lines of a block with their times and numbers: what was written and what is read back must have
/// the same.
struct LineSum: Equatable, Sendable {
    private(set) var events = 0
    private var sum: UInt32 = 0

    mutating func add(_ line: [UInt8], time: Int64, sequence: UInt64) {
        var head: [UInt8] = []
        head.append(littleEndian: time)
        head.append(littleEndian: sequence)
        head.append(littleEndian: UInt32(truncatingIfNeeded: line.count))
        sum = CRC32.of(line[...], after: CRC32.of(head[...], after: sum))
        events += 1
    }
}
