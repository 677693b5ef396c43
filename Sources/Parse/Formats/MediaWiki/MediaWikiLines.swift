/// How lines of MediaWiki's files make events: a line that looks like a beginning is one, all others
/// continue.
enum MediaWikiLines {
    /// Of objects: `{"` or `@cee:` begins the line; what is printed over several lines is part of a text.
    @Sendable
    static func object(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let start = range.lowerBound
        let end = range.upperBound
        let isFirst = bytes.has("{\"", at: start, to: end) || bytes.has("@cee:", at: start, to: end)
        return isFirst ? .alone : .unknown
    }

    /// Of Monolog's lines: `2026-11-22 05:59:06 [id] host wiki version channel LEVEL: `.
    @Sendable
    static func line(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let start = range.lowerBound
        let end = range.upperBound
        guard LiteralCheck.shape("9999-99-99").passes(bytes, from: start, to: end) else { return .unknown }
        // A time in any form, and then a bracket.
        let time = bytes.find(" [", from: start, to: min(end, start &+ 40))
        guard let time, time &- start >= 19 else { return .unknown }
        for index in start..<time where isLetter(bytes[index]) {
            guard bytes[index] == UInt8(ascii: "T") || bytes[index] == UInt8(ascii: "Z") else {
                return .unknown
            }
        }
        return .begins()
    }

    /// Of a group's file: `2026-11-22 10:58:17 host wiki: `.
    @Sendable
    static func legacy(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        isLegacy(bytes, range.lowerBound, range.upperBound) ? .begins() : .unknown
    }

    /// Of the log of database errors: `Sun Nov 22 5:58:24 EST 2026⇥host⇥wiki⇥`.
    @Sendable
    static func database(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        isDatabase(bytes, range.lowerBound, range.upperBound) ? .begins() : .unknown
    }

    /// A line of a group, `channel ` and one of the above; or `channel ` and more of the event before it.
    ///
    /// The channel is the key: a relay mixes them.
    @Sendable
    static func group(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let end = range.upperBound
        var at = range.lowerBound
        while at < end, isDigit(bytes[at]) { at &+= 1 }
        at = at > range.lowerBound && at < end && bytes[at] == UInt8(ascii: " ") ? at &+ 1 : range.lowerBound
        let start = at
        while at < end, isNameByte(bytes[at]) { at &+= 1 }
        guard at > start, at < end, bytes[at] == UInt8(ascii: " ") else { return .unknown }
        let name = start..<at
        if isLegacy(bytes, at &+ 1, end) || isDatabase(bytes, at &+ 1, end) { return .begins(key: name) }
        return state == 0 ? .unknown : .continues(key: name)
    }

    /// `Start request …` and `[channel] …`; other lines of the debug log cannot be told apart.
    @Sendable
    static func debug(_ bytes: Span<UInt8>, _ range: Range<Int>, _ state: UInt8) -> LineRule.Place {
        let isFirst =
            bytes.has("Start request", at: range.lowerBound, to: range.upperBound)
            || MediaWikiDebug.name(bytes, range.lowerBound, range.upperBound) != nil
        return isFirst ? .begins() : .unknown
    }

    /// What the names of channels are made of.
    static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }

    private static func isLegacy(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard LiteralCheck.shape("9999-99-99 99:99:99 ").passes(bytes, from: start, to: end) else {
            return false
        }
        let host = bytes.find(UInt8(ascii: " "), from: start &+ 20, to: end)
        if host < end, host > start &+ 20, bytes[host &- 1] == UInt8(ascii: ":") { return true }
        let wiki = bytes.find(UInt8(ascii: " "), from: min(end, host &+ 1), to: end)
        return wiki > host &+ 1 && bytes[wiki &- 1] == UInt8(ascii: ":")
    }

    private static func isDatabase(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard LiteralCheck.shape("aaa aaa ").passes(bytes, from: start, to: end) else { return false }
        let tab = bytes.find(0x09, from: start, to: min(end, start &+ 48))
        guard tab &- start >= 22, tab < end, bytes[tab] == 0x09 else { return false }
        return LiteralCheck.shape(" 9999").passes(bytes, from: tab &- 5, to: tab)
    }
}
