/// A line that was made to cost much: a real one with something repeated inside of it until it is as long as a
/// line may be.
struct HostileLine {
    let format: String
    private let head: ArraySlice<UInt8>
    private let unit: [UInt8]
    private let tail: ArraySlice<UInt8>

    /// The line of `size` bytes, or a few less.
    func frame(_ size: Int) -> [UInt8] {
        let count = max(0, size - head.count - tail.count) / max(1, unit.count)
        var run = unit
        while run.count < count * unit.count { run += run }
        return Array(head) + run.prefix(count * unit.count) + tail
    }

    /// How it is made.
    var recipe: String {
        let text = String(decoding: unit.prefix(24), as: UTF8.self)
        return "\(format), \(text.debugDescription) repeated at byte \(head.count)"
    }

    /// What a reader may trip over: runs that a pattern may cut in many ways, what begins or ends a part,
    /// escapes, pairs, nested objects, and words that some format looks for.
    private static let units: [String] =
        Array("aA1 \"'\\[](){}<>=,;:.-/#%|\t\n").map { String($0) } + [
            "\u{0}", "é", "\\\"", "\\n", "\\u0061", "#012", "a ", " a", "1 ", "a=1 ", "a=\"1\" ", "a=\"",
            "k: v, ",
            "\"a\":1,", "\"a\":\"\\n\",", "{\"a\":", "[1,", "[[", "] [", "[21/", "(a:1) ", "): ", ": ", " - ",
            ", ",
            "- ", "::1 ", "10.1.1.1, ", "::", "1.1.", ", client: ", ", request: \"", ", excess: ",
            " by zone \"",
            "\n#0 ", "\n#0 /a.php(1): b()", " in /a.php on line 1", " in /a.php:1", " from line 1 of ", "   ",
            "PHP message: ", "\nStack trace:\n", "\nNext A: ", " made by ", " for query ", "\n\n",
            "\nQuery: ", " {",
            "} {", "} []", "# Time: ", "\n# ", "; ", "reason: ", "info: \"", "to=<", "a@b,", "from=<>, ",
            "\t\t", " at ",
        ]

    /// All lines that are made of one: each unit, and parts of the line itself, at places of its message.
    static func made(of line: LineFile.Line) -> [HostileLine] {
        let frame = line.frame
        let places = 16
        var lines: [HostileLine] = []
        for place in 0...places {
            // The header stays, so that the line still goes to its format.
            let header = min(frame.count, 44)
            let at = header + (frame.count - header) * place / places
            var repeated = units.map { Array($0.utf8) }
            for length in [2, 8, 24, 80] where at >= length {
                repeated.append(Array(frame[(at - length)..<at]))
            }
            lines += repeated.map {
                HostileLine(format: line.format, head: frame[..<at], unit: $0, tail: frame[at...])
            }
        }
        return lines
    }
}
