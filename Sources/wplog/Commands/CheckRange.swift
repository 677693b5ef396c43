import Query

/// A threshold as the Nagios plugin guidelines write it (monitoring-plugins.org, "Threshold and Ranges").
struct CheckRange {
    /// As perfdata has it.
    let text: String
    private let lower: Double
    private let upper: Double
    /// `@`: inside is wrong.
    private let alertsInside: Bool

    /// - `isLeast`: a lone number is the least that is right.
    /// - `option`: for the message where the text is none.
    init(_ text: String, isLeast: Bool, _ option: String) throws {
        func fail() -> ExitCode {
            .usage(
                "\(option) takes a number or a range such as 10, 5:10, 10:, ~:10, @5:10, and not \"\(text)\"")
        }
        func number(_ text: Substring) throws -> Double {
            guard let number = Double(text), number.isFinite else { throw fail() }
            return number
        }
        alertsInside = text.hasPrefix("@")
        let range = text.drop { $0 == "@" }
        let parts = range.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where isLeast:
            lower = try number(parts[0])
            upper = .infinity
            self.text = "\(text):"
        case 1:
            lower = 0
            upper = try number(parts[0])
            self.text = text
        case 2:
            lower = parts[0] == "~" ? -.infinity : parts[0].isEmpty ? 0 : try number(parts[0])
            upper = parts[1].isEmpty ? .infinity : try number(parts[1])
            self.text = text
        default: throw fail()
        }
        if lower > upper { throw fail() }
    }

    /// Whether a number is wrong.
    func isAlert(_ value: Double) -> Bool { (lower...upper).contains(value) == alertsInside }
}

/// How a check ends.
enum CheckState: Int32 {
    case ok, warning, critical, unknown

    private var word: String {
        switch self {
        case .ok: "OK"
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        case .unknown: "UNKNOWN"
        }
    }

    /// Writes the one line that monitors read, and ends.
    ///
    /// - `data`: performance data, behind the bar; a bar in the text would be taken for it.
    func end(_ text: String, data: String? = nil) throws -> Never {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("|", with: "¦")
        let shown = String(decoding: ResultText.printable(Array(line.utf8)), as: UTF8.self)
        try Output.write(Array("WPLOG \(word) - \(shown)\(data.map { " | \($0)" } ?? "")\n".utf8))
        throw ExitCode(number: rawValue, message: nil)
    }

    /// What every error is to a monitor.
    static func unknown(_ message: String) throws -> Never { try unknown.end(message) }
}
