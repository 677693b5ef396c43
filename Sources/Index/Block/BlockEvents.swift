package import Parse

/// The events of a block as a parser gave them: the way back from columns and shapes to lines and ranges.
///
/// What comes out makes the same block again. A time that the shape writes comes back as role `time`, under
/// `log_time`: of which field it is, the block does not say.
package struct BlockEvents {
    /// Names of the block's fields that `Fields.table` has no room for, numbered from `Fields.limit` on.
    ///
    /// For `BlockBuilder`; no event of a parser has such a field.
    package let strangers: [String]
    private let block: BlockReader
    /// By column.
    private let fields: [FieldID]
    /// By fixed column, then by value; nil for a text that stands for no number.
    private let numbers: [[UInt32?]]

    package init(_ block: BlockReader) throws(StoreError) {
        let fixed = FixedColumn.allCases
        guard block.names.prefix(fixed.count).map(\.name) == fixed.map(\.name) else {
            throw .damaged("a block without the columns of every block")
        }
        var strangers: [String] = []
        fields = block.names.map { column in
            if let known = Fields.table.id(of: column.name) { return FieldID(known) }
            let index = strangers.firstIndex(of: column.name) ?? strangers.count
            if index == strangers.count { strangers.append(column.name) }
            return FieldID(UInt16(truncatingIfNeeded: Fields.limit + index))
        }
        var numbers: [[UInt32?]] = []
        for column in fixed {
            let values = try block.column(column.rawValue).values
            numbers.append((0..<values.count).map { FixedValues.number(of: values[$0], in: column) })
        }
        self.strangers = strangers
        self.block = block
        self.numbers = numbers
    }

    /// Appends one event, with its fields; the batch takes over its time of receipt.
    ///
    /// Throws where the block says of an event what cannot be.
    package func append(_ row: Int, to batch: inout EventBatch) throws(StoreError) {
        let start = batch.bytes.count
        let firstField = batch.fields.count
        let named = try appendFields(row, to: &batch)
        func number(_ column: FixedColumn) throws(StoreError) -> UInt32? {
            guard !named.contains(column), let value = try value(of: column.rawValue, row) else { return nil }
            guard let number = numbers[column.rawValue][value] else {
                throw .damaged("a block with a \(column.name) that is none")
            }
            return number
        }
        func byte(_ number: UInt32?) -> UInt8 {
            number.map { UInt8(truncatingIfNeeded: $0) } ?? Event.unknown
        }
        guard let format = try number(.parser),
            let outcome = ParseOutcome(rawValue: byte(try number(.parse)))
        else { throw .damaged("an event without a parser") }
        batch.received = try block.received()[row]
        batch.events.append(
            Event(
                raw: ByteRange(start..<batch.bytes.count), firstField: UInt32(truncatingIfNeeded: firstField),
                fieldCount: UInt16(truncatingIfNeeded: batch.fields.count - firstField),
                time: try block.times()[row], severity: byte(try number(.level)),
                facility: byte(try number(.facility)), outcome: outcome,
                reasons: ParseReasons(rawValue: try number(.reason) ?? 0),
                format: UInt16(truncatingIfNeeded: format),
                peer: try peer(row, byte(try number(.listener)), in: &batch)))
    }

    /// Appends the line and its fields; returns the fixed columns that the shape took for values of its own.
    private func appendFields(_ row: Int, to batch: inout EventBatch) throws(StoreError) -> [FixedColumn] {
        let shape = try block.shape(ofRow: row)
        var named: [FixedColumn] = []
        /// The spans that have no end yet, innermost last.
        var open: [Int] = []
        for (index, element) in shape.elements.enumerated() {
            let start = batch.bytes.count
            try block.append(shape, index..<index + 1, row, to: &batch.bytes)
            let range = ByteRange(start..<batch.bytes.count)
            switch element {
            case .literal: continue
            case .time(let layout): batch.fields.append(FieldValue(.logTime, .time, range, layout: layout))
            case .hole(let column):
                guard try value(of: column, row) != nil else { continue }
                batch.fields.append(FieldValue(fields[column], .hole, range))
            case .begin(let column):
                open.append(batch.fields.count)
                batch.fields.append(FieldValue(fields[column], .span, range))
            case .end:
                if let span = open.popLast() { batch.fields[span].bytes.end = range.end }
            case .derived(let column):
                guard let value = try value(of: column, row) else { continue }
                let values = try block.column(column).values
                let start = batch.derived.count
                batch.derived += values[value]
                batch.fields.append(
                    FieldValue(fields[column], .derived, ByteRange(start..<batch.derived.count)))
            }
            switch element {
            case .hole(let column), .begin(let column), .derived(let column):
                if let fixed = FixedColumn(rawValue: column) { named.append(fixed) }
            case .literal, .time, .end: continue
            }
        }
        return named
    }

    /// The number of the sender in the batch's peers, or one that none has.
    private func peer(
        _ row: Int, _ listener: UInt8, in batch: inout EventBatch
    ) throws(StoreError) -> UInt16 {
        guard let value = try value(of: FixedColumn.peer.rawValue, row),
            let listener = Peer.Listener(rawValue: listener)
        else { return .max }
        let address = try block.column(FixedColumn.peer.rawValue).values[value]
        let peer = Peer(listener, String(decoding: address, as: UTF8.self))
        if batch.peers.last != peer { batch.peers.append(peer) }
        return UInt16(truncatingIfNeeded: batch.peers.count - 1)
    }

    /// The number of an event's value in a column.
    private func value(of column: Int, _ row: Int) throws(StoreError) -> Int? {
        try block.column(column).value(at: row)
    }
}
