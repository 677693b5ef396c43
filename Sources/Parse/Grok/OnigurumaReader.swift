/// Reads one piece of grok text token by token and writes it to an expansion as PCRE2 means it.
///
/// What Oniguruma (with Ruby's syntax, as Logstash has it) and PCRE2 read differently:
/// nested classes (see `CharacterClass`); `\h` is a hex digit; a quantifier may follow a quantifier (`X?*`);
/// `X{n,m}+` and `X{n}?` are such pairs too, neither possessive nor lazy; `{,n}` is `{0,n}`; `(?m)` lets `.`
/// match a newline; `(?i)` holds for all that follows in its group, alternatives included; `\v` is one byte.
struct OnigurumaReader {
    /// One open parenthesis.
    private struct Level {
        /// Where the group begins in the output and in the source.
        let output: Int
        let offset: Int
        /// Groups opened by `(?i)` inside this one, closed with it.
        var implied = 0
        /// Whether blanks and `#` comments are skipped.
        var extended: Bool
    }

    private let source: GrokSource
    private let index: Int
    private var i: Int
    private var levels: [Level] = []
    /// Where the last thing that a quantifier can follow begins in the output.
    private var atom: Int?
    /// Whether that thing has a quantifier already.
    private var quantified = false

    init(_ source: GrokSource, index: Int) {
        self.source = source
        self.index = index
        i = source.start
    }

    mutating func read(into out: inout GrokExpansion) throws(GrokError) {
        levels = [Level(output: out.output.count, offset: i, extended: false)]
        while let byte = peek() {
            try out.mark(source: index, offset: i)
            switch byte {
            case UInt8(ascii: "%") where peek(1) == UInt8(ascii: "{"): try reference(&out)
            case UInt8(ascii: "\\"): try escape(&out)
            case UInt8(ascii: "["): try characterClass(&out)
            case UInt8(ascii: "("): try open(&out)
            case UInt8(ascii: ")"): try close(&out)
            case UInt8(ascii: "|"):
                i += 1
                out.output.append(byte)
                atom = nil
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
                try quantifier(&out)
            default: literal(byte, &out)
            }
        }
        if levels.count > 1 { throw error("this ( has no closing )", at: levels[levels.count - 1].offset) }
        closeImplied(&out)
    }

    // MARK: Single tokens

    private mutating func literal(_ byte: UInt8, _ out: inout GrokExpansion) {
        if levels[levels.count - 1].extended {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                i += 1
                return
            }
            if byte == UInt8(ascii: "#") {
                i = source.text[i...].firstIndex(of: UInt8(ascii: "\n")) ?? source.text.count
                return
            }
        }
        begin(out)
        i += 1
        // A character of several bytes is one atom, so that a quantifier takes all of it.
        let length = byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1
        let end = i + length - 1
        guard length > 1, end <= source.text.count, source.text[i..<end].allSatisfy({ $0 & 0xC0 == 0x80 })
        else {
            // In extended text these were skipped above; written plainly they would do no harm either.
            return out.output.append(byte)
        }
        out.output += Array("(?:".utf8) + [byte] + source.text[i..<end] + [UInt8(ascii: ")")]
        i = end
    }

    private mutating func characterClass(_ out: inout GrokExpansion) throws(GrokError) {
        begin(out)
        var reader = CharacterClass(source.text, at: i)
        do {
            out.output += try reader.read()
        } catch {
            throw self.error(error.message, at: error.offset)
        }
        i = reader.position
    }

    private mutating func escape(_ out: inout GrokExpansion) throws(GrokError) {
        guard let letter = peek(1) else { throw error("the pattern ends in a backslash", at: i) }
        begin(out)
        switch letter {
        case UInt8(ascii: "h"): out.output += Array("[0-9A-Fa-f]".utf8)
        case UInt8(ascii: "H"): out.output += Array("[^0-9A-Fa-f]".utf8)
        case UInt8(ascii: "v"): out.output += Array(#"\x0b"#.utf8)
        case UInt8(ascii: "k"), UInt8(ascii: "g"): return try groupEscape(letter, &out)
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            guard let property = PropertyEscape(source.text, at: i) else { break }
            out.output += property.set.pattern()
            i = property.end
            return
        case UInt8(ascii: "Q"): return quoted(&out)
        default: out.output += [UInt8(ascii: "\\"), letter]
        }
        i += 2
    }

    /// `\k<name>` and `\g<name>`, under the name that the group has in the output.
    private mutating func groupEscape(_ letter: UInt8, _ out: inout GrokExpansion) throws(GrokError) {
        guard peek(2) == UInt8(ascii: "<"), let end = source.text[i...].firstIndex(of: UInt8(ascii: ">"))
        else {
            throw error("\\k and \\g need a group's name in < >", at: i)
        }
        let name = try GrokReference.fieldName(source.text[(i + 3)..<end], in: source)
        guard let group = out.groupName(of: name) else {
            throw error("no group named \"\(name)\" stands before this", at: i + 3)
        }
        out.output += Array("\\\(letter == UInt8(ascii: "k") ? "k" : "g")<\(group)>".utf8)
        i = end + 1
    }

    /// `\Q…\E`: plain text.
    private mutating func quoted(_ out: inout GrokExpansion) {
        i += 2
        while let byte = peek() {
            if byte == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "E") {
                i += 2
                break
            }
            begin(out)
            out.output += isNameByte(byte) || byte >= 0x80 ? [byte] : [UInt8(ascii: "\\"), byte]
            i += 1
        }
    }

    private mutating func reference(_ out: inout GrokExpansion) throws(GrokError) {
        begin(out)
        let reference = try GrokReference(source, at: i)
        try out.expand(reference.name, field: reference.capture, in: source, at: i + 2)
        i = reference.end
        try out.mark(source: index, offset: i)
    }

    // MARK: Groups

    private mutating func open(_ out: inout GrokExpansion) throws(GrokError) {
        let level = Level(output: out.output.count, offset: i, extended: levels[levels.count - 1].extended)
        guard levels.count < 200 else { throw error("groups nest deeper than 200", at: i) }
        guard peek(1) == UInt8(ascii: "?") else {
            if peek(1) == UInt8(ascii: "*") { throw error("nothing to repeat", at: i + 1) }
            out.output.append(UInt8(ascii: "("))
            i += 1
            return push(level)
        }
        switch (peek(2), peek(3)) {
        case (UInt8(ascii: "#"), _):
            guard let end = source.text[i...].firstIndex(of: UInt8(ascii: ")")) else {
                throw error("this comment has no closing )", at: i)
            }
            i = end + 1
        case (UInt8(ascii: ":"), _), (UInt8(ascii: "="), _), (UInt8(ascii: "!"), _), (UInt8(ascii: ">"), _):
            copy(3, &out)
            push(level)
        case (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: "<"), UInt8(ascii: "!")):
            copy(4, &out)
            push(level)
        case (UInt8(ascii: "<"), _), (UInt8(ascii: "'"), _), (UInt8(ascii: "P"), UInt8(ascii: "<")):
            try namedGroup(&out)
            push(level)
        default: try options(level, &out)
        }
    }

    /// `(?<name>`, `(?'name'`, `(?P<name>`.
    private mutating func namedGroup(_ out: inout GrokExpansion) throws(GrokError) {
        let nameStart = i + (peek(2) == UInt8(ascii: "P") ? 4 : 3)
        let closing = peek(2) == UInt8(ascii: "'") ? UInt8(ascii: "'") : UInt8(ascii: ">")
        guard let end = source.text[nameStart...].firstIndex(of: closing) else {
            throw error("this group's name has no end", at: i)
        }
        let field = try GrokReference.fieldName(source.text[nameStart..<end], in: source)
        try out.openGroup(GrokCapture(field: field, type: nil), in: source, at: nameStart)
        i = end + 1
    }

    /// `(?im-x)` and `(?im-x:`.
    private mutating func options(_ level: Level, _ out: inout GrokExpansion) throws(GrokError) {
        var level = level
        var written: [UInt8] = Array("(?".utf8)
        var on = true
        var p = i + 2
        while p < source.text.count {
            let byte = source.text[p]
            p += 1
            switch byte {
            case UInt8(ascii: "i"): written.append(byte)
            case UInt8(ascii: "m"): written.append(UInt8(ascii: "s"))
            case UInt8(ascii: "x"): level.extended = on
            case UInt8(ascii: "-") where on:
                on = false
                written.append(byte)
            case UInt8(ascii: ":"), UInt8(ascii: ")"):
                if written.last == UInt8(ascii: "-") { written.removeLast() }
                out.output += written + [UInt8(ascii: ":")]
                i = p
                if byte == UInt8(ascii: ":") { return push(level) }
                levels[levels.count - 1].implied += 1
                levels[levels.count - 1].extended = level.extended
                atom = nil
                return
            default: throw error("Oniguruma has no group that begins like this", at: i)
            }
        }
        throw error("this ( has no closing )", at: i)
    }

    private mutating func push(_ level: Level) {
        levels.append(level)
        atom = nil
    }

    private mutating func close(_ out: inout GrokExpansion) throws(GrokError) {
        guard levels.count > 1 else { throw error("this ) has no opening (", at: i) }
        closeImplied(&out)
        let level = levels.removeLast()
        out.output.append(UInt8(ascii: ")"))
        i += 1
        atom = level.output
        quantified = false
    }

    private func closeImplied(_ out: inout GrokExpansion) {
        for _ in 0..<levels[levels.count - 1].implied { out.output.append(UInt8(ascii: ")")) }
    }

    // MARK: Quantifiers

    private mutating func quantifier(_ out: inout GrokExpansion) throws(GrokError) {
        guard let (text, end, isInterval) = quantifierText() else {
            begin(out)
            out.output += Array(#"\{"#.utf8)
            i += 1
            return
        }
        guard let start = atom else { throw error("nothing to repeat", at: i) }
        if quantified { out.wrap(from: start) }
        out.output += text
        i = end
        quantified = true
        // `?` and `+` behind an interval with one number or, for `+`, any interval, are quantifiers of their
        // own.
        switch peek() {
        case UInt8(ascii: "?") where !isInterval || text.contains(UInt8(ascii: ",")): copy(1, &out)
        case UInt8(ascii: "+") where !isInterval: copy(1, &out)
        default: break
        }
    }

    /// The quantifier at the position in PCRE2's words; nil for a brace that is plain text.
    private func quantifierText() -> (text: [UInt8], end: Int, isInterval: Bool)? {
        guard let byte = peek() else { return nil }
        guard byte == UInt8(ascii: "{") else { return ([byte], i + 1, false) }
        guard let close = source.text[i...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let bounds = source.text[(i + 1)..<close].split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard bounds.count <= 2, bounds.contains(where: { !$0.isEmpty }),
            bounds.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let zero = bounds[0].isEmpty ? [UInt8(ascii: "0")] : []
        return ([byte] + zero + source.text[(i + 1)...close], close + 1, true)
    }

    // MARK: Positions

    private mutating func begin(_ out: GrokExpansion) {
        atom = out.output.count
        quantified = false
    }

    private mutating func copy(_ count: Int, _ out: inout GrokExpansion) {
        out.output += source.text[i..<min(i + count, source.text.count)]
        i += count
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        i + ahead < source.text.count ? source.text[i + ahead] : nil
    }

    private func error(_ message: String, at offset: Int) -> GrokError {
        GrokError(.badRegex(message), in: source, at: offset)
    }
}
