/// What one query may cost before it is run.
///
/// Beyond any of them parsing ends with `query_too_complex`.
package enum QueryLimits {
    /// Bytes of query text.
    ///
    /// A URL or a saved search never comes near it.
    package static let textBytes = 65_536
    /// Nested parentheses and NOTs.
    ///
    /// Bounds the recursion of parser, printer and evaluator.
    package static let depth = 64
    /// Conditions in one query.
    ///
    /// Each costs one index look-up per block.
    package static let terms = 1_000
    /// Regular expressions in one query.
    ///
    /// Each is compiled to machine code: up to some milliseconds.
    package static let regexes = 32
    /// Saved searches that stand for one another in a row.
    package static let savedDepth = 8
    /// Fields after `by`.
    package static let groupFields = 8
    /// Stages of one query.
    package static let stages = 32
    /// Columns that one stage computes.
    package static let functions = 16
    /// Rows that `head`, `tail` and `top` can name.
    package static let rows = 100_000
    /// Nanoseconds that an event may lie ahead and still be of now.
    ///
    /// Clocks that are kept in time differ by less; one that is further ahead is wrong, and answers say so.
    package static let clockSkew: Int64 = 5_000_000_000
    /// Events before or behind each event of a result, and as many of its request.
    package static let context = 100
    /// Bytes of the pattern of one `extract`.
    ///
    /// Bounds the time to look for it in a line.
    package static let pattern = 1_000
    /// Fields that one `extract` makes.
    package static let extracted = 32
}
