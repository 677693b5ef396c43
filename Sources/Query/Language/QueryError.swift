/// Why a text is no query, and where.
package struct QueryError: Error, Equatable, Sendable {
    /// What kind of mistake it is.
    ///
    /// The raw values stand in HTTP answers and stay as they are.
    package enum Code: String, Sendable {
        case syntax = "query_syntax"
        case unknownField = "unknown_field"
        case badValue = "bad_value"
        case unknownStage = "unknown_stage"
        case badTime = "bad_time"
        case badRegex = "bad_regex"
        /// A saved search that does not exist, or stands for itself.
        case badSearch = "bad_search"
        /// Part of the language, but this version cannot run it.
        case notSupported = "not_supported"
        /// Beyond one of `QueryLimits`.
        case tooComplex = "query_too_complex"
    }

    package var code: Code
    /// One sentence without a full stop.
    package var message: String
    /// Bytes of the query text's UTF-8.
    ///
    /// Empty at the end of the text.
    package var range: Range<Int>
    /// The way out.
    package var hint: String?

    package init(_ code: Code, _ message: String, at range: Range<Int>, hint: String? = nil) {
        self.code = code
        self.message = message
        self.range = range
        self.hint = hint
    }

    /// Message, the line of the query with a caret under the place, and the hint; lines without a final
    /// newline.
    ///
    ///     no field is named stauts
    ///       stauts:1
    ///       ^
    ///     did you mean status? to search text: "stauts:1"
    ///
    /// A long line is cut around the place; control characters are shown as `�`.
    package func rendered(query: String) -> String {
        let excerpt = QueryExcerpt(of: query, around: range.lowerBound)
        let pad = String(repeating: " ", count: excerpt.column)
        return "\(QueryExcerpt.safe(message))\n  \(excerpt.line)\n  \(pad)^"
            + (hint.map { "\n" + QueryExcerpt.safe($0) } ?? "")
    }
}

/// Something that the reader of a query's answer should know about its reading.
package struct QueryNote: Equatable, Sendable {
    package var message: String
    /// Bytes of the query text's UTF-8.
    package var range: Range<Int>
}
