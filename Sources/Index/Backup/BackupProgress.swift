/// How far a backup or a restore is.
package struct BackupProgress: Sendable {
    /// What is done now.
    package enum Step: String, Sendable {
        case copy, verify
    }

    package var step: Step
    /// Bytes of this step that are done, and all that there are, as far as that is known.
    package var done: UInt64 = 0
    package var all: UInt64

    /// Who wants to know; false ends the work.
    package typealias Listener = (BackupProgress) -> Bool
}

/// Counts the bytes of one step for somebody who may lose interest.
final class BackupMeter {
    private var state: BackupProgress
    private let listener: BackupProgress.Listener

    init(_ step: BackupProgress.Step, all: UInt64, _ listener: @escaping BackupProgress.Listener) {
        state = BackupProgress(step: step, all: all)
        self.listener = listener
    }

    /// Takes bytes that are done; throws where nobody wants the rest.
    func add(_ bytes: Int) throws(BackupError) {
        state.done += UInt64(max(0, bytes))
        state.all = max(state.all, state.done)
        guard listener(state) else { throw .stopped }
    }
}

/// What a backup holds.
package struct BackupReport: Sendable, Equatable {
    /// Where it is, as an absolute path.
    package var folder: String
    package var days = 0
    package var events: UInt64 = 0
    /// Lines that wait for others of their event.
    package var heldLines = 0
    /// Files below `archive/`.
    package var archives = 0
    package var bytes: UInt64 = 0
}
