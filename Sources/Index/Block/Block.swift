/// Up to 4,096 events of one UTC day, column by column: the unit of storage, of the indexes, and of query work.
///
/// In memory as it was built. What is read from disk comes as a `StoredBlock`, which opens only what is asked for;
/// `BlockReader` is how queries see either.
package struct Block: Sendable {
    package let day: Day
    /// Event times.
    ///
    /// Nanoseconds since the Unix epoch.
    package let times: [Int64]
    /// When the events were received.
    ///
    /// Nanoseconds since the Unix epoch.
    package let received: [Int64]
    /// The events' numbers in the order in which the store took them.
    package let sequences: [UInt64]
    package let names: [ColumnName]
    package let columns: [Column]
    /// Shapes in their encoded form, and per event which it has.
    package let shapes: Column
    /// Bytes of all raw lines together.
    package let rawBytes: Int

    package var count: Int { times.count }
}
