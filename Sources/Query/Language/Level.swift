import Parse

/// The eight syslog severities (RFC 5424 §6.2.1) as the query language orders them.
package enum Level {
    /// Names by badness, which is 7 − severity: debug 0 … emerg 7.
    package static let names = ["debug", "info", "notice", "warning", "err", "crit", "alert", "emerg"]

    private static let aliases = [
        "informational": 1, "warn": 3, "error": 4, "critical": 5, "fatal": 5, "emergency": 7, "panic": 7,
    ]

    /// The badness that a name or a severity digit stands for, ASCII case ignored.
    package static func badness(_ text: String) -> Int? {
        let lower = String(decoding: text.utf8.map(Token.lowercased), as: UTF8.self)
        if let index = names.firstIndex(of: lower) { return index }
        if let digit = Int(lower), lower.utf8.count == 1, digit <= 7 { return 7 - digit }
        return aliases[lower]
    }

    /// The badness that the value at `range` of `text` names.
    static func badness(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.count <= 16 else { return nil }
        var bytes: [UInt8] = []
        for index in range { bytes.append(text[index]) }
        return badness(String(decoding: bytes, as: UTF8.self))
    }
}
