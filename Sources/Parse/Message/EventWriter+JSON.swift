/// JSON bodies.
///
/// Objects inside objects are flattened: `{"a":{"b":1}}` is `a.b`. A list of plain values is a repeated
/// value, any other list one text.
extension EventWriter {
    /// Reads the JSON object that begins `range`.
    ///
    /// False where there is none.
    ///
    /// An object that is cut off counts as far as it goes. What stands behind the object, or from where it is no
    /// JSON on, is the field `tail`.
    mutating func readJSON(_ bytes: Span<UInt8>, _ range: Range<Int>, _ table: Int) -> Bool {
        guard tables.indices.contains(table), let start = JSONScan.start(bytes, range) else { return false }
        let before = valueCount
        path.removeAll(keepingCapacity: true)
        let rest: Int
        switch readObject(bytes, start, range.upperBound, table, depth: 1) {
        case .whole(let end): rest = end
        case .cut:
            event.reasons.insert(.cut)
            return valueCount > before
        case .broken(let offset):
            guard valueCount > before else { return false }
            rest = offset
        }
        let tail = JSONScan.skipSpace(bytes, rest, range.upperBound)
        if tail < range.upperBound {
            if !event.reasons.contains(.tooManyFields) { event.reasons.insert(.malformed) }
            add(.tail, bytes, tail..<range.upperBound)
        }
        return true
    }

    /// Reads the object whose `{` is at `start`.
    private mutating func readObject(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ table: Int, depth: Int
    ) -> JSONEnd {
        var at = JSONScan.skipSpace(bytes, start &+ 1, end)
        if at < end, bytes[at] == UInt8(ascii: "}") { return .whole(at &+ 1) }
        let prefix = path.count
        // A key that is cut counts only behind a member: `{"a` alone is rather a text.
        var isFirst = depth == 1
        while true {
            guard at < end else { return .cut }
            guard bytes[at] == UInt8(ascii: "\"") else { return .broken(at) }
            let key = at &+ 1
            let keyEnd = JSONScan.stringEnd(bytes, key, end)
            guard keyEnd.end < end else {
                if key < end, !isFirst { add(.tail, bytes, key..<end) }
                return .cut
            }
            at = JSONScan.skipSpace(bytes, keyEnd.end &+ 1, end)
            guard at < end else { return .cut }
            guard bytes[at] == UInt8(ascii: ":") else { return .broken(key &- 1) }
            at = JSONScan.skipSpace(bytes, at &+ 1, end)
            guard at < end else { return .cut }
            // One place is kept for the rest.
            guard places > 1 else {
                event.reasons.insert(.tooManyFields)
                return .broken(key &- 1)
            }

            let entry: Int
            if prefix == 0, !keyEnd.isEscaped, bytes[at] != UInt8(ascii: "{") {
                entry = tables[table].entry(bytes, key..<keyEnd.end)
            } else {
                if prefix > 0 { path.append(UInt8(ascii: ".")) }
                if keyEnd.isEscaped {
                    Escapes.json.append(bytes, key..<keyEnd.end, to: &path)
                } else {
                    path.append(bytes, key..<keyEnd.end)
                }
                // Taken out meanwhile, as one access to this value excludes another.
                var name: [UInt8] = []
                swap(&name, &path)
                entry = tables[table].entry(name.span, 0..<name.count)
                swap(&name, &path)
            }
            switch readValue(bytes, at, end, table, entry, prefix: prefix, depth: depth) {
            case .whole(let next): at = next
            case .cut: return .cut
            case .broken(let offset): return .broken(offset)
            }
            path.removeLast(path.count - prefix)
            isFirst = false

            at = JSONScan.skipSpace(bytes, at, end)
            guard at < end else { return .cut }
            if bytes[at] == UInt8(ascii: "}") { return .whole(at &+ 1) }
            guard bytes[at] == UInt8(ascii: ",") else { return .broken(at) }
            at = JSONScan.skipSpace(bytes, at &+ 1, end)
        }
    }

    private mutating func readValue(
        _ bytes: Span<UInt8>, _ at: Int, _ end: Int, _ table: Int, _ entry: Int, prefix: Int, depth: Int
    ) -> JSONEnd {
        switch bytes[at] {
        case UInt8(ascii: "\""):
            let close = JSONScan.stringEnd(bytes, at &+ 1, end)
            addValue(bytes, at &+ 1..<close.end, table, entry, escapes: close.isEscaped ? .json : nil)
            return close.end < end ? .whole(close.end &+ 1) : .cut
        case UInt8(ascii: "{"):
            if depth < ParseLimits.jsonDepth, !tables[table].isValue(entry) {
                if tables[table].entries[entry].isTransparent { path.removeLast(path.count - prefix) }
                return readObject(bytes, at, end, table, depth: depth &+ 1)
            }
            let whole = JSONScan.skipNested(bytes, at, end)
            addValue(bytes, at..<whole.end, table, entry, escapes: nil)
            return whole.end < end || bytes[end &- 1] == UInt8(ascii: "}") ? .whole(whole.end) : .cut
        case UInt8(ascii: "["):
            return readArray(bytes, at, end, table, entry)
        default:
            let close = JSONScan.scalarEnd(bytes, at, end)
            guard close > at else { return .broken(at) }
            if close &- at == 4, bytes.has("null", at: at, to: close) { return .whole(close) }
            addValue(bytes, at..<close, table, entry, escapes: nil)
            return close < end ? .whole(close) : .cut
        }
    }

    /// Reads the list whose `[` is at `start`: a few plain values as values, anything else as one text.
    private mutating func readArray(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ table: Int, _ entry: Int
    ) -> JSONEnd {
        let whole = JSONScan.skipNested(bytes, start, end)
        let isCut = whole.end == end && bytes[end &- 1] != UInt8(ascii: "]")
        let result = isCut ? JSONEnd.cut : .whole(whole.end)
        var at = JSONScan.skipSpace(bytes, start &+ 1, whole.end)
        if !isCut, bytes[at] == UInt8(ascii: "]") { return result }
        guard whole.isFlat, !isCut, !tables[table].isValue(entry),
            Self.count(bytes, at, whole.end) <= ParseLimits.jsonValues
        else {
            addValue(bytes, start..<whole.end, table, entry, escapes: nil)
            return result
        }
        let names = tables[table].entries[entry]
        let field = claim(entry, names.field, spare: names.spare)
        while at < whole.end &- 1 {
            if bytes[at] == UInt8(ascii: "\"") {
                let close = JSONScan.stringEnd(bytes, at &+ 1, whole.end)
                let range = at &+ 1..<min(close.end, whole.end &- 1)
                let field = names.values.admits(bytes, range) ? field : ownField(bytes, range, names, table)
                if close.isEscaped {
                    add(field, bytes, range, unescaping: .json)
                } else {
                    add(field, bytes, range)
                }
                at = close.end &+ 1
            } else {
                let close = JSONScan.scalarEnd(bytes, at, whole.end)
                guard close > at else { return .broken(at) }
                let field =
                    names.values.admits(bytes, at..<close)
                    ? field : ownField(bytes, at..<close, names, table)
                if !bytes.has("null", at: at, to: close) { add(field, bytes, at..<close) }
                at = close
            }
            at = JSONScan.skipSpace(bytes, at, whole.end)
            guard at < whole.end, bytes[at] == UInt8(ascii: ",") else { break }
            at = JSONScan.skipSpace(bytes, at &+ 1, whole.end)
        }
        at = JSONScan.skipSpace(bytes, at, whole.end)
        return at == whole.end &- 1 ? result : .broken(at)
    }

    /// How many values a flat list has, at most one more than a list of values may have.
    private static func count(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var count = 1
        var at = start
        while at < end, count <= ParseLimits.jsonValues {
            if bytes[at] == UInt8(ascii: "\"") { at = JSONScan.stringEnd(bytes, at &+ 1, end).end }
            if at < end, bytes[at] == UInt8(ascii: ",") { count &+= 1 }
            at &+= 1
        }
        return count
    }
}
