/// The limits of regular expressions in queries.
///
/// Each bounds time or memory that a pattern or a value could otherwise take.
package enum RegexLimits {
    /// Bytes of one pattern.
    ///
    /// A longer one is refused; a list of words is better written as words with OR.
    package static let patternBytes = 4_096
    /// Backtracking steps from one place of a value, as PCRE2 counts them: about half a millisecond.
    ///
    /// Beyond it the outcome is `limit`.
    static let steps: UInt32 = 100_000
    /// Nested backtracking points, for the interpreter.
    static let depth: UInt32 = 10_000
    /// Heap of one match, for the interpreter.
    ///
    /// KiB.
    static let heapKiB: UInt32 = 4_096
    /// Places of a value that are tried before the clock is looked at.
    ///
    /// PCRE2 counts its steps for each place anew, so they alone do not bound a long value.
    static let places = 1_024
    /// What all matches of one pattern in one query may take.
    ///
    /// Beyond it every value is `limit`. Below the 30 s that a query has.
    package static let time: Duration = .seconds(20)
    /// Stack of the JIT compiler's code: what it starts with and what it may grow to.
    ///
    /// Bytes.
    static let jitStackBytes = (first: 32_768, most: 524_288)
}
