/// Numbers as people read them.
enum Words {
    /// A number with commas: `1,234,567`.
    static func grouped(_ number: UInt64) -> String {
        var digits = Array(String(number).utf8)
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(0x2C, at: place) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// A number of things: `1 event`, `1,234 events`.
    static func count(_ number: UInt64, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `0.14`, `12.3`, `4,711`: no more digits than anybody reads.
    static func rate(_ value: Double) -> String {
        if value >= 100 { return grouped(UInt64(value.rounded())) }
        let scale: Double = value >= 10 ? 10 : 100
        let number = (value * scale).rounded() / scale
        return number == number.rounded() ? String(Int(number)) : String(number)
    }

    /// How often: `12.3/s`, `7/min`, `3/h`, `2/d`.
    static func frequency(_ perSecond: Double) -> String {
        for (name, seconds) in [("s", 1.0), ("min", 60), ("h", 3_600)] where perSecond * seconds >= 1 {
            return "\(rate(perSecond * seconds))/\(name)"
        }
        return "\(rate(perSecond * 86_400))/d"
    }

    /// How long: `45 s`, `12 min`, `2 h 13 min`, `3 d 4 h`.
    static func length(seconds: Int64) -> String {
        let seconds = max(0, seconds)
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3_600 { return "\(seconds / 60) min" }
        if seconds < 86_400 { return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min" }
        return "\(seconds / 86_400) d \(seconds % 86_400 / 3_600) h"
    }

    /// How many bytes: `12.3 GB`.
    static func size(_ bytes: UInt64) -> String {
        for (name, unit) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
        where Double(bytes) >= unit {
            return "\(rate(Double(bytes) / unit)) \(name)"
        }
        return "\(bytes) B"
    }

    /// The text with spaces behind it, `width` columns in all; its own width counts one a character.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The same with the spaces before it.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
