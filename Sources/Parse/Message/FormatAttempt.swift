/// What became of a message at one format of its route, for whoever wants to know how a line was read.
package struct FormatAttempt: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// The format is for other hosts or listeners.
        case sender
        /// The message does not look like the format at a first glance.
        case check
        /// The pattern does not match.
        case noMatch
        /// The pattern took more steps than it may, or the message is longer than a pattern sees.
        case limit
        /// The pattern matched, or there is none, and the format's code refused the message.
        case refused
        case matched
    }

    package let format: String
    /// The grok pattern; nil where the format has none.
    package let pattern: String?
    package let outcome: Outcome
}
