/// Decimal numbers as log lines and queries write them: `-?digits[.digits][e[+-]digits]`, nothing else.
package enum Decimal {
    /// The number that the bytes at `range` write, rounded to the nearest Double; nil for any other text.
    ///
    /// Too large a number is infinite.
    package static func value(_ text: Span<UInt8>, _ range: Range<Int>) -> Double? {
        let range = ByteText.clamped(range, to: text)
        var place = range.lowerBound
        let negative = place < range.upperBound && text[place] == 0x2D
        if negative { place += 1 }

        var mantissa: UInt64 = 0
        var isExact = true
        let wholeEnd = digits(text, place, range, into: &mantissa, &isExact)
        guard wholeEnd > place else { return nil }
        place = wholeEnd
        var exponent = 0
        if place < range.upperBound, text[place] == 0x2E {
            let end = digits(text, place + 1, range, into: &mantissa, &isExact)
            guard end > place + 1 else { return nil }
            exponent = place + 1 - end
            place = end
        }
        if place < range.upperBound, text[place] | 0x20 == 0x65 {
            place += 1
            let minus = place < range.upperBound && text[place] == 0x2D
            if place < range.upperBound, minus || text[place] == 0x2B { place += 1 }
            var written: UInt64 = 0
            var fits = true
            let end = digits(text, place, range, into: &written, &fits)
            guard end > place else { return nil }
            if fits, written < 10_000 {
                exponent += minus ? -Int(written) : Int(written)
            } else {
                isExact = false
            }
            place = end
        }
        guard place == range.upperBound else { return nil }

        // Both operands and so the one rounding are exact: W. D. Clinger, "How to read floating point numbers
        // accurately" (1990), §3.
        if isExact, mantissa < 1 << 53, abs(exponent) < powersOfTen.count {
            let power = powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return negative ? -value : value
        }
        var copy = ""
        for index in range { copy.unicodeScalars.append(Unicode.Scalar(text[index])) }
        return Double(copy)
    }

    /// The number that a text writes.
    package static func value(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        return value(bytes.span, 0..<bytes.count)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19,
        1e20, 1e21, 1e22,
    ]

    /// Adds the run of digits from `place` to `value` and returns its end.
    ///
    /// `isExact` falls when digits get lost.
    @inline(__always)
    private static func digits(
        _ text: Span<UInt8>, _ place: Int, _ range: Range<Int>, into value: inout UInt64,
        _ isExact: inout Bool
    ) -> Int {
        var place = place
        while place < range.upperBound {
            let digit = text[place] &- 0x30
            guard digit < 10 else { break }
            if value < 1_000_000_000_000_000_000 {
                value = value &* 10 &+ UInt64(digit)
            } else {
                isExact = false
            }
            place += 1
        }
        return place
    }
}
