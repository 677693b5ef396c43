/// Every limit of the store: its unit, what happens beyond it, and why this number.
package enum IndexLimits {
    /// Events in a block; the next event opens a new one.
    ///
    /// A block is the grain of every index: at 4,096 the index costs few bytes an event, and a block still
    /// opens in well under a millisecond.
    package static let eventsPerBlock = 4_096
    /// Bytes of raw lines in a block, so that blocks of very long lines stay small in memory.
    package static let rawBytesPerBlock = 4 << 20
    /// Distinct shapes in a block.
    ///
    /// Beyond it a line is held whole in the column `raw`, its fields beside it.
    package static let shapesPerBlock = 1_024
    /// Columns in a block, which a two-byte number in a shape can name.
    ///
    /// Beyond it a value stays in its raw line.
    package static let columnsPerBlock = 4_000
    /// Blocks that are closed and not yet in SQLite.
    ///
    /// Beyond it receiving waits for the writer.
    package static let pendingBlocks = 8
    /// Blocks that one SQLite transaction takes.
    package static let blocksPerCommit = 8
    /// Bytes in a journal file before the next one is begun.
    package static let journalFileBytes = 16 << 20
    /// Journal files that may wait for one slow block.
    ///
    /// Beyond it the blocks that hold them are closed early.
    package static let journalFiles = 8
    /// Nanoseconds between two `fdatasync` calls on the journal: what a power cut can take from plain TCP and UDP.
    package static let syncInterval: Int64 = 200_000_000
    /// Nanoseconds without a new event after which a past day's open block is written and the day is closed.
    package static let closeDayAfter: Int64 = 30_000_000_000
    /// Bits of a Bloom filter per term, and its probes: 0.4 % false positives.
    package static let bloomBitsPerTerm = 12
    package static let bloomProbes = 6
    /// Bytes of Bloom filters kept in memory.
    ///
    /// Beyond it a segment that was not asked for longest is dropped.
    package static let bloomCacheBytes = 64 << 20
    /// Looks, one each five seconds, after which a segment that nobody used is closed and forgotten.
    package static let idleLooks = 24
    /// Bytes of a column part of a block after decompression.
    ///
    /// A larger claim in a file is damage.
    package static let columnBytes = 64 << 20
    /// Events in a member of an archive.
    ///
    /// One event is read by expanding its member, and many small members cost bytes: docs/adr/0006-archives.md.
    package static let eventsPerMember = 1_024
    /// Bytes of a member, in its file and expanded.
    ///
    /// A larger claim in a file is damage: lines of 1 MiB are the longest there are, and a block ends behind 4 MiB.
    package static let memberBytes = 64 << 20
    package static let memberTextBytes = 256 << 20
}
