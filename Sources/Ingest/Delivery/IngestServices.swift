package import Parse

/// What every listener needs from the program.
package struct IngestServices: Sendable {
    package let sink: any EventSink
    package let counters: IngestCounters
    /// The time, in nanoseconds since the Unix epoch.
    ///
    /// Asked once per read.
    package let now: @Sendable () -> Int64
    /// Makes one parser for each receiving thread.
    package let makeParser: @Sendable () -> LineParser
    /// Grows when parsers must be made anew.
    package let generation: @Sendable () -> Int
    /// Whether the sink takes nothing for lack of room: datagrams are read, dropped and counted then.
    ///
    /// Streams are not read; their senders wait. Asked often.
    package let isFull: @Sendable () -> Bool
    package let log: PacedLog
    /// The pause before a batch that the sink refused is offered again.
    ///
    /// Milliseconds.
    package let retryMilliseconds: Int

    package init(
        sink: any EventSink, counters: IngestCounters, now: @escaping @Sendable () -> Int64,
        makeParser: @escaping @Sendable () -> LineParser,
        generation: @escaping @Sendable () -> Int = { 0 },
        isFull: @escaping @Sendable () -> Bool = { false }, log: PacedLog, retryMilliseconds: Int = 1_000
    ) {
        self.sink = sink
        self.counters = counters
        self.now = now
        self.makeParser = makeParser
        self.generation = generation
        self.isFull = isFull
        self.log = log
        self.retryMilliseconds = retryMilliseconds
    }
}
