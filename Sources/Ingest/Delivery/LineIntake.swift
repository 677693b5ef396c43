import Parse

/// From frames to the sink, for one thread: parser, lines that wait for others, and the batch of events of several
/// lines.
struct LineIntake: ~Copyable {
    private var parser: LineParser
    /// Events of several lines.
    private var joined = EventBatch()
    private let services: IngestServices
    private let delivery: BatchDelivery
    private var generation: Int

    init(_ services: IngestServices, _ delivery: BatchDelivery) {
        generation = services.generation()
        parser = services.makeParser()
        self.services = services
        self.delivery = delivery
    }

    /// Reads a frame of `batch.bytes`: as an event, or as a line that waits.
    ///
    /// `connection`: as in `LineParser.take`.
    mutating func take(
        _ frame: Range<Int>, peer: Int, noted: ParseReasons, connection: UInt64 = 0,
        in batch: inout EventBatch
    ) {
        parser.take(frame, peer: peer, noted: noted, connection: connection, in: &batch)
    }

    /// Hands over a batch, and then the events of several lines that are whole.
    mutating func deliver(_ batch: borrowing EventBatch) {
        delivery.deliver(batch)
        deliverJoined(at: services.now())
    }

    /// Whether lines wait for others.
    var holdsLines: Bool { parser.holdsLines }

    /// Hands over the events whose lines are all there; with nil all that lines wait of.
    mutating func deliverJoined(at now: Int64?) {
        guard parser.holdsLines else { return }
        parser.release(at: now, into: &joined)
        delivery.deliver(joined)
        joined.recycle(consumed: joined.bytes.count)
    }

    /// Begins a read: formats that were read anew are used from here on.
    mutating func beginRead() {
        let generation = services.generation()
        guard generation != self.generation else { return }
        deliverJoined(at: nil)
        self.generation = generation
        parser = services.makeParser()
    }
}
