/// Numbers as texts.
package enum DecimalText {
    /// The shortest text that reads as the same number again; whole numbers without a point.
    package static func shortest(_ value: Double) -> String {
        if let whole = Int64(exactly: value), abs(value) < 1e15 { return "\(whole)" }
        return value.description
    }

    /// Six significant digits, or all those before the point where there are more.
    package static func rounded(_ value: Double) -> String {
        guard value.isFinite, value != 0, abs(value) < 1e15 else { return shortest(value) }
        var scale = 1.0
        // So small a number has no digits to lose: it is written with an exponent.
        guard abs(value) >= 1e-6 else { return shortest(value) }
        while abs(value) * scale < 100_000 { scale *= 10 }
        return shortest((value * scale).rounded() / scale)
    }

    /// One digit behind the point.
    static func tenths(_ value: Double) -> String {
        guard let tenths = Int64(exactly: (value * 10).rounded()), tenths.magnitude < 1 << 53 else {
            return shortest(value)
        }
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }
}
