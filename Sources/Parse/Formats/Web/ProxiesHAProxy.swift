extension Fields {
    /// Of HAProxy; times in milliseconds, −1 where a step was not reached.
    static let haProxy: [FieldDefinition] = [
        FieldDefinition("frontend", .keyword, ["haproxy.frontend_name"]),
        FieldDefinition("backend", .keyword, ["haproxy.backend_name"]),
        FieldDefinition("bind", .keyword, ["haproxy.bind_name"]),
        FieldDefinition("mode", .keyword, ["haproxy.mode"]),
        FieldDefinition("request_ms", .number, ["haproxy.http.request.time_wait_ms"]),
        FieldDefinition("queue_ms", .number, ["haproxy.total_waiting_time_ms"]),
        FieldDefinition("connect_ms", .number, ["haproxy.connection_wait_time_ms"]),
        FieldDefinition("response_ms", .number, ["haproxy.http.request.time_wait_without_data_ms"]),
        FieldDefinition("total_ms", .number, ["haproxy.total_time_ms"]),
        FieldDefinition("request_cookie", .text, ["haproxy.http.request.captured_cookie"]),
        FieldDefinition("response_cookie", .text, ["haproxy.http.response.captured_cookie"]),
        FieldDefinition("termination", .keyword, ["haproxy.termination_state"]),
        FieldDefinition("active_connections", .number, ["haproxy.connections.active"]),
        FieldDefinition("frontend_connections", .number, ["haproxy.connections.frontend"]),
        FieldDefinition("backend_connections", .number, ["haproxy.connections.backend"]),
        FieldDefinition("server_connections", .number, ["haproxy.connections.server"]),
        FieldDefinition("retries", .number, ["haproxy.connections.retries"]),
        FieldDefinition("server_queue", .number, ["haproxy.server_queue"]),
        FieldDefinition("backend_queue", .number, ["haproxy.backend_queue"]),
        FieldDefinition("captured_request", .text, ["haproxy.http.request.captured_headers"]),
        FieldDefinition("captured_response", .text, ["haproxy.http.response.captured_headers"]),
        FieldDefinition("server_state", .keyword, ["haproxy.server_state"]),
    ]
}

extension FormatDefinition {
    /// HAProxy: its sessions (`httplog`, `tcplog`, the line of a failed connection, `httplog clf`), the line without a
    /// log format, and what it says of its servers.
    static let haProxy: [FormatDefinition] = [
        FormatDefinition(
            name: "haproxy", programs: haProxyPrograms, check: .bracketedDate,
            body: .code(HAProxySession.read),
            ecs: haProxyECS),
        FormatDefinition(
            name: "haproxy-clf", programs: haProxyPrograms, check: .bracketedDate, patterns: ["%{ACCESSLOG}"],
            time: TimeCapture("log_time", .http, .httpFraction), rest: ("tail", .text("tail")),
            ecs: accessECS,
            escapes: .hash),
        FormatDefinition(
            name: "haproxy-notice", programs: haProxyPrograms,
            patterns: [
                "%{HAPROXYCONNECT}", "%{HAPROXYSERVER}", "%{HAPROXYPROXY}", "%{HAPROXYSTDERR}",
                "%{HAPROXYADDRESS}", "%{HAPROXYTEXT}",
            ],
            ecs: haProxyECS),
    ]

    private static let haProxyPrograms = ProgramRule(names: ["haproxy", "hapee-lb"], prefixes: ["haproxy"])

    private static let haProxyECS = [
        "client_ip": ["source.ip", "source.address", "haproxy.source"],
        "dst_ip": ["destination.ip", "destination.address"],
        "server": ["haproxy.server_name"], "bytes": ["haproxy.bytes_read", "http.response.bytes"],
        "request_line": ["haproxy.http.request.raw_request_line", "http.request.raw"],
        "vhost": ["destination.domain", "destination.address", "url.domain"],
        "error_message": ["haproxy.error_message", "error.message"],
    ]
}

/// One session as HAProxy logs it at its end (sections 8.2.2 to 8.2.6 of its configuration manual).
///
///     http  1.2.3.4:40005 [date] front back/server 0/0/1/0/2 304 168 - - ---- 6/6/0/0/0 0/0 {host} {} "GET / HTTP/1.1"
///     tcp   1.2.3.4:40005 [date] front back/server 0/0/5007 212 -- 0/0/0/0/3 0/0
///     error 1.2.3.4:40005 [date] front/bind: Connection error during SSL handshake
///
/// Quotes, braces and bars in headers are written as `#HH`, so that what is captured can be told apart; so are quotes,
/// and bytes that are no ASCII, in requests.
enum HAProxySession {
    private static let port = FieldID(named: "client_port")
    private static let frontend = FieldID(named: "frontend"), backend = FieldID(named: "backend")
    private static let server = FieldID(named: "server"), bind = FieldID(named: "bind")
    private static let error = FieldID(named: "error_message"), vhost = FieldID(named: "vhost")
    private static let bytesRead = FieldID(named: "bytes"), termination = FieldID(named: "termination")
    private static let httpWords = [
        FieldID(named: "status"), bytesRead, FieldID(named: "request_cookie"),
        FieldID(named: "response_cookie"), termination,
    ]
    private static let captured: InlineArray<2, FieldID> = [
        FieldID(named: "captured_request"), FieldID(named: "captured_response"),
    ]
    private static let httpTimes = [
        FieldID(named: "request_ms"), FieldID(named: "queue_ms"), FieldID(named: "connect_ms"),
        FieldID(named: "response_ms"), FieldID(named: "total_ms"),
    ]
    private static let tcpTimes = [
        FieldID(named: "queue_ms"), FieldID(named: "connect_ms"), FieldID(named: "total_ms"),
    ]
    private static let connections = [
        FieldID(named: "active_connections"), FieldID(named: "frontend_connections"),
        FieldID(named: "backend_connections"), FieldID(named: "server_connections"),
        FieldID(named: "retries"),
    ]
    private static let queues = [FieldID(named: "server_queue"), FieldID(named: "backend_queue")]
    private static let times = [TimeFormat.httpFraction]

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        var words = BlankWords(range)
        guard let peer = words.next(bytes), let date = words.bracketed(bytes), let front = words.next(bytes),
            !front.isEmpty, addPeer(bytes, peer, &event), event.setTime(bytes, date, times)
        else { return false }
        if bytes[front.upperBound &- 1] == UInt8(ascii: ":") {
            return readError(bytes, front, words.rest, &event)
        }
        event.add(frontend, bytes, front)
        guard let pair = words.next(bytes) else { return end(words, bytes, &event) }
        let slash = bytes.find(UInt8(ascii: "/"), from: pair.lowerBound, to: pair.upperBound)
        event.add(backend, bytes, pair.lowerBound..<slash)
        if slash < pair.upperBound { event.add(server, bytes, slash &+ 1..<pair.upperBound) }
        guard var timers = words.next(bytes) else { return end(words, bytes, &event) }
        if parts(bytes, timers) == 0 {
            // Some sites log the host that was asked for here.
            event.add(vhost, bytes, timers)
            guard let next = words.next(bytes) else { return end(words, bytes, &event) }
            timers = next
        }
        // Cut in the middle, five numbers would pass for three.
        guard !words.rest.isEmpty else {
            event.add(.tail, bytes, timers)
            return end(words, bytes, &event)
        }
        switch parts(bytes, timers) {
        case 5:
            addParts(bytes, timers, httpTimes, &event)
            return readHTTP(bytes, &words, &event)
        case 3:
            addParts(bytes, timers, tcpTimes, &event)
            return readTCP(bytes, &words, &event)
        default:
            event.add(.tail, bytes, timers.lowerBound..<range.upperBound)
            event.event.reasons.insert(.malformed)
            return true
        }
    }

    /// Adds address and port of `1.2.3.4:40005`, `-:40005` or `unix:1`.
    private static func addPeer(_ bytes: Span<UInt8>, _ word: Range<Int>, _ event: inout EventWriter) -> Bool
    {
        var at = word.upperBound
        while at > word.lowerBound, isDigit(bytes[at &- 1]) { at &-= 1 }
        guard at < word.upperBound, at &- 1 > word.lowerBound, bytes[at &- 1] == UInt8(ascii: ":") else {
            return false
        }
        let address = word.lowerBound..<at &- 1
        if address.count > 1 || bytes[address.lowerBound] != UInt8(ascii: "-") {
            event.addClient(bytes, address)
        }
        event.add(port, bytes, at..<word.upperBound)
        return true
    }

    private static func readError(
        _ bytes: Span<UInt8>, _ front: Range<Int>, _ text: Range<Int>, _ event: inout EventWriter
    ) -> Bool {
        let slash = bytes.find(UInt8(ascii: "/"), from: front.lowerBound, to: front.upperBound)
        event.add(frontend, bytes, front.lowerBound..<min(slash, front.upperBound &- 1))
        if slash < front.upperBound { event.add(bind, bytes, slash &+ 1..<front.upperBound &- 1) }
        event.add(error, bytes, text)
        return true
    }

    private static func readTCP(
        _ bytes: Span<UInt8>, _ words: inout BlankWords, _ event: inout EventWriter
    ) -> Bool {
        guard let size = words.next(bytes) else { return end(words, bytes, &event) }
        event.add(bytesRead, bytes, unsigned(bytes, size))
        guard let state = words.next(bytes) else { return end(words, bytes, &event) }
        event.add(termination, bytes, state)
        guard readLoad(bytes, &words, &event) else { return end(words, bytes, &event) }
        if !words.rest.isEmpty { event.add(.tail, bytes, words.rest) }
        return true
    }

    private static func readHTTP(
        _ bytes: Span<UInt8>, _ words: inout BlankWords, _ event: inout EventWriter
    ) -> Bool {
        for index in httpWords.indices {
            guard let word = words.next(bytes) else { return end(words, bytes, &event) }
            event.add(httpWords[index], bytes, unsigned(bytes, word))
        }
        guard readLoad(bytes, &words, &event) else { return end(words, bytes, &event) }
        var rest = words.rest
        for index in captured.indices {
            guard !rest.isEmpty, bytes[rest.lowerBound] == UInt8(ascii: "{") else { break }
            let close = bytes.find(UInt8(ascii: "}"), from: rest.lowerBound, to: rest.upperBound)
            addCaptured(bytes, rest.lowerBound &+ 1..<close, captured[index], &event)
            rest = min(close &+ 2, rest.upperBound)..<rest.upperBound
        }
        guard !rest.isEmpty, bytes[rest.lowerBound] == UInt8(ascii: "\"") else {
            event.event.reasons.insert(rest.isEmpty ? .cut : .malformed)
            if !rest.isEmpty { event.add(.tail, bytes, rest) }
            return true
        }
        let start = rest.lowerBound &+ 1
        let quote = bytes.find(UInt8(ascii: "\""), from: start, to: rest.upperBound)
        event.addRequestLine(bytes, start..<quote, unescaping: .hash)
        if quote == rest.upperBound { event.event.reasons.insert(.cut) }
        // `httpslog` goes on with the state of TLS.
        if quote &+ 2 < rest.upperBound { event.add(.tail, bytes, quote &+ 2..<rest.upperBound) }
        return true
    }

    /// Reads connections and queues, as in `6/6/0/0/0 0/0`.
    private static func readLoad(
        _ bytes: Span<UInt8>, _ words: inout BlankWords, _ event: inout EventWriter
    ) -> Bool {
        guard let counts = words.next(bytes), parts(bytes, counts) > 0 else { return false }
        addParts(bytes, counts, connections, &event)
        guard let waiting = words.next(bytes), parts(bytes, waiting) > 0 else { return false }
        addParts(bytes, waiting, queues, &event)
        return true
    }

    /// How many numbers a word holds between slashes; 0 where it holds anything else.
    private static func parts(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Int {
        var count = 1
        for index in word {
            let byte = bytes[index]
            if byte == UInt8(ascii: "/") { count &+= 1 }
            guard
                isDigit(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "+")
            else { return 0 }
        }
        return count
    }

    private static func addParts(
        _ bytes: Span<UInt8>, _ word: Range<Int>, _ fields: [FieldID], _ event: inout EventWriter
    ) {
        var at = word.lowerBound
        for field in fields where at <= word.upperBound {
            let end = bytes.find(UInt8(ascii: "/"), from: at, to: word.upperBound)
            if at < end { event.add(field, bytes, unsigned(bytes, at..<end)) }
            at = end &+ 1
        }
    }

    /// A number without the `+` that says that the line was written before the end (`logasap`).
    private static func unsigned(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard range.count > 1, bytes[range.lowerBound] == UInt8(ascii: "+"),
            isDigit(bytes[range.lowerBound &+ 1])
        else { return range }
        return range.lowerBound &+ 1..<range.upperBound
    }

    /// `docs.example.org|curl|`: one value a header; of those behind the last that was sent none.
    private static func addCaptured(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ field: FieldID, _ event: inout EventWriter
    ) {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end &- 1] == UInt8(ascii: "|") { end &-= 1 }
        var at = range.lowerBound
        while at < end {
            let bar = bytes.find(UInt8(ascii: "|"), from: at, to: end)
            event.add(field, bytes, at..<bar, readable: .hash)
            at = bar &+ 1
        }
    }

    /// Keeps what is left of a line that does not go on as it should.
    private static func end(_ words: BlankWords, _ bytes: Span<UInt8>, _ event: inout EventWriter) -> Bool {
        event.event.reasons.insert(words.rest.isEmpty ? .cut : .malformed)
        if !words.rest.isEmpty { event.add(.tail, bytes, words.rest) }
        return true
    }
}
