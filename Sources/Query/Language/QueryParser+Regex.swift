import Parse

/// Regular expressions: `/re/flags`, `~"re"`, `~/re/flags`.
extension QueryParser {
    /// A regular expression as written.
    struct RegexText {
        var pattern: String
        /// The offset in the query of each byte of the pattern, and of its end.
        var places: [Int]
        var flags = ""
        var range: Range<Int>
    }

    /// The regular expression at an offset; nil where there is none.
    ///
    /// `/re/` only with a metacharacter in it, as a path looks the same; behind `~` always.
    func regexText(at start: Int) -> RegexText? {
        if scanner.byte(start) == 0x7E {
            if let quote = scanner.quote(at: start + 1), let close = quote.close {
                return regexText(in: quote, at: start + 1, close: close)
            }
            guard scanner.byte(start + 1) == 0x2F, var text = slashed(at: start + 1) else { return nil }
            text.range = start..<text.range.upperBound
            return text
        }
        guard scanner.byte(start) == 0x2F, let text = slashed(at: start),
            text.pattern.utf8.contains(where: { ".*+?[](){}^$|\\".utf8.contains($0) })
        else { return nil }
        return text
    }

    private func regexText(in quote: QueryScanner.Quote, at start: Int, close: Int) -> RegexText {
        var places: [Int] = []
        var offset = start + quote.length
        while offset < close {
            // The two escapes of quoted texts, as `QueryScanner.content` resolves them.
            if !quote.isSingle, scanner.byte(offset) == 0x5C,
                scanner.byte(offset + 1) == 0x22 || scanner.byte(offset + 1) == 0x5C
            {
                offset += 1
            }
            places.append(offset)
            offset += 1
        }
        return RegexText(
            pattern: scanner.content(of: quote, at: start, close: close), places: places + [close],
            range: start - 1..<close + quote.length)
    }

    /// `/re/flags` at an offset, with `\/` for a slash.
    private func slashed(at start: Int) -> RegexText? {
        var bytes: [UInt8] = []
        var places: [Int] = []
        var offset = start + 1
        while let byte = scanner.byte(offset), byte != 0x2F {
            if byte == 0x5C, let next = scanner.byte(offset + 1) {
                if next != 0x2F {
                    bytes.append(byte)
                    places.append(offset)
                }
                offset += 1
            }
            bytes.append(scanner.bytes[offset])
            places.append(offset)
            offset += 1
        }
        guard !bytes.isEmpty, scanner.byte(offset) == 0x2F else { return nil }
        let close = offset
        offset += 1
        while let flag = scanner.byte(offset), "imsx".utf8.contains(flag) { offset += 1 }
        guard scanner.endsWord(offset) else { return nil }
        return RegexText(
            pattern: String(decoding: bytes, as: UTF8.self), places: places + [close],
            flags: scanner.text(close + 1..<offset), range: start..<offset)
    }

    /// Takes a regular expression.
    mutating func regex(_ text: RegexText, in field: Field) throws(QueryError) -> Filter {
        scanner.place = text.range.upperBound
        guard !text.pattern.isEmpty else {
            throw QueryError(.syntax, "there is nothing between these quotes", at: text.range)
        }
        regexes += 1
        guard regexes <= QueryLimits.regexes else {
            throw QueryError(
                .tooComplex, "the query has more than \(QueryLimits.regexes) regular expressions",
                at: text.range, hint: "join them with | into one, or use words and wildcards")
        }
        // Each flag once, in one order: equal meanings are equal texts.
        let flags = "imsx".filter { text.flags.contains($0) }
        let prefix = flags.isEmpty ? "" : "(?\(flags))"
        do throws(ByteRegex.Failure) {
            try ByteRegex.check(prefix + text.pattern)
        } catch {
            let offset = max(0, error.offset - prefix.utf8.count)
            let place = text.places[min(offset, text.places.count - 1)]
            throw QueryError(
                .badRegex, "this is no regular expression: \(error.message)", at: place..<place + 1,
                hint: "to search text: \(QueryPrinter.quoted(scanner.text(text.range)))")
        }
        return try test(field, .regex(prefix + text.pattern), at: text.range)
    }

    /// What follows `field:~` and is no regular expression.
    func unquotedRegex(_ field: Field, at start: Int) -> QueryError {
        let word = start..<max(start + 1, scanner.wordEnd(start))
        if let quote = scanner.quote(at: start + 1), quote.close == nil {
            return QueryError(
                .syntax, "this quote is not closed", at: start + 1..<start + 1 + quote.length,
                hint: "add the closing quote; a quote inside quotes is written \\\"")
        }
        let pattern = word.count > 1 ? scanner.text(start + 1..<word.upperBound) : "^a.*b$"
        return QueryError(
            .syntax, "a regular expression behind ~ stands in quotes", at: word,
            hint: "write, for example, \(field.name):~\(QueryPrinter.quoted(pattern))")
    }
}
