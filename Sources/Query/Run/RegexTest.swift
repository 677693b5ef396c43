import Parse
import Synchronization

/// A regular expression made ready to run over the values of one query.
///
/// Values without the longest literal of the pattern are passed over.
final class RegexTest: Sendable {
    private struct State: ~Copyable, Sendable {
        var matcher: ByteRegexMatcher
        var gaveUp = 0
    }

    /// The lock is free: each query has tests of its own, and runs in one thread.
    private let state: Mutex<State>
    /// Every match holds it, as it stands here.
    private let literal: [UInt8]?

    /// Nil for a pattern that is none, which the parser has refused.
    init?(_ pattern: String) {
        guard let regex = try? ByteRegex(pattern) else { return nil }
        state = Mutex(State(matcher: ByteRegexMatcher(regex)))
        // In any case, PCRE2's own look for the first character does as well.
        let literals = RegexLiterals(pattern)
        literal = literals.ignoresCase ? nil : literals.longest
    }

    /// Values of which it is not known whether they match: a limit of `RegexLimits` came first.
    var gaveUp: Int { state.withLock { $0.gaveUp } }

    func passes(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let range = ByteText.clamped(range, to: text)
        if let literal, !text.holds(literal, in: range) { return false }
        return state.withLock { state in
            switch state.matcher.match(text, range) {
            case .matched: return true
            case .noMatch: return false
            case .limit:
                state.gaveUp += 1
                return false
            }
        }
    }
}
