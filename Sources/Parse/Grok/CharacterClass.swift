/// Reads an Oniguruma character class and writes it for PCRE2.
///
/// Oniguruma's classes nest (`[[a-c][x-z]]`, `[[[:alnum:]]_]`) and intersect (`[a-z&&[^aeiou]]`), and `\h` in
/// them is a hex digit. PCRE2 takes the same text for something else, without an error. So a class is read
/// into the set of bytes that it means and written from that set. A character beyond ASCII counts as its
/// bytes, as everywhere in byte mode.
struct CharacterClass {
    private let text: [UInt8]
    /// Where reading stands; behind the class when `read` returns.
    private(set) var position: Int

    struct Failure: Error {
        let message: String
        let offset: Int
    }

    /// `text[start]` must be the opening bracket.
    init(_ text: [UInt8], at start: Int) {
        self.text = text
        position = start
    }

    /// The class as PCRE2 writes it, e.g.
    ///
    /// `[0-9A-F_]`. A leading `^` stays one, so that `(?i)` means the same.
    mutating func read() throws(Failure) -> [UInt8] {
        let (set, negated) = try members(depth: 0)
        return set.pattern(negated: negated)
    }

    private mutating func members(depth: Int) throws(Failure) -> (set: ByteSet, negated: Bool) {
        let start = position
        guard depth < GrokLimits.depth else {
            throw Failure(message: "classes nest deeper than \(GrokLimits.depth)", offset: start)
        }
        position += 1
        var negated = false
        if peek() == UInt8(ascii: "^") {
            negated = true
            position += 1
        }
        var set = ByteSet()
        var intersection: ByteSet?
        var first = true
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "]") where !first:
                position += 1
                if let intersection { set.formIntersection(intersection) }
                return (set, negated)
            case UInt8(ascii: "["):
                if let posix = posixBracket() {
                    set.formUnion(posix)
                } else {
                    let inner = try members(depth: depth + 1)
                    set.formUnion(inner.negated ? inner.set.inverted : inner.set)
                }
            case UInt8(ascii: "&") where peek(1) == UInt8(ascii: "&"):
                position += 2
                if let before = intersection { set.formIntersection(before) }
                intersection = set
                set = ByteSet()
            default: try element(into: &set)
            }
            first = false
        }
        throw Failure(message: "this [ has no closing ]", offset: start)
    }

    /// One byte, one escape, or a range of two such.
    private mutating func element(into set: inout ByteSet) throws(Failure) {
        let start = position
        guard let low = try single(into: &set) else { return }
        guard peek() == UInt8(ascii: "-"), let next = peek(1), next != UInt8(ascii: "]"),
            next != UInt8(ascii: "[")
        else {
            set.insert(low)
            return
        }
        position += 1
        guard let high = try single(into: &set) else {
            // `[a-\d]`: no range, so the hyphen is one of the members.
            set.insert(low)
            set.insert(UInt8(ascii: "-"))
            return
        }
        guard low <= high else { throw Failure(message: "this range runs backwards", offset: start) }
        set.insert(low...high)
    }

    /// Reads one member.
    ///
    /// A class escape (`\d`) goes into `set` at once, and nil is returned.
    private mutating func single(into set: inout ByteSet) throws(Failure) -> UInt8? {
        let start = position
        guard let byte = peek() else { return nil }
        position += 1
        guard byte == UInt8(ascii: "\\") else { return byte }
        guard let letter = peek() else {
            throw Failure(message: "the pattern ends in a backslash", offset: start)
        }
        position += 1
        if let members = ByteSet.escape(letter) {
            set.formUnion(members)
            return nil
        }
        switch letter {
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "v"): return 11
        case UInt8(ascii: "a"): return 7
        case UInt8(ascii: "e"): return 27
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "x"): return number(radix: 16, digits: 2)
        case 0x30...0x37:
            position -= 1
            return number(radix: 8, digits: 3)
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            guard let property = PropertyEscape(text, at: start) else {
                throw Failure(message: "only POSIX names are known as \\p{…}", offset: start)
            }
            position = property.end
            set.formUnion(property.set)
            return nil
        default: return letter
        }
    }

    private mutating func number(radix: Int, digits: Int) -> UInt8 {
        var value = 0
        for _ in 0..<digits {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix
            else {
                break
            }
            value = value &* radix &+ digit
            position += 1
        }
        return UInt8(truncatingIfNeeded: value)
    }

    /// `[:alpha:]` or `[:^alpha:]` at the position; nil, and nothing read, if it is none.
    private mutating func posixBracket() -> ByteSet? {
        guard peek(1) == UInt8(ascii: ":") else { return nil }
        let negated = peek(2) == UInt8(ascii: "^")
        let start = position + (negated ? 3 : 2)
        guard start < text.count, let end = text[start...].firstIndex(of: UInt8(ascii: ":")),
            end + 1 < text.count, text[end + 1] == UInt8(ascii: "]"),
            let set = ByteSet.posix(text[start..<end])
        else { return nil }
        position = end + 2
        return negated ? set.inverted : set
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < text.count ? text[position + ahead] : nil
    }
}

/// `\p{alnum}`, `\p{^alnum}` or `\P{alnum}`, which Oniguruma takes for the POSIX classes.
struct PropertyEscape {
    let set: ByteSet
    /// The offset behind the closing brace.
    let end: Int

    /// Nil when the text at `start` is no such escape or names no POSIX class.
    init?(_ text: [UInt8], at start: Int) {
        guard start + 2 < text.count, text[start + 2] == UInt8(ascii: "{"),
            let close = text[start...].firstIndex(of: UInt8(ascii: "}"))
        else { return nil }
        let caret = text[start + 3] == UInt8(ascii: "^")
        guard let named = ByteSet.posix(text[(start + (caret ? 4 : 3))..<max(close, start + 4)]) else {
            return nil
        }
        set = caret != (text[start + 1] == UInt8(ascii: "P")) ? named.inverted : named
        end = close + 1
    }
}
