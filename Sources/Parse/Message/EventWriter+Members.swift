/// The values of keyed bodies: JSON and `key=value`.
extension EventWriter {
    /// Adds the value of a key as its rule says.
    ///
    /// `escapes`: how the value is written, where it holds escapes.
    mutating func addValue(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ table: Int, _ entry: Int, escapes: Escapes?
    ) {
        let names = tables[table].entries[entry]
        guard !Self.isNull(bytes, range, tables[table].options.nulls) else { return }
        if names.rule >= 0, apply(tables[table].rules[names.rule], bytes, range, table, escapes) { return }
        let keepsLast = tables[table].options.keepsLast
        let field: FieldID
        if names.values.admits(bytes, range) {
            field = keepsLast ? claim(entry, names.field, spare: names.spare) : names.field
        } else {
            if escapes == nil, addEndpoint(bytes, range, names) { return }
            field = ownField(bytes, range, names, table)
        }
        if let escapes {
            add(field, bytes, range, unescaping: escapes)
        } else {
            add(field, bytes, range)
        }
    }

    /// The field of a value that is not of the type of its key's field: that of the key's own name, `body.status`;
    /// in a log of channels that of the channel, `authevents.status`.
    ///
    /// A client that is a name is `client_host`.
    func ownField(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ names: KeyTable.Entry, _ table: Int
    ) -> FieldID {
        if names.field == .clientIP, bytes.isHostName(range) { return .clientHost }
        guard let group = tables[table].options.group, let name = text(of: group, bytes) else {
            return names.spare
        }
        return FieldNaming.field(of: names.field, spareIn: name)
    }

    /// The value of a field that the message has brought already, where it can name other fields.
    func text(of field: FieldID, _ bytes: Span<UInt8>) -> String? {
        guard let value = fields.last(where: { $0.field == field }), value.bytes.count <= 64 else {
            return nil
        }
        var name: [UInt8] = []
        if value.role == .derived {
            name += derived[value.bytes.range]
        } else {
            guard !isDerived else { return nil }
            for index in value.bytes.range { name.append(bytes[index]) }
        }
        return name.span.isHostName(0..<name.count) ? String(decoding: name, as: UTF8.self) : nil
    }

    /// Adds the parts of `192.0.2.1:443` or `[2001:db8::1]:443` as those of the client; false for other texts.
    private mutating func addEndpoint(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ names: KeyTable.Entry
    ) -> Bool {
        guard names.field == .clientIP,
            let colon = bytes.findLast(":", from: range.lowerBound, to: range.upperBound)
        else { return false }
        let port = bytes.digits(from: colon &+ 1, to: range.upperBound)
        var address = range.lowerBound..<colon
        if address.count > 2, bytes[address.lowerBound] == UInt8(ascii: "["),
            bytes[colon &- 1] == UInt8(ascii: "]")
        {
            address = address.lowerBound &+ 1..<colon &- 1
        }
        guard !port.isEmpty, port.count <= 5, port.upperBound == range.upperBound, bytes.isAddress(address)
        else { return false }
        add(.clientIP, bytes, address)
        add(.clientPort, bytes, port)
        return true
    }

    // Static, so that no call copies the writer.
    @inline(__always)
    private static func isNull(_ bytes: Span<UInt8>, _ range: Range<Int>, _ nulls: NullTexts) -> Bool {
        switch nulls {
        case .none: false
        case .dash: range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "-")
        case .dashOrEmpty: range.isEmpty || range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "-")
        case .dashEmptyOrNull:
            range.isEmpty || range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "-")
                || range.count == 6 && bytes.has("(null)", at: range.lowerBound, to: range.upperBound)
        }
    }

    /// Applies a rule that is more than a name.
    ///
    /// False where the value is an ordinary one of its key.
    private mutating func apply(
        _ rule: KeyRule, _ bytes: Span<UInt8>, _ range: Range<Int>, _ table: Int, _ escapes: Escapes?
    ) -> Bool {
        switch rule {
        case .field: return false
        case .ignored:
            add(.escaped, bytes, range)
            return true
        case .time(let formats):
            if setTime(bytes, range, formats, isUTC: tables[table].options.isUTC) { return true }
            event.reasons.insert(.badTime)
            add(.logTime, bytes, range)
            return true
        case .timeIfReadable(let formats):
            return setTime(bytes, range, formats, isUTC: tables[table].options.isUTC)
        case .level(let scale): return setLevel(bytes, range, scale)
        case .requestLine:
            guard let escapes else {
                addRequestLine(bytes, range)
                return true
            }
            return read(bytes, range, unescaping: escapes) { bytes, range, event in
                event.addRequestLine(bytes, range)
                return true
            }
        case .code(let reader):
            guard let escapes else {
                let mark = mark
                if reader(bytes, range, &self) { return true }
                takeBack(mark)
                return false
            }
            return read(bytes, range, unescaping: escapes, reader)
        }
    }

    // MARK: key=value

    /// Reads `key=value` pairs.
    ///
    /// From the first part that is none on, the text is the field `tail`.
    ///
    /// False, with nothing added, where there are less than `least` pairs, or `isWhole` and text is left.
    mutating func readPairs(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ table: Int, least: Int = 0, isWhole: Bool = false
    ) -> Bool {
        guard tables.indices.contains(table) else { return false }
        var at = range.lowerBound
        var count = 0
        while at < range.upperBound {
            // One place is kept for the rest.
            let isRoom = places > 1
            if !isRoom { event.reasons.insert(.tooManyFields) }
            guard isRoom, let item = TailItem(bytes, from: at, to: range.upperBound) else { break }
            let entry = tables[table].entry(bytes, item.key)
            if !item.isNull(bytes) || item.isQuoted && tables[table].options.keepsQuotedDash {
                let isEscaped =
                    (tables[table].options.unescapes || hasEscapes) && item.isQuoted
                    && Escapes.backslash.occur(bytes, item.value)
                addValue(bytes, item.value, table, entry, escapes: isEscaped ? .backslash : nil)
            }
            at = item.end
            count &+= 1
        }
        at = bytes.skipBlanks(from: at, to: range.upperBound)
        guard count >= least, !isWhole || at == range.upperBound else { return false }
        if at < range.upperBound { add(.tail, bytes, at..<range.upperBound) }
        return true
    }
}
