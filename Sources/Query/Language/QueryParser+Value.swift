import Parse

/// What stands behind `field:`, by the kind of the field.
extension QueryParser {
    mutating func value(of field: Field, inGroup: Bool) throws(QueryError) -> Filter {
        let start = scanner.place
        if field.kind == .time { return try timeValue(of: field, inGroup: inGroup) }
        switch scanner.current {
        case 0x28 where !inGroup:
            // Printed, a group of values may stand one level deeper than it was written.
            try descend(at: start)
            scanner.place += 1
            let filter = try group(in: field, openedAt: start)
            ascend()
            return filter
        case 0x3C, 0x3E: return try comparison(of: field)
        case 0x3D:
            scanner.place += 1
            return try exactly(field)
        case 0x7E:
            guard let text = regexText(at: start) else { throw unquotedRegex(field, at: start) }
            return try regex(text, in: field)
        case 0x2F where !field.isPathLike:
            if let text = regexText(at: start) { return try regex(text, in: field) }
        case 0x5B, 0x7B:
            if let range = try range(of: field) { return range }
        default: break
        }
        if inGroup { try refuseInnerField(field) }
        if let quote = scanner.quote(at: start), quote.close != nil || !quote.isSingle {
            if field.kind == .text {
                let (text, range) = try phrase(quote)
                return try test(field, text.isEmpty ? .equals("") : .contains(text), at: range)
            }
        } else if field.kind == .text {
            let range = start..<scanner.wordEnd(start)
            scanner.place = range.upperBound
            return try textValue(of: field, scanner.text(range), range)
        }
        return try list(of: field)
    }

    /// A word in a text: with `*` and `?` a pattern, else itself.
    func textCondition(_ text: String) -> Condition {
        let glob = Self.glob(text)
        return glob.map(Condition.matches) ?? .contains(text)
    }

    mutating func textValue(of field: Field, _ text: String, _ range: Range<Int>) throws(QueryError) -> Filter
    {
        if Self.isAnything(text) { return try test(field, .exists, at: range) }
        try checkLucene(text, range)
        return try test(field, textCondition(text), at: range)
    }

    /// In `field:(…)` only values stand; another field in there was meant to stand outside.
    private func refuseInnerField(_ field: Field) throws(QueryError) {
        let start = scanner.place
        let word = start..<scanner.wordEnd(start)
        guard scanner.quote(at: start) == nil, let colon = word.first(where: { scanner.bytes[$0] == 0x3A }),
            let inner = Fields.definition(of: scanner.text(start..<colon)), colon + 1 < word.upperBound
        else { return }
        throw QueryError(
            .syntax, "\(inner.name): stands among the values of \(field.name)", at: word,
            hint: "close the parenthesis before it, or quote it: \(QueryPrinter.quoted(scanner.text(word)))")
    }

    // MARK: Lists

    /// `a`, or `a,b,c`: any of them.
    private mutating func list(of field: Field) throws(QueryError) -> Filter {
        var parts: [Filter] = []
        while true {
            let item = try item(of: field, isListed: true)
            parts.append(try scalar(of: field, item))
            guard scanner.current == 0x2C else { break }
            // Printed, the list is an `or` in parentheses.
            if parts.count == 1 { try descend(at: scanner.place) }
            scanner.place += 1
            try refuseSign(field)
        }
        if parts.count > 1 { ascend() }
        return .any(of: parts)
    }

    /// In front of a value that stands alone these signs have a meaning, which they cannot have in a list.
    private func refuseSign(_ field: Field) throws(QueryError) {
        let start = scanner.place
        switch scanner.current {
        case 0x3C, 0x3D, 0x3E, 0x5B, 0x7B, 0x7E: break
        case 0x2F where !field.isPathLike && regexText(at: start) != nil: break
        default: return
        }
        let word = start..<scanner.wordEnd(start)
        throw QueryError(
            .syntax, "a list with commas holds plain values", at: word,
            hint: "write \(field.name):(a OR b), or quote it: \(QueryPrinter.quoted(scanner.text(word)))")
    }

    /// One value as written.
    private struct Item {
        var text: String
        var range: Range<Int>
        var isQuoted: Bool
    }

    /// Takes one value: quoted, or up to the end of the word, or to the next comma in a list.
    private mutating func item(of field: Field, isListed: Bool = false) throws(QueryError) -> Item {
        let start = scanner.place
        if let quote = scanner.quote(at: start), quote.close != nil || !quote.isSingle {
            let (text, range) = try phrase(quote)
            return Item(text: text, range: range, isQuoted: true)
        }
        var end = scanner.isBoundary(start) ? start : scanner.wordEnd(start)
        if isListed, let comma = (start..<end).first(where: { scanner.bytes[$0] == 0x2C }) { end = comma }
        guard end > start else {
            throw QueryError(
                .syntax, "\(field.name) lacks a value here", at: start..<start,
                hint: isListed ? "a list is written without blanks, as a,b,c; the empty value is \"\"" : nil)
        }
        scanner.place = end
        return Item(text: scanner.text(start..<end), range: start..<end, isQuoted: false)
    }

    // MARK: One value

    private mutating func scalar(of field: Field, _ item: Item) throws(QueryError) -> Filter {
        if !item.isQuoted {
            if Self.isAnything(item.text) { return try test(field, .exists, at: item.range) }
            try checkLucene(item.text, item.range)
        }
        return try test(field, try condition(of: field, item), at: item.range)
    }

    private func condition(of field: Field, _ item: Item) throws(QueryError) -> Condition {
        let text = item.text
        switch field.kind {
        case .text:
            return item.isQuoted ? (text.isEmpty ? .equals("") : .contains(text)) : textCondition(text)
        case .keyword, .time: return keyword(item)
        case .address: return try address(of: field, item)
        case .number:
            if item.isQuoted, text.isEmpty { return .equals("") }
            if let bounds = try span(of: field, item) { return .within(bounds) }
            let number = try bound(of: field, item)
            return .within(
                Bounds(lower: .init(number, inclusive: true), upper: .init(number, inclusive: true)))
        case .level:
            let level = try bound(of: field, item)
            return .within(Bounds(lower: .init(level, inclusive: true), upper: .init(level, inclusive: true)))
        case .open:
            if !item.isQuoted {
                if let bounds = try span(of: field, item) { return .within(bounds) }
                if item.text.utf8.contains(0x2F), let network = Network(item.text) {
                    return .network(network)
                }
            }
            return keyword(item)
        }
    }

    /// A network, an address, or a pattern of its text.
    ///
    /// IPv6 has many spellings, so one address is a network of its own.
    private func address(of field: Field, _ item: Item) throws(QueryError) -> Condition {
        if item.text.utf8.contains(0x3A), let address = IPAddress(item.text) {
            return .network(Network(address))
        }
        guard !item.isQuoted, let slash = item.text.utf8.firstIndex(of: 0x2F) else { return keyword(item) }
        switch Network.read(item.text) {
        case .network(let network): return .network(network)
        case .noAddress:
            throw QueryError(
                .badValue, "what stands before the / is no address", at: item.range,
                hint: "write, for example, \(field.name):10.0.0.0/8 or \(field.name):2001:db8::/32")
        case .badLength(let most):
            let behind = item.text.utf8[..<slash].count + 1
            throw QueryError(
                .badValue, "the length of this network's prefix is no number of bits up to \(most)",
                at: min(item.range.lowerBound + behind, item.range.upperBound)..<item.range.upperBound)
        }
    }

    private func keyword(_ item: Item) -> Condition {
        if !item.isQuoted, let glob = Self.glob(item.text) { return .like(glob) }
        return .equals(item.text)
    }

    /// `5xx` or `lo..hi`; nil for other texts.
    private func span(of field: Field, _ item: Item) throws(QueryError) -> Bounds? {
        if let bounds = Bounds.class(item.text) { return bounds }
        let bytes = Array(item.text.utf8)
        guard let dots = bytes.indices.dropLast().first(where: { bytes[$0] == 0x2E && bytes[$0 + 1] == 0x2E })
        else {
            return nil
        }
        func end(_ slice: ArraySlice<UInt8>, _ start: Int) throws(QueryError) -> Bounds.Bound? {
            let text = String(decoding: slice, as: UTF8.self)
            if text == "*" { return nil }
            let place = item.range.lowerBound + start
            // What is no number on both sides is a keyword with dots.
            return .init(
                try bound(of: field, Item(text: text, range: place..<place + slice.count, isQuoted: false)),
                inclusive: true)
        }
        if field.kind == .open,
            [bytes[..<dots], bytes[(dots + 2)...]].contains(where: {
                let text = String(decoding: $0, as: UTF8.self)
                return text != "*" && Decimal.value(text) == nil
            })
        {
            return nil
        }
        let bounds = Bounds(lower: try end(bytes[..<dots], 0), upper: try end(bytes[(dots + 2)...], dots + 2))
        try checkOrder(of: bounds, item.range)
        return bounds
    }

    /// The value as a number in the field's unit, or a level's badness.
    private func bound(of field: Field, _ item: Item) throws(QueryError) -> Double {
        if field.kind == .level {
            if let badness = Level.badness(item.text) { return Double(badness) }
            let meant = Suggestion.nearest(to: item.text, in: Level.names).map { "did you mean \($0)?" }
            throw QueryError(
                .badValue, "level is one of \(Level.names.reversed().joined(separator: ", "))",
                at: item.range,
                hint: meant)
        }
        if let number = Units.number(item.text, unit: field.unit) { return number }
        let shapes =
            switch field.unit {
            case "s": "a number of seconds; 2, 500ms, >1.5s"
            case "bytes": "a number of bytes; 500, 20kB, >1MiB"
            default: field.name == "status" ? "a number; 5xx, 500, >=500" : "a number; 80, >=80, [80 TO 90]"
            }
        let subject = field.kind == .open ? "\(field.name) can be compared with" : "\(field.name) is"
        throw QueryError(
            .badValue, "\(subject) \(shapes)", at: item.range,
            hint: spareHint(of: field, item.text, isQuoted: item.isQuoted))
    }

    // MARK: Comparisons and ranges

    /// `>=value`, with blanks allowed between the two.
    mutating func comparison(of field: Field) throws(QueryError) -> Filter {
        if field.kind == .time { return try timeComparison(of: field) }
        let start = scanner.place
        let isLower = scanner.current == 0x3E
        let inclusive = scanner.byte(start + 1) == 0x3D
        scanner.place += inclusive ? 2 : 1
        let sign = start..<scanner.place
        guard field.kind == .number || field.kind == .level || field.kind == .open else {
            throw notComparable(field, start..<scanner.wordEnd(start))
        }
        scanner.skipBlanks()
        let item = try item(of: field)
        if field.kind == .level, item.text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
            // Severity numbers run against badness: >=3 would mean the opposite to every second reader.
            throw QueryError(
                .badValue, "levels are compared by name", at: item.range,
                hint: "write, for example, level:>=warning")
        }
        let bound = Bounds.Bound(try bound(of: field, item), inclusive: inclusive)
        let bounds = isLower ? Bounds(lower: bound) : Bounds(upper: bound)
        return try test(field, .within(bounds), at: sign.lowerBound..<scanner.place)
    }

    private func notComparable(_ field: Field, _ range: Range<Int>) -> QueryError {
        let kind = field.kind == .text ? "text" : field.kind == .address ? "an address" : "a keyword"
        return QueryError(
            .badValue, "\(field.name) is \(kind) and has no order to compare by", at: range,
            hint: "to look for these characters: \(field.name):\(QueryPrinter.quoted(scanner.text(range)))")
    }

    private mutating func exactly(_ field: Field) throws(QueryError) -> Filter {
        let item = try item(of: field)
        if field.kind == .number || field.kind == .level { return try scalar(of: field, item) }
        return try test(field, .exactly(item.text), at: item.range)
    }

    /// `[a TO b]`, `{a TO b}` and mixed; nil where a keyword or text just begins with such a bracket.
    private mutating func range(of field: Field) throws(QueryError) -> Filter? {
        let start = scanner.place
        guard field.kind == .number || field.kind == .level || field.kind == .open else {
            if let end = rangeEnd(from: start) { throw notComparable(field, start..<end) }
            return nil
        }
        if field.kind == .open, rangeEnd(from: start) == nil { return nil }
        let opensInclusive = scanner.current == 0x5B
        scanner.place += 1
        let lower = try rangeBound(of: field, inclusive: opensInclusive, openedAt: start)
        let middle = scanner.afterBlanks(scanner.place)
        guard scanner.isWord("TO", at: middle) || scanner.isWord("to", at: middle) else {
            let example = field.kind == .level ? "[warning TO crit]" : "[500 TO 504]"
            throw QueryError(
                .syntax, "a range needs TO between its two ends", at: middle..<scanner.wordEnd(middle),
                hint: "write, for example, \(field.name):\(example)")
        }
        scanner.place = middle + 2
        var upper = try rangeBound(of: field, inclusive: true, openedAt: start)
        scanner.skipBlanks()
        guard let close = scanner.current, close == 0x5D || close == 0x7D else { throw unclosedRange(start) }
        scanner.place += 1
        upper?.inclusive = close == 0x5D
        let bounds = Bounds(lower: lower, upper: upper)
        try checkOrder(of: bounds, start..<scanner.place)
        return try test(field, .within(bounds), at: start..<scanner.place)
    }

    private mutating func rangeBound(
        of field: Field, inclusive: Bool, openedAt open: Int
    ) throws(QueryError) -> Bounds.Bound? {
        scanner.skipBlanks()
        let start = scanner.place
        guard scanner.current != nil else { throw unclosedRange(open) }
        var end = scanner.isBoundary(start) ? start : scanner.wordEnd(start)
        if scanner.quote(at: start) == nil,
            let close = (start..<end).first(where: {
                scanner.bytes[$0] == 0x5D || scanner.bytes[$0] == 0x7D
            })
        {
            end = close
            guard end > start else {
                throw QueryError(
                    .syntax, "this range lacks an end", at: start..<start, hint: "an open end is written *")
            }
            scanner.place = end
            return try rangeBound(
                of: field, Item(text: scanner.text(start..<end), range: start..<end, isQuoted: false),
                inclusive)
        }
        return try rangeBound(of: field, try item(of: field), inclusive)
    }

    private func rangeBound(of field: Field, _ item: Item, _ inclusive: Bool) throws(QueryError) -> Bounds
        .Bound?
    {
        item.text == "*" ? nil : .init(try bound(of: field, item), inclusive: inclusive)
    }

    func unclosedRange(_ start: Int) -> QueryError {
        QueryError(
            .syntax, "this range is not closed", at: start..<start + 1,
            hint: "close it with ] to include the end, or } to leave it out")
    }

    /// The end of what looks like a range at an offset: a bracket, `TO` as a word, a closing bracket.
    private func rangeEnd(from start: Int) -> Int? {
        var offset = start + 1
        var hasTo = false
        while let byte = scanner.byte(offset) {
            if byte == 0x5D || byte == 0x7D { return hasTo ? offset + 1 : nil }
            if byte == 0x22 || byte == 0x28 || byte == 0x29 || byte == 0x7C { return nil }
            if let length = scanner.blank(at: offset), scanner.isWord("TO", at: offset + length) {
                hasTo = true
            }
            offset += 1
        }
        return nil
    }

    private func checkOrder(of bounds: Bounds, _ range: Range<Int>) throws(QueryError) {
        guard let lower = bounds.lower, let upper = bounds.upper, lower.value > upper.value else { return }
        throw QueryError(
            .badValue, "nothing lies in this range: its lower end is above its upper end", at: range)
    }

    // MARK: Patterns

    /// Whether the word is nothing but `*`.
    static func isAnything(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 == 0x2A } }

    /// A word with `*` or `?` as a pattern; nil for a word without.
    static func glob(_ text: String) -> Glob? {
        guard text.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F }) else { return nil }
        var pieces: [Glob.Piece] = []
        var literal: [UInt8] = []
        for byte in text.utf8 {
            guard byte == 0x2A || byte == 0x3F else {
                literal.append(byte)
                continue
            }
            if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
            if byte == 0x3F { pieces.append(.one) } else if pieces.last != .any { pieces.append(.any) }
        }
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return Glob(pieces)
    }
}

extension Bounds {
    /// `5xx`, `50x`: the numbers that begin so and have as many digits.
    static func `class`(_ text: String) -> Bounds? {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { $0 &- 0x30 < 10 }
        let marks = bytes[digits.endIndex...]
        guard let first = digits.first, first != 0x30, !marks.isEmpty, bytes.count <= 15,
            marks.allSatisfy({ $0 | 0x20 == 0x78 })
        else { return nil }
        var value = digits.reduce(0.0) { $0 * 10 + Double($1 &- 0x30) }
        var width = 1.0
        for _ in marks { (value, width) = (value * 10, width * 10) }
        return Bounds(lower: .init(value, inclusive: true), upper: .init(value + width, inclusive: false))
    }
}
