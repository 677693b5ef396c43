/// The debug log (`$wgDebugLogFile`): what no group takes, without a time.
///
/// `Start request METHOD url` with the headers behind it, and `[channel] text`. Up to 1.24, and with
/// `$wgDebugTimestamps`, `seconds  memory` stand before it. Texts of no channel have nothing to be known by.
enum MediaWikiDebug {
    private static let channel = FieldID(named: "channel"), url = FieldID(named: "url")
    private static let client = FieldID(named: "client_ip"), agent = FieldID(named: "agent")
    private static let vhost = FieldID(named: "vhost"), referrer = FieldID(named: "referrer")
    private static let elapsed = FieldID(named: "elapsed"), memory = FieldID(named: "memory")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = MediaWikiText.trimmed(bytes, range)
        var at = range.lowerBound
        while at < end, bytes[at] == 0x0A { at &+= 1 }
        if let request = request(bytes, at, end) {
            readRequest(bytes, request, end, &event)
            return true
        }
        at = readStamp(bytes, at, end, &event)
        let isStamped = at > range.lowerBound
        guard let name = name(bytes, at, end) else {
            guard isStamped, at < end else { return false }
            event.add(.message, bytes, at..<end)
            return true
        }
        event.add(channel, bytes, name)
        MediaWikiText.addMessage(bytes, min(name.upperBound &+ 2, end)..<end, &event)
        return true
    }

    /// The method and address behind `Start request`; in 1.19 they stand two lines below.
    private static func request(_ bytes: Span<UInt8>, _ start: Int, _ end: Int)
        -> (method: Range<Int>, url: Range<Int>)?
    {
        guard bytes.has("Start request", at: start, to: end) else { return nil }
        var at = start &+ 13
        while at < end, bytes[at] == UInt8(ascii: " ") || bytes[at] == 0x0A { at &+= 1 }
        let method = at..<bytes.find(UInt8(ascii: " "), from: at, to: end)
        guard !method.isEmpty, method.upperBound < end else { return nil }
        for index in method where !isLetter(bytes[index]) { return nil }
        return (method, method.upperBound &+ 1..<bytes.find(0x0A, from: method.upperBound &+ 1, to: end))
    }

    private static func readRequest(
        _ bytes: Span<UInt8>, _ request: (method: Range<Int>, url: Range<Int>), _ end: Int,
        _ event: inout EventWriter
    ) {
        event.add(.method, bytes, request.method)
        event.add(url, bytes, request.url)
        var at = request.url.upperBound &+ 1
        while at < end {
            let lineEnd = bytes.find(0x0A, from: at, to: end)
            if let colon = bytes.find(": ", from: at, to: lineEnd), colon &+ 2 < lineEnd {
                let value = colon &+ 2..<lineEnd
                if bytes.has("IP: ", at: at, to: end) { event.add(client, bytes, value) }
                if bytes.has("USER-AGENT: ", at: at, to: end) { event.add(agent, bytes, value) }
                if bytes.has("HOST: ", at: at, to: end) { event.add(vhost, bytes, value) }
                if bytes.has("REFERER: ", at: at, to: end) { event.add(referrer, bytes, value) }
            }
            at = lineEnd &+ 1
        }
    }

    /// Reads `0.1234   5.2M  ` and returns the offset behind it.
    private static func readStamp(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ event: inout EventWriter
    ) -> Int {
        let seconds = start..<numberEnd(bytes, start, end)
        guard seconds.count >= 6, bytes.has(" ", at: seconds.upperBound, to: end) else { return start }
        let size = bytes.skipBlanks(from: seconds.upperBound, to: end)
        let sizeEnd = numberEnd(bytes, size, end)
        guard sizeEnd > size, bytes.has("M  ", at: sizeEnd, to: end) else { return start }
        event.add(elapsed, bytes, seconds)
        event.add(memory, bytes, size..<sizeEnd)
        return sizeEnd &+ 3
    }

    private static func numberEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, isDigit(bytes[at]) || bytes[at] == UInt8(ascii: ".") { at &+= 1 }
        return at
    }

    /// The channel of `[channel] text`.
    static func name(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
        guard start < end, bytes[start] == UInt8(ascii: "[") else { return nil }
        var at = start &+ 1
        while at < end, at &- start <= 64, MediaWikiLines.isNameByte(bytes[at]) { at &+= 1 }
        guard at > start &+ 1, at < end, bytes[at] == UInt8(ascii: "]"),
            at &+ 1 == end || bytes[at &+ 1] == UInt8(ascii: " ")
        else { return nil }
        return start &+ 1..<at
    }
}
