/// What stands behind `[time][LEVEL][logger] ` of a line: `[node] `, perhaps `[index/uuid] ` or
/// `[index][shard] `, and the message (common/logging, PrefixLogger; %marker of log4j2.properties).
enum ElasticsearchTail {
    private static let node = FieldID(named: "node"), index = FieldID(named: "index")
    private static let indexID = FieldID(named: "index_id"), shard = FieldID(named: "shard")
    private static let generation = FieldID(named: "gc_generation"), sequence = FieldID(named: "gc_seq")
    private static let client = FieldID(named: "client_ip"), port = FieldID(named: "client_port")

    /// Base64 letters of an index's own number.
    private static let idBytes = 22

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            var at = range.lowerBound
            if isDeprecation(bytes, before: at) {
                event.add(.message, bytes, range)
                return true
            }
            if let close = nodeEnd(bytes, range) {
                event.add(node, bytes, at &+ 1..<close)
                at = bytes.skipBlanks(from: close &+ 1, to: range.upperBound)
            }
            return readText(bytes, at..<range.upperBound, &event)
        }
    }

    /// Reads the text with its index.
    ///
    /// Of a slow log's event it is the whole line that is the message, and the text becomes fields.
    @Sendable
    static func readText(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        var place = Place(bytes, range)
        // What is deprecated stands in brackets, too.
        if place != nil, isOfDeprecation(bytes, range, event.event.raw.range) { place = nil }
        place?.add(bytes, &event)
        let rest = (place?.end ?? range.lowerBound)..<range.upperBound
        if place != nil {
            if rest.isEmpty { return true }
            if bytes.has("took[", at: rest.lowerBound, to: rest.upperBound) {
                ElasticsearchSlow.add(bytes, rest, &event)
                return true
            }
        }
        let headEnd = min(bytes.find(0x0A, from: rest.lowerBound, to: rest.upperBound), rest.upperBound)
        event.addSpan(.message, bytes, rest)
        addCollection(bytes, rest.lowerBound..<headEnd, &event)
        if headEnd < rest.upperBound {
            ApplicationTrace.addJava(bytes, headEnd &+ 1..<rest.upperBound, &event)
        }
        return true
    }

    /// Whether the object that a text stands in says that it is about what is deprecated.
    ///
    /// A text that was unescaped stands alone in its bytes.
    private static func isOfDeprecation(_ bytes: Span<UInt8>, _ text: Range<Int>, _ raw: Range<Int>) -> Bool {
        guard raw.lowerBound <= text.lowerBound, text.upperBound <= raw.upperBound,
            raw.upperBound <= bytes.count,
            raw.lowerBound < raw.upperBound, bytes[raw.upperBound &- 1] == UInt8(ascii: "}")
        else { return false }
        return bytes.find("deprecation", from: raw.lowerBound, to: text.lowerBound) != nil
            || bytes.find("\"deprecation.", from: text.upperBound, to: raw.upperBound) != nil
    }

    /// Whether the brackets before an offset name a logger of deprecations: `o.e.d.r.RestX`.
    ///
    /// Its texts have no node.
    ///
    /// Loggers of discovery are shortened to the same letters, but not of these packages.
    private static func isDeprecation(_ bytes: Span<UInt8>, before end: Int) -> Bool {
        let start = max(0, end &- 96)
        guard let open = bytes.findLast("[", from: start, to: end) else { return false }
        guard bytes.has("[o.e.d.", at: open, to: end) else {
            return bytes.has("[deprecation.", at: open, to: end)
        }
        guard open &+ 8 < end, bytes[open &+ 8] == UInt8(ascii: ".") else { return false }
        switch bytes[open &+ 7] {
        case UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "h"), UInt8(ascii: "i"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "s"), UInt8(ascii: "x"):
            return true
        default: return false
        }
    }

    /// A line of the garbage collector's log begins with its time; what is indented continues it.
    @Sendable
    static func placeCollection(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let start = range.lowerBound
        let isBegin =
            LiteralCheck.shape("9999-99-99T99:99:99.").passes(bytes, from: start, to: range.upperBound)
            || LiteralCheck.shape("[9999-99-99T99:99:99.").passes(bytes, from: start, to: range.upperBound)
        return isBegin ? .begins() : .unknown
    }

    /// Reads `[::1]:50444` of the audit log.
    @Sendable
    static func readAddress(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard let colon = bytes.findLast(":", from: range.lowerBound, to: range.upperBound),
            colon &+ 1 < range.upperBound
        else { return false }
        var address = range.lowerBound..<colon
        if address.count > 2, bytes[address.lowerBound] == UInt8(ascii: "["),
            bytes[colon &- 1] == UInt8(ascii: "]")
        {
            address = address.lowerBound &+ 1..<colon &- 1
        }
        event.add(client, bytes, address)
        event.add(port, bytes, colon &+ 1..<range.upperBound)
        return true
    }

    /// The offset of the bracket that ends the node's name, which may hold blanks and brackets; nil where no
    /// name begins the text.
    private static func nodeEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let end = min(bytes.find(0x0A, from: range.lowerBound, to: range.upperBound), range.upperBound)
        guard range.lowerBound < end, bytes[range.lowerBound] == UInt8(ascii: "[") else { return nil }
        var depth = 0
        var at = range.lowerBound
        var first: Int?
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "["): depth &+= 1
            case UInt8(ascii: "]"):
                depth &-= 1
                let isEnd = at &+ 1 == end || bytes[at &+ 1] == UInt8(ascii: " ")
                if isEnd, depth == 0 { return at }
                if isEnd, first == nil { first = at }
                // Two texts in brackets side by side are no name.
                if depth == 0 { return nil }
            default: break
            }
            at &+= 1
        }
        return first
    }

    /// The index of a text: `[index/uuid]`, `[index][shard]` or `[index]`.
    private struct Place {
        var name: Range<Int>
        var id: Range<Int>?
        var shard: Range<Int>?
        /// The offset behind it and the blank.
        var end: Int

        init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            guard range.lowerBound < range.upperBound, bytes[range.lowerBound] == UInt8(ascii: "[") else {
                return nil
            }
            var at = range.lowerBound &+ 1
            while at < range.upperBound, Self.isNameByte(bytes[at]) { at &+= 1 }
            name = range.lowerBound &+ 1..<at
            guard !name.isEmpty, at < range.upperBound else { return nil }
            if bytes[at] == UInt8(ascii: "/") {
                let close = bytes.find(UInt8(ascii: "]"), from: at, to: range.upperBound)
                guard close &- at == ElasticsearchTail.idBytes &+ 1, close < range.upperBound else {
                    return nil
                }
                id = at &+ 1..<close
                at = close
            }
            guard bytes[at] == UInt8(ascii: "]") else { return nil }
            at &+= 1
            if at < range.upperBound, bytes[at] == UInt8(ascii: "[") {
                var stop = at &+ 1
                while stop < range.upperBound, isDigit(bytes[stop]) { stop &+= 1 }
                guard stop > at &+ 1, stop < range.upperBound, bytes[stop] == UInt8(ascii: "]") else {
                    return nil
                }
                // `[gc][1234] overhead` is the monitor of the garbage collector.
                if name.count == 2, bytes.has("gc", at: name.lowerBound, to: name.upperBound) { return nil }
                shard = at &+ 1..<stop
                at = stop &+ 1
            }
            guard at == range.upperBound || bytes[at] == UInt8(ascii: " ") else { return nil }
            end = bytes.skipBlanks(from: at, to: range.upperBound)
        }

        func add(_ bytes: Span<UInt8>, _ event: inout EventWriter) {
            event.add(ElasticsearchTail.index, bytes, name)
            if let id { event.add(ElasticsearchTail.indexID, bytes, id) }
            if let shard { event.add(ElasticsearchTail.shard, bytes, shard) }
        }

        /// Names of indices are in small letters, without blanks and `\ / * ? " < > | , #` (manual, "Create
        /// index API").
        private static func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                UInt8(ascii: "@"),
                UInt8(ascii: "%"), UInt8(ascii: "="), UInt8(ascii: "~"), UInt8(ascii: "$"):
                true
            default: false
            }
        }
    }

    /// Adds the numbers of `[gc][young][349][23] duration [1.1s], …` and `[gc][349] overhead, …`.
    private static func addCollection(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) {
        guard bytes.has("[gc][", at: range.lowerBound, to: range.upperBound) else { return }
        var at = range.lowerBound &+ 5
        var close = bytes.find(UInt8(ascii: "]"), from: at, to: range.upperBound)
        guard close < range.upperBound, close > at else { return }
        if !isDigit(bytes[at]) {
            event.add(generation, bytes, at..<close)
            guard bytes.has("][", at: close, to: range.upperBound) else { return }
            at = close &+ 2
            close = bytes.find(UInt8(ascii: "]"), from: at, to: range.upperBound)
            guard close < range.upperBound, close > at else { return }
        }
        event.add(sequence, bytes, at..<close)
    }
}
