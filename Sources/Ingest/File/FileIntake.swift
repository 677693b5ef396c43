package import Parse
import Synchronization

/// Takes the lines of one file, part by part, each part together with how far it goes.
///
/// A part is taken whole or not at all, and never twice: the sink stores its events and its mark in one step.
package final class FileIntake: Sendable {
    /// What became of the file so far, and of the last part.
    package struct Progress: Sendable {
        package var mark: ImportMark
        /// Events of the last part, and those of them that their format could not read.
        package var events = 0
        package var failed = 0
        /// Those whose date only the general rule could read, and those without any date.
        package var generalTimes = 0
        package var undated = 0
    }

    private struct State: ~Copyable {
        var parser: LineParser
        var mark: ImportMark
        var hash: ContentHash
        /// What is known of the lines that come next.
        var source: LineSource
        /// What the sink refused: its lines are not in the parser any more.
        var unsent: EventBatch?
        /// When the last part came.
        var touched: Int64
    }

    private let state: Mutex<State>
    private let services: IngestServices

    /// - `mark`: where to go on; of a new file with offset 0.
    /// - `source`: without a `date`, lines without one are of now.
    package init(_ mark: ImportMark, source: LineSource, _ services: IngestServices) {
        self.services = services
        var source = source
        source.date = source.date ?? services.now()
        let hash = mark.offset == 0 ? ContentHash() : ContentHash(mark.contentHash)
        state = Mutex(
            State(
                parser: services.makeParser(), mark: mark, hash: hash, source: source, unsent: nil,
                touched: services.now()))
    }

    /// How far the file has been taken.
    package var mark: ImportMark { state.withLock { $0.mark } }

    /// Takes the lines in `part`, which begins where the last one ended.
    ///
    /// - `isLast`: no more lines follow.
    /// Throws what the sink throws; the part is then taken with the next call, whatever that is, and `mark` says so.
    package func take(_ part: [UInt8], isLast: Bool) throws -> Progress {
        try state.withLock { state in
            try send(&state)
            state.touched = services.now()
            var batch = EventBatch()
            batch.bytes = part
            batch.peers = [Peer(.file, "", source: state.source)]
            batch.received = services.now()
            let discarded = Self.parse(&state.parser, part.count, into: &batch)
            // What waits is not due: the next part is on its way. But another first line may have come.
            state.parser.release(at: isLast ? nil : batch.received, into: &batch)
            state.source.date = state.parser.fileTime ?? state.source.date
            // Most lines that waited did so for the next line of the same part.
            let released = Set(batch.released)
            batch.held.removeAll { released.contains($0.id) }
            state.hash.add(part.span)
            var mark = state.mark
            mark.offset += UInt64(part.count)
            mark.contentHash = state.hash.value
            mark.events += UInt64(batch.events.count)
            batch.mark = mark
            let counters = services.counters.file
            counters.bytes.add(part.count)
            counters.discardedBytes.add(discarded.bytes)
            counters.truncatedFrames.add(discarded.lines)
            let failed = batch.events.count { $0.outcome == .failed }
            var progress = Progress(mark: mark, events: batch.events.count, failed: failed)
            progress.generalTimes = batch.events.count { $0.reasons.contains(.generalTime) }
            progress.undated = batch.events.count { $0.reasons.contains(.noTime) }
            state.unsent = batch
            try send(&state)
            return progress
        }
    }

    /// Offers the sink the part that it refused, if there is one; `mark` says what was taken.
    ///
    /// To be called before what to go on with is asked of `mark`: a part that was given twice would be stored twice.
    package func settle() throws { try state.withLock { try send(&$0) } }

    /// Takes what still waits: no part follows, or none for a long time.
    package func finish() throws {
        try state.withLock { state in
            try send(&state)
            guard state.parser.holdsLines else { return }
            var batch = EventBatch()
            state.parser.release(at: nil, into: &batch)
            var mark = state.mark
            mark.events += UInt64(batch.events.count)
            batch.mark = mark
            state.unsent = batch
            try send(&state)
        }
    }

    /// When the last part came: nanoseconds since the Unix epoch.
    package var touched: Int64 { state.withLock { $0.touched } }

    /// Offers the sink what it refused, if there is any.
    private func send(_ state: inout State) throws {
        guard let batch = state.unsent else { return }
        try services.sink.append(batch)
        let counters = services.counters.file
        counters.events.add(batch.events.count)
        counters.joinedLines.add(batch.joinedLines)
        counters.emptyFrames.add(batch.blankLines)
        if let mark = batch.mark { state.mark = mark }
        state.unsent = nil
    }

    /// Returns what was too long: lines, and bytes beyond the limit.
    private static func parse(
        _ parser: inout LineParser, _ count: Int, into batch: inout EventBatch
    ) -> (lines: Int, bytes: Int) {
        var at = 0
        var discarded = (lines: 0, bytes: 0)
        while at < count {
            var end = at
            while end < count, batch.bytes[end] != ASCII.lf { end += 1 }
            let kept = min(end, at + IngestLimits.frameBytes)
            parser.take(at..<kept, peer: 0, noted: kept < end ? .truncated : [], in: &batch)
            if kept < end { discarded = (discarded.lines + 1, discarded.bytes + end - kept) }
            at = end + 1
        }
        return discarded
    }
}
