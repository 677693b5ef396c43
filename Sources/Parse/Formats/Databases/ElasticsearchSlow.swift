/// The text of a slow log's event: `took[4.5ms], took_millis[4], …, source[{"query":…}], id[x], `
/// (index/SearchSlowLog, index/IndexingSlowLog).
///
/// A source may hold brackets and commas: it ends at the last text that can end one.
enum ElasticsearchSlow {
    private static let keys: [(key: StaticString, field: FieldID)] = [
        ("took", FieldID(named: "took")), ("took_millis", FieldID(named: "took_millis")),
        ("total_hits", FieldID(named: "total_hits")), ("types", FieldID(named: "doc_types")),
        ("type", FieldID(named: "doc_type")), ("stats", FieldID(named: "stats")),
        ("search_type", FieldID(named: "search_type")), ("total_shards", FieldID(named: "total_shards")),
        ("routing", FieldID(named: "routing")), ("id", FieldID(named: "doc_id")),
        ("source", FieldID(named: "slow_query")), ("extra_source", FieldID(named: "extra_source")),
    ]
    /// What may stand behind a source, so that its end is searched before it.
    private static let behindSource: [StaticString] = ["], extra_source[", "], id["]

    static func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let end = range.upperBound
        var at = range.lowerBound
        while at < end {
            let open = bytes.find(UInt8(ascii: "["), from: at, to: end)
            guard open < end, let index = key(bytes, at..<open) else { break }
            let isSource = bytes.has("source", at: at, to: open)
            guard let close = isSource ? sourceEnd(bytes, open &+ 1, end) : valueEnd(bytes, open &+ 1, end)
            else {
                event.add(keys[index].field, bytes, open &+ 1..<end)
                return event.event.reasons.formUnion(.cut)
            }
            event.add(keys[index].field, bytes, open &+ 1..<close)
            at = close &+ 1
            if at < end, bytes[at] == UInt8(ascii: ",") { at &+= 1 }
            at = bytes.skipBlanks(from: at, to: end)
        }
        if at < end { event.add(.tail, bytes, at..<end) }
    }

    private static func key(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        keys.firstIndex { item in
            item.key.utf8CodeUnitCount == range.count
                && bytes.has(item.key, at: range.lowerBound, to: range.upperBound)
        }
    }

    /// The bracket that ends an ordinary value: the next one with a comma or nothing behind it.
    private static func valueEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var at = start
        while true {
            at = bytes.find(UInt8(ascii: "]"), from: at, to: end)
            guard at < end else { return nil }
            if at &+ 1 == end || bytes[at &+ 1] == UInt8(ascii: ",") || bytes[at &+ 1] == UInt8(ascii: " ") {
                return at
            }
            at &+= 1
        }
    }

    private static func sourceEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        for key in behindSource {
            if let close = bytes.findLast(key, from: start, to: end) { return close }
        }
        return bytes.findLast("]", from: start, to: end)
    }
}
