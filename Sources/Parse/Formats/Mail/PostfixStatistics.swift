/// Counts that anvil, scache, verify, postscreen, dnsblog and postsuper write.
enum PostfixStatistics {
    private static let numbers: [(text: StaticString, field: FieldID)] = [
        (" hits=", FieldID(named: "scache_hits")), (" miss=", FieldID(named: "scache_miss")),
        (" success=", FieldID(named: "scache_success")), (" domains=", FieldID(named: "scache_domains")),
        (" addresses=", FieldID(named: "scache_addresses")),
        (" connection=", FieldID(named: "scache_connection")),
        (" retained=", FieldID(named: "cache_retained")), (" dropped=", FieldID(named: "cache_dropped")),
    ]
    private static let rate = FieldID(named: "anvil_rate"), period = FieldID(named: "anvil_period")
    private static let count = FieldID(named: "anvil_count"), size = FieldID(named: "anvil_size")
    private static let service = FieldID(named: "anvil_service"), time = FieldID(named: "anvil_time")
    private static let interval = FieldID(named: "scache_time"), cleanup = FieldID(named: "cache_cleanup")
    private static let domain = FieldID(named: "dnsbl_domain"), result = FieldID(named: "dnsbl_result")
    private static let summary = FieldID(named: "postsuper_summary")
    private static let total = FieldID(named: "postsuper_count")

    static func read(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = text.upperBound
        let start = text.lowerBound
        if bytes.has("statistics: ", at: start, to: end) {
            if bytes.has("start interval ", at: start &+ 12, to: end) {
                event.add(interval, bytes, start &+ 27..<end)
                return true
            }
            return readAnvil(bytes, start &+ 12..<end, &event) || addNumbers(bytes, start &+ 12..<end, &event)
        }
        if bytes.has("cache ", at: start, to: end), let key = bytes.find(" cleanup: ", from: start, to: end) {
            var word = key
            while word > start &+ 6, bytes[word &- 1] != UInt8(ascii: " ") { word &-= 1 }
            event.addUnnamed(bytes, start &+ 6..<max(start &+ 6, word &- 1))
            event.add(cleanup, bytes, word..<key)
            return addNumbers(bytes, key &+ 9..<end, &event)
        }
        if bytes.has("addr ", at: start, to: end) { return readListing(bytes, start &+ 5..<end, &event) }
        return false
    }

    /// Reads `Requeued: 13 messages` of postsuper.
    static func readSummary(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = text.upperBound
        guard let colon = bytes.find(": ", from: text.lowerBound, to: min(end, text.lowerBound &+ 24)) else {
            return false
        }
        var at = colon &+ 2
        while at < end, isDigit(bytes[at]) { at &+= 1 }
        guard at > colon &+ 2, bytes.has(" message", at: at, to: end), end &- at <= 9 else { return false }
        event.add(summary, bytes, text.lowerBound..<colon)
        event.add(total, bytes, colon &+ 2..<at)
        return true
    }

    /// Reads `max connection rate 1/60s for (smtp:192.0.2.1) at Nov 22 11:00:00`.
    private static func readAnvil(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let at = bytes.findLast(" at ", from: text.lowerBound, to: end) else { return false }
        guard let word = kinds.first(where: { bytes.has($0.text, at: text.lowerBound, to: at) }) else {
            return false
        }
        let number = text.lowerBound &+ word.text.utf8CodeUnitCount
        let numberEnd = bytes.find(UInt8(ascii: " "), from: number, to: at)
        let slash = bytes.find(UInt8(ascii: "/"), from: number, to: numberEnd)
        event.add(word.field, bytes, number..<slash)
        if slash < numberEnd { event.add(period, bytes, slash &+ 1..<numberEnd) }
        if bytes.has(" for (", at: numberEnd, to: at), bytes[at &- 1] == UInt8(ascii: ")") {
            let name = numberEnd &+ 6
            let colon = bytes.find(UInt8(ascii: ":"), from: name, to: at)
            if colon < at &- 1 {
                event.add(service, bytes, name..<colon)
                event.add(PostfixPeer.clientIP, bytes, colon &+ 1..<at &- 1)
            }
        }
        event.add(time, bytes, at &+ 4..<end)
        return true
    }

    private static let kinds: [(text: StaticString, field: FieldID)] = [
        ("max connection rate ", rate), ("max connection count ", count), ("max cache size ", size),
        ("max message rate ", FieldID(named: "anvil_message_rate")),
        ("max recipient rate ", FieldID(named: "anvil_recipient_rate")),
        ("max newtls rate ", FieldID(named: "anvil_tls_rate")),
        ("max auth rate ", FieldID(named: "anvil_auth_rate")),
    ]

    /// Adds `192.0.2.1 listed by domain bl.example.test as 127.0.0.2`.
    private static func readListing(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let end = text.upperBound
        guard let key = bytes.find(" listed by domain ", from: text.lowerBound, to: end),
            let last = bytes.find(" as ", from: key &+ 18, to: end)
        else { return false }
        event.add(PostfixPeer.clientIP, bytes, text.lowerBound..<key)
        event.add(domain, bytes, key &+ 18..<last)
        event.add(result, bytes, last &+ 4..<end)
        return true
    }

    private static func addNumbers(
        _ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        var at = text.lowerBound
        var isFound = false
        for item in numbers {
            guard let key = bytes.find(item.text, from: at, to: text.upperBound) else { continue }
            let value = key &+ item.text.utf8CodeUnitCount
            at = value
            while at < text.upperBound, isDigit(bytes[at]) { at &+= 1 }
            guard at > value else { continue }
            event.add(item.field, bytes, value..<at)
            isFound = true
        }
        return isFound
    }
}
