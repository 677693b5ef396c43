/// The members that objects of web servers have in common, whatever a site calls them.
enum WebKeys {
    static let common: [String: KeyRule] = {
        var keys: [String: KeyRule] = [
            "request": .code(WebValues.readRequest), "request_line": .code(WebValues.readRequest),
            "server_protocol": .code(WebValues.readProtocol), "protocol": .code(WebValues.readProtocol),
            "request_protocol": .code(WebValues.readProtocol),
            "http.version": .code(WebValues.readProtocol),
            "request_uri": .code(WebValues.readTarget), "bytes_sent": .field("bytes_sent"),
        ]
        for name in ["@timestamp", "timestamp", "time", "ts", "date", "datetime"] {
            keys[name] = .time([.iso, .http, .httpFraction, .sql, .epoch])
        }
        for (field, names) in [
            ("client_ip", ["remote_ip", "client", "client_addr", "ip", "remote_host", "remote_address"]),
            ("user", ["auth_user"]),
            ("url_query", ["query", "args", "request_query"]),
            ("status", ["response", "response_code", "response_status", "status_code", "http_status"]),
            ("bytes", ["size", "response_body_size", "body_bytes", "response_size"]),
            ("referrer", ["http_referrer", "request_referer", "http_referer", "referer", "referrer"]),
            ("agent", ["ua", "useragent", "request_user_agent"]),
            ("forwarded_for", ["x_forwarded_for", "xff", "forwarded_for"]),
            ("vhost", ["http_host", "domain", "virtual_host"]),
            ("tls_version", ["ssl_protocol", "tls_protocol"]), ("tls_cipher", ["ssl_cipher"]),
            ("client_port", ["remote_port"]),
        ] {
            for name in names { keys[name] = .field(field) }
        }
        for name in ["uri", "url", "request_path"] { keys[name] = .code(WebValues.readPath) }
        for name in ["method", "verb", "request_method", "http_method", "req_method"] {
            keys[name] = .code(WebValues.readMethod)
        }
        return keys
    }()
}

/// Values that many writers of access objects have.
///
/// Objects often hold a request as a whole and its parts as well: what stands there already is not said
/// twice.
enum WebValues {
    /// Reads `HTTP/1.1`.
    @Sendable
    static func readProtocol(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard bytes.has("HTTP/", at: range.lowerBound, to: range.upperBound) else { return false }
        addOnce(.httpVersion, bytes, range.lowerBound &+ 5..<range.upperBound, &event)
        return true
    }

    @Sendable
    static func readMethod(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        addOnce(.method, bytes, range, &event)
        return true
    }

    @Sendable
    static func readTarget(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        addOnce(.path, bytes, range, &event)
        return true
    }

    /// Reads a path that may be another than the one that was asked for, as nginx's `$uri` is.
    @Sendable
    static func readPath(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        guard !event.has(.path) else { return false }
        event.add(.path, bytes, range)
        return true
    }

    /// Reads `GET /path HTTP/1.1`, or a method alone, which some sites call the request.
    @Sendable
    static func readRequest(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        if let request = RequestLine(bytes, range) {
            let line = event.has(.method) || event.has(.path) || event.has(.httpVersion)
            guard line else {
                event.addRequestLine(bytes, range)
                return true
            }
            event.addSpan(.requestLine, bytes, range)
            addOnce(.method, bytes, request.method, &event)
            addOnce(.path, bytes, request.path, &event)
            if !request.version.isEmpty { addOnce(.httpVersion, bytes, request.version, &event) }
            return true
        }
        var at = range.lowerBound
        while at < range.upperBound, bytes[at] &- 65 < 26 { at &+= 1 }
        let isMethod = at == range.upperBound && range.count >= 3 && !event.has(.method)
        event.add(isMethod ? .method : .requestLine, bytes, range)
        return true
    }

    private static func addOnce(
        _ field: FieldID, _ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter
    ) {
        event.add(event.has(field) ? .escaped : field, bytes, range)
    }
}
