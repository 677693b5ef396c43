import Parse
import Query

/// Random numbers that a printed seed brings back.
///
/// SplitMix64 (G. Steele et al., 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes random filters over given words and values, each of them one that query text can express.
struct RandomQuery {
    struct Vocabulary {
        /// Words and phrases to look for in raw lines.
        var texts: [String]
        /// Fields with values that some events have.
        var fields: [(name: String, kind: FieldKind, values: [String])]
    }

    let vocabulary: Vocabulary
    var random: SplitMix

    init(_ vocabulary: Vocabulary, seed: UInt64) {
        self.vocabulary = vocabulary
        random = SplitMix(seed: seed)
    }

    /// A filter that nests at most `depth` operators.
    mutating func filter(depth: Int = 3) -> Filter {
        switch depth > 0 ? Int.random(in: 0..<6, using: &random) : 5 {
        case 0: .negation(of: filter(depth: depth - 1))
        case 1, 2: .all(of: parts(depth))
        case 3: .any(of: parts(depth))
        case 4 where Int.random(in: 0..<20, using: &random) == 0: .everything
        default: .test(test())
        }
    }

    private mutating func parts(_ depth: Int) -> [Filter] {
        (0..<Int.random(in: 2...4, using: &random)).map { _ in filter(depth: depth - 1) }
    }

    mutating func test() -> Test {
        guard let field = vocabulary.fields.randomElement(using: &random), Bool.random(using: &random) else {
            let text = vocabulary.texts.randomElement(using: &random) ?? "x"
            return Test(condition(text, whole: false))
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            return Test(field: field.name, kind: field.kind, .exists)
        }
        let value = field.values.randomElement(using: &random) ?? ""
        if field.kind == .address, value.contains(":"), let address = IPAddress(value) {
            return Test(field: field.name, kind: field.kind, .network(Network(address)))
        }
        let condition: Condition
        switch field.kind {
        case .text: condition = value.isEmpty ? .equals("") : self.condition(value, whole: false)
        case .time: condition = .during(span(value))
        case .number, .level: condition = .within(bounds(value))
        case .address where Int.random(in: 0..<2, using: &random) == 0: condition = .network(network(value))
        case .open where Int.random(in: 0..<3, using: &random) == 0: condition = .within(bounds(value))
        case .keyword, .address, .open: condition = self.condition(value, whole: true)
        }
        return Test(field: field.name, kind: field.kind, condition)
    }

    private mutating func condition(_ text: String, whole: Bool) -> Condition {
        if Int.random(in: 0..<5, using: &random) == 0, let regex = regex(text) { return .regex(regex) }
        if Int.random(in: 0..<4, using: &random) == 0, let glob = glob(text) {
            return whole ? .like(glob) : .matches(glob)
        }
        var text = text
        if Int.random(in: 0..<3, using: &random) == 0 {
            text = Bool.random(using: &random) ? text.uppercased() : text.lowercased()
        }
        if whole, Int.random(in: 0..<5, using: &random) == 0 { return .exactly(text) }
        return whole ? .equals(text) : .contains(text)
    }

    /// The text with parts replaced by wildcards; nil if it holds what a pattern cannot.
    private mutating func glob(_ text: String) -> Glob? {
        guard !text.isEmpty, !text.contains(".."),
            text.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || $0 == "." || $0.properties.numericType != nil)
            })
        else { return nil }
        var pieces: [Glob.Piece] = []
        for character in text {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: pieces.append(.one)
            case 1: if pieces.last != .any { pieces.append(.any) }
            default:
                if case .literal(let before) = pieces.last {
                    pieces[pieces.count - 1] = .literal(before + String(character))
                } else {
                    pieces.append(.literal(String(character)))
                }
            }
        }
        if pieces == [.any] { return nil }
        if pieces.allSatisfy({ $0 != .any && $0 != .one }) { pieces.append(.any) }
        return Glob(pieces)
    }

    /// The text with parts replaced by what a regular expression can say; nil if it holds more than plain ASCII.
    private mutating func regex(_ text: String) -> String? {
        let text = Array(text.utf8.prefix(16))
        guard !text.isEmpty, text.allSatisfy({ $0 >= 32 && $0 < 127 }) else { return nil }
        let ignoresCase = Int.random(in: 0..<4, using: &random) == 0
        var pattern = ignoresCase ? "(?i)" : ""
        if Int.random(in: 0..<6, using: &random) == 0 { pattern += "^" }
        for byte in text {
            let byte = ignoresCase ? Naive.lower([byte])[0] : byte
            let character = String(decoding: [byte], as: UTF8.self)
            let isPlain = byte == 32 || byte == 95 || Naive.isToken(byte)
            let literal = isPlain ? character : "\\" + character
            switch Int.random(in: 0..<24, using: &random) {
            case 0: pattern += "."
            case 1: pattern += ".*"
            case 2: pattern += literal + "+"
            case 3: pattern += literal + "?"
            case 4: pattern += "(" + literal + "|x)"
            case 5: pattern += "(?:" + literal + ")"
            case 6: pattern += "[a" + (isPlain ? character : "b") + "]"
            case 7: pattern += "\\w"
            case 8: pattern += literal + "|"
            case 9: pattern += "\\d*" + literal
            default: pattern += literal
            }
        }
        if Int.random(in: 0..<6, using: &random) == 0 { pattern += "$" }
        return pattern
    }

    /// A network around an address, or around some other one.
    private mutating func network(_ value: String) -> Network {
        let address = IPAddress(value) ?? IPAddress(v4: 0x0A00_0007)
        let most = address.isV4 ? 32 : 128
        let bits = [most, most, most - 8, 8, 0, Int.random(in: 0...most, using: &random)]
        return Network(address, length: (bits.randomElement(using: &random) ?? 0) + 128 - most)
    }

    /// A span around a time, or from it on, or up to it.
    private mutating func span(_ value: String) -> TimeSpan {
        let middle = Int64(value) ?? 0
        let steps: [Int64] = [0, 0, 1, 60_000_000_000, 3_600_000_000_000, 86_400_000_000_000]
        let before = steps.randomElement(using: &random) ?? 0
        let after = steps.randomElement(using: &random) ?? 0
        return switch Int.random(in: 0..<4, using: &random) {
        case 0: TimeSpan(earliest: middle - before, latest: .max)
        case 1: TimeSpan(earliest: .min, latest: middle + after)
        default: TimeSpan(earliest: middle - before, latest: middle + after)
        }
    }

    /// Bounds around the value's number, or around 0.
    private mutating func bounds(_ value: String) -> Bounds {
        let middle = Double(value) ?? 0
        let bound = { (value: Double, random: inout SplitMix) in
            Bounds.Bound(value, inclusive: Bool.random(using: &random))
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return Bounds(lower: bound(middle, &random))
        case 1: return Bounds(upper: bound(middle, &random))
        case 2: return Bounds(lower: bound(middle, &random), upper: bound(middle + 7, &random))
        default: return Bounds(lower: .init(middle, inclusive: true), upper: .init(middle, inclusive: true))
        }
    }
}
