/// Tab-separated access lines that go on behind what the patterns (`HTTPDTABS`, `VARNISHTABS`) see: the same
/// columns, of which the last may be missing.
enum TabColumns {
    private static let times: [TimeFormat] = [.iso]
    private static let url = FieldID(named: "url"), vhost = FieldID(named: "vhost")
    private static let handler = FieldID(named: "handler"), status = FieldID(named: "status")

    private static let apache =
        [
            "duration_us", "client_ip", "handler", "bytes", "method", "url", "user", "content_type",
            "referrer",
            "forwarded_for", "agent", "accept_language", "x_analytics", "request_id", "x_client_ip",
        ].map { FieldID(named: $0) }
    private static let varnish =
        [
            "client_ip", "ttfb", "cache_status", "status", "bytes", "method", "url", "content_type",
            "referrer",
            "forwarded_for", "agent",
        ].map { FieldID(named: $0) }

    @Sendable
    static func readApache(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        read(bytes, range, apache, &event)
    }

    @Sendable
    static func readVarnish(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        read(bytes, range, varnish, &event)
    }

    /// False where a line is short enough for the patterns, which know better, or has no address.
    private static func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ columns: [FieldID], _ event: inout EventWriter
    ) -> Bool {
        let end = range.upperBound
        guard range.count > ParseLimits.matchedBytes else { return false }
        var at = bytes.find(0x09, from: range.lowerBound, to: end)
        guard at < end, event.setTime(bytes, range.lowerBound..<at, times) else { return false }
        at &+= 1
        var hasURL = false
        for column in columns where at <= end {
            let close = bytes.find(0x09, from: at, to: end)
            let value = at..<close
            at = close &+ 1
            guard value.count > 1 || value.count == 1 && bytes[value.lowerBound] != UInt8(ascii: "-") else {
                continue
            }
            switch column {
            case url:
                hasURL = true
                // What it stands for may be no text: then it is kept as it is written.
                let isRead = event.read(bytes, value, unescaping: .backslash) { bytes, range, event in
                    if event.isDerived, !bytes.isReadable(range) { return false }
                    addURL(bytes, range, &event)
                    return true
                }
                if !isRead { addURL(bytes, value, &event) }
            case handler: guard addHandler(bytes, value, &event) else { return false }
            case .clientIP: event.addClient(bytes, value)
            default: event.add(column, bytes, value, readable: .backslash)
            }
        }
        if at < end { event.add(.tail, bytes, at..<end) }
        return hasURL
    }

    private static func addURL(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let end = range.upperBound
        let scheme = bytes.has("https://", at: range.lowerBound, to: end) ? 8 : 7
        let host = min(range.lowerBound &+ scheme, end)
        let path = bytes.find(UInt8(ascii: "/"), from: host, to: end)
        guard bytes.has("http", at: range.lowerBound, to: end), bytes.has("://", at: host &- 3, to: end),
            path < end
        else { return event.add(url, bytes, range) }
        event.addSpan(url, bytes, range)
        event.add(vhost, bytes, host..<path)
        event.add(.path, bytes, path..<end)
    }

    /// Reads `+/200`, or `proxy:unix:/run/php.sock|fcgi://www/200`: the status is behind the last slash.
    private static func addHandler(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard let slash = bytes.findLast("/", from: range.lowerBound, to: range.upperBound) else {
            return false
        }
        event.add(handler, bytes, range.lowerBound..<slash)
        let code = bytes.digits(from: slash &+ 1, to: range.upperBound)
        if code.count == 3 { event.add(status, bytes, code) }
        return true
    }
}
