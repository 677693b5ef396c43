/// What an event of a result is.
package enum EventMark: Sendable {
    /// It was looked for.
    case match
    /// It stands near one that was.
    case context
    /// It is of the same request as one that was.
    case request
}
