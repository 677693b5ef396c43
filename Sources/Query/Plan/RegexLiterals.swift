import Parse

/// The texts that every match of a regular expression holds.
///
/// Reads the plain part of the syntax: characters, classes, groups, quantifiers. A pattern with anything else
/// has no literals here, which is never wrong, only slower.
struct RegexLiterals {
    private(set) var runs: [LiteralRun] = []
    /// The texts hold in any case.
    private(set) var ignoresCase = false

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0
    private var failed = false
    /// The run that is growing, and whether the next one begins on an edge.
    private var run: LiteralRun?
    private var isAfterEdge = false

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
        sequence()
        if place < scalars.count { failed = true }
        // In Unicode, K is also the Kelvin sign.
        if ignoresCase, scalars.contains(where: { !$0.isASCII }) { failed = true }
        if failed { runs = [] }
    }

    /// The longest text to look for before the pattern is run; nil where none is worth it.
    var longest: [UInt8]? {
        runs.map(\.bytes).max { $0.count < $1.count }.flatMap { $0.count > 1 ? $0 : nil }
    }

    private var current: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    /// Alternatives up to a `)` or the end.
    ///
    /// Of several, none must be there.
    private mutating func sequence() {
        let first = runs.count
        var isChoice = false
        while let scalar = current, scalar != ")", !failed {
            if scalar == "|" {
                isChoice = true
                place += 1
                endRun()
            } else {
                atom(scalar)
            }
        }
        endRun()
        if isChoice { runs.removeSubrange(first...) }
    }

    private mutating func atom(_ scalar: Unicode.Scalar) {
        place += 1
        switch scalar {
        case "^":
            endRun()
            isAfterEdge = true
            refuseQuantifier()
        case "$":
            run?.endsOnEdge = true
            endRun()
            refuseQuantifier()
        case ".":
            endRun()
            _ = quantifier()
        case "[":
            endRun()
            skipClass()
            _ = quantifier()
        case "(": group()
        case "\\": escape()
        case "*", "+", "?": failed = true
        case "{" where startsQuantifier(place - 1): failed = true
        default: literal(scalar)
        }
    }

    private mutating func literal(_ scalar: Unicode.Scalar) {
        switch quantifier() {
        case .once: append(scalar)
        case .onceOrMore:
            append(scalar)
            endRun()
        case .maybeNone: endRun()
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        var grown = run ?? LiteralRun(bytes: [], startsOnEdge: isAfterEdge)
        grown.bytes += Array(String(scalar).utf8)
        run = grown
        isAfterEdge = false
    }

    private mutating func endRun() {
        if let run { runs.append(run) }
        run = nil
        isAfterEdge = false
    }

    private mutating func escape() {
        guard let scalar = current, scalar.isASCII else {
            failed = true
            return
        }
        place += 1
        switch scalar {
        case "d", "D", "w", "W", "s", "S", "h", "H", "v", "V", "N", "n", "r", "t", "R":
            endRun()
            _ = quantifier()
        case "A":
            endRun()
            isAfterEdge = true
            refuseQuantifier()
        case "z", "Z":
            run?.endsOnEdge = true
            endRun()
            refuseQuantifier()
        // An edge of ASCII words, which is not one of tokens: é belongs to a token.
        case "b", "B": refuseQuantifier()
        case _ where scalar.properties.isAlphabetic || scalar.properties.numericType != nil: failed = true
        default: literal(scalar)
        }
    }

    /// A class, behind its `[`.
    private mutating func skipClass() {
        if current == "^" { place += 1 }
        if current == "]" { place += 1 }
        while let scalar = current {
            place += 1
            switch scalar {
            case "]": return
            // \Q would hide a closing bracket.
            case "\\":
                if current == "Q" || current == "E" { failed = true }
                place += 1
            case "[" where current == ":" || current == "." || current == "=":
                let mark = current
                place += 1
                while place < scalars.count, !(scalars[place] == "]" && scalars[place - 1] == mark) {
                    place += 1
                }
                place += 1
            default: continue
            }
        }
        failed = true
    }

    /// A group, behind its `(`.
    private mutating func group() {
        endRun()
        depth += 1
        defer { depth -= 1 }
        var isRequired = true
        if current == "*" || depth > 100 {
            failed = true
            return
        }
        if current == "?" {
            place += 1
            switch groupKind() {
            case .plain: break
            case .aside: isRequired = false
            case .flags: return
            case .other:
                failed = true
                return
            }
        }
        let first = runs.count
        sequence()
        guard current == ")" else {
            failed = true
            return
        }
        place += 1
        if quantifier() == .maybeNone { isRequired = false }
        if !isRequired { runs.removeSubrange(first...) }
    }

    private enum GroupKind { case plain, aside, flags, other }

    /// What `(?` begins; takes all before the group's content.
    private mutating func groupKind() -> GroupKind {
        let start = place
        guard let scalar = current else { return .other }
        place += 1
        switch scalar {
        case ":", ">": return .plain
        case "=", "!": return .aside
        case "<" where current == "=" || current == "!":
            place += 1
            return .aside
        case "<", "P", "'":
            if scalar == "P" {
                guard current == "<" else { return .other }
                place += 1
            }
            let close: Unicode.Scalar = scalar == "'" ? "'" : ">"
            while let name = current, name != close {
                guard name.isASCII,
                    name == "_" || name.properties.isAlphabetic || name.properties.numericType != nil
                else { return .other }
                place += 1
            }
            place += 1
            return .plain
        default:
            place = start
            while let flag = current, flag != ":", flag != ")" {
                // x would make blanks and # mean something else.
                guard "ims-".unicodeScalars.contains(flag) else { return .other }
                if flag == "i" { ignoresCase = true }
                place += 1
            }
            guard let end = current else { return .other }
            place += 1
            return end == ":" ? .plain : .flags
        }
    }

    private enum Quantifier { case once, onceOrMore, maybeNone }

    /// Takes the quantifier at the current place.
    private mutating func quantifier() -> Quantifier {
        var found = Quantifier.once
        switch current {
        case "*", "?":
            found = .maybeNone
            place += 1
        case "+":
            found = .onceOrMore
            place += 1
        case "{" where startsQuantifier(place):
            var least = 0
            place += 1
            while let digit = current, digit.value &- 0x30 < 10 {
                least = min(least * 10 + Int(digit.value) - 0x30, 1)
                place += 1
            }
            while current != "}", current != nil { place += 1 }
            place += 1
            found = least > 0 ? .onceOrMore : .maybeNone
        default: return .once
        }
        if current == "?" || current == "+" { place += 1 }
        return found
    }

    private mutating func refuseQuantifier() {
        if quantifier() != .once { failed = true }
    }

    /// Whether `{n}`, `{n,}` or `{n,m}` stands at a place.
    ///
    /// What looks nearly so is a literal to some versions of PCRE2 only.
    private mutating func startsQuantifier(_ start: Int) -> Bool {
        var index = start + 1
        var digits = 0
        var commas = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "}" { break }
            if scalar == "," {
                commas += 1
            } else if scalar.value &- 0x30 < 10 {
                digits += 1
            } else {
                if scalar == " ", digits + commas > 0 { failed = true }
                return false
            }
            index += 1
        }
        guard index < scalars.count else { return false }
        if digits == 0 || commas > 1 || scalars[start + 1] == "," {
            failed = true
            return false
        }
        return true
    }
}
