/// Bodies that any program may write: a JSON object, or `key=value` pairs and nothing else.
enum GenericBody {
    /// Numbers of their rules in every `FormatSet`.
    static let jsonRules = 0
    static let pairsRules = 1
    static let mediaWikiContext = 2
    static let mediaWikiThrowable = 3
    static let mediaWikiParameters = 4

    /// The rules of objects and pairs that code of formats finds inside of texts, in the order of their
    /// numbers.
    static let shared = [MediaWikiKeys.context, MediaWikiKeys.throwable, MediaWikiKeys.parameters]

    static let jsonFormat = Formats.names.id(of: "json") ?? Formats.raw
    static let pairsFormat = Formats.names.id(of: "logfmt") ?? Formats.raw

    static let json = KeyRules(common)
    static let pairs = KeyRules(common)

    private static let common: [String: KeyRule] = {
        var keys: [String: KeyRule] = [:]
        for name in [
            "@timestamp", "timestamp", "time", "ts", "datetime", "date", "eventTime", "asctime", "t", "@t",
            "Timestamp", "Time", "__REALTIME_TIMESTAMP",
        ] { keys[name] = .timeIfReadable([.iso, .sql, .epoch, .http]) }
        for name in [
            "level", "severity", "loglevel", "log_level", "lvl", "levelname", "log.level", "level_name",
            "priority", "PRIORITY", "Level", "Severity", "LogLevel", "@l",
        ] { keys[name] = .level(.any) }
        for name in [
            "message", "msg", "@message", "short_message", "MESSAGE", "Message", "@m", "@mt",
            "RenderedMessage",
            "log",
        ] { keys[name] = .field("message") }
        return keys
    }()

    /// Whether a message may be pairs, after a look at its first bytes: a word with `=` behind it.
    @inline(__always)
    static func mayBePairs(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let end = min(range.upperBound, range.lowerBound &+ 64)
        var at = range.lowerBound
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "=") { return at > range.lowerBound }
            guard
                isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "@")
            else { return false }
            at &+= 1
        }
        return false
    }
}
