/// What the catalogue asks of a field's values.
///
/// A value of another type is stored under another name, so that numbers can be compared and addresses be looked for
/// by network: `"status":"Failed"` is no status of HTTP.
enum ValueType: UInt8, Sendable {
    case any
    /// A decimal number, or nothing.
    case number
    /// An IPv4 or IPv6 address, or nothing.
    case address

    init(of field: FieldID) {
        switch Fields.kind(of: field) {
        case .number: self = .number
        case .address: self = .address
        default: self = .any
        }
    }

    /// Whether the text of a value is of this type.
    @inline(__always)
    func admits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        switch self {
        case .any: true
        case .number: range.isEmpty || GrokType.number.accepts(bytes, range)
        case .address: range.isEmpty || bytes.isAddress(range)
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether `range` may be the name of a host: letters of ASCII, digits, and `.`, `-`, `_`, `:`.
    func isHostName(_ range: Range<Int>) -> Bool {
        for index in range {
            let byte = self[index]
            guard
                isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
            else { return false }
        }
        return !range.isEmpty
    }

    /// Whether `range` is an IPv4 address in decimal, or an IPv6 address (RFC 4291 §2.2), perhaps with a zone.
    func isAddress(_ range: Range<Int>) -> Bool {
        isIPv4(range) || isIPv6(range)
    }

    private func isIPv4(_ range: Range<Int>) -> Bool {
        var value = 0
        var digits = 0
        var points = 0
        for index in range {
            let digit = self[index] &- 48
            if digit < 10 {
                value = value &* 10 &+ Int(digit)
                digits &+= 1
                guard digits <= 3, value <= 255 else { return false }
            } else {
                guard self[index] == UInt8(ascii: "."), digits > 0 else { return false }
                points &+= 1
                digits = 0
                value = 0
            }
        }
        return points == 3 && digits > 0
    }

    private func isIPv6(_ range: Range<Int>) -> Bool {
        // A zone stands behind: `fe80::1%eth0`.
        let end = find(UInt8(ascii: "%"), from: range.lowerBound, to: range.upperBound)
        guard end &- range.lowerBound >= 2, end &- range.lowerBound <= 45, end &+ 1 != range.upperBound else {
            return false
        }
        var at = range.lowerBound
        var groups = 0
        var isShort = false
        if self[at] == UInt8(ascii: ":") {
            guard self[at &+ 1] == UInt8(ascii: ":") else { return false }
            isShort = true
            at &+= 2
        }
        while at < end {
            let start = at
            while at < end, isHexadecimal(self[at]) { at &+= 1 }
            if at < end, self[at] == UInt8(ascii: ".") {
                return isIPv4(start..<end) && (isShort ? groups <= 5 : groups == 6)
            }
            guard at > start, at &- start <= 4 else { return false }
            groups &+= 1
            if at == end { break }
            guard self[at] == UInt8(ascii: ":"), at &+ 1 < end else { return false }
            at &+= 1
            if self[at] == UInt8(ascii: ":") {
                guard !isShort else { return false }
                isShort = true
                at &+= 1
            }
        }
        return isShort ? groups <= 7 : groups == 8
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 97 < 6 }
}
