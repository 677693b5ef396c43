import Parse

/// The lines of an archived block: what its index does not keep is read from them.
///
/// Members are read and expanded when they are first asked for. For one thread.
final class ArchivedLines {
    private let file: ArchiveFile
    private let block: Int64
    private let members: [ArchiveMember]
    /// The first event of each member.
    private let firstRows: [Int]
    private var open: [OpenMember?]
    private let expander: DeflateExpander
    private var cuts: [Int: LineCut] = [:]
    private var row = CutRow()
    /// Where the elements of its shape stand in the line in hand; empty before somebody asked.
    private var ranges: [Range<Int>] = []

    private struct OpenMember {
        /// A line an event; line ends belong to them.
        let lines: ByteTable
    }

    /// The event in hand.
    private struct CutRow {
        var number = -1
        var raw: [UInt8] = []
        /// Where its line's own keys end, in the bytes of its member.
        var keys = 0..<0
    }

    /// - `members`: those of the block, in order.
    init(_ file: ArchiveFile, block: Int64, _ members: [ArchiveMember], _ expander: DeflateExpander) {
        self.file = file
        self.block = block
        self.members = members
        self.expander = expander
        var rows: [Int] = []
        var next = 0
        for member in members {
            rows.append(next)
            next += member.events
        }
        firstRows = rows
        open = [OpenMember?](repeating: nil, count: members.count)
    }

    // MARK: Text

    /// The lines of some events, member by member: those of which one is among the rows.
    func forEachMember(
        with rows: RowSet, _ body: (_ firstRow: Int, _ lines: ByteTable) -> Void
    ) throws(StoreError) {
        for index in members.indices {
            let range = firstRows[index]..<firstRows[index] + members[index].events
            guard range.contains(where: rows.contains) else { continue }
            body(range.lowerBound, try member(index).lines)
        }
    }

    private func member(_ index: Int) throws(StoreError) -> OpenMember {
        if let member = open[index] { return member }
        do throws(StoreError) {
            let text = try file.text(of: members[index], expander, isThorough: false)
            let member = OpenMember(lines: try ByteTable(lines: text, count: members[index].events))
            open[index] = member
            return member
        } catch {
            if case .damaged(let what) = error { throw damage(what) }
            throw error
        }
    }

    /// What a query can go on without.
    private func damage(_ what: String) -> StoreError {
        .unreadableBlock(path: file.path, block: block, reason: what)
    }

    /// Finds the line of an event: `row.keys` and `row.raw` are of it from here on.
    private func find(_ number: Int) throws(StoreError) -> ByteTable {
        guard let index = firstRows.lastIndex(where: { $0 <= number }),
            number - firstRows[index] < members[index].events
        else { throw damage("there is no line for event \(number)") }
        let lines = try member(index).lines
        guard row.number != number else { return lines }
        let line = lines.range(number - firstRows[index])
        guard let key = lines.bytes.span.place(of: EventLine.rawKey, in: line) else {
            throw damage("a line without its raw line")
        }
        // The string's quotes, a brace and the line's end stand around it.
        let raw =
            key + EventLine.rawKey.count + 1..<max(line.upperBound - 3, key + EventLine.rawKey.count + 1)
        row.number = -1
        row.raw.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        guard EventLine.appendRaw(of: lines.bytes, raw, keys: line.lowerBound..<key, to: &row.raw) else {
            throw damage("a raw line that is no string")
        }
        row.keys = line.lowerBound..<key
        row.number = number
        return lines
    }

    // MARK: Values

    /// Appends the raw line of an event.
    func appendRaw(_ number: Int, to output: inout [UInt8]) throws(StoreError) {
        _ = try find(number)
        let raw = row.raw
        output.append(raw.span)
    }

    /// Appends the value of a column for one event; false where it has none.
    ///
    /// - `name`: that of the column.
    /// - `code`: the number of the event's shape.
    func append(
        _ column: Int, _ name: ColumnName, _ number: Int, _ shape: Shape, code: Int, to output: inout [UInt8]
    ) throws(StoreError) -> Bool {
        var element: Int?
        var isBeside = column < FixedColumn.allCases.count
        for (index, candidate) in shape.elements.enumerated() {
            if candidate == .hole(column: column) { element = index }
            if candidate == .derived(column: column) { isBeside = true }
        }
        let lines = try find(number)
        if let element {
            if ranges.isEmpty { try cut(shape, code, lines) }
            output += row.raw[ranges[element]]
            return true
        }
        return isBeside ? try appendBeside(name, lines, to: &output) : false
    }

    /// Cuts the line in hand into the elements of its shape.
    private func cut(_ shape: Shape, _ code: Int, _ lines: ByteTable) throws(StoreError) {
        let cut = cuts[code] ?? LineCut(shape)
        cuts[code] = cut
        var lengths: [Int]?
        if row.keys.upperBound > 0, lines.bytes[row.keys.upperBound - 1] == UInt8(ascii: "]"),
            let key = lines.bytes.span.place(of: EventLine.cutKey, in: row.keys)
        {
            let text = lines.bytes[key + EventLine.cutKey.count..<row.keys.upperBound - 1]
            lengths = text.split(separator: UInt8(ascii: ",")).map {
                Int(String(decoding: $0, as: UTF8.self)) ?? -1
            }
        }
        guard cut.cut(row.raw.span, lengths: lengths, into: &ranges),
            ranges.count == shape.elements.count
        else {
            row.number = -1
            throw damage("a line that is not of its shape")
        }
    }

    /// Appends a value that stands beside the line in hand.
    private func appendBeside(
        _ name: ColumnName, _ lines: ByteTable, to output: inout [UInt8]
    ) throws(StoreError) -> Bool {
        let key = EventLine.key(name.name)
        guard let found = lines.bytes.span.place(of: key, in: row.keys) else { return false }
        var reader = EventLineValue(lines.bytes, found + key.count..<row.keys.upperBound)
        do throws(StoreError) { return try reader.append(Int(name.occurrence), to: &output) } catch {
            throw damage("\(error)")
        }
    }

    /// A whole column, value by value.
    func column(_ index: Int, of block: BlockReader) throws(StoreError) -> Column {
        var builder = ColumnBuilder(block.names[index])
        let codes = try block.shapeCodes()
        var value: [UInt8] = []
        for number in 0..<block.count {
            guard let code = codes.value(at: number) else { continue }
            value.removeAll(keepingCapacity: true)
            let isThere = try append(
                index, block.names[index], number, try block.shape(code), code: code, to: &value)
            if isThere { builder.add(value.span, row: number) }
        }
        return builder.column
    }
}

extension ByteTable {
    /// Lines, each with its line end; throws where there are not `count` of them.
    fileprivate init(lines text: [UInt8], count: Int) throws(StoreError) {
        var ends: [UInt32] = []
        ends.reserveCapacity(count)
        let span = text.span
        var place = 0
        while place < span.count {
            place = span.lineEnd(from: place)
            guard place < span.count else { throw .damaged("a member whose last line has no end") }
            place += 1
            ends.append(UInt32(truncatingIfNeeded: place))
        }
        guard ends.count == count else {
            throw .damaged("a member of \(ends.count) lines for \(count) events")
        }
        try self.init(bytes: text, ends: ends)
    }
}

extension Span where Element == UInt8 {
    /// The next line end from `start` on, or the end.
    fileprivate func lineEnd(from start: Int) -> Int {
        let bytes = unsafe self.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        var place = start
        while place + 8 <= count {
            let word =
                unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self) ^ (ones &* 0x0A)
            if (word &- ones) & ~word & (ones &* 0x80) != 0 { break }
            place += 8
        }
        while place < count, self[place] != 0x0A { place += 1 }
        return place
    }
}
