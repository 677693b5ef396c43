import Index
import Parse

/// What messages have in common that differ in numbers, addresses, ids and quoted texts only.
///
///     10.0.0.7 took 12.5 s for "GET /"        <ip> took <n> s for "…"
enum MessagePattern {
    /// Bytes of a message that count.
    private static let most = 400

    /// Appends the pattern of the text at `range`.
    static func append(_ text: Span<UInt8>, _ range: Range<Int>, to pattern: inout [UInt8]) {
        var end = min(range.upperBound, range.lowerBound + most)
        // Not within a character.
        for _ in 0..<3 where end < range.upperBound && text[end] & 0xC0 == 0x80 { end -= 1 }
        var place = range.lowerBound
        while place < end {
            let byte = text[place]
            if byte == 0x22, let close = firstQuote(text, place + 1, end) {
                pattern += [0x22, 0xE2, 0x80, 0xA6, 0x22]
                place = close + 1
                continue
            }
            guard Token.isTokenByte(byte) else {
                pattern.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
                place += 1
                continue
            }
            let start = place
            while place < end, Token.isTokenByte(text[place]) || isJoint(text, place, start, end) {
                place += 1
            }
            appendWord(text, start..<place, to: &pattern)
        }
    }

    /// The pattern of a text.
    package static func of(_ text: [UInt8]) -> [UInt8] {
        var pattern: [UInt8] = []
        append(text.span, 0..<text.count, to: &pattern)
        return pattern
    }

    private static func firstQuote(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        for place in start..<max(start, end) where text[place] == 0x22 { return place }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// A point, colon, hyphen or slash between digits: of an address, a clock, a date, a version.
    private static func isJoint(_ text: Span<UInt8>, _ place: Int, _ start: Int, _ end: Int) -> Bool {
        let byte = text[place]
        guard byte == 0x2E || byte == 0x3A || byte == 0x2D || byte == 0x2F, place > start, place + 1 < end
        else { return false }
        return isDigit(text[place - 1]) && isDigit(text[place + 1])
    }

    private static func appendWord(_ text: Span<UInt8>, _ range: Range<Int>, to pattern: inout [UInt8]) {
        var digits = 0
        var letters = 0
        var hexLetters = 0
        var points = 0
        for place in range {
            let byte = text[place]
            if isDigit(byte) {
                digits += 1
            } else if byte == 0x2E {
                points += 1
            } else if Token.isTokenByte(byte) {
                letters += 1
                if (byte | 0x20) &- 0x61 < 6 { hexLetters += 1 }
            }
        }
        if digits == 0 { return copy(text, range, to: &pattern) }
        if letters == 0 {
            let isAddress = points == 3 && digits + points == range.count && digits <= 12
            pattern += Array((isAddress ? "<ip>" : "<n>").utf8)
        } else if letters == hexLetters, range.count >= 7 {
            pattern += Array("<id>".utf8)
        } else {
            // web12, utf8, 15ms: only the digits differ.
            var place = range.lowerBound
            while place < range.upperBound {
                if isDigit(text[place]) {
                    while place < range.upperBound, isDigit(text[place]) { place += 1 }
                    pattern += Array("<n>".utf8)
                } else {
                    pattern.append(text[place])
                    place += 1
                }
            }
        }
    }

    private static func copy(_ text: Span<UInt8>, _ range: Range<Int>, to pattern: inout [UInt8]) {
        for place in range { pattern.append(text[place]) }
    }
}

/// Counts events by the pattern of their message, or of the whole line where they have none.
struct PatternCounts: Collector {
    private(set) var counts: [[UInt8]: UInt64] = [:]
    private(set) var partial: String?

    mutating func add(_ match: MatchedBlock) throws {
        let block = try match.reader()
        var rest = match.rows
        var pattern: [UInt8] = []
        try block.forEachText(of: "message", among: match.rows) { row, text, range in
            rest.remove(row)
            pattern.removeAll(keepingCapacity: true)
            MessagePattern.append(text, range, to: &pattern)
            add(pattern)
        }
        try block.forEachText(of: "raw", among: rest) { _, text, range in
            pattern.removeAll(keepingCapacity: true)
            MessagePattern.append(text, range, to: &pattern)
            add(pattern)
        }
    }

    /// Adds events of a result.
    mutating func add(_ events: [FoundEvent]) {
        for event in events { add(MessagePattern.of(event.value("message") ?? event.raw)) }
    }

    private mutating func add(_ pattern: [UInt8], _ count: UInt64 = 1) {
        if counts.count >= Aggregator.groupLimit, counts[pattern] == nil {
            partial = "more than \(Aggregator.groupLimit) patterns; the rest is in the row (others)"
            counts[Array("(others)".utf8), default: 0] += count
        } else {
            counts[pattern, default: 0] += count
        }
    }

    mutating func merge(_ other: PatternCounts) {
        for (pattern, count) in other.counts { add(pattern, count) }
        partial = partial ?? other.partial
    }

    /// A row a pattern, most events first; those that `other` has are left out.
    func table(without other: PatternCounts? = nil) -> ResultTable {
        let kept = counts.filter { other?.counts[$0.key] == nil }
        let sorted = kept.sorted { (left, right) -> Bool in
            left.value == right.value
                ? left.key.lexicographicallyPrecedes(right.key) : left.value > right.value
        }
        let rows = sorted.map { [ResultTable.Cell.count($0.value), .text($0.key)] }
        return ResultTable(columns: ["count", "pattern"], rows: rows)
    }

    /// A row a pattern: now, before, and the difference, the greatest first.
    func difference(from before: PatternCounts) -> ResultTable {
        let patterns = Set(counts.keys).union(before.counts.keys)
        let rows: [(change: Double, row: [ResultTable.Cell])] = patterns.map { pattern in
            let (new, old) = (counts[pattern] ?? 0, before.counts[pattern] ?? 0)
            let change = Double(new) - Double(old)
            return (change, [.count(new), .count(old), .number(change), .text(pattern)])
        }
        let sorted = rows.sorted { (left, right) -> Bool in
            let (first, second) = (left.change.magnitude, right.change.magnitude)
            return first == second ? left.row[3] < right.row[3] : first > second
        }
        return ResultTable(columns: ["now", "before", "change", "pattern"], rows: sorted.map(\.row))
    }
}
