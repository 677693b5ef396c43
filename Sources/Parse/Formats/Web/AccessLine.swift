/// Access lines that the pattern (`ACCESSLOG`) cannot take: those that go on behind what a pattern sees, and
/// those that were cut in a request, a referrer or an agent.
///
///     docs.example.org:80 10.0.0.1 - bob [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 200 5 "-" "curl" rt=0.1
enum AccessLine {
    private static let ident = FieldID(named: "ident")
    private static let user = FieldID(named: "user"), vhost = FieldID(named: "vhost")
    private static let port = FieldID(named: "port"), status = FieldID(named: "status")
    private static let size = FieldID(named: "bytes"), referrer = FieldID(named: "referrer")
    private static let agent = FieldID(named: "agent")
    private static let times: [TimeFormat] = [.http, .iso, .httpFraction]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        read(bytes, range, &event) { _, _, _ in false }
    }

    /// As `read`, with the columns that nginx writes behind the agent.
    @Sendable
    static func readNginx(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        read(bytes, range, &event, NginxTail.read)
    }

    private static func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter, _ tail: BodyReader
    ) -> Bool {
        let end = range.upperBound
        guard let date = date(bytes, range), addHead(bytes, range.lowerBound..<date.lowerBound &- 1, &event),
            event.setTime(bytes, date, times)
        else { return false }
        var quoted = Quoted(bytes, date.upperBound &+ 2, end)
        if !isNull(bytes, quoted.text) {
            event.addRequestLine(bytes, quoted.text, unescaping: .backslash)
        }
        guard quoted.isClosed, quoted.end < end else { return cut(&event) }
        var words = BlankWords(min(quoted.end &+ 1, end)..<end)
        guard let code = words.next(bytes), isNumber(bytes, code) else { return false }
        if !isNull(bytes, code) { event.add(status, bytes, code) }
        guard let count = words.next(bytes) else { return cut(&event) }
        guard isNumber(bytes, count) else { return false }
        if !isNull(bytes, count) { event.add(size, bytes, count) }
        var at = words.rest.lowerBound
        for field in [referrer, agent] where at < end && bytes[at] == UInt8(ascii: "\"") {
            quoted = Quoted(bytes, at, end)
            if !isNull(bytes, quoted.text) { event.add(field, bytes, quoted.text, readable: .backslash) }
            guard quoted.isClosed else { return cut(&event) }
            at = min(quoted.end &+ 1, end)
        }
        guard at < end else { return true }
        let rest = at..<end
        return tail(bytes, rest, &event) || event.readPairs(bytes, rest, GenericBody.pairsRules)
    }

    private static func cut(_ event: inout EventWriter) -> Bool {
        event.event.reasons.insert(.cut)
        return true
    }

    /// The time in the first brackets that a quote follows: no writer leaves one unescaped before it.
    private static func date(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        let end = min(range.upperBound, range.lowerBound &+ ParseLimits.matchedBytes)
        var at = range.lowerBound
        while true {
            at = bytes.find(UInt8(ascii: "["), from: at, to: end) &+ 1
            guard at < end else { return nil }
            let close = bytes.find(UInt8(ascii: "]"), from: at, to: min(end, at &+ 64))
            if close > at, bytes.has("] \"", at: close, to: end) { return at..<close }
        }
    }

    /// Adds what stands before the time: perhaps a host, the client or a list of them, ident, user.
    private static func addHead(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool
    {
        var words = BlankWords(range)
        guard var word = words.next(bytes), !word.isEmpty else { return false }
        let next = bytes.find(UInt8(ascii: " "), from: words.rest.lowerBound, to: range.upperBound)
        if !isAddress(bytes, word), isAddress(bytes, words.rest.lowerBound..<next) || hasPort(bytes, word) {
            addHost(bytes, word, &event)
            guard let behind = words.next(bytes) else { return false }
            word = behind
        }
        let isList = !word.isEmpty && bytes[word.upperBound &- 1] == UInt8(ascii: ",")
        let first = isList ? word.lowerBound..<word.upperBound &- 1 : word
        if !isNull(bytes, first) { event.addClient(bytes, first) }
        while !word.isEmpty, bytes[word.upperBound &- 1] == UInt8(ascii: ","), let more = words.next(bytes) {
            word = more
        }
        if let name = words.next(bytes), !isNull(bytes, name) { event.add(ident, bytes, name) }
        // Without the blank before the time.
        let name = words.rest.lowerBound..<max(words.rest.lowerBound, range.upperBound &- 1)
        if !isNull(bytes, name), !bytes.has("\"\"", at: name.lowerBound, to: name.upperBound) {
            event.add(user, bytes, name, readable: .backslash)
        }
        return true
    }

    private static func addHost(_ bytes: Span<UInt8>, _ word: Range<Int>, _ event: inout EventWriter) {
        guard hasPort(bytes, word) else { return event.add(vhost, bytes, word) }
        let colon = bytes.findLast(":", from: word.lowerBound, to: word.upperBound) ?? word.upperBound
        event.add(vhost, bytes, word.lowerBound..<colon)
        event.add(port, bytes, min(colon &+ 1, word.upperBound)..<word.upperBound)
    }

    /// Whether a word looks like an address, as far as `HTTPADDR` asks.
    private static func isAddress(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        var points = 0
        var colons = 0
        for index in word {
            switch bytes[index] {
            case UInt8(ascii: "."): points &+= 1
            case UInt8(ascii: ":"): colons &+= 1
            case UInt8(ascii: ","): if index &+ 1 < word.upperBound { return false }
            case let byte:
                guard isDigit(byte) || (byte | 0x20) &- 97 < 6 else { return false }
            }
        }
        return colons >= 2 || points == 3 && colons == 0
    }

    private static func hasPort(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        var at = word.upperBound
        while at > word.lowerBound, isDigit(bytes[at &- 1]) { at &-= 1 }
        return at < word.upperBound && at > word.lowerBound &+ 1 && bytes[at &- 1] == UInt8(ascii: ":")
    }

    private static func isNumber(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        isNull(bytes, word) || bytes.digits(from: word.lowerBound, to: word.upperBound) == word
    }

    private static func isNull(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.isEmpty || range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "-")
    }

    /// A text in quotes, in which a backslash takes the quote behind it its meaning.
    private struct Quoted {
        let text: Range<Int>
        let isClosed: Bool
        /// The offset behind the quote.
        let end: Int

        /// `start` is where the opening quote stands.
        init(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) {
            let from = min(start &+ 1, limit)
            var at = from
            while at < limit, bytes[at] != UInt8(ascii: "\"") {
                at &+= bytes[at] == UInt8(ascii: "\\") ? 2 : 1
            }
            isClosed = at < limit
            text = from..<min(at, limit)
            end = min(at &+ 1, limit)
        }
    }
}
