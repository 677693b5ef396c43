import Parse

/// The stretch of time that a query looks at.
package struct QueryWindow: Equatable, Sendable {
    package var span: TimeSpan
    /// Whether nobody named its end, so that it ends now: what lies behind is ahead of now.
    package var endsNow: Bool
}

extension TimeExpression {
    /// The latest time that counts as now.
    ///
    /// Nanoseconds since the Unix epoch.
    package var latestNow: Int64 { now.plus(QueryLimits.clockSkew) ?? .max }

    /// The window of a question: the one place that decides where a window without an end ends.
    ///
    /// It ends now, so that the events of a clock that is ahead do not stand in for those of now. Who names a later
    /// end, asks for times behind now (`time:>now`), or asks when events arrived gets what was named.
    ///
    /// - `asked`: the window that was asked for beside the query; nil leaves it to the query.
    package func window(asked: TimeSpan?, _ filter: Filter = .everything) -> QueryWindow {
        let own = filter.timeHull
        var span = asked ?? own ?? (filter.asksForReceipt ? .everything : standardWindow)
        guard span.latest == .max else { return QueryWindow(span: span, endsNow: span.latest == latestNow) }
        if filter.asksForReceipt { return QueryWindow(span: span, endsNow: false) }
        if let own, own.earliest > now || own.latest > latestNow && own.latest < .max {
            span.latest = own.latest
            return QueryWindow(span: span, endsNow: false)
        }
        span.latest = latestNow
        return QueryWindow(span: span, endsNow: true)
    }
}
