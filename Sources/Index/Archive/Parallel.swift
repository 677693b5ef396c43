import Dispatch
import Synchronization

/// The same work on parts of a list, in some threads at once.
enum Parallel {
    /// What `body` makes of the elements, in their order.
    ///
    /// - `body`: gets some of the elements, which stand together.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], threads: Int, _ body: @Sendable ([Element]) throws -> [Result]
    ) throws -> [Result] {
        let share = max(1, (elements.count + threads - 1) / threads)
        let count = (elements.count + share - 1) / share
        let results = Mutex([Swift.Result<[Result], any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let part = Array(elements[index * share..<min((index + 1) * share, elements.count)])
            let result = Swift.Result { try body(part) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }
}
