package import Parse

/// Everything that decides how rows are written.
///
/// With a width or with colours the text style is that of a terminal; without both it is one full line an
/// event, for other programs.
package struct OutputForm: Sendable {
    /// The form, where no template is given.
    package var style: OutputStyle
    /// The reader's clock, for the forms that people read.
    package var zone: ZoneRule
    /// ANSI colours, dim and underlined text; only the text style of events has them.
    package var colors: Bool
    /// Columns of the terminal; nil: nothing is cut.
    package var width: Int?
    /// Lines longer than the terminal is wide go on in the next one, and are not cut.
    package var wraps: Bool
    /// Control characters reach the reader as they are.
    ///
    /// Nothing is cut then, as nobody knows how wide it is.
    package var isVerbatim: Bool
    /// What to underline.
    package var highlights: [Highlight]
    /// Nanoseconds since the Unix epoch: today's events need no date on a terminal.
    package var now: Int64
    /// The columns of events, by names or aliases; empty: those of the style.
    package var fields: [String]
    /// Writes each row in place of the style.
    package var template: OutputTemplate?

    /// A form for programs, unless more is said.
    package init(
        _ style: OutputStyle, zone: ZoneRule = .utc, colors: Bool = false, width: Int? = nil,
        wraps: Bool = false, isVerbatim: Bool = false, highlights: [Highlight] = [], now: Int64 = 0,
        fields: [String] = [], template: OutputTemplate? = nil
    ) {
        self.style = style
        self.zone = zone
        self.colors = colors
        self.width = width.map { max(1, $0) }
        self.wraps = wraps
        self.isVerbatim = isVerbatim
        self.highlights = highlights
        self.now = now
        self.fields = fields
        self.template = template
    }

    var isTerminal: Bool { colors || width != nil }

    /// Columns that a line may have.
    var cut: Int? { wraps || isVerbatim ? nil : width }

    /// Columns of a cell of the table style.
    ///
    /// Beyond it a cell is cut, unless lines wrap: one long value would make a table that nobody can read.
    private static let cellLimit = 120

    /// A cell as this form shows it in a table.
    func tableCell(_ text: [UInt8]) -> [UInt8] {
        let text = aligned(text)
        return style == .table && !wraps && !isVerbatim ? TerminalText.fitted(text, to: Self.cellLimit) : text
    }

    /// The text as this form shows it.
    func shown(_ text: [UInt8]) -> [UInt8] { isVerbatim ? text : ResultText.printable(text) }

    /// The text where columns are counted.
    ///
    /// A tab is four spaces, as its own width would depend on its place.
    func aligned(_ text: [UInt8]) -> [UInt8] {
        let shown = shown(text)
        guard !isVerbatim, shown.contains(0x09) else { return shown }
        return shown.flatMap { $0 == 0x09 ? [0x20, 0x20, 0x20, 0x20] : [$0] }
    }
}
