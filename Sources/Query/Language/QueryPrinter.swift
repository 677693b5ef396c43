import Parse

extension Query: CustomStringConvertible {
    /// The canonical text: every operator written out, every field by its own name.
    ///
    /// Parsing it gives an equal query.
    package var description: String {
        ([QueryPrinter.text(of: filter)] + stages.map(QueryPrinter.text)).joined(separator: " | ")
    }
}

extension Filter: CustomStringConvertible {
    /// The canonical text of the filter alone.
    package var description: String { QueryPrinter.text(of: self) }
}

/// Writes trees as query text.
enum QueryPrinter {
    static func text(of filter: Filter) -> String {
        switch filter {
        case .everything: "*"
        case .test(let test): text(of: test)
        case .not(.test(let test)) where test.condition == .exists: "missing:\(test.field)"
        case .not(let inner): "NOT " + grouped(inner, always: true)
        case .and(let parts): parts.map { grouped($0, always: false) }.joined(separator: " AND ")
        case .or(let parts): parts.map { text(of: $0) }.joined(separator: " OR ")
        }
    }

    /// The filter as an operand of AND, or of NOT (`always`), which bind tighter.
    private static func grouped(_ filter: Filter, always: Bool) -> String {
        switch filter {
        case .or: "(\(text(of: filter)))"
        case .and where always: "(\(text(of: filter)))"
        default: text(of: filter)
        }
    }

    private static func text(of test: Test) -> String {
        let name = test.field + ":"
        switch test.condition {
        case .exists: return "has:\(test.field)"
        case .contains(let text):
            if test.field != "raw" { return name + plain(text, test) }
            return isOperatorWord(text) ? quoted(text) : plain(text, test)
        case .equals(let text): return name + plain(text, test)
        case .exactly(let text): return name + "=" + plain(text, test)
        case .matches(let glob), .like(let glob): return pattern(glob, test)
        case .regex(let pattern): return (test.field == "raw" ? "" : name) + "~" + quoted(pattern)
        case .network(let network): return name + network.description
        case .during(let span): return name + TimePrinter.text(of: span)
        case .within(let bounds): return name + self.text(of: bounds, test.kind)
        }
    }

    private static func pattern(_ glob: Glob, _ test: Test) -> String {
        let text = glob.pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .any: "*"
            case .one: "?"
            }
        }.joined()
        // `raw:` keeps a pattern from being read as an operator or a field; behind it, a few signs have a
        // meaning.
        let stripped = text.filter { $0 != "*" && $0 != "?" }
        let isSign = text.utf8.first.map { "~<>=[{".utf8.contains($0) } ?? false
        let standsAlone = test.field == "raw" && (isSign || isPlain(stripped) && text.utf8.first != 0x2F)
        return standsAlone ? text : "\(test.field):\(text)"
    }

    private static func text(of bounds: Bounds, _ kind: FieldKind) -> String {
        func value(_ bound: Bounds.Bound) -> String {
            kind == .level ? level(bound.value) : number(bound.value)
        }
        switch (bounds.lower, bounds.upper) {
        case (let lower?, nil): return (lower.inclusive ? ">=" : ">") + value(lower)
        case (nil, let upper?): return (upper.inclusive ? "<=" : "<") + value(upper)
        case (let lower?, let upper?) where lower == upper && lower.inclusive && kind != .open:
            return value(lower)
        default:
            if kind != .level, let text = classText(of: bounds) { return text }
            let open = bounds.lower?.inclusive ?? true ? "[" : "{"
            let close = bounds.upper?.inclusive ?? true ? "]" : "}"
            return open + (bounds.lower.map(value) ?? "*") + " TO " + (bounds.upper.map(value) ?? "*") + close
        }
    }

    /// `5xx` for 500 up to but not including 600.
    private static func classText(of bounds: Bounds) -> String? {
        guard let lower = bounds.lower, lower.value >= 10, lower.value < 1e12 else { return nil }
        var digits = number(lower.value)
        var marks = ""
        while digits.utf8.last == 0x30 {
            digits.removeLast()
            marks += "x"
            if Bounds.class(digits + marks) == bounds { return digits + marks }
        }
        return nil
    }

    private static func level(_ badness: Double) -> String {
        Level.names[Int(exactly: badness.rounded()).map { min(max($0, 0), 7) } ?? 0]
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value), abs(value) < 1e15 { return "\(whole)" }
        return value.description
    }

    // MARK: Texts

    /// The text between double quotes, with the two escapes that the language has.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte)
        }
        return String(decoding: bytes + [0x22], as: UTF8.self)
    }

    private static func plain(_ text: String, _ test: Test) -> String {
        let first = text.utf8.first
        let mayStart = first != 0x2F || ["path", "referrer", "request_line"].contains(test.field)
        let isReserved =
            test.kind == .open && (Bounds.class(text) != nil || Network(text) != nil)
            || test.kind == .address && text.utf8.contains(0x2F)
        return isPlain(text) && mayStart && !isReserved && !endsRegex(text) ? text : quoted(text)
    }

    /// Whether the first slash could close a regular expression that a `/` further left would then have
    /// opened.
    private static func endsRegex(_ text: String) -> Bool {
        guard let slash = text.utf8.firstIndex(of: 0x2F) else { return false }
        return text.utf8[slash...].dropFirst().allSatisfy { "imsx".utf8.contains($0) }
    }

    /// Whether the text is read as itself in every place: letters, digits, `_ .
    ///
    /// - /`, not beginning with `-`, and no `..`.
    private static func isPlain(_ text: String) -> Bool {
        var last: UInt8 = 0x2D
        for byte in text.utf8 {
            let isToken = byte < 0x80 && Token.isTokenByte(byte)
            guard isToken || byte == 0x2F || byte == 0x2E && last != 0x2E || byte == 0x2D && last != 0x2D
            else { return false }
            last = byte
        }
        return !text.isEmpty
    }

    /// Words that mean something where they stand alone.
    private static func isOperatorWord(_ text: String) -> Bool {
        ["and", "or", "not", "to"].contains(String(decoding: ByteText.lowercased(text), as: UTF8.self))
    }
}
