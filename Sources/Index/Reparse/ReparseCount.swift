import Parse

/// What came of reading stored events again.
package struct ReparseCount: Equatable, Sendable {
    /// Events that were read again.
    package var looked = 0
    /// Those that are, or would be, stored otherwise than before.
    package var changed = 0
    /// Those that came out the same.
    package var unchanged = 0
    /// Those that were left as they are, as their new time lies on another UTC day.
    package var otherDay = 0
    /// How the parse of these events ended, as they were and as they are now.
    package var before = Outcomes()
    package var after = Outcomes()

    package init() {}

    /// Events by the end of their parse.
    package struct Outcomes: Equatable, Sendable {
        package var ok = 0
        package var partial = 0
        package var failed = 0

        package init(ok: Int = 0, partial: Int = 0, failed: Int = 0) {
            self.ok = ok
            self.partial = partial
            self.failed = failed
        }

        mutating func add(_ outcome: ParseOutcome) {
            switch outcome {
            case .ok: ok += 1
            case .partial: partial += 1
            case .failed: failed += 1
            }
        }
    }
}
