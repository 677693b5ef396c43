/// One field that a grok program reads from a line.
package struct GrokCapture: Hashable, Sendable {
    /// The field's name as the pattern gives it.
    ///
    /// `[source][ip]` is given as `source.ip`.
    package let field: String
    /// What the pattern says the value is; nil where it says nothing.
    ///
    /// A value that is no such thing stays text.
    package let type: GrokType?

    package init(field: String, type: GrokType?) {
        self.field = field
        self.type = type
    }
}

/// The type in `%{NAME:field:type}`.
package enum GrokType: Hashable, Sendable, CaseIterable {
    case integer, number, boolean, text

    /// The words that patterns use for types.
    static let words: [(word: String, type: GrokType)] = [
        ("int", .integer), ("integer", .integer), ("long", .integer), ("float", .number), ("double", .number),
        ("number", .number), ("boolean", .boolean), ("bool", .boolean), ("string", .text), ("text", .text),
    ]
}
