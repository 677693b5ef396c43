import NIOPosix
import Synchronization

/// The threads that may block, apart by what they do, so that nothing that takes long holds up what does not.
package struct WorkThreads: Sendable {
    /// Queries: as many as may run at a time.
    let queries = NIOThreadPool(numberOfThreads: 2)
    /// Answers that are handed on as they are read; these wait for slow readers.
    let streams = NIOThreadPool(numberOfThreads: 8)
    /// Looks for new events, which take a moment.
    let tails = NIOThreadPool(numberOfThreads: 1)
    /// Imports, one reparse, one backup, and one job on the archive.
    let jobs = NIOThreadPool(numberOfThreads: 4)
    /// Whether a reparse is at work.
    let isReparsing = Flag()
    /// Whether a backup is at work.
    let isBackingUp = Flag()
    /// Whether a job is at work on the archive, or deletes events.
    let isArchiving = Flag()

    package init() {}

    package func start() { for pool in all { pool.start() } }

    package func stop() async { for pool in all { try? await pool.shutdownGracefully() } }

    private var all: [NIOThreadPool] { [queries, streams, tails, jobs] }

    /// Something that one at a time can have.
    final class Flag: Sendable {
        private let isTaken = Atomic<Bool>(false)

        /// Takes it; false where another one has it.
        func take() -> Bool {
            isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        }

        func give() { isTaken.store(false, ordering: .releasing) }
    }
}
