/// Numbers as texts.
package enum DecimalText {
    /// The shortest text that reads as the same number again; whole numbers without a point.
    package static func shortest(_ value: Double) -> String {
        if let whole = Int64(exactly: value), abs(value) < 1e15 { return "\(whole)" }
        return value.description
    }
}
