/// One line of a query, cut to a width around a place.
struct QueryExcerpt {
    private(set) var line = ""
    /// Terminal columns before the place.
    private(set) var column = 0

    /// Columns to show before and after the place.
    private static let reach = 48

    init(of query: String, around offset: Int) {
        let scalars = query.unicodeScalars
        let utf8 = query.utf8
        var place =
            utf8.index(utf8.startIndex, offsetBy: max(0, offset), limitedBy: utf8.endIndex) ?? utf8.endIndex
        // An offset inside a character shows the character.
        while place > utf8.startIndex, place < utf8.endIndex, utf8[place] & 0xC0 == 0x80 {
            place = utf8.index(before: place)
        }

        var before: [Unicode.Scalar] = []
        var start = place
        var cutBefore = false
        while start > scalars.startIndex {
            let previous = scalars.index(before: start)
            if Self.breaksLine(scalars[previous]) { break }
            let width = Self.width(scalars[previous])
            if column + width > Self.reach {
                cutBefore = true
                break
            }
            column += width
            before.append(Self.shown(scalars[previous]))
            start = previous
        }
        if cutBefore {
            line = "…"
            column += 1
        }
        line.unicodeScalars.append(contentsOf: before.reversed())

        var shown = 0
        while place < scalars.endIndex, !Self.breaksLine(scalars[place]) {
            shown += Self.width(scalars[place])
            if shown > Self.reach {
                line += "…"
                break
            }
            line.unicodeScalars.append(Self.shown(scalars[place]))
            place = scalars.index(after: place)
        }
    }

    /// The text as a terminal may be sent it.
    static func safe(_ text: String) -> String {
        var safe = ""
        safe.unicodeScalars.append(contentsOf: text.unicodeScalars.map(shown))
        return safe
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

    /// What a terminal may be sent in place of the scalar: nothing that moves the cursor or turns the text
    /// round.
    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: scalar == "\t" ? " " : "\u{FFFD}"
        default: scalar
        }
    }

    /// Columns of a terminal.
    ///
    /// Unicode Standard Annex #11, in the coarse blocks that terminals agree on.
    static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
