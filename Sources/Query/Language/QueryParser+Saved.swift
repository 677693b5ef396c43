import Parse

/// Saved searches: `@name` stands for the query with this name.
extension QueryParser {
    /// The name behind the `@` at an offset; nil where a word stands there.
    func savedName(at start: Int) -> (name: String, range: Range<Int>)? {
        guard scanner.byte(start) == 0x40 else { return nil }
        let range = start..<scanner.wordEnd(start)
        let name = scanner.text(start + 1..<range.upperBound)
        return SavedQueries.isName(name) ? (name, range) : nil
    }

    /// Takes `@name` where it is the whole filter; nil where it is not.
    mutating func savedQuery() throws(QueryError) -> Query? {
        guard let (name, range) = savedName(at: scanner.place) else { return nil }
        let next = scanner.afterBlanks(range.upperBound)
        guard scanner.byte(next) == nil || scanner.byte(next) == 0x7C && scanner.byte(next + 1) != 0x7C else {
            return nil
        }
        scanner.place = next
        return try saved(name, range)
    }

    /// Takes `@name` as a part of a filter.
    mutating func savedFilter(_ name: String, _ range: Range<Int>) throws(QueryError) -> Filter {
        scanner.place = range.upperBound
        let query = try saved(name, range)
        guard query.stages.isEmpty else {
            throw QueryError(
                .syntax, "@\(name) has stages, so it can only stand alone before the first |", at: range,
                hint: "it is: \(query)")
        }
        return query.filter
    }

    /// The query that a name stands for.
    private mutating func saved(_ name: String, _ range: Range<Int>) throws(QueryError) -> Query {
        if savedChain.contains(name) {
            let chain = (savedChain.drop { $0 != name } + [name]).map { "@" + $0 }
            throw QueryError(
                .badSearch, "a saved search stands for itself: \(chain.joined(separator: " → "))", at: range)
        }
        guard savedChain.count < QueryLimits.savedDepth else {
            let chain = (savedChain + [name]).map { "@" + $0 }.joined(separator: " → ")
            throw QueryError(
                .tooComplex, "saved searches nest deeper than \(QueryLimits.savedDepth): \(chain)", at: range)
        }
        guard let text = context.saved.text(name) else {
            let meant = Suggestion.nearest(to: name, in: context.saved.names())
            throw QueryError(
                .badSearch, "no saved search is named \(name)", at: range,
                hint: (meant.map { "did you mean @\($0)? " } ?? "")
                    + "to search text: \(QueryPrinter.quoted("@" + name))")
        }
        try descend(at: range.lowerBound)
        try count(range)
        defer { ascend() }
        do throws(QueryError) {
            return try query(ofSaved: text, name: name)
        } catch {
            // The places in its text are not those of this one.
            throw QueryError(error.code, "in @\(name): \(error.message)", at: range, hint: error.hint)
        }
    }
}
