package import Parse

/// What the text of a query alone does not say.
package struct QueryContext: Sendable {
    /// Answers for names outside the catalogue, those that log lines brought along, with their kind or nil.
    package var fields: @Sendable (String) -> FieldKind?
    /// The fields that keep what was no value of a field of the catalogue, which they bear behind a point:
    /// `body.status` of `status`.
    package var spares: @Sendable (String) -> [String]
    /// The reader's clock.
    package var times: TimeExpression
    /// The queries that `@name` stands for.
    package var saved: SavedQueries

    package init(
        fields: @escaping @Sendable (String) -> FieldKind? = { _ in nil },
        spares: @escaping @Sendable (String) -> [String] = { _ in [] }, times: TimeExpression = .epoch,
        saved: SavedQueries = .none
    ) {
        self.fields = fields
        self.spares = spares
        self.times = times
        self.saved = saved
    }
}

/// Queries that somebody has given a name.
package struct SavedQueries: Sendable {
    /// The text of the query with a name; nil where there is none.
    package var text: @Sendable (String) -> String?
    /// All names, for suggestions.
    package var names: @Sendable () -> [String]

    package init(
        text: @escaping @Sendable (String) -> String?, names: @escaping @Sendable () -> [String]
    ) {
        self.text = text
        self.names = names
    }

    package init(_ queries: [String: String]) {
        self.init(text: { queries[$0] }, names: { queries.keys.sorted() })
    }

    package static let none = SavedQueries([:])

    /// Whether a text can be a name: letters, digits, `-` and `_`.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 < 0x80 && Token.isTokenByte($0) || $0 == 0x2D }
    }
}
