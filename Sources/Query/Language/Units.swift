import Parse

/// Units that a query may write behind a number.
enum Units {
    /// Nanoseconds of each unit of time.
    static let time: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000), ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]

    /// Bytes of each unit of size, names lower-cased: kB and kb are 1,000, KiB is 1,024.
    private static let size: [String: Double] = [
        "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1_024, "mib": 1_048_576,
        "gib": 1_073_741_824,
        "tib": 1_099_511_627_776,
    ]

    /// `text` as a number in `unit` ("s", "bytes", or nil for a plain number); nil if it is none, or not
    /// finite.
    static func number(_ text: String, unit: String?) -> Double? {
        let bytes = Array(text.utf8)
        // The longest front that is a number: `1e3` is one, `1e` of a unit that begins with e would not be.
        var end = bytes.count
        while end > 0, !(bytes[end - 1] &- 0x30 < 10) { end -= 1 }
        guard let value = Decimal.value(bytes.span, 0..<end), value.isFinite else { return nil }
        if end == bytes.count { return value }
        let name = String(decoding: bytes[end...], as: UTF8.self)
        switch unit {
        case "s":
            guard let found = time.first(where: { $0.name == name }) else { return nil }
            // One division rounds as the decimal text of the quotient does: 300ms is 0.3.
            let perSecond = 1e9
            let nanoseconds = Double(found.nanoseconds)
            let result =
                nanoseconds < perSecond
                ? value / (perSecond / nanoseconds) : value * (nanoseconds / perSecond)
            return result.isFinite ? result : nil
        case "bytes":
            let lower = String(decoding: name.utf8.map(Token.lowercased), as: UTF8.self)
            guard let factor = size[lower], (value * factor).isFinite else { return nil }
            return value * factor
        default: return nil
        }
    }

    /// A length of time, as `15m` or `1h30m`, in nanoseconds; nil if it is none or longer than 292 years.
    static func duration(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        var total: Int64 = 0
        var place = 0
        while place < bytes.count {
            var count: Int64 = 0
            let start = place
            while place < bytes.count, bytes[place] &- 0x30 < 10 {
                guard let next = count.times(10)?.plus(Int64(bytes[place] &- 0x30)) else { return nil }
                count = next
                place += 1
            }
            let unitStart = place
            while place < bytes.count, !(bytes[place] &- 0x30 < 10) { place += 1 }
            let name = String(decoding: bytes[unitStart..<place], as: UTF8.self)
            guard unitStart > start, let unit = time.first(where: { $0.name == name }),
                let part = count.times(unit.nanoseconds), let sum = total.plus(part)
            else { return nil }
            total = sum
        }
        return bytes.isEmpty ? nil : total
    }

    /// The shortest text that `duration` reads as so many nanoseconds.
    static func text(ofDuration nanoseconds: Int64) -> String {
        let unit = time.last { $0.name != "µs" && nanoseconds % $0.nanoseconds == 0 } ?? time[0]
        return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
    }
}

extension Int64 {
    func plus(_ other: Int64) -> Int64? {
        let (value, overflow) = addingReportingOverflow(other)
        return overflow ? nil : value
    }

    func minus(_ other: Int64) -> Int64? {
        let (value, overflow) = subtractingReportingOverflow(other)
        return overflow ? nil : value
    }

    func times(_ other: Int64) -> Int64? {
        let (value, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : value
    }
}

extension Duration {
    /// A length of time as queries write it: `30s`, `1h30m`; nil for any other text, and for none at all.
    package init?(written text: String) {
        guard let nanoseconds = Units.duration(text), nanoseconds > 0 else { return nil }
        self = .nanoseconds(nanoseconds)
    }
}
