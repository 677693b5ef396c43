/// What stands behind the agent of an nginx access line and is no `key=value`: a gzip ratio, or the columns of the
/// ingress controller (`log-format-upstream` of ingress-nginx).
///
///     "2.75"
///     412 0.031 [shop-docs-80] [] 10.2.0.7:8080 77 0.030 200 6fd2c9a1e0b84f7795c3d1e2a4b60718
///
/// An upstream column is a list where requests were tried again: parts are joined by `, ` and, after a redirect
/// inside, by ` : `. It is kept as one text, as in any other access line.
enum NginxTail {
    private static let ratio = FieldID(named: "gzip_ratio"), length = FieldID(named: "request_length")
    private static let time = FieldID(named: "request_time"), name = FieldID(named: "upstream_name")
    private static let alternative = FieldID(named: "upstream_alternative")
    private static let id = FieldID(named: "request_id")
    private static let lists: InlineArray<4, FieldID> = [
        FieldID(named: "ua"), FieldID(named: "ul"), FieldID(named: "urt"), FieldID(named: "us"),
    ]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let first = range.first else { return false }
        if bytes[first] == UInt8(ascii: "\"") { return readRatio(bytes, range, &event) }
        return isDigit(bytes[first]) && readIngress(bytes, range, &event)
    }

    private static func readRatio(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let value = range.lowerBound &+ 1..<max(range.lowerBound &+ 1, range.upperBound &- 1)
        guard bytes[range.upperBound &- 1] == UInt8(ascii: "\""),
            GrokType.number.accepts(bytes, value)
        else { return false }
        event.add(ratio, bytes, value)
        return true
    }

    private static func readIngress(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        var words = BlankWords(range)
        guard let lengthWord = words.next(bytes), GrokType.integer.accepts(bytes, lengthWord),
            let timeWord = words.next(bytes), GrokType.number.accepts(bytes, timeWord),
            let service = words.bracketed(bytes)
        else { return false }
        event.add(length, bytes, lengthWord)
        event.add(time, bytes, timeWord)
        event.add(name, bytes, service)
        // Missing before 0.25.
        if let other = words.bracketed(bytes) { event.add(alternative, bytes, other) }
        for index in lists.indices {
            guard let list = words.list(bytes) else { return cut(&event) }
            if list.count > 1 || bytes[list.lowerBound] != UInt8(ascii: "-") {
                event.add(lists[index], bytes, list)
            }
        }
        // So is the identifier before 0.20.
        if let word = words.next(bytes) { event.add(id, bytes, word) }
        if !words.rest.isEmpty { event.add(.tail, bytes, words.rest) }
        return true
    }

    private static func cut(_ event: inout EventWriter) -> Bool {
        event.event.reasons.insert(.cut)
        return true
    }
}

/// Goes through a text whose parts stand between single blanks.
struct BlankWords {
    /// What is not read yet.
    private(set) var rest: Range<Int>

    init(_ range: Range<Int>) { rest = range }

    /// The text up to the next blank; nil at the end.
    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard !rest.isEmpty else { return nil }
        let end = bytes.find(UInt8(ascii: " "), from: rest.lowerBound, to: rest.upperBound)
        return take(rest.lowerBound..<end, end)
    }

    /// The text in the brackets that come next; nil, with nothing read, where none come.
    mutating func bracketed(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard !rest.isEmpty, bytes[rest.lowerBound] == UInt8(ascii: "[") else { return nil }
        let start = rest.lowerBound &+ 1
        let end = bytes.find(UInt8(ascii: "]"), from: start, to: rest.upperBound)
        guard end < rest.upperBound,
            end &+ 1 == rest.upperBound || bytes[end &+ 1] == UInt8(ascii: " ")
        else { return nil }
        return take(start..<end, end &+ 1)
    }

    /// Words of which all but the last end in a comma, or have ` : ` between them.
    mutating func list(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let first = next(bytes) else { return nil }
        var end = first.upperBound
        while end > first.lowerBound {
            if bytes[end &- 1] != UInt8(ascii: ",") {
                guard bytes.has(": ", at: rest.lowerBound, to: rest.upperBound) else { break }
                _ = next(bytes)
            }
            guard let word = next(bytes) else { break }
            end = word.upperBound
        }
        return first.lowerBound..<end
    }

    private mutating func take(_ word: Range<Int>, _ end: Int) -> Range<Int> {
        rest = min(end &+ 1, rest.upperBound)..<rest.upperBound
        return word
    }
}
