import Parse

/// The distinct terms of a block: words for FTS5, ids for a Bloom filter.
///
/// Each value of each column is looked at once, not each event. Terms are lower-case. The times that a shape
/// writes are not looked at: `TimeTerms` says which words they can bring.
struct TermExtractor {
    /// Words, separated by blanks.
    private(set) var words: [UInt8] = []
    private var ids: [UInt64] = []
    private var seen: HashSet

    init() { seen = HashSet() }

    /// The filter over the ids so far.
    var bloom: BloomFilter {
        var filter = BloomFilter(terms: ids.count)
        for id in ids { filter.insert(id) }
        return filter
    }

    /// Takes all terms of a block.
    mutating func add(_ block: BlockReader) throws(StoreError) {
        for index in block.names.indices {
            let column = try block.column(index)
            let lower = column.values.bytes.map(Token.lowercased)
            for index in 0..<column.values.count { add(lower.span, column.values.range(index)) }
        }
        var isClean: [Bool] = []
        for number in 0..<(try block.shapeCount()) {
            let shape = try block.shape(number)
            isClean.append(shape.isClean)
            let lower = shape.bytes.map(Token.lowercased)
            for case .literal(let range) in shape.elements { add(lower.span, range) }
        }
        // Where a value can run into its neighbour, only the whole line has the words.
        guard isClean.contains(false) else { return }
        let codes = try block.shapeCodes()
        var line: [UInt8] = []
        for row in 0..<block.count {
            guard let code = codes.value(at: row), !isClean[code] else { continue }
            line.removeAll(keepingCapacity: true)
            try block.appendRaw(row, to: &line)
            add(line: line)
            // A field may begin or end inside of a token of the line, and then has words of its own.
            let shape = try block.shape(code)
            for (begin, element) in shape.elements.enumerated() {
                guard case .begin = element, let range = shape.span(at: begin) else { continue }
                line.removeAll(keepingCapacity: true)
                try block.append(shape, range, row, to: &line)
                add(line: line)
            }
        }
    }

    private mutating func add(line: [UInt8]) {
        let lower = line.map(Token.lowercased)
        add(lower.span, 0..<lower.count)
    }

    /// Takes the terms of a text in lower case.
    private mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        // The loop of Token.forEach, open: a closure would have to escape self.
        var octets = AddressScanner()
        var index = range.lowerBound
        while index < range.upperBound {
            while index < range.upperBound, !Token.isTokenByte(bytes[index]) { index += 1 }
            let start = index
            while index < range.upperBound, Token.isTokenByte(bytes[index]) { index += 1 }
            guard index > start else { break }
            add(token: bytes.extracting(start..<index))
            if let first = octets.next(start..<index, in: bytes) {
                ids.appendIfNew(hashBytes(bytes.extracting(first..<index), seed: AddressScanner.seed), &seen)
            }
        }
    }

    private mutating func add(token: Span<UInt8>) {
        if Token.isID(token) {
            ids.appendIfNew(hashBytes(token), &seen)
            if let hash = Token.beginningHash(ofLong: token) { ids.appendIfNew(hash, &seen) }
        } else if seen.insert(hashBytes(token, seed: seen.seed)) {
            words.append(token)
            words.append(0x20)
        }
    }
}

extension [UInt64] {
    fileprivate mutating func appendIfNew(_ hash: UInt64, _ seen: inout HashSet) {
        if seen.insert(seen.keyed(hash)) { append(hash) }
    }
}
