extension Fields {
    /// Of OpenStack's object storage (Swift).
    static let openStack: [FieldDefinition] = [
        FieldDefinition("remote_ip", .address, ["swift.remote_addr"]),
        FieldDefinition("auth_token", .keyword, ["swift.auth_token"]),
        FieldDefinition("request_bytes", .number, unit: "bytes", ["http.request.body.bytes"]),
        FieldDefinition("etag", .keyword, ["swift.client_etag"]),
        FieldDefinition("request_headers", .text, ["http.request.headers"]),
        FieldDefinition("request_source", .keyword, ["swift.source"]),
        FieldDefinition("log_info", .text, ["swift.log_info"]),
        FieldDefinition("policy_index", .number, ["swift.policy_index"]),
    ]
}

extension FormatDefinition {
    /// Swift: its proxy's access lines, those of its other servers, and what they say in words.
    static let openStack: [FormatDefinition] = [
        FormatDefinition(
            name: "swift-proxy", programs: swift, patterns: ["%{SWIFTPROXY}"],
            time: TimeCapture("log_time", TimeFormat("%d/%b/%Y/%H/%M/%S"), isUTC: true)),
        FormatDefinition(
            name: "swift-server", programs: swift, check: .bracketedDate, patterns: ["%{SWIFTSERVER}"],
            time: TimeCapture("log_time", .http)),
        FormatDefinition(
            name: "swift-message", programs: swift, patterns: ["%{SWIFTMESSAGE}"],
            rest: ("rest", .code(SwiftMessage.read))),
    ]

    private static let swift = ProgramRule(
        names: [
            "swift", "swift-account", "swift-container", "swift-object", "proxy-server", "account-server",
            "container-server", "object-server",
        ],
        prefixes: [""], word: "swift-proxy")
}

/// A text of Swift, with `(txn: tx…)` and `(client_ip: …)` behind it where a request was at work
/// (LogAdapter in swift/common/utils).
enum SwiftMessage {
    private static let transaction = FieldID(named: "request_id"), client = FieldID(named: "client_ip")

    @Sendable
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = range.upperBound
        let address = bytes.findLast(" (client_ip: ", from: range.lowerBound, to: end)
        guard let start = bytes.findLast(" (txn: ", from: range.lowerBound, to: address ?? end) else {
            return true
        }
        let close = bytes.find(UInt8(ascii: ")"), from: start, to: end)
        guard close < end, close > start &+ 7, bytes[end &- 1] == UInt8(ascii: ")") else { return true }
        event.add(.message, bytes, range.lowerBound..<start)
        event.add(transaction, bytes, start &+ 7..<close)
        if let address, address &+ 13 < end &- 1 { event.add(client, bytes, address &+ 13..<end &- 1) }
        return true
    }
}
