/// One escape of rsyslog: `#ooo`, a control character, or several that make one letter in UTF-8
/// (`$Escape8BitCharactersOnReceive`).
struct SyslogEscape {
    /// Bytes of the written form.
    let count: Int

    /// Nil where none stands at `at`, which holds the mark.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, at: Int, to end: Int) {
        guard let byte = Self.octet(bytes, at, end) else { return nil }
        if byte < 0x80 {
            guard byte < 32 || byte == 127, byte != 0, !Self.isColour(bytes, at, end) else { return nil }
            count = 4
            return
        }
        let bytesOfLetter = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        guard byte >= 0xC2, byte < 0xF5 else { return nil }
        for index in 1..<bytesOfLetter {
            guard let next = Self.octet(bytes, at &+ 4 &* index, end), next & 0xC0 == 0x80 else { return nil }
        }
        count = 4 &* bytesOfLetter
    }

    /// Appends what the escape at `at` means.
    func append(_ bytes: Span<UInt8>, _ at: Int, to text: inout OutputSpan<UInt8>) {
        for index in 0..<count / 4 {
            text.append(Self.octet(bytes, at &+ 4 &* index, at &+ count) ?? 0x3F)
        }
    }

    private static func octet(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> UInt8? {
        guard end &- at >= 4, bytes[at] == UInt8(ascii: "#") else { return nil }
        var value = 0
        for index in at &+ 1...at &+ 3 {
            let digit = bytes[index] &- 48
            guard digit < 8 else { return nil }
            value = value &* 8 &+ Int(digit)
        }
        return value < 256 ? UInt8(value) : nil
    }

    /// Whether six hexadecimal digits stand here as a style sheet has them: `color:#012345;`.
    private static func isColour(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Bool {
        var digits = 0
        var next = at &+ 1
        while next < end, digits < 7, isDigit(bytes[next]) || (bytes[next] | 0x20) &- 97 < 6 {
            digits &+= 1
            next &+= 1
        }
        guard digits == 6 || digits == 3 else { return false }
        return next < end && ";\"'),&<}".utf8.contains(bytes[next])
    }
}
