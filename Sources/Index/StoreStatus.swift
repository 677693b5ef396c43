/// What the store counted since it was opened.
package struct StoreCounters: Sendable {
    /// Events taken.
    package var events: UInt64 = 0
    /// Events that came back from the journal at the start.
    package var recoveredEvents: UInt64 = 0
    /// Blocks and their events that were committed.
    package var blocks: UInt64 = 0
    package var storedEvents: UInt64 = 0
    /// Commits that failed and were tried again.
    package var failedCommits: UInt64 = 0
    package var lastFailure: String?
    /// Writes to the journal and commits that found no room on the disk.
    package var shortWrites: UInt64 = 0
    /// Counts a commit that failed.
    mutating func note(_ error: any Error) {
        failedCommits += 1
        lastFailure = "\(error)"
        noteShortWrite(error)
    }

    /// Counts a write that found no room, if it was that.
    mutating func noteShortWrite(_ error: any Error) {
        if (error as? StoreError)?.isOutOfSpace == true { shortWrites += 1 }
    }

    /// Bytes at the end of journal files that held no whole record: a write that a kill or a power cut stopped.
    package var cutJournalBytes: UInt64 = 0
}

/// The store at one moment.
package struct StoreStatus: Sendable {
    package let counters: StoreCounters
    /// The number that the next event will have.
    package let nextSequence: UInt64
    /// Closed blocks that wait for the writer.
    package let pendingBlocks: Int
    /// Events in open blocks.
    package let openEvents: Int
    package let journalFiles: Int
    package let days: [Day]
    /// Why the store takes no more events, if so.
    package let failure: StoreError?
}
