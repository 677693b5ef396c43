/// How much room text takes on a terminal.
enum TerminalText {
    static let ellipsis = Array("…".utf8)

    /// Columns of the text.
    static func width(_ text: [UInt8]) -> Int {
        var columns = 0
        var place = 0
        while place < text.count { columns += step(text, &place) }
        return columns
    }

    /// How many bytes leave room for an ellipsis within so many columns; nil where the whole text fits.
    static func cut(_ text: [UInt8], to limit: Int) -> Int? {
        guard text.count > limit else { return nil }
        var columns = 0
        var place = 0
        var end = 0
        while place < text.count {
            columns += step(text, &place)
            if columns > limit { return end }
            if columns < limit { end = place }
        }
        return nil
    }

    /// The text within so many columns.
    static func fitted(_ text: [UInt8], to limit: Int) -> [UInt8] {
        cut(text, to: limit).map { Array(text[..<$0]) + ellipsis } ?? text
    }

    /// Columns of the character at `place`, which moves behind it.
    ///
    /// A byte that is not UTF-8 counts as one.
    private static func step(_ text: [UInt8], _ place: inout Int) -> Int {
        if text[place] < 0x80 {
            place += 1
            return 1
        }
        guard let (scalar, length) = ResultText.scalar(at: text[place...]) else {
            place += 1
            return 1
        }
        place += length
        if scalar.value < 0x300 { return 1 }
        // Joiners and their like.
        if scalar.properties.generalCategory == .format { return 0 }
        return QueryExcerpt.width(scalar)
    }
}
