import Parse

/// What a block must hold if one of its lines holds a text: the terms of the text, as the index knows them.
package struct TermProbe: Hashable, Sendable {
    package enum Term: Hashable, Sendable {
        /// A token in lower case that FTS5 knows.
        case word([UInt8])
        /// The hash of an id or an address, for the Bloom filters.
        case id(UInt64)
        /// How words in lower case begin that FTS5 knows.
        ///
        /// Of words too long for it, the Bloom filters know the beginnings.
        case prefix([UInt8])
    }

    package let term: Term
    /// The form of a time's token that the term could also be: the index does not know the times of lines.
    package let timeForm: String?

    /// The probes of a text that a line holds on token edges.
    ///
    /// Every block with such a line answers yes to all.
    package static func probes(of text: [UInt8]) -> [TermProbe] {
        let lower = text.map(Token.lowercased)
        let bytes = lower.span
        var probes: [TermProbe] = []
        var addresses = AddressScanner()
        Token.forEach(in: bytes, 0..<lower.count) { range in
            let token = bytes.extracting(range)
            let term = Token.isID(token) ? Term.id(hashBytes(token)) : .word(Array(lower[range]))
            probes.append(TermProbe(term: term, timeForm: TimeTerms.form(ofWord: Array(lower[range]))))
            if let first = addresses.next(range, in: bytes) {
                let hash = hashBytes(bytes.extracting(first..<range.upperBound), seed: AddressScanner.seed)
                probes.append(TermProbe(term: .id(hash), timeForm: nil))
            }
        }
        return probes
    }

    /// The probe of a text that a line holds with a token edge before it, and which may go on behind it; nil
    /// where the index cannot tell.
    ///
    /// `prefix` is the beginning of one token. Numbers, ids and times begin with digits or hex letters, and
    /// months and zones are words of a few letters: the index knows none of them by their beginnings.
    package static func probe(ofPrefix prefix: [UInt8]) -> TermProbe? {
        let lower = prefix.map(Token.lowercased)
        let isPlain = lower.contains { !($0 &- 0x30 < 10 || $0 &- 0x61 < 6) }
        guard lower.count >= Token.beginning, isPlain, !(lower[0] &- 0x30 < 10),
            lower.allSatisfy(Token.isTokenByte), !TimeTerms.isBeginning(lower)
        else { return nil }
        return TermProbe(term: .prefix(lower), timeForm: nil)
    }
}

extension Token {
    /// Bytes from which on a token is an id by its length alone.
    private static let longest = 40
    /// Bytes of the beginning of such a token that a Bloom filter holds.
    static let beginning = 4
    /// Keeps the hashes of beginnings apart from those of tokens.
    private static let beginningSeed: UInt64 = 0x2545_F491_4F6C_DD1D

    /// The hash of the beginning of a token that is an id by its length alone; nil for any other.
    static func beginningHash(ofLong token: Span<UInt8>) -> UInt64? {
        token.count > longest ? beginningHash(token) : nil
    }

    /// `token` has at least as many bytes as a beginning.
    static func beginningHash(_ token: Span<UInt8>) -> UInt64 {
        hashBytes(token.extracting(0..<beginning), seed: beginningSeed)
    }
    private static let shortestNumber = 6
    private static let shortestHex = 10

    /// Whether a token goes to the Bloom filter and not to FTS5: it is so long, or so numeric, that few lines share
    /// it, and each would cost FTS5 a term of its own.
    ///
    /// `token` is in lower case.
    static func isID(_ token: Span<UInt8>) -> Bool {
        if token.count < shortestNumber { return false }
        if token.count > longest { return true }
        var hasDigit = false
        var onlyDigits = true
        for index in token.indices {
            switch token[index] {
            case 0x30...0x39: hasDigit = true
            case 0x61...0x66: onlyDigits = false
            default: return false
            }
        }
        return onlyDigits || (hasDigit && token.count >= shortestHex)
    }
}

/// Finds IPv4 addresses in a row of tokens: four numbers of up to three digits with one point between each two.
struct AddressScanner {
    /// Keeps the hashes of addresses apart from those of tokens.
    static let seed: UInt64 = 0x517C_C1B7_2722_0A95

    private var starts: (Int, Int, Int) = (-1, -1, -1)
    private var lastEnd = -1

    /// Takes the next token.
    ///
    /// Where it completes an address, returns the address's start.
    mutating func next(_ token: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        guard token.count <= 3, Self.isNumber(bytes, token) else {
            lastEnd = -1
            return nil
        }
        let follows = lastEnd >= 0 && token.lowerBound == lastEnd + 1 && bytes[lastEnd] == UInt8(ascii: ".")
        lastEnd = token.upperBound
        guard follows else {
            starts = (-1, -1, token.lowerBound)
            return nil
        }
        defer { starts = (starts.1, starts.2, token.lowerBound) }
        return starts.0 >= 0 ? starts.0 : nil
    }

    private static func isNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where bytes[index] < 0x30 || bytes[index] > 0x39 { return false }
        return true
    }
}
