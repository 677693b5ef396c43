import Parse

@testable import Index

/// All that a query can see of a stored event, read as plainly as it goes.
struct StoredEvent: Equatable {
    var sequence: UInt64
    var time: Int64
    var received: Int64
    var raw: [UInt8] = []
    var fields: [String] = []

    init(_ block: BlockReader, _ row: Int) throws {
        sequence = try block.sequences()[row]
        time = try block.times()[row]
        received = try block.received()[row]
        try block.appendRaw(row, to: &raw)
        let shape = try block.shape(ofRow: row)
        var named: Set<Int> = []
        for (index, element) in shape.elements.enumerated() {
            switch element {
            case .hole(let column), .derived(let column):
                named.insert(column)
                guard block.names[column].name != "raw" else { continue }
                add(block.names[column].name, try block.value(of: column, row: row))
            case .begin(let column):
                named.insert(column)
                var text: [UInt8] = []
                if let range = shape.span(at: index) { try block.append(shape, range, row, to: &text) }
                add(block.names[column].name, text)
            case .literal, .time, .end: continue
            }
        }
        for column in block.names.indices where !named.contains(column) {
            add(block.names[column].name, try block.value(of: column, row: row))
        }
    }

    private mutating func add(_ name: String, _ value: [UInt8]?) {
        if let value { fields.append("\(name)=\(value)") }
    }

    /// The text of a field's first value.
    func value(_ name: String) -> String? {
        guard let field = fields.first(where: { $0.hasPrefix("\(name)=[") }) else { return nil }
        let bytes = field.dropFirst(name.count + 2).dropLast().split(separator: ", ").compactMap { UInt8($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    var day: Day { Day(containing: time) }

    /// The events of batches, numbered from 1.
    static func events(of batches: [EventBatch]) throws -> [StoredEvent] {
        let forms = try BlockForms(batches)
        return try (0..<forms.block.count).map { try StoredEvent(forms.open, $0) }
    }
}

extension Store {
    /// Everything that a query would see, in the order of the numbers.
    func storedEvents() throws -> [StoredEvent] {
        try snapshot().storedEvents()
    }
}

extension StoreSnapshot {
    func storedEvents() throws -> [StoredEvent] {
        var found: [StoredEvent] = []
        func add(_ block: BlockReader) throws {
            for row in 0..<block.count { found.append(try StoredEvent(block, row)) }
        }
        for block in memory { try add(BlockReader(block)) }
        for segment in segments {
            try segment.read { view in
                for info in blocks(of: view) { try add(try view.block(info.id)) }
            }
        }
        return found.sorted { $0.sequence < $1.sequence }
    }
}
