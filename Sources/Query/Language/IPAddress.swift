/// An IPv4 or IPv6 address, in any of its spellings.
///
/// IPv4 stands in the place that RFC 4291 §2.5.5.2 gives it (`::ffff:10.1.2.3`): both spellings are equal.
package struct IPAddress: Hashable, Sendable {
    /// The 128 bits of IPv6.
    package var bits: UInt128

    private static let mapped: UInt128 = 0xFFFF_0000_0000

    package init(bits: UInt128) { self.bits = bits }

    package init(v4: UInt32) { bits = Self.mapped | UInt128(v4) }

    package var isV4: Bool { bits >> 32 == Self.mapped >> 32 }

    /// The address that the bytes at `range` write; nil for any other text.
    ///
    /// No port, no brackets, no zone. Numbers of IPv4 have no leading zeros, which some read as octal.
    package init?(_ text: Span<UInt8>, _ range: Range<Int>) {
        let range = ByteText.clamped(range, to: text)
        guard range.count >= 2, range.count <= 45 else { return nil }
        var hasColon = false
        for index in range where text[index] == 0x3A { hasColon = true }
        if hasColon {
            guard let bits = Self.v6(text, range) else { return nil }
            self.init(bits: bits)
        } else {
            guard let bits = Self.v4(text, range) else { return nil }
            self.init(v4: bits)
        }
    }

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span, 0..<bytes.count)
    }

    private static func v4(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var bits: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var points = 0
        for index in range {
            let byte = text[index]
            if byte == 0x2E {
                guard digits > 0, points < 3 else { return nil }
                bits = bits << 8 | part
                (part, digits, points) = (0, 0, points + 1)
                continue
            }
            guard byte &- 0x30 < 10, digits == 0 || part != 0 else { return nil }
            part = part * 10 + UInt32(byte &- 0x30)
            digits += 1
            guard part < 256 else { return nil }
        }
        return points == 3 && digits > 0 ? bits << 8 | part : nil
    }

    private static func v6(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt128? {
        var bits: UInt128 = 0
        var groups = 0
        /// How many groups stand before `::`.
        var gap: Int?
        var place = range.lowerBound
        if text[place] == 0x3A {
            guard text[place + 1] == 0x3A else { return nil }
            gap = 0
            place += 2
        }
        while place < range.upperBound {
            let start = place
            var group: UInt128 = 0
            while place < range.upperBound, let digit = hex(text[place]) {
                guard place - start < 4 else { return nil }
                group = group << 4 | UInt128(digit)
                place += 1
            }
            if place < range.upperBound, text[place] == 0x2E {
                // The last two groups may be written as IPv4.
                guard groups <= 6, let last = v4(text, start..<range.upperBound) else { return nil }
                bits = bits << 32 | UInt128(last)
                groups += 2
                place = range.upperBound
                break
            }
            guard place > start, groups < 8 else { return nil }
            bits = bits << 16 | group
            groups += 1
            guard place < range.upperBound else { break }
            guard text[place] == 0x3A else { return nil }
            place += 1
            guard place < range.upperBound else { return nil }
            if text[place] == 0x3A {
                guard gap == nil else { return nil }
                gap = groups
                place += 1
            }
        }
        guard let gap else { return groups == 8 ? bits : nil }
        guard groups < 8 else { return nil }
        let behind = groups - gap
        let low = behind == 0 ? 0 : bits & (UInt128.max >> UInt128(128 - behind * 16))
        let high = gap == 0 ? 0 : (bits >> UInt128(behind * 16)) << UInt128(128 - gap * 16)
        return high | low
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        case 0x41...0x46: byte - 0x37
        default: nil
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// `10.1.2.3`, or IPv6 as RFC 5952 writes it.
    package var description: String {
        if isV4 {
            return (0..<4).map { String(UInt8(truncatingIfNeeded: bits >> UInt128(24 - $0 * 8))) }
                .joined(separator: ".")
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - $0 * 16)) }
        // The longest run of two zero groups or more, the first of equals.
        var gap = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(1, gap.count) { gap = start..<index }
            start = index + 1
        }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return gap.isEmpty
            ? text(groups[...]) : text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }
}
