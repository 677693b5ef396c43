import Parse
import Synchronization

/// The formats that hold now, and how often they were read anew.
final class FormatSource: Sendable {
    private let state: Mutex<FormatSet>
    private let count = Atomic<Int>(0)

    init(_ formats: FormatSet) { state = Mutex(formats) }

    var current: FormatSet { state.withLock { $0 } }

    /// Grows with each `replace`.
    var generation: Int { count.load(ordering: .acquiring) }

    func replace(with formats: FormatSet) {
        state.withLock { $0 = formats }
        count.wrappingAdd(1, ordering: .releasing)
    }
}
