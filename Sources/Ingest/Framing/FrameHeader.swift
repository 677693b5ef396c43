/// How a frame begins: with a count of its bytes (RFC 6587 §3.4.1), or at once (§3.4.2).
///
/// A count is 1 to 7 digits, the first not 0, then one space, then `<`. The `<` keeps lines of text that
/// begin with a number from being taken for counts. `007 <13>…`, `+25 <13>…` and `25\t<13>…` are lines.
enum FrameHeader: Equatable {
    /// The bytes so far do not tell.
    case undecided
    case line
    /// A frame of `bytes` bytes that begins `skip` bytes further on.
    case counted(bytes: Int, skip: Int)
    case invalid(FrameError)

    /// Reads the header at `start`.
    ///
    /// Looks at 35 bytes at most, and at as many again behind a count of 0.
    static func read(_ bytes: borrowing Span<UInt8>, at start: Int) -> FrameHeader {
        let header = readOnce(bytes, at: start)
        guard header == .invalid(.badOctetCount), bytes[start] == ASCII.zero else { return header }
        // A count of 0 is an error only in front of a frame: `0 errors` and `0 0 5` are lines, `0 25 <13>…`
        // is not.
        let next = start + 2
        if bytes[next] == ASCII.less { return header }
        if bytes[next] == ASCII.zero { return .line }
        switch readOnce(bytes, at: next) {
        case .undecided: return .undecided
        case .line: return .line
        case .counted, .invalid: return header
        }
    }

    private static func readOnce(_ bytes: borrowing Span<UInt8>, at start: Int) -> FrameHeader {
        var index = start
        var value = 0
        while index < bytes.count, ASCII.isDigit(bytes[index]) {
            guard index - start < IngestLimits.digitRun else { return .line }
            // Wraps beyond 19 digits, where the value is not used.
            value = value &* 10 &+ Int(bytes[index] &- ASCII.zero)
            index += 1
        }
        let digits = index - start
        guard index < bytes.count else { return .undecided }
        guard digits > 0, bytes[index] == ASCII.space else { return .line }
        guard index + 1 < bytes.count else { return .undecided }
        if bytes[start] == ASCII.zero { return digits == 1 ? .invalid(.badOctetCount) : .line }
        guard bytes[index + 1] == ASCII.less else { return .line }
        if digits > IngestLimits.numberDigits { return .invalid(.badOctetCount) }
        if digits > IngestLimits.countDigits || value > IngestLimits.countedBytes {
            return .invalid(.frameTooLarge)
        }
        return .counted(bytes: value, skip: digits + 1)
    }
}

/// Why a stream cannot be framed any further.
///
/// Names are those of `CloseReason`.
package enum FrameError: Error, Equatable, Sendable {
    /// A count of 0, or one that is no 64-bit number.
    case badOctetCount
    /// A count above `IngestLimits.countedBytes`.
    case frameTooLarge
    /// What follows an octet-counted frame begins no frame: its count was wrong.
    case lostFraming
}

/// The bytes that framing knows.
enum ASCII {
    static let nul: UInt8 = 0x00, lf: UInt8 = 0x0A, cr: UInt8 = 0x0D
    static let space: UInt8 = 0x20, zero: UInt8 = 0x30, less: UInt8 = 0x3C

    static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }
}
