/// One line for a terminal: cut to its width, coloured and underlined.
struct StyledLine {
    /// Numbers of ANSI colours.
    enum Color: String {
        case red = "31"
        case yellow = "33"

        /// That of a level: red from err on, yellow for a warning.
        init?(level: [UInt8]) {
            guard level.count <= 16, let badness = Level.badness(String(decoding: level, as: UTF8.self)),
                badness >= 3
            else { return nil }
            self = badness == 3 ? .yellow : .red
        }

        /// That of an HTTP status: red for 5xx, yellow for 4xx.
        init?(status: [UInt8]) {
            guard status.count == 3 else { return nil }
            switch status[0] {
            case UInt8(ascii: "5"): self = .red
            case UInt8(ascii: "4"): self = .yellow
            default: return nil
            }
        }
    }

    private(set) var text: [UInt8] = []
    private var colored: [(range: Range<Int>, color: Color)] = []

    /// Appends text that is safe to show.
    mutating func add(_ bytes: [UInt8], _ color: Color? = nil) {
        if let color { colored.append((text.count..<text.count + bytes.count, color)) }
        text += bytes
    }

    mutating func add(_ string: String) { text += string.utf8 }

    /// Writes the line and its end.
    ///
    /// - `from`: where highlights may begin.
    func write(_ form: OutputForm, from: Int = 0, isDim: Bool = false, to output: inout [UInt8]) {
        let cut = form.cut.flatMap { TerminalText.cut(text, to: $0) }
        let end = cut ?? text.count
        if !form.colors {
            output += text[..<end]
        } else if isDim {
            output += "\u{1B}[2m".utf8
            output += text[..<end]
        } else {
            writeStyled(form.highlights, from, end, to: &output)
        }
        if cut != nil { output += TerminalText.ellipsis }
        if form.colors, isDim { output += "\u{1B}[0m".utf8 }
        output.append(0x0A)
    }

    private func writeStyled(
        _ highlights: [Highlight], _ from: Int, _ end: Int, to output: inout [UInt8]
    ) {
        let shown = Array(text[..<end])
        let found = highlights.lazy.flatMap { $0.ranges(shown) }.filter { $0.lowerBound >= from }
        let matches = Array(found.prefix(Highlight.limit))
        var edges = Set([0, end])
        for range in colored.map(\.range) + matches {
            edges.formUnion([min(range.lowerBound, end), min(range.upperBound, end)])
        }
        let places = edges.sorted()
        for (start, stop) in zip(places, places.dropFirst()) {
            var codes = colored.filter { $0.range.contains(start) }.map(\.color.rawValue)
            if matches.contains(where: { $0.contains(start) }) { codes.append("4") }
            if !codes.isEmpty { output += "\u{1B}[\(codes.joined(separator: ";"))m".utf8 }
            output += text[start..<stop]
            if !codes.isEmpty { output += "\u{1B}[0m".utf8 }
        }
    }
}
