/// A set of byte values: what a character class means to an engine that matches bytes.
struct ByteSet: Hashable, Sendable {
    private var words: [4 of UInt64] = [0, 0, 0, 0]

    init() {}

    init(_ ranges: ClosedRange<UInt8>...) {
        for range in ranges { insert(range) }
    }

    static func == (a: ByteSet, b: ByteSet) -> Bool {
        a.words.indices.allSatisfy { a.words[$0] == b.words[$0] }
    }
    func hash(into hasher: inout Hasher) { for i in words.indices { hasher.combine(words[i]) } }

    func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0 }

    mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    mutating func insert(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    mutating func formUnion(_ other: ByteSet) { for i in words.indices { words[i] |= other.words[i] } }
    mutating func formIntersection(_ other: ByteSet) { for i in words.indices { words[i] &= other.words[i] } }

    var inverted: ByteSet {
        var result = self
        for i in words.indices { result.words[i] = ~words[i] }
        return result
    }

    /// The runs of neighbouring members, in order.
    var ranges: [ClosedRange<UInt8>] {
        var runs: [ClosedRange<UInt8>] = []
        var first: UInt8?
        for byte in UInt8.min...UInt8.max {
            if contains(byte) {
                first = first ?? byte
                if byte == UInt8.max, let start = first { runs.append(start...byte) }
            } else if let start = first {
                runs.append(start...(byte &- 1))
                first = nil
            }
        }
        return runs
    }

    /// The set as a PCRE2 class such as `[0-9A-F_]`; with `negated`, the class of all other bytes.
    func pattern(negated: Bool = false) -> [UInt8] {
        let ranges = ranges
        // PCRE2 has no empty class: a negative look-ahead at nothing never matches, any byte always does.
        if ranges.isEmpty { return Array((negated ? #"[\x00-\xff]"# : "(?!)").utf8) }
        var out = Array((negated ? "[^" : "[").utf8)
        for range in ranges {
            Self.write(range.lowerBound, to: &out)
            guard range.count > 1 else { continue }
            if range.count > 2 { out.append(UInt8(ascii: "-")) }
            Self.write(range.upperBound, to: &out)
        }
        out.append(UInt8(ascii: "]"))
        return out
    }

    private static func write(_ byte: UInt8, to out: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: out.append(byte)
        case 0x21...0x7E: out += [UInt8(ascii: "\\"), byte]
        default: out += Array(#"\x"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    /// ASCII's members of a POSIX bracket name (`alnum`, `space`, …); nil for an unknown name.
    static func posix(_ name: some Collection<UInt8>) -> ByteSet? {
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "alnum": ByteSet(48...57, 65...90, 97...122)
        case "alpha": ByteSet(65...90, 97...122)
        case "ascii": ByteSet(0...127)
        case "blank": ByteSet(9...9, 32...32)
        case "cntrl": ByteSet(0...31, 127...127)
        case "digit": digits
        case "graph": ByteSet(33...126)
        case "lower": ByteSet(97...122)
        case "print": ByteSet(32...126)
        case "punct": ByteSet(33...47, 58...64, 91...96, 123...126)
        case "space": spaces
        case "upper": ByteSet(65...90)
        case "word": wordBytes
        case "xdigit": hexDigits
        default: nil
        }
    }

    /// The set of a one-letter class escape (`\d`, `\W`, `\h` …); nil for other letters.
    static func escape(_ letter: UInt8) -> ByteSet? {
        let set: ByteSet
        switch letter | 0x20 {
        case UInt8(ascii: "d"): set = digits
        case UInt8(ascii: "w"): set = wordBytes
        case UInt8(ascii: "s"): set = spaces
        case UInt8(ascii: "h"): set = hexDigits
        default: return nil
        }
        return letter & 0x20 == 0 ? set.inverted : set
    }

    private static var digits: ByteSet { ByteSet(48...57) }
    private static var wordBytes: ByteSet { ByteSet(48...57, 65...90, 95...95, 97...122) }
    private static var spaces: ByteSet { ByteSet(9...13, 32...32) }
    private static var hexDigits: ByteSet { ByteSet(48...57, 65...70, 97...102) }
}
