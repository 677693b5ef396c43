/// What stands behind `[level] pid#tid: *connection ` of an nginx error line: a message, and behind it, of a
/// connection, `, client: …, server: …, request: "…", upstream: "…", host: "…", referrer: "…"`.
///
/// The order is fixed and each part may be missing (ngx_http_log_error_handler). nginx escapes nothing, and
/// message, request, host and referrer are in the client's hand: the tail is told from the right, where the last
/// word is nginx's own.
///
/// Proxied streams have `, bytes from/to client:0/0, …` at the end, mail `, login: "…", upstream:
/// ADDRESS`.
enum NginxErrorTail {
    private static let subrequest = FieldID(named: "subrequest"), upstream = FieldID(named: "upstream")
    private static let vhost = FieldID(named: "vhost"), referrer = FieldID(named: "referrer")
    private static let server = FieldID(named: "server")
    private static let user = FieldID(named: "user")
    private static let excess = FieldID(named: "limit_excess"), zone = FieldID(named: "limit_zone")

    /// Places that may begin a tail, looked at from the right.
    private static let candidates = 8

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        if readTail(bytes, range, behind: ", client: ", &event) { return true }
        if readTail(bytes, range, behind: ", udp client: ", &event) { return true }
        addMessage(bytes, range, &event)
        return true
    }

    private static func readTail(
        _ bytes: Span<UInt8>, _ range: Range<Int>, behind key: StaticString, _ event: inout EventWriter
    ) -> Bool {
        var end = range.upperBound
        for _ in 0..<candidates {
            guard let start = bytes.findLast(key, from: range.lowerBound, to: end) else { break }
            if let tail = Tail(bytes, start &+ key.utf8CodeUnitCount..<range.upperBound) {
                addMessage(bytes, range.lowerBound..<start, &event)
                add(tail, bytes, &event)
                return true
            }
            end = start
        }
        return false
    }

    /// The parts of a tail; empty where they are missing.
    private struct Tail {
        var client = 0..<0
        var server: Range<Int>?
        /// Login, request, subrequest, upstream, host, referrer: with their quotes taken off.
        var quoted = InlineArray<6, Range<Int>?>(repeating: nil)
        /// What a proxied stream has moved.
        var traffic: Range<Int>?
        /// The line was cut inside of it.
        var isCut = false

        static let keys: [StaticString] = [
            ", login: \"", ", request: \"", ", subrequest: \"", ", upstream: \"", ", host: \"",
            ", referrer: \"",
        ]

        /// Reads what stands behind `, client: `.
        ///
        /// Nil where that is no tail.
        init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            var end = range.upperBound
            if let start = bytes.findLast(", bytes from/to client:", from: range.lowerBound, to: end) {
                traffic = start &+ 2..<end
                end = start
            } else {
                end = readMailUpstream(bytes, range)
            }
            // Where the plain parts end and the quoted ones begin.
            var plainEnd = end
            // The quote at the end may be one that opens.
            var isClosed = bytes[end &- 1] == UInt8(ascii: "\"")
            for key in Self.keys {
                plainEnd = bytes.find(key, from: range.lowerBound, to: plainEnd) ?? plainEnd
                if bytes.has(key, at: max(plainEnd, end &- key.utf8CodeUnitCount), to: end) {
                    isClosed = false
                }
            }
            if plainEnd == end { isClosed = true }
            if isClosed {
                for index in Self.keys.indices.reversed() where end > plainEnd {
                    guard bytes[end &- 1] == UInt8(ascii: "\"") else { return nil }
                    guard let at = bytes.findLast(Self.keys[index], from: plainEnd, to: end) else { continue }
                    let start = at &+ Self.keys[index].utf8CodeUnitCount
                    guard start <= end &- 1 else { continue }
                    quoted[index] = start..<end &- 1
                    end = at
                }
                guard end <= plainEnd else { return nil }
            } else {
                readCut(bytes, plainEnd, end)
            }
            let comma = bytes.find(", server: ", from: range.lowerBound, to: plainEnd)
            client = range.lowerBound..<(comma ?? plainEnd)
            if bytes.has(" using starttls", at: max(client.lowerBound, client.upperBound &- 15), to: plainEnd)
            {
                client = client.lowerBound..<max(client.lowerBound, client.upperBound &- 15)
            }
            server = comma.map { $0 &+ 10..<plainEnd }
            // An address, `unix:`, or a name: nothing with blanks or quotes in it.
            for index in client where bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\"")
            {
                return nil
            }
            for index in server ?? 0..<0
            where bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: ",") { return nil }
        }

        /// Reads the address of the server behind a mail proxy, which has no quotes.
        ///
        /// Returns where the rest ends.
        private mutating func readMailUpstream(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
            let end = range.upperBound
            guard let login = bytes.find(", login: \"", from: range.lowerBound, to: end),
                let start = bytes.findLast("\", upstream: ", from: login, to: end)
            else { return end }
            let value = start &+ 13..<end
            guard bytes.find(UInt8(ascii: "\""), from: value.lowerBound, to: end) == end else { return end }
            quoted[3] = value
            return start &+ 1
        }

        /// Reads the quoted parts of a line that ends inside one of them: from the left, as there is no right.
        private mutating func readCut(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
            isCut = true
            var at = start
            for index in Self.keys.indices {
                guard bytes.has(Self.keys[index], at: at, to: end) else { continue }
                let value = at &+ Self.keys[index].utf8CodeUnitCount
                var close = end
                for later in Self.keys[(index + 1)...] {
                    if let next = bytes.find(later, from: value, to: close),
                        bytes[next &- 1] == UInt8(ascii: "\"")
                    {
                        close = next &- 1
                    }
                }
                if close == end { close = keyStart(bytes, value, end) }
                quoted[index] = value..<close
                at = min(close &+ 1, end)
            }
        }
    }

    /// Where a value ends whose line was cut in the key of the next: `GET / HTTP/1.1", upst`.
    private static func keyStart(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        guard let quote = bytes.findLast("\"", from: max(start, end &- 16), to: end) else { return end }
        for index in quote &+ 1..<end {
            let byte = bytes[index]
            let isOfKey =
                index == quote &+ 1
                ? byte == UInt8(ascii: ",")
                : isLetter(byte) || byte == UInt8(ascii: " ") || byte == UInt8(ascii: ":")
            if !isOfKey { return end }
        }
        return quote
    }

    private static func add(_ tail: borrowing Tail, _ bytes: Span<UInt8>, _ event: inout EventWriter) {
        event.addClient(bytes, tail.client)
        if let range = tail.server { event.add(server, bytes, range) }
        for index in tail.quoted.indices {
            guard let range = tail.quoted[index] else { continue }
            switch index {
            case 0: event.add(user, bytes, range)
            case 1: event.addRequestLine(bytes, range)
            case 2: event.add(subrequest, bytes, range)
            case 3: event.add(upstream, bytes, range)
            case 4: event.add(vhost, bytes, range)
            default:
                let isNull = range.isEmpty || range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "-")
                if !isNull { event.add(referrer, bytes, range) }
            }
        }
        if let range = tail.traffic { event.add(.tail, bytes, range) }
        if tail.isCut { event.event.reasons.insert(.cut) }
    }

    /// Adds the message, with the numbers of ngx_http_limit_req_module where it is one of its:
    /// `limiting requests, excess: 1.998 by zone "perip"`.
    ///
    /// With a comma before `by`, as some versions write it, the numbers are a tail of their own and the
    /// message ends before them.
    private static func addMessage(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        if addLogin(bytes, range, &event) || addOutput(bytes, range, &event) { return }
        guard let key = bytes.find(", excess: ", from: range.lowerBound, to: range.upperBound),
            bytes[range.upperBound &- 1] == UInt8(ascii: "\""),
            let by = bytes.find(" by zone \"", from: key &+ 10, to: range.upperBound),
            by &+ 10 < range.upperBound
        else { return event.add(.message, bytes, range, unescaping: .octal) }
        let end = bytes.find(UInt8(ascii: ","), from: key &+ 10, to: by)
        if end &+ 1 == by {
            event.add(.message, bytes, range.lowerBound..<key)
        } else {
            event.addSpan(.message, bytes, range)
        }
        event.add(excess, bytes, key &+ 10..<end)
        event.add(zone, bytes, by &+ 10..<range.upperBound &- 1)
    }

    /// Adds the user of `user "alice": password mismatch` and `user "alice" was not found in "FILE"`
    /// (ngx_http_auth_basic_module), and that a client of the mail proxy was not let in.
    private static func addLogin(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let start = range.lowerBound
        let end = range.upperBound
        if bytes.has("client login failed: ", at: start, to: end) {
            event.add(.message, bytes, range)
            event.addLogin(isAccepted: false)
            return true
        }
        guard bytes.has("user \"", at: start, to: end) else { return false }
        let isMismatch = bytes.has("\": password mismatch", at: max(start, end &- 20), to: end)
        guard
            let close = isMismatch
                ? end &- 20 : bytes.findLast("\" was not found in \"", from: start, to: end),
            close >= start &+ 6
        else { return false }
        event.addSpan(.message, bytes, range)
        event.add(user, bytes, start &+ 6..<close)
        event.addLogin(isAccepted: false, by: "basic")
        return true
    }

    /// Adds the error of `FastCGI sent in stderr: "PHP message: PHP Fatal error:  …" while reading …`.
    ///
    /// nginx calls all of these errors: what PHP calls worse is worse, what it calls less is not.
    private static func addOutput(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        guard bytes.has("FastCGI sent in stderr: \"PHP message: ", at: range.lowerBound, to: range.upperBound)
        else { return false }
        return event.read(bytes, range, unescaping: .octal) { bytes, range, event in
            let start = range.lowerBound &+ 25
            let end = bytes.findLast("\" while ", from: start, to: range.upperBound) ?? range.upperBound
            let level = event.event.severity
            event.addSpan(.message, bytes, range)
            if PHPError.readOutput(bytes, start..<end, &event) { event.raise(to: level) }
            return true
        }
    }
}
