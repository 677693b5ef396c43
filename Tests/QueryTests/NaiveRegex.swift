import Synchronization

/// A small part of regular expressions, matched by trying everything.
///
/// Characters, `.`, classes, `\\d` and `\\w`, groups, `|`, `* + ?`, `^ $` and `(?i)` at the beginning: what `RandomQuery`
/// makes. Bytes, as in a pattern of ASCII.
struct NaiveRegex {
    indirect enum Node {
        /// One byte of those that are marked.
        case byte([Bool])
        case start, end
        case sequence([Node])
        case choice([Node])
        case repeated(Node, least: Int, most: Int)
    }

    private static let all = Mutex<[String: NaiveRegex]>([:])

    /// The regular expression, read once however many values it is run on.
    static func known(_ pattern: String) -> NaiveRegex {
        all.withLock { all in
            if let regex = all[pattern] { return regex }
            let regex = NaiveRegex(pattern)
            all[pattern] = regex
            return regex
        }
    }

    private let node: Node
    private let ignoresCase: Bool

    init(_ pattern: String) {
        var text = Array(pattern.utf8)
        ignoresCase = pattern.hasPrefix("(?i)")
        if ignoresCase { text.removeFirst(4) }
        var place = 0
        node = Self.choice(text, &place)
    }

    func matches(_ value: [UInt8]) -> Bool {
        let value = ignoresCase ? Naive.lower(value) : value
        return ends(node, value, [Bool](repeating: true, count: value.count + 1)).contains(true)
    }

    /// Every place where a match that begins at one of the places can end: a mark for each place.
    private func ends(_ node: Node, _ value: [UInt8], _ places: [Bool]) -> [Bool] {
        var found = [Bool](repeating: false, count: places.count)
        switch node {
        case .byte(let bytes):
            for place in value.indices where places[place] && bytes[Int(value[place])] {
                found[place + 1] = true
            }
        case .start: found[0] = places[0]
        case .end:
            found[value.count] = places[value.count]
            if value.last == 10 { found[value.count - 1] = places[value.count - 1] }
        case .sequence(let nodes): return nodes.reduce(places) { ends($1, value, $0) }
        case .choice(let nodes): return nodes.reduce(found) { Self.union($0, ends($1, value, places)) }
        case .repeated(let inner, let least, let most):
            if least == 0 { found = places }
            var current = places
            for _ in 0..<min(most, value.count + 1) {
                current = ends(inner, value, current)
                let grown = Self.union(found, current)
                if grown == found { break }
                found = grown
            }
        }
        return found
    }

    private static func union(_ left: [Bool], _ right: [Bool]) -> [Bool] {
        zip(left, right).map { $0 || $1 }
    }

    private static func choice(_ text: [UInt8], _ place: inout Int) -> Node {
        var choices: [[Node]] = [[]]
        while place < text.count, text[place] != UInt8(ascii: ")") {
            if text[place] == UInt8(ascii: "|") {
                place += 1
                choices.append([])
                continue
            }
            let atom = atom(text, &place)
            guard place < text.count, let index = Array("*+?".utf8).firstIndex(of: text[place]) else {
                choices[choices.count - 1].append(atom)
                continue
            }
            place += 1
            choices[choices.count - 1].append(
                .repeated(atom, least: index == 1 ? 1 : 0, most: index == 2 ? 1 : .max))
        }
        return .choice(choices.map { .sequence($0) })
    }

    private static let digits = marks { (48...57).contains($0) }
    private static let word = marks { $0 < 128 && Naive.isToken($0) }

    private static func marks(_ isMarked: (UInt8) -> Bool) -> [Bool] { (0...255).map { isMarked(UInt8($0)) } }

    private static func atom(_ text: [UInt8], _ place: inout Int) -> Node {
        let byte = text[place]
        place += 1
        switch byte {
        case UInt8(ascii: "^"): return .start
        case UInt8(ascii: "$"): return .end
        case UInt8(ascii: "."): return .byte(marks { $0 != 10 })
        case UInt8(ascii: "("):
            if text[place] == UInt8(ascii: "?") { place += 2 }
            let inner = choice(text, &place)
            place += 1
            return inner
        case UInt8(ascii: "["):
            var bytes: Set<UInt8> = []
            while text[place] != UInt8(ascii: "]") {
                bytes.insert(text[place])
                place += 1
            }
            place += 1
            return .byte(marks { bytes.contains($0) })
        case UInt8(ascii: "\\"):
            place += 1
            switch text[place - 1] {
            case UInt8(ascii: "d"): return .byte(digits)
            case UInt8(ascii: "w"): return .byte(word)
            default: return .byte(marks { $0 == text[place - 1] })
            }
        default: return .byte(marks { $0 == byte })
        }
    }
}
