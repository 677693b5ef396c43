/// Every limit of the watch over the disk: its unit, what happens beyond it, and why this number.
package enum DiskLimits {
    /// Bytes that stay free if nobody says otherwise: room for a checkpoint, an archive of a day, and a person.
    package static let reserveBytes: UInt64 = 200 << 20
    /// The same as a share of the file system; the larger of both counts.
    package static let reserveShare = 0.02
    /// The reserve that nobody asked for takes no more of a small file system than this.
    package static let reserveShareMost = 0.25
    /// The ballast takes no more of a file system than this, whatever was asked for.
    package static let ballastShareMost = 0.125
    /// Inodes that stay free: a day needs three, the journal some.
    package static let inodes: UInt64 = 64
    /// As a share of the inodes of a small file system.
    package static let inodeShareMost = 0.125
    /// Days until the reserve is reached below which the state is low.
    package static let lowDays = 1.0
    /// Days above which it is not low any more.
    package static let enoughDays = 1.25
    /// Milliseconds between two looks at the disk: a stop and an end of it are noticed within as much.
    package static let lookMilliseconds = 1_000
    /// Looks for which a write that found no room counts as a full disk, although room is said to be there.
    ///
    /// A quota shows itself in no other way. Then the next write is the test.
    package static let looksAfterShortWrite = 2
    /// Seconds between two forecasts.
    package static let forecastSeconds = 60
    /// Whole days that the growth is taken of.
    package static let forecastDays = 7
    /// Nanoseconds of today before which it says nothing about a whole day.
    package static let leastPartOfDay: Int64 = 600_000_000_000
    /// Blocks of a day that are opened to find out whose bytes it holds; of more, so many at even distances.
    package static let costBlocks = 128
    /// Names that are told apart while counting; the bytes of further ones count as others'.
    package static let costNames = 10_000
    /// Names in the answer.
    package static let costRows = 10
}
