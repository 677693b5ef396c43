/// What php-fpm writes before its words (sapi/fpm/fpm/zlog.c): `[time] LEVEL: [pool NAME] `.
///
/// At `log_level = debug` `pid N, function(), line N: ` stands behind the level. Syslog gets `[LEVEL] `,
/// without a time or a pid. A worker, whose output the master takes, writes `LEVEL: ` alone.
struct PHPFPMHeader {
    enum Form {
        /// A line of the log.
        case file
        /// A message to syslog.
        case syslog
        /// What a worker writes.
        case worker
    }

    let form: Form
    private(set) var time = 0..<0
    let level: Range<Int>
    private(set) var pid: Range<Int>?
    private(set) var function: Range<Int>?
    private(set) var sourceLine: Range<Int>?
    private(set) var pool: Range<Int>?
    /// Where the words begin.
    private(set) var text: Int

    private static let levels: [StaticString] = ["WARNING", "NOTICE", "DEBUG", "ERROR", "ALERT"]
    private static let date = LiteralCheck.shape("[99-aaa-9999 99:99:99")

    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let end = range.upperBound
        var at = range.lowerBound
        guard at < end else { return nil }
        let isBracketed = bytes[at] == UInt8(ascii: "[")
        if isBracketed, Self.date.passes(bytes, from: at, to: end) {
            let close = bytes.find(UInt8(ascii: "]"), from: at &+ 21, to: min(end, at &+ 32))
            guard bytes.has("] ", at: close, to: end) else { return nil }
            form = .file
            time = at &+ 1..<close
            at = close &+ 2
        } else {
            form = isBracketed ? .syslog : .worker
            if isBracketed { at &+= 1 }
        }
        let start = at
        guard let word = Self.levels.first(where: { bytes.has($0, at: start, to: end) }) else { return nil }
        level = at..<at &+ word.utf8CodeUnitCount
        guard bytes.has(form == .syslog ? "] " : ": ", at: level.upperBound, to: end) else { return nil }
        text = level.upperBound &+ 2
        readDebug(bytes, to: end)
        guard bytes.has("[pool ", at: text, to: end) else { return }
        // A pool is named by a section of the configuration, so its name has no bracket.
        let close = bytes.find(UInt8(ascii: "]"), from: text &+ 6, to: end)
        guard bytes.has("] ", at: close, to: end) else { return }
        pool = text &+ 6..<close
        text = close &+ 2
    }

    /// Reads `pid N, function(), line N: `, where the pid may be missing.
    private mutating func readDebug(_ bytes: Span<UInt8>, to end: Int) {
        var at = text
        var id: Range<Int>?
        if bytes.has("pid ", at: at, to: end) {
            let digits = bytes.digits(from: at &+ 4, to: end)
            guard !digits.isEmpty, bytes.has(", ", at: digits.upperBound, to: end) else { return }
            id = digits
            at = digits.upperBound &+ 2
        }
        let start = at
        // A function of C, or `(null)`.
        while at < end, isLetter(bytes[at]) || isDigit(bytes[at]) || bytes[at] == UInt8(ascii: "_") {
            at &+= 1
        }
        if at == start, bytes.has("(null)", at: at, to: end) { at &+= 6 }
        guard at > start, bytes.has("(), line ", at: at, to: end) else { return }
        let digits = bytes.digits(from: at &+ 9, to: end)
        guard !digits.isEmpty, bytes.has(": ", at: digits.upperBound, to: end) else { return }
        pid = id
        function = start..<at
        sourceLine = digits
        text = digits.upperBound &+ 2
    }
}

extension Span where Element == UInt8 {
    /// The digits that begin at `from`.
    func digits(from: Int, to end: Int) -> Range<Int> {
        var at = from
        while at < end, isDigit(self[at]) { at &+= 1 }
        return min(from, at)..<at
    }

    /// A number with or without a point that begins at `from`.
    func decimal(from: Int, to end: Int) -> Range<Int> {
        var range = digits(from: from, to: end)
        if !range.isEmpty, range.upperBound < end, self[range.upperBound] == UInt8(ascii: ".") {
            let fraction = digits(from: range.upperBound &+ 1, to: end)
            if !fraction.isEmpty { range = range.lowerBound..<fraction.upperBound }
        }
        return range
    }
}
