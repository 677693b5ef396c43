import Parse
import Query
import Synchronization

/// What lines are read with: formats, and what is said of hosts.
struct ReadingRules: Sendable {
    var formats: FormatSet
    var hosts: HostRules
}

/// The rules that hold now, and how often they were read anew.
final class RuleSource: Sendable {
    private let state: Mutex<ReadingRules>
    private let count = Atomic<Int>(0)

    init(_ rules: ReadingRules) { state = Mutex(rules) }

    var current: ReadingRules { state.withLock { $0 } }

    /// Grows with each `replace`.
    var generation: Int { count.load(ordering: .acquiring) }

    func replace(with rules: ReadingRules) {
        state.withLock { $0 = rules }
        count.wrappingAdd(1, ordering: .releasing)
    }
}
