/// A query that was read, and the window that it looks at.
package struct PreparedQuery: Sendable {
    package var query: Query
    package var window: TimeSpan
    /// Whether nobody named the window's end; see `QueryWindow`.
    package var endsNow: Bool
    /// What its writer should be told about how it was read.
    package var notes: [QueryNote]

    package func request(limit: Int) -> SearchRequest {
        SearchRequest(query: query, window: window, limit: limit)
    }
}
