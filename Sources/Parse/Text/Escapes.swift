/// How writers of logs write bytes that they do not want to write as they are.
package enum Escapes: Sendable {
    /// `\"` `\\` `\/` `\b` `\f` `\n` `\r` `\t` `\uXXXX` (RFC 8259 §7)
    case json
    /// `\xHH` `\"` `\\` `\n` `\r` `\t` and their like (nginx, Apache httpd, varnishncsa)
    case backslash
    /// `#012`: three octal digits, as rsyslog writes control characters
    case octal
    /// As `octal`, in a message of any program: what is a colour of CSS stays, and `#303#251` is a letter that was
    /// written so byte by byte
    case syslog
    /// `#HH`: two hexadecimal digits (HAProxy)
    case hash

    /// The byte that begins an escape.
    var mark: UInt8 {
        switch self {
        case .octal, .syslog, .hash: UInt8(ascii: "#")
        case .json, .backslash: UInt8(ascii: "\\")
        }
    }

    /// Whether `range` holds an escape.
    func occur(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while true {
            at = bytes.find(mark, from: at, to: range.upperBound)
            guard at < range.upperBound else { return false }
            switch self {
            case .json, .backslash: return true
            case .octal: if octal(bytes, at: at, to: range.upperBound) != nil { return true }
            case .syslog: if SyslogEscape(bytes, at: at, to: range.upperBound) != nil { return true }
            case .hash: if hash(bytes, at: at, to: range.upperBound) != nil { return true }
            }
            at &+= 1
            // A run of marks, without a search for each.
            while at &+ 1 < range.upperBound, bytes[at &+ 1] == mark { at &+= 1 }
        }
    }

    /// What a text means.
    package func undone(_ text: [UInt8]) -> [UInt8] {
        var meant: [UInt8] = []
        append(text.span, 0..<text.count, to: &meant)
        return meant
    }

    /// Appends what `range` means.
    ///
    /// What is no escape is taken as it stands. No escape is shorter than what it means, so that the room for
    /// the written form suffices.
    func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to text: inout [UInt8]) {
        let end = range.upperBound
        guard !range.isEmpty else { return }
        text.append(addingCapacity: range.count) { text in
            var at = range.lowerBound
            while true {
                at = text.append(bytes, from: at, before: mark, to: end)
                guard at < end else { return }
                // A run of escapes, without a search between them.
                repeat {
                    switch self {
                    case .octal:
                        let byte = octal(bytes, at: at, to: end)
                        text.append(byte ?? bytes[at])
                        at &+= byte == nil ? 1 : 4
                    case .syslog:
                        let escape = SyslogEscape(bytes, at: at, to: end)
                        escape?.append(bytes, at, to: &text)
                        if escape == nil { text.append(bytes[at]) }
                        at &+= escape?.count ?? 1
                    case .hash:
                        let byte = hash(bytes, at: at, to: end)
                        text.append(byte ?? bytes[at])
                        at &+= byte == nil ? 1 : 3
                    case .json: at = appendJSON(bytes, at: at, to: end, &text)
                    case .backslash: at = appendBackslash(bytes, at: at, to: end, &text)
                    }
                } while at < end && bytes[at] == mark
            }
        }
    }

    /// The byte of `#ooo`.
    ///
    /// Only control characters are written so.
    private func octal(_ bytes: Span<UInt8>, at: Int, to end: Int) -> UInt8? {
        guard end &- at >= 4 else { return nil }
        var value = 0
        for index in at &+ 1...at &+ 3 {
            let digit = bytes[index] &- 48
            guard digit < 8 else { return nil }
            value = value &* 8 &+ Int(digit)
        }
        return value < 32 || value == 127 ? UInt8(value) : nil
    }

    /// The byte of `#HH`.
    private func hash(_ bytes: Span<UInt8>, at: Int, to end: Int) -> UInt8? {
        Self.hexadecimal(bytes, at: at &+ 1, count: 2, to: end).map { UInt8(truncatingIfNeeded: $0) }
    }

    /// Appends the escape at `at`, and returns the offset behind it.
    private func appendBackslash(_ bytes: Span<UInt8>, at: Int, to end: Int, _ text: inout OutputSpan<UInt8>)
        -> Int
    {
        guard end &- at >= 2 else {
            text.append(bytes[at])
            return at &+ 1
        }
        let letter = bytes[at &+ 1]
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            guard let value = Self.hexadecimal(bytes, at: at &+ 2, count: 2, to: end) else { break }
            text.append(UInt8(truncatingIfNeeded: value))
            return at &+ 4
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(letter)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "v"): text.append(0x0B)
        default: break
        }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"),
            UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "v"):
            return at &+ 2
        default:
            text.append(bytes[at])
            return at &+ 1
        }
    }

    private func appendJSON(_ bytes: Span<UInt8>, at: Int, to end: Int, _ text: inout OutputSpan<UInt8>)
        -> Int
    {
        guard end &- at >= 2 else {
            text.append(bytes[at])
            return at &+ 1
        }
        switch bytes[at &+ 1] {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            guard let unit = Self.hexadecimal(bytes, at: at &+ 2, count: 4, to: end) else {
                text.append(bytes[at])
                return at &+ 1
            }
            // A pair of surrogates is one character beyond the first 65,536.
            if unit & 0xFC00 == 0xD800, end &- at >= 12, bytes[at &+ 6] == UInt8(ascii: "\\"),
                bytes[at &+ 7] == UInt8(ascii: "u"),
                let low = Self.hexadecimal(bytes, at: at &+ 8, count: 4, to: end), low & 0xFC00 == 0xDC00
            {
                Self.appendUTF8(0x10000 &+ (unit & 0x3FF) << 10 | low & 0x3FF, &text)
                return at &+ 12
            }
            Self.appendUTF8(unit & 0xF800 == 0xD800 ? 0xFFFD : unit, &text)
            return at &+ 6
        case let letter: text.append(letter)
        }
        return at &+ 2
    }

    private static func appendUTF8(_ scalar: UInt32, _ text: inout OutputSpan<UInt8>) {
        switch scalar {
        case ..<0x80: text.append(UInt8(scalar))
        case ..<0x800:
            text.append(UInt8(0xC0 | scalar >> 6))
            text.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            text.append(UInt8(0xE0 | scalar >> 12))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        default:
            text.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            text.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    private static func hexadecimal(_ bytes: Span<UInt8>, at: Int, count: Int, to end: Int) -> UInt32? {
        guard end &- at >= count else { return nil }
        var value: UInt32 = 0
        for index in at..<at &+ count {
            let byte = bytes[index]
            let digit: UInt8
            if isDigit(byte) {
                digit = byte &- 48
            } else if byte | 0x20 >= 97, byte | 0x20 <= 102 {
                digit = (byte | 0x20) &- 87
            } else {
                return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
