/// What the numbers of levels mean.
enum LevelScale: Sendable {
    /// Told apart by their size: 0 to 7 as syslog, tens to 60 as bunyan, hundreds to 600 as Monolog.
    case any
    /// 0 (emergency) to 7 (debug).
    case syslog
    /// 10 (trace) to 60 (fatal).
    case bunyan
    /// 100 (debug) to 600 (emergency).
    case monolog

    /// The severity of RFC 5424 §6.2.1 that a level stands for: a word of nginx, Apache, syslog, PSR-3, php-fpm,
    /// databases, Java, Go, Python or Node in any case, or a number.
    ///
    /// Nil where it is none.
    func severity(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
        guard !range.isEmpty, range.count <= 16 else { return nil }
        let start = range.lowerBound
        if isDigit(bytes[start]) { return severity(ofNumber: bytes, range) }
        // Words are told by their first eight letters, packed in lower case: the longest that count have nine.
        var packed: UInt64 = 0
        for index in 0..<min(8, range.count) {
            packed |= UInt64(Token.lowercased(bytes[start &+ index])) << UInt64(8 &* index)
        }
        return Self.words[packed]
    }

    private func severity(ofNumber bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
        var number = 0
        for index in range {
            guard isDigit(bytes[index]), range.count <= 3 else { return nil }
            number = number &* 10 &+ Int(bytes[index] &- 48)
        }
        switch self {
        case .syslog: return number <= 7 ? UInt8(number) : nil
        case .bunyan: return Self.bunyan(number)
        case .monolog: return Self.monolog(number)
        case .any:
            return number <= 7 ? UInt8(number) : number < 100 ? Self.bunyan(number) : Self.monolog(number)
        }
    }

    private static func bunyan(_ number: Int) -> UInt8? {
        switch number {
        case 10..<30: 7
        case 30..<40: 6
        case 40..<50: 4
        case 50..<60: 3
        case 60...69: 2
        default: nil
        }
    }

    private static func monolog(_ number: Int) -> UInt8? {
        switch number {
        case 100: 7
        case 200: 6
        case 250: 5
        case 300: 4
        case 400: 3
        case 500: 2
        case 550: 1
        case 600: 0
        default: nil
        }
    }

    private static let words: [UInt64: UInt8] = {
        let names: [(UInt8, [String])] = [
            (0, ["emerg", "emergency", "panic", "system_panic", "m"]), (1, ["alert", "a"]),
            (2, ["crit", "critical", "criti", "fatal", "severe", "core_dump", "dpanic", "c", "f"]),
            (3, ["err", "error", "eror", "failure", "e"]),
            (4, ["warn", "warning", "warni", "deprecation", "w"]), (5, ["notice", "note", "success", "n"]),
            (6, ["info", "informational", "information", "system", "log", "http", "i"]),
            (
                7,
                [
                    "debug", "trace", "verbose", "fine", "finer", "finest", "trace1", "trace2", "trace3",
                    "trace4",
                    "trace5", "trace6", "trace7", "trace8", "debug1", "debug2", "debug3", "debug4", "debug5",
                    "silly", "garbage", "profile", "d", "t",
                ]
            ),
        ]
        var words: [UInt64: UInt8] = [:]
        for (severity, list) in names {
            for name in list {
                var packed: UInt64 = 0
                for (index, byte) in name.utf8.prefix(8).enumerated() {
                    packed |= UInt64(byte) << UInt64(8 * index)
                }
                words[packed] = severity
            }
        }
        return words
    }()
}
