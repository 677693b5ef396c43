import Index
import Ingest
import Parse
import Query
import Synchronization

/// The files that are being imported: each goes on where its last part ended.
final class ImportSessions: Sendable {
    /// Files taken at the same time.
    ///
    /// Beyond it the one that was taken up longest ago is let go of; it goes on from its mark.
    private static let most = 64

    private let store: Store
    private let services: IngestServices
    private let sessions = Mutex<[(file: String, source: LineSource, intake: FileIntake)]>([])

    init(_ store: Store, _ services: IngestServices) {
        self.store = store
        self.services = services
    }

    /// How far the files have been taken that begin as `head` says.
    func marks(_ head: String) -> [ImportMark] { store.importMarks(of: head) }

    /// Seconds without a part after which a file is let go of.
    private static let idleSeconds: Int64 = 30

    /// Lets go of files that nothing more came of: what waits of them becomes events.
    ///
    /// One that the store refuses now is tried again with the next call. `all`: whether idle or not.
    func finish(all: Bool) {
        let limit = services.now() - Self.idleSeconds * 1_000_000_000
        let idle = sessions.withLock { sessions in
            sessions.filter { all || $0.intake.touched < limit }
        }
        for session in idle where (try? session.intake.finish()) != nil { forget(session.file) }
    }

    /// Takes a part of a file.
    func take(_ part: ImportPart) throws(ImportPart.Refusal) -> ImportPart.Answer {
        let intake = intake(part)
        do {
            try intake.settle()
        } catch {
            throw Self.refusal(error)
        }
        guard intake.mark.offset == part.offset else { throw .elsewhere(intake.mark) }
        do {
            let progress = try intake.take(part.bytes, isLast: part.isLast)
            if part.isLast { forget(part.file) }
            var answer = ImportPart.Answer(
                mark: progress.mark, events: progress.events, failed: progress.failed)
            answer.generalTimes = progress.generalTimes
            answer.undated = progress.undated
            return answer
        } catch {
            // The session keeps the part and offers it again.
            throw Self.refusal(error)
        }
    }

    private static func refusal(_ error: any Error) -> ImportPart.Refusal {
        let isFull = error is DiskFull || (error as? StoreError)?.isOutOfSpace == true
        return isFull ? .diskFull("\(error)") : .store("\(error)")
    }

    private func intake(_ part: ImportPart) -> FileIntake {
        sessions.withLock { sessions in
            if let open = sessions.first(where: { $0.file == part.file && $0.source == part.source }) {
                return open.intake
            }
            // The same file said to be something else, or one file too many: what waits of the old one is due.
            var old = sessions.filter { $0.file == part.file }
            if old.isEmpty, sessions.count >= Self.most { old = [sessions[0]] }
            for session in old where (try? session.intake.finish()) != nil {
                sessions.removeAll { $0.file == session.file }
            }
            let head = String(part.file.prefix { $0 != "-" })
            let mark =
                store.importMarks(of: head).first { $0.file == part.file }
                ?? ImportMark(file: part.file, offset: 0, contentHash: 0, events: 0)
            let intake = FileIntake(mark, source: part.source, services)
            sessions.append((part.file, part.source, intake))
            return intake
        }
    }

    private func forget(_ file: String) {
        sessions.withLock { $0.removeAll { $0.file == file } }
    }
}
