/// The limits of the grok engine.
///
/// Each bounds time or memory that a pattern or a line could otherwise take.
package enum GrokLimits {
    /// Nesting of `%{…}` references.
    ///
    /// A deeper chain is refused when the program is made.
    package static let depth = 64
    /// Bytes of a program's regular expression after all references are replaced.
    ///
    /// The largest stock pattern needs about 20,000.
    package static let expandedBytes = 65_536
    /// Named groups in one program.
    ///
    /// Match data is made for this many once, and used for every program.
    package static let groups = 255
    /// Bytes of a field name.
    package static let fieldNameBytes = 128
    /// Backtracking steps of one match, as PCRE2 counts them.
    ///
    /// Beyond it the outcome is `limit`.
    package static let matchSteps: UInt32 = 10_000
    /// Nested backtracking points, for the interpreter.
    ///
    /// The JIT compiler's code is bounded by its stack.
    package static let matchDepth: UInt32 = 10_000
    /// Heap of one match, for the interpreter.
    ///
    /// KiB.
    package static let matchHeapKiB: UInt32 = 1_024
    /// Stack of the JIT compiler's code: what it starts with and what it may grow to.
    ///
    /// Bytes.
    package static let jitStackBytes = (first: 32_768, most: 524_288)
}
