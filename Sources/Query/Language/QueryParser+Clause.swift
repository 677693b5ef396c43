import Parse

/// Clauses: `field:value`, `field >= value`, `has:field`, and text.
extension QueryParser {
    /// What the word at an offset begins.
    private enum Head {
        /// `field:`, with the offset behind the colon.
        case field(Field, value: Int)
        /// `field >=`, with the offset of the sign.
        case comparison(Field, sign: Int)
        /// `field !=`
        case inequality(Field, sign: Int)
        /// `has:` or `missing:`
        case presence(Bool, name: Int)
        /// Looks like a field, but names none.
        case unknown(name: Range<Int>, whole: Range<Int>)
        case text
    }

    /// Whether `field:` or a comparison stands at an offset, be it of a known field or not.
    func isFieldClause(_ offset: Int) -> Bool {
        if case .text = head(at: offset) { return false }
        return true
    }

    mutating func clause() throws(QueryError) -> Filter {
        let start = scanner.place
        if let quote = scanner.quote(at: start), quote.close != nil || !quote.isSingle {
            let (text, range) = try phrase(quote)
            guard !text.isEmpty else {
                throw QueryError(.syntax, "there is nothing between these quotes", at: range)
            }
            return try test(.raw, .contains(text), at: range)
        }
        if let text = regexText(at: start) { return try regex(text, in: .raw) }
        switch head(at: start) {
        case .field(let field, let value):
            scanner.place = value
            return try self.value(of: field, inGroup: false)
        case .comparison(let field, let sign):
            scanner.place = sign
            return try comparison(of: field)
        case .inequality(let field, let sign):
            throw QueryError(
                .syntax, "!= is not part of the language", at: sign..<sign + 2,
                hint: "write: NOT \(field.name):…")
        case .presence(let isPresent, let name):
            let column = functionColumn(at: name)
            let range = name..<(column?.end ?? scanner.wordEnd(name))
            guard let field = column?.0 ?? field(named: scanner.text(range)) else {
                throw unknownField(range, whole: start..<range.upperBound)
            }
            scanner.place = range.upperBound
            let exists = try test(field, .exists, at: range)
            return isPresent ? exists : .negation(of: exists)
        case .unknown(let name, let whole):
            throw unknownField(name, whole: whole)
        case .text:
            return try word()
        }
    }

    private mutating func word() throws(QueryError) -> Filter {
        let start = scanner.place
        if let (name, range) = savedName(at: start) { return try savedFilter(name, range) }
        let range = start..<scanner.wordEnd(start)
        let text = scanner.text(range)
        noteReading(of: text, range)
        scanner.place = range.upperBound
        if Self.isAnything(text) { return .everything }
        return try textValue(of: .raw, text, range)
    }

    /// Says where a word is text that might have been meant as something else.
    private mutating func noteReading(of text: String, _ range: Range<Int>) {
        if let quote = scanner.quote(at: range.lowerBound), quote.close == nil {
            note("this quote has no partner, so it is searched as a character", range)
        }
        let bytes = Array(text.utf8)
        guard let split = bytes.firstIndex(where: { $0 == 0x3A || $0 == 0x3D }), split > 0 else { return }
        let name = String(decoding: bytes[..<split], as: UTF8.self)
        guard let field = Fields.definition(of: name) else { return }
        if bytes[split] == 0x3A, split == bytes.count - 1 {
            note(
                "\(name): with nothing behind it is searched as text; \(field.name):value asks for the field",
                range)
        } else if bytes[split] == 0x3D, split < bytes.count - 1 {
            note("\(name)=… is searched as text; \(field.name):value asks for the field", range)
        }
    }

    // MARK: Heads

    private func head(at start: Int) -> Head {
        guard let first = scanner.byte(start), first &- 0x30 >= 10 else { return .text }
        if let (column, end) = functionColumn(at: start) { return columnHead(column, end) }
        let end = scanner.wordEnd(start)
        let word = start..<end
        let split = word.first { offset in
            let byte = scanner.bytes[offset]
            return byte == 0x3A || byte == 0x3C || byte == 0x3E
                || byte == 0x21 && scanner.byte(offset + 1) == 0x3D
        }
        if let split, scanner.bytes[split] == 0x3A { return fieldHead(start..<split, word: word) }

        let name = start..<(split ?? end)
        let sign = split ?? scanner.afterBlanks(end)
        guard !name.isEmpty, let signByte = scanner.byte(sign) else { return .text }
        let isInequality = signByte == 0x21 && scanner.byte(sign + 1) == 0x3D
        guard signByte == 0x3C || signByte == 0x3E || isInequality else { return .text }
        var after = sign + (isInequality || scanner.byte(sign + 1) == 0x3D ? 2 : 1)
        let isDetached = split == nil && scanner.isBoundary(after)
        after = scanner.afterBlanks(after)
        let startsNumber = isNumberStart(after)
        if let field = field(named: scanner.text(name)) {
            let isLevel =
                field.kind == .level && Level.badness(scanner.text(after..<scanner.wordEnd(after))) != nil
            guard isDetached || startsNumber || isLevel else { return .text }
            if isInequality { return .inequality(field, sign: sign) }
            switch field.kind {
            case .number, .level, .time, .open: return .comparison(field, sign: sign)
            case .keyword, .text, .address: return .text
            }
        }
        let looksMeant = startsNumber && isFieldName(name)
        return looksMeant ? .unknown(name: name, whole: start..<scanner.wordEnd(after)) : .text
    }

    /// What stands behind the column of a function: `p95(request_time) > 1`, `p95(request_time):>1`.
    private func columnHead(_ column: Field, _ end: Int) -> Head {
        if scanner.byte(end) == 0x3A { return .field(column, value: end + 1) }
        let sign = scanner.afterBlanks(end)
        switch scanner.byte(sign) {
        case 0x3C, 0x3E: return .comparison(column, sign: sign)
        case 0x21 where scanner.byte(sign + 1) == 0x3D: return .inequality(column, sign: sign)
        default: return .text
        }
    }

    private func fieldHead(_ name: Range<Int>, word: Range<Int>) -> Head {
        let value = name.upperBound + 1
        // `Error:` and a blank is text.
        guard !name.isEmpty, let next = scanner.byte(value), next == 0x28 || !scanner.isBoundary(value) else {
            return .text
        }
        let text = scanner.text(name)
        if text == "has" || text == "missing" { return .presence(text == "has", name: value) }
        let isScheme = next == 0x2F && scanner.byte(value + 1) == 0x2F
        // `raw:` is all of a row, be it an event or a row of a table.
        if let field = field(named: text) ?? (text == "raw" ? .raw : nil) {
            return isScheme && !field.isCatalogued ? .text : .field(field, value: value)
        }
        // `http://…`, `std::string`, `fe80::1`, `00:1a:…` are text.
        if isScheme || next == 0x3A || !isFieldName(name) || isAddressShape(word) { return .text }
        var whole = word
        if let quote = scanner.quote(at: value), let close = quote.close {
            whole = name.lowerBound..<close + quote.length
        }
        return .unknown(name: name, whole: whole)
    }

    private func isNumberStart(_ offset: Int) -> Bool {
        let digit = scanner.byte(offset) == 0x2D ? offset + 1 : offset
        return scanner.byte(digit).map { $0 &- 0x30 < 10 } ?? false
    }

    /// Letters, digits, `_`, `.`, `-`, `@`: what people call fields.
    private func isFieldName(_ range: Range<Int>) -> Bool {
        range.allSatisfy { offset in
            let byte = scanner.bytes[offset]
            return byte < 0x80 && Token.isTokenByte(byte) || byte == 0x2E || byte == 0x2D || byte == 0x40
        }
    }

    /// Hexadecimal groups with two colons or more: an IPv6 or a MAC address.
    private func isAddressShape(_ word: Range<Int>) -> Bool {
        var colons = 0
        for offset in word {
            switch scanner.bytes[offset] {
            case 0x3A: colons += 1
            case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x2E, 0x2F, 0x25: continue
            default: return false
            }
        }
        return colons >= 2
    }

    private func unknownField(_ name: Range<Int>, whole: Range<Int>) -> QueryError {
        let text = scanner.text(name)
        if let columns = scope.columnNames {
            return QueryError(
                .unknownField, "no column is named \(text)", at: name,
                hint: "here are \(columns.joined(separator: ", ")); "
                    + "to search text: \(QueryPrinter.quoted(scanner.text(whole)))")
        }
        let meant = Suggestion.field(for: text).map { "did you mean \($0)? " } ?? ""
        return QueryError(
            .unknownField, "no field is named \(text)", at: name,
            hint: "\(meant)to search text: \(QueryPrinter.quoted(scanner.text(whole)))")
    }

    // MARK: Phrases

    /// Takes the quoted text at the current place.
    mutating func phrase(_ quote: QueryScanner.Quote) throws(QueryError) -> (text: String, range: Range<Int>)
    {
        let start = scanner.place
        guard let close = quote.close else {
            throw QueryError(
                .syntax, "this quote is not closed", at: start..<start + quote.length,
                hint: "add the closing quote; a quote inside quotes is written \\\"")
        }
        let end = close + quote.length
        if let sign = scanner.byte(end), sign == 0x7E || sign == 0x5E, isNumberStart(end + 1) {
            throw luceneError(start..<scanner.wordEnd(end), sign: sign)
        }
        scanner.place = end
        return (scanner.content(of: quote, at: start, close: close), start..<end)
    }

    /// Refuses Lucene's `word~2` and `word^2`, which would otherwise silently mean something else.
    func checkLucene(_ text: String, _ range: Range<Int>) throws(QueryError) {
        let bytes = Array(text.utf8)
        guard let sign = bytes.lastIndex(where: { $0 == 0x7E || $0 == 0x5E }), sign > 0,
            sign < bytes.count - 1,
            Token.isTokenByte(bytes[sign - 1]) || bytes[sign - 1] == 0x2A,
            Decimal.value(bytes.span, sign + 1..<bytes.count) != nil
        else { return }
        throw luceneError(range, sign: bytes[sign])
    }

    private func luceneError(_ range: Range<Int>, sign: UInt8) -> QueryError {
        let name = sign == 0x7E ? "fuzzy search (word~2)" : "boosting (word^2)"
        return QueryError(
            .syntax, "\(name) is not part of the language", at: range,
            hint: "use the wildcards * and ?; to search text: \(QueryPrinter.quoted(scanner.text(range)))")
    }

    /// Where the texts are that stood in the place of a number.
    func spareHint(of field: Field, _ text: String, isQuoted: Bool) -> String? {
        guard field.kind == .number, field.isCatalogued, let first = text.utf8.first,
            (first | 0x20) &- 0x61 < 26
        else { return nil }
        let names = context.spares(field.name)
        guard let name = names.first else {
            return "a text in its place is stored under a name of its own, such as body.\(field.name)"
        }
        let all = names.prefix(4).joined(separator: ", ")
        let value = isQuoted ? QueryPrinter.quoted(text) : text
        return "texts in its place are stored as \(all); write \(name):\(value)"
    }
}
