import FoundationEssentials
import Parse

/// Builds a block from the lines of an archive alone.
///
/// What comes out has the same events as the block that was archived, field by field.
struct LineBlockBuilder {
    private let day: Day
    private var times: [Int64] = []
    private var received: [Int64] = []
    private var sequences: [UInt64] = []
    private var columns: [ColumnBuilder]
    /// Columns by name and occurrence.
    private var places: [ColumnName: Int] = [:]
    private var shapes = ByteDictionary()
    private var shapeCodes: [UInt16] = []
    private var rawBytes = 0
    /// The shapes that the member in hand has told, by its numbers.
    private var told: [String: [Element]] = [:]

    /// A field's value: which of those that an event has of it.
    private struct Field {
        let name: String
        let occurrence: Int
    }

    /// An element of a shape, with names for columns.
    private enum Element {
        case literal([UInt8])
        case hole(Field)
        case time(TimeLayout)
        case begin(Field)
        case end
        case beside(Field)

        var field: Field? {
            switch self {
            case .hole(let field), .begin(let field), .beside(let field): field
            case .literal, .time, .end: nil
            }
        }
    }

    init(day: Day) {
        self.day = day
        columns = []
        for fixed in FixedColumn.allCases { _ = column(fixed.name, 0) }
    }

    var count: Int { times.count }

    var block: Block {
        Block(
            day: day, times: times, received: received, sequences: sequences, names: columns.map(\.name),
            columns: columns.map(\.column), shapes: Column(values: shapes.table, codes: shapeCodes),
            rawBytes: rawBytes)
    }

    mutating func beginMember() { told = [:] }

    /// Adds an event; throws where the line is none.
    mutating func add(_ text: [UInt8], _ line: Range<Int>) throws(StoreError) {
        var raw: [UInt8] = []
        guard let (time, sequence) = EventLine.parts(of: text, line, &raw),
            let object = try? JSONDecoder().decode(LineObject.self, from: Data(text[line])),
            let received = TimeReading.rfc3339(Array(object.received.utf8))?.nanoseconds
        else { throw .damaged("a line that is no event") }
        let number = String(object.shape)
        if let line = object.line {
            var elements: [Element] = []
            for part in line { elements.append(try Self.element(part)) }
            told[number] = elements
        }
        guard let elements = told[number] else { throw .damaged("a line of a shape that was not told") }
        let row = times.count
        let shape = try place(elements, object, raw, row)
        times.append(time)
        sequences.append(sequence)
        self.received.append(received)
        rawBytes += raw.count
        shapeCodes.append(shapes.code(of: shape.span) &+ 1)
    }

    /// Puts the values of an event into their columns; returns its shape.
    private mutating func place(
        _ elements: [Element], _ object: LineObject, _ raw: [UInt8], _ row: Int
    ) throws(StoreError) -> [UInt8] {
        let known = Self.shape(elements) { _, _ in 0 }
        let cut = LineCut(try Shape(known[...], columns: 1))
        var ranges: [Range<Int>] = []
        guard cut.cut(raw.span, lengths: object.cut, into: &ranges), ranges.count == elements.count else {
            throw .damaged("a line that is not of its shape")
        }
        var named: Set<String> = []
        for element in elements {
            if let field = element.field, field.occurrence == 0 { named.insert(field.name) }
        }
        // What every block has, unless the line has a field of that name in its place.
        for fixed in FixedColumn.allCases where !named.contains(fixed.name) {
            guard let value = object.values[fixed.name]?.first ?? nil else { continue }
            columns[fixed.rawValue].add(value.span, row: row)
        }
        return Self.shape(elements) { field, index in
            let place = column(field.name, field.occurrence)
            switch elements[index] {
            case .hole: columns[place].add(raw.span.extracting(ranges[index]), row: row)
            case .beside:
                let values = object.values[field.name] ?? []
                if field.occurrence < values.count, let value = values[field.occurrence] {
                    columns[place].add(value.span, row: row)
                }
            case .begin: columns[place].name.isSpan = true
            case .literal, .time, .end: break
            }
            return place
        }
    }

    /// The column of a field's value by its occurrence in an event; made where it is missing.
    private mutating func column(_ name: String, _ occurrence: Int) -> Int {
        let key = ColumnName(name: name, occurrence: UInt8(truncatingIfNeeded: occurrence))
        if let place = places[key] { return place }
        columns.append(ColumnBuilder(key))
        places[key] = columns.count - 1
        return columns.count - 1
    }

    /// The bytes of a shape; `column` numbers the columns, given a name and the place of the element.
    private static func shape(_ elements: [Element], _ column: (Field, Int) -> Int) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ tag: UInt8, _ field: Field, _ index: Int) {
            bytes.append(tag)
            bytes.append(littleEndian: UInt16(truncatingIfNeeded: column(field, index)))
        }
        for (index, element) in elements.enumerated() {
            switch element {
            case .literal(let text):
                bytes.append(Shape.Tag.literal)
                bytes.append(littleEndian: UInt16(truncatingIfNeeded: text.count))
                bytes += text
            case .hole(let field): add(Shape.Tag.hole, field, index)
            case .time(let layout):
                bytes += [Shape.Tag.time, layout.style.rawValue, layout.zone.rawValue, layout.fractionDigits]
                bytes.append(littleEndian: layout.offsetMinutes)
            case .begin(let field): add(Shape.Tag.begin, field, index)
            case .end: bytes.append(Shape.Tag.end)
            case .beside(let field): add(Shape.Tag.derived, field, index)
            }
        }
        return bytes
    }

    private static func element(_ part: LineObject.Part) throws(StoreError) -> Element {
        if let text = part.text {
            guard text.count <= UInt16.max else { throw .damaged("a shape with a text too long") }
            return .literal(text)
        }
        let number = part.number ?? 0
        guard (0...255).contains(number) else { throw .damaged("a shape with a field of number \(number)") }
        if let name = part.field { return .hole(Field(name: name, occurrence: number)) }
        if let name = part.begin { return .begin(Field(name: name, occurrence: number)) }
        if let name = part.beside { return .beside(Field(name: name, occurrence: number)) }
        if part.isEnd { return .end }
        if let name = part.time, let layout = EventLine.layout(named: name) { return .time(layout) }
        throw .damaged("a shape with an element that is none")
    }
}

/// A line as JSON, for who has no index: exact, and in no hurry.
private struct LineObject: Decodable {
    var received = ""
    var shape = 0
    var line: [Part]?
    var cut: [Int]?
    /// The other keys: values by occurrence, nil for those that stand in the line.
    var values: [String: [[UInt8]?]] = [:]

    struct Part: Decodable {
        var text: [UInt8]?
        var field: String?
        var time: String?
        var begin: String?
        var beside: String?
        var number: Int?
        var isEnd = false

        private enum CodingKeys: String, CodingKey { case field, time, begin, beside, end, number, base64 }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self.text = Array(text.utf8)
                return
            }
            let values = try decoder.container(keyedBy: CodingKeys.self)
            field = try values.decodeIfPresent(String.self, forKey: .field)
            time = try values.decodeIfPresent(String.self, forKey: .time)
            begin = try values.decodeIfPresent(String.self, forKey: .begin)
            beside = try values.decodeIfPresent(String.self, forKey: .beside)
            number = try values.decodeIfPresent(Int.self, forKey: .number)
            isEnd = try values.decodeIfPresent(Bool.self, forKey: .end) ?? false
            text = try values.decodeIfPresent(String.self, forKey: .base64).flatMap {
                EventLine.bytes(base64: Array($0.utf8)[...])
            }
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Value: Decodable {
        let bytes: [UInt8]?

        private enum CodingKeys: String, CodingKey { case base64 }

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                bytes = nil
            } else if let text = try? single.decode(String.self) {
                bytes = Array(text.utf8)
            } else {
                let text = try decoder.container(keyedBy: CodingKeys.self).decode(
                    String.self, forKey: .base64)
                bytes = EventLine.bytes(base64: Array(text.utf8)[...])
            }
        }
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        for key in object.allKeys {
            switch key.stringValue {
            case "time", "id", "raw", "raw_base64": continue
            case "received": received = try object.decode(String.self, forKey: key)
            case "shape": shape = try object.decode(Int.self, forKey: key)
            case "line": line = try object.decode([Part].self, forKey: key)
            case "cut": cut = try object.decode([Int].self, forKey: key)
            default:
                let name = EventLine.field(ofKey: key.stringValue)
                if let value = try? object.decode(Value.self, forKey: key) {
                    values[name] = [value.bytes]
                } else {
                    values[name] = try object.decode([Value].self, forKey: key).map(\.bytes)
                }
            }
        }
    }
}
